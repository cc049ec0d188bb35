//! Forms: filled in by anybody on a site, taken in as messages that came by a form, with what became of them. What is asked is
//! data (`model::form`), read as a survey without a recipient is.

mod rush;
mod source;
mod stamp;
mod take;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::form::Form;
use model::rights::Capability;
use model::survey::{Answers, Kind, Survey, Wrong};
use model::{Id, Locale};
use serde_json::{Map, Value as Json};
use store::{Error, Result, Work};

use crate::App;
use crate::by_state::by_state;
use crate::queue::MESSAGES;

pub(crate) use rush::Rush;
pub use rush::{BITS, is_proof};
pub use source::{REFERRED, source};
pub use stamp::Pace;
pub(crate) use stamp::Stamps;
pub(crate) use take::no_consent;
pub use take::{Filled, Spam, Taken, Via, dropped};

/// A form as somebody who fills it in meets it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The form.
    pub form: Arc<Form>,
    /// What it asks.
    pub survey: Survey,
}

impl Opened {
    /// Reads what was filled in, with the files that came. Beside the answers stands everything that is wrong with them.
    #[must_use]
    pub fn read(
        &self,
        work: &Work<'_>,
        answers: &Map<String, Json>,
        files: &BTreeSet<String>,
        locale: Locale,
    ) -> (Answers, Vec<Wrong>) {
        let mut given = answers.clone();
        for key in self.takes_files() {
            // A file is there once it came: whatever stands for it is no file of anybody.
            given.remove(&key);
            if files.contains(&key) {
                given.insert(key, Id::at(work.now()).to_string().into());
            }
        }
        self.survey.read(&given, (work.settings().reading(), &work.env(), locale))
    }

    /// Names under which files come.
    #[must_use]
    pub fn takes_files(&self) -> BTreeSet<String> {
        let files = self.survey.asked().filter(|question| question.kind == Kind::File);
        files.map(|question| question.key.clone()).collect()
    }
}

impl App {
    /// A form in use.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn open_form(&self, work: &mut Work<'_>, name: &str) -> Result<Opened> {
        let form = work.definitions().form(name).filter(|form| form.active).cloned();
        opened(work, form.ok_or_else(|| no_form(name))?)
    }

    /// A form by which a line reads what comes to it, in use on a site or not.
    ///
    /// # Errors
    /// [`Error::Conflict`] `form_gone`.
    pub(crate) fn form_of_line(&self, work: &Work<'_>, name: &str) -> Result<Opened> {
        let form = work.definitions().form(name).cloned();
        let gone = || Error::conflict("form_gone", format!("there is no form {name:?} any more: name another one"));
        opened(work, form.ok_or_else(gone)?)
    }

    /// A form as it will be, in use or not, for whoever shapes it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for whoever does not administer.
    pub fn preview_form(&self, work: &mut Work<'_>, name: &str) -> Result<Opened> {
        work.require(Capability::Administer)?;
        let form = work.definitions().form(name).cloned();
        opened(work, form.ok_or_else(|| no_form(name))?)
    }

    /// The page of a form.
    #[must_use]
    pub fn form_url(&self, name: &str) -> String {
        self.ticketing().page_url(&format!("forms/{name}"))
    }

    /// Where a site sends what was filled in on its own pages.
    #[must_use]
    pub fn form_endpoint(&self, name: &str) -> String {
        self.ticketing().page_url(&format!("api/public/v1/forms/{name}"))
    }
}

/// How many requests came by each of these forms, as far as the caller may read them: received, and set aside.
///
/// # Errors
/// When the database fails.
pub fn came(work: &mut Work<'_>, forms: &[String]) -> Result<Vec<(i64, i64)>> {
    let found = by_state(work, (MESSAGES, "form"), forms, &["received", "set_aside"])?;
    let of = |states: &BTreeMap<&str, i64>, state| states.get(state).copied().unwrap_or_default();
    Ok(found.iter().map(|states| (of(states, "received"), of(states, "set_aside"))).collect())
}

fn opened(work: &Work<'_>, form: Arc<Form>) -> Result<Opened> {
    let module = work.module(&form.module)?;
    let survey = form.survey(&module);
    Ok(Opened { form, survey })
}

/// There is no such form, or it is not in use.
pub(crate) fn no_form(name: &str) -> Error {
    Error::NotFound { module: "forms".to_owned(), id: name.to_owned() }
}
