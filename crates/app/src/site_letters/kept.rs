//! Letters of sites that could not be made what they ask for: their text is kept, and read anew when somebody sends it again.

use model::expr::Plan;
use model::site_letter::SiteLetter;
use model::{Id, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, Result, Work};

use crate::App;
use crate::queue::MESSAGES;
use crate::rejected::{REJECTED, content};

/// Under what a rejected request keeps the letter.
const KEY: &str = "site_letter";
/// The only thing of a letter that is corrected.
const TEXT: &str = "text";

/// The letter of a rejected request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The name of the letters of a site that it is one of.
    pub name: String,
    /// Its text as it was read.
    pub text: String,
}

/// The letter that a rejected request keeps; nothing where it is no letter of a site.
#[must_use]
pub fn kept(request: &Record) -> Option<Kept> {
    if request.module.name != REJECTED || request.text("source") != Some("letter") {
        return None;
    }
    let content = content(request);
    let letter = content.get(KEY)?;
    let text = |key: &str| letter.get(key).and_then(Json::as_str).map(str::to_owned);
    Some(Kept { name: text("name")?, text: text(TEXT)? })
}

/// What a rejected request keeps of a letter.
pub(crate) fn as_kept(site: &str, subject: Option<&str>, text: &str) -> Map<String, Json> {
    let subject = subject.map(|subject| ("subject".to_owned(), json!(subject)));
    subject.into_iter().chain([(KEY.to_owned(), json!({"name": site, TEXT: text}))]).collect()
}

/// What is noted on the message of a letter: what it is about, and that nobody has to sort it.
pub(crate) fn goes_along(draft: Draft, about: (&str, Id)) -> Draft {
    let sorted = match about.0 {
        "leads" => Some("lead"),
        "cases" => Some("case"),
        _ => None,
    };
    let draft = draft.set("about", Value::Record { module: about.0.to_owned(), id: about.1 });
    draft.set("sorted", sorted.map(str::to_owned))
}

impl App {
    /// Reads a kept letter anew, with its text corrected where `corrected` says one, and makes what it asks for; its message goes
    /// along. Answers what was made, and what the request keeps then.
    pub(crate) fn make_of_kept(
        &self,
        work: &mut Work<'_>,
        request: &Record,
        kept: &Kept,
        corrected: &Map<String, Json>,
    ) -> Result<(Record, Map<String, Json>)> {
        if let Some(key) = corrected.keys().find(|key| *key != TEXT) {
            return Err(Error::field(key, "unknown_field", "a letter of a site is corrected by its text alone"));
        }
        let text = match corrected.get(TEXT) {
            None | Some(Json::Null) => kept.text.as_str(),
            Some(Json::String(text)) if text.contains('\0') => {
                return Err(Error::field(TEXT, "invalid_text", "the character U+0000 cannot be kept"));
            }
            Some(Json::String(text)) if text.chars().count() <= super::LONGEST => text.as_str(),
            Some(Json::String(_)) => {
                return Err(Error::field(TEXT, "too_long", format!("at most {} characters", super::LONGEST)));
            }
            Some(_) => return Err(Error::field(TEXT, "invalid_type", "expected text in quotes")),
        };
        let site = self.site_of(work, &kept.name)?;
        let made = self.make_of_site(work, &site, text)?;
        let about = (made.module.name.clone(), made.id);
        work.as_process(|work| {
            let module = work.module(MESSAGES)?;
            let of_request = Plan::field(&module, "about").and_then(|field| field.eq(Value::Id(request.id)));
            let Ok(of_request) = of_request else { return Ok(()) };
            for message in work.find(MESSAGES, of_request)?.into_iter().filter(|message| message.deleted_at.is_none()) {
                let draft = goes_along(Draft::new(), (about.0.as_str(), about.1)).owned_by(made.owner);
                work.update(MESSAGES, message.id, draft.fitting(&module), None)?;
            }
            Ok::<_, Error>(())
        })?;
        let mut keeps = content(request);
        keeps.insert(KEY.to_owned(), json!({"name": kept.name, TEXT: text}));
        Ok((made, keeps))
    }

    /// The letters of a site called so, in use or not.
    fn site_of(&self, work: &Work<'_>, name: &str) -> Result<SiteLetter> {
        let site = work.definitions().site_letter(name).map(|site| SiteLetter::clone(site));
        site.ok_or_else(|| {
            Error::conflict("site_letter_gone", format!("there are no letters of a site called {name:?} any more"))
        })
    }
}
