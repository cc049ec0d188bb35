//! Surveys: made, changed and deleted by an administrator. What is said of a survey stands whole in the workspace's own pack,
//! also in place of what another pack says.

use model::definitions::Definitions;
use model::pack::Pack;
use model::survey::Survey;
use model::{Actor, Label};
use serde_json::{Map, Value as Json, json};
use store::shape::{Edit, Manner, Reshaped, ShapeError};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::{may_shape, plainly, request};
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

/// What an administrator wants of a survey; bodies are those of the API.
#[derive(Clone, Debug)]
pub enum SurveyEdit {
    /// A new survey.
    New(Map<String, Json>),
    /// Other properties of a survey; null takes one back.
    Change {
        /// Which one.
        survey: String,
        /// The properties.
        body: Map<String, Json>,
    },
    /// What the workspace says of the survey is there no more.
    Delete {
        /// Which one.
        survey: String,
    },
}

impl App {
    /// Makes the change, or with `dry_run` tells what it would be, and answers the survey's name. With `expected` only while
    /// that is still the version of the workspace's own pack. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] with the JSON path of what does not fit; [`Error::Conflict`] where a name is
    /// taken or the survey belongs to a pack; [`Error::NotFound`]; [`Error::Stale`].
    pub fn shape_survey(
        &self,
        actor: &Actor,
        edit: SurveyEdit,
        expected: Option<i64>,
        dry_run: bool,
    ) -> Result<(String, Reshaped)> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let manner = Manner::of(actor, dry_run)?;
        let name = edit.name().to_owned();
        let make = move |packs: &[Pack]| {
            let mut own = Own::of(packs);
            if let Some(current) = expected.map(|_| own.version()).filter(|current| Some(*current) != expected) {
                return Err(Error::Stale { current }.into());
            }
            let definitions = Definitions::from_packs(packs).map_err(ShapeError::Packs)?;
            edit.make(&mut own, &definitions)?;
            let pack = own.pack(packs)?;
            Ok(Edit::Put(Box::new(pack)))
        };
        let reshaped = self.workspace().reshape(manner, make);
        Ok((name, reshaped.map_err(|error| plainly(error, |error| error.file.clone()))?))
    }

    /// Reads a survey that is not kept, as a body of the API describes it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the JSON path of what does not fit.
    pub fn read_survey(&self, body: &Map<String, Json>) -> Result<Survey> {
        read(body.clone())
    }
}

impl SurveyEdit {
    /// The survey that it is about.
    fn name(&self) -> &str {
        match self {
            Self::New(body) => body.get("name").and_then(Json::as_str).unwrap_or_default(),
            Self::Change { survey, .. } | Self::Delete { survey } => survey,
        }
    }

    fn make(&self, own: &mut Own, definitions: &Definitions) -> Result<()> {
        match self {
            Self::New(body) => {
                let survey = read(body.clone())?;
                if definitions.survey(&survey.name).is_some() {
                    let error = FieldError::new("name", "name_taken", format!("there is a survey {:?}", survey.name));
                    let message = error.message.clone();
                    return Err(Error::Conflict { code: "name_taken", message, errors: vec![error] });
                }
                fitting(&survey, definitions)?;
                own.put_survey(survey);
                Ok(())
            }
            Self::Change { survey, body } => change(own, definitions, survey, body),
            Self::Delete { survey } => {
                if definitions.survey(survey).is_none() {
                    return Err(no_survey(survey));
                }
                if own.remove_survey(survey) {
                    return Ok(());
                }
                let message = format!("{survey:?} is defined by a pack: take it out of use instead");
                Err(Error::conflict("survey_of_a_pack", message))
            }
        }
    }
}

fn change(own: &mut Own, definitions: &Definitions, name: &str, body: &Map<String, Json>) -> Result<()> {
    let Some(present) = definitions.survey(name) else { return Err(no_survey(name)) };
    if let Some(other) = body.get("name").filter(|other| other.as_str() != Some(name)) {
        let message = format!("a survey keeps its name: answers are kept under it, not {other}");
        return Err(Error::field("name", "fixed_name", message));
    }
    let Json::Object(mut whole) = json!(**present) else { return Err(no_survey(name)) };
    for (key, value) in body {
        if value.is_null() { drop(whole.remove(key)) } else { drop(whole.insert(key.clone(), value.clone())) }
    }
    let survey = read(whole)?;
    fitting(&survey, definitions)?;
    own.put_survey(survey);
    Ok(())
}

/// Reads a survey; a label that is one text stands for both languages.
fn read(mut body: Map<String, Json>) -> Result<Survey> {
    if let Some(key) = body.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(Error::field(key, "unknown_field", format!("a survey has no {key:?}")));
    }
    for key in ["name", "questions"] {
        if body.get(key).is_none_or(Json::is_null) {
            return Err(Error::field(key, "required", format!("a survey has {key:?}")));
        }
    }
    let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
    let label: Label = request::read(request::label(body.get("label"), &request::worded(name), "label")?, "label")?;
    body.insert("label".to_owned(), json!(label));
    for key in ["introduction", "thanks"] {
        if let Some(given) = body.get_mut(key).filter(|given| given.is_string()) {
            *given = request::label(Some(&given.clone()), "", key)?;
        }
    }
    let questions = body.get_mut("questions").and_then(Json::as_array_mut);
    for (index, question) in questions.into_iter().flatten().enumerate() {
        let Some(question) = question.as_object_mut() else { continue };
        label_question(question, &format!("questions[{index}]"))?;
    }
    body.retain(|_, value| !value.is_null());
    request::read(Json::Object(body), "")
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

/// Fails where the survey does not fit what is there, in use or not.
fn fitting(survey: &Survey, definitions: &Definitions) -> Result<()> {
    let fault = |(key, code, message): model::survey::Fault| FieldError::new(key, code, message);
    let mut faults: Vec<FieldError> = survey.faults(definitions).into_iter().map(fault).collect();
    if !crate::surveys::is_taken(survey) {
        faults.push(FieldError::new("handled_by", "no_taker", "this program has no such service"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn no_survey(name: &str) -> Error {
    Error::NotFound { module: model::survey::SENT.to_owned(), id: name.to_owned() }
}
