//! Surveys: made, changed and deleted by an administrator.

use std::sync::Arc;

use model::definitions::Definitions;
use model::survey::{Fault, SENT, Survey};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::request;
use super::whole::{Whole, label};
use crate::App;

/// What a survey has.
const KEYS: [&str; 12] = [
    "name",
    "label",
    "introduction",
    "thanks",
    "active",
    "anonymous",
    "corrections",
    "valid_for",
    "letter",
    "handled_by",
    "about",
    "questions",
];

impl App {
    /// Reads a survey that is not kept, as a body of the API describes it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the JSON path of what does not fit.
    pub fn read_survey(&self, body: &Map<String, Json>) -> Result<Survey> {
        <Survey as Whole>::read(body.clone())
    }
}

impl Whole for Survey {
    const KIND: &'static str = "survey";
    const MANY: &'static str = SENT;
    const KEEPS: &'static str = "answers are kept under it, not";
    const OF_A_PACK: &'static str = "survey_of_a_pack";
    const OF_A_PACK_SAID: &'static str = "is defined by a pack: take it out of use instead";

    fn name(&self) -> &str {
        &self.name
    }

    fn find<'d>(definitions: &'d Definitions, name: &str) -> Option<&'d Arc<Self>> {
        definitions.survey(name)
    }

    fn read(mut body: Map<String, Json>) -> Result<Self> {
        label::<Self>(&mut body, &KEYS, &["name", "questions"], &["introduction", "thanks"])?;
        let questions = body.get_mut("questions").and_then(Json::as_array_mut);
        for (index, question) in questions.into_iter().flatten().enumerate() {
            let Some(question) = question.as_object_mut() else { continue };
            label_question(question, &format!("questions[{index}]"))?;
        }
        body.retain(|_, value| !value.is_null());
        request::read(Json::Object(body), "")
    }

    fn fitting(&self, _: &App, definitions: &Definitions) -> Result<()> {
        let fault = |(key, code, message): Fault| FieldError::new(key, code, message);
        let mut faults: Vec<FieldError> = self.faults(definitions).into_iter().map(fault).collect();
        if !crate::surveys::is_taken(self) {
            faults.push(FieldError::new("handled_by", "no_taker", "this program has no such service"));
        }
        faults.extend(crate::surveys::unread(self));
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }

    fn put(self, own: &mut Own) {
        own.put_survey(self);
    }

    fn remove(own: &mut Own, name: &str) -> bool {
        own.remove_survey(name)
    }
}

/// Fills in the labels of a question.
fn label_question(question: &mut Map<String, Json>, at: &str) -> Result<()> {
    question.retain(|_, value| !value.is_null());
    let key = question.get("key").and_then(Json::as_str).unwrap_or_default().to_owned();
    let label = request::label(question.get("label"), &request::worded(&key), &format!("{at}.label"))?;
    question.insert("label".to_owned(), label);
    for name in ["help", "refusal"] {
        if let Some(given) = question.get_mut(name).filter(|given| given.is_string()) {
            *given = request::label(Some(&given.clone()), "", &format!("{at}.{name}"))?;
        }
    }
    request::tidy(question, &|key| format!("{at}.{key}"))
}
