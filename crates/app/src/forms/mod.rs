//! Forms: filled in by anybody on a site, taken in as messages that came by a form, with what became of them. What is asked is
//! data (`model::form`), read as a survey without a recipient is.

mod source;
mod stamp;
mod take;

use std::collections::BTreeSet;
use std::sync::Arc;

use model::expr::Plan;
use model::form::Form;
use model::rights::Capability;
use model::survey::{Answers, Kind, Survey, Wrong};
use model::{Id, Locale};
use serde_json::{Map, Value as Json};
use store::{Error, List, Result, Work};

use crate::App;
use crate::queue::MESSAGES;

pub use source::{REFERRED, source};
pub use stamp::Pace;
pub(crate) use stamp::Stamps;
pub use take::{Filled, Spam, Taken};

/// How far requests are counted.
const MOST: i64 = 100_000;

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

/// How many requests came by a form, as far as the caller may read them: what was set aside apart.
///
/// # Errors
/// When the database fails.
pub fn came(work: &mut Work<'_>, name: &str) -> Result<(i64, i64)> {
    let module = work.module(MESSAGES)?;
    if module.field("form").is_none() {
        return Ok((0, 0));
    }
    let mut counted = [0; 2];
    for (count, is_aside) in counted.iter_mut().zip([false, true]) {
        let filter = Plan::field(&module, "form").and_then(|field| field.eq(name));
        let state = if is_aside { "set_aside" } else { "received" };
        let filter = filter.and_then(|of| Ok(of.and(Plan::field(&module, "status")?.eq(state)?)));
        let filter = filter.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
        let list = List { filter: Some(filter), ..List::default() };
        *count = work.count(MESSAGES, &list, Some(MOST))?;
    }
    let [kept, aside] = counted;
    Ok((kept, aside))
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
