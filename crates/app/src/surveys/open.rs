//! Opening a survey by its link: what is asked, and what stands in the answers already.

use std::sync::Arc;

use model::expr::{Plan, Want};
use model::rights::Capability;
use model::survey::{SENT, Survey};
use model::{Record, Value};
use serde_json::{Map, Value as Json};
use store::{Error, Result, Work};

use super::{given, in_use, is_past, no_survey, takers};
use crate::App;

/// Shorter texts are no secrets of links.
const TOKEN_LENGTH: usize = 22;

/// Where a survey stands for whoever opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for answers.
    Open,
    /// It was answered, and the answers may be corrected.
    Correctable,
    /// It was answered.
    Answered,
    /// Its time is up.
    Over,
}

impl Standing {
    /// What the API calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Correctable => "correctable",
            Self::Answered => "answered",
            Self::Over => "over",
        }
    }

    /// Whether answers are taken.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Correctable)
    }
}

/// A survey as its link opens it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What is asked.
    pub survey: Arc<Survey>,
    /// The record of a personal link; nothing of a survey that anybody answers.
    pub sent: Option<Record>,
    /// Where it stands.
    pub standing: Standing,
    /// What was answered before, or is known; by question.
    pub answers: Map<String, Json>,
}

impl App {
    /// The survey behind a link: the secret of a personal one, or the name of one that anybody answers.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn open_survey(&self, work: &mut Work<'_>, token: &str) -> Result<Opened> {
        work.as_process(|work| {
            if let Some(survey) = work.definitions().survey(token).filter(|it| it.active && it.anonymous).cloned() {
                let survey = Arc::new(takers::filled(self, work, &survey, None)?);
                return Ok(Opened { survey, sent: None, standing: Standing::Open, answers: Map::new() });
            }
            let sent = by_token(work, token)?;
            self.opened(work, sent)
        })
    }

    /// A survey as it would be opened, in use or not, about nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for whoever does not administer.
    pub fn preview_survey(&self, work: &mut Work<'_>, name: &str) -> Result<Opened> {
        work.require(Capability::Administer)?;
        let survey = work.definitions().survey(name).cloned().ok_or_else(|| no_survey(name))?;
        let survey = Arc::new(takers::filled(self, work, &survey, None)?);
        Ok(Opened { survey, sent: None, standing: Standing::Open, answers: Map::new() })
    }

    pub(super) fn opened(&self, work: &mut Work<'_>, sent: Record) -> Result<Opened> {
        let survey = in_use(work, sent.text("questionnaire").unwrap_or_default())?;
        let about = about(work, &survey, &sent)?;
        let survey = Arc::new(takers::filled(self, work, &survey, about.as_ref())?);
        let is_answered = sent.text("status") == Some("answered");
        let standing = match (is_answered, is_past(&sent, work.now())) {
            (true, false) if survey.corrections && survey.handled_by.is_none() => Standing::Correctable,
            (true, _) => Standing::Answered,
            (false, false) if sent.text("status") != Some("expired") => Standing::Open,
            (false, _) => Standing::Over,
        };
        let answers = if is_answered {
            let given = given(work, sent.id)?.into_iter();
            given.map(|(key, answer)| (key, json_of(&answer))).collect()
        } else {
            prefilled(work, &survey, about.as_ref())?
        };
        Ok(Opened { survey, sent: Some(sent), standing, answers })
    }
}

/// The survey whose link has this secret.
pub(super) fn by_token(work: &mut Work<'_>, token: &str) -> Result<Record> {
    let unknown = || no_survey("by its link");
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if token.len() < TOKEN_LENGTH || token.len() > 64 || !token.bytes().all(is_token) {
        return Err(unknown());
    }
    let module = work.module(SENT).map_err(|_| unknown())?;
    let filter = Plan::field(&module, "token").and_then(|field| field.eq(token));
    let filter = filter.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
    let sent = work.find(SENT, filter)?.into_iter().next().filter(|sent| sent.deleted_at.is_none());
    sent.ok_or_else(unknown)
}

/// The record that a survey is about, while it is there and one of those that the survey speaks of: what a lead has become
/// may be none.
pub(super) fn about(work: &mut Work<'_>, survey: &Survey, sent: &Record) -> Result<Option<Record>> {
    let Value::Record { module, id } = sent.get("about") else { return Ok(None) };
    if survey.of(module).is_none() {
        return Ok(None);
    }
    match work.get(module, *id) {
        Ok(record) => Ok(Some(record).filter(|record| record.deleted_at.is_none())),
        Err(Error::NotFound { .. } | Error::NoModule(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The answer as it was given, in the form of the API.
fn json_of(answer: &Record) -> Json {
    match answer.get("value") {
        Value::Json(json) => json.clone(),
        _ => Json::Null,
    }
}

/// What the record that the survey is about knows of the answers.
fn prefilled(work: &mut Work<'_>, survey: &Survey, about: Option<&Record>) -> Result<Map<String, Json>> {
    let Some(record) = about else { return Ok(Map::new()) };
    let mut answers = Map::new();
    for question in survey.asked() {
        let Some(text) = question.prefill.as_deref() else { continue };
        let plan = work.rule_plan(&record.module, text, Want::Any)?;
        let value = work.rule_value(&plan, record, None);
        if !value.is_null() {
            answers.insert(question.key.clone(), value.to_json());
        }
    }
    Ok(answers)
}
