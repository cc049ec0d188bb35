//! Typed services that take the answers of surveys: a survey that says `handled_by` is checked and taken by one of them, in
//! the transaction in which its answers are kept.

use std::collections::BTreeMap;

use model::survey::{Kind, Question, Survey};
use model::{ChoiceOption, Record};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Result, Work};

use crate::App;

/// Options that only the service knows, by question or by `question.column`.
pub type Choices = BTreeMap<String, Vec<ChoiceOption>>;

/// A question that a service reads.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// Its key.
    pub key: &'static str,
    /// What it must be; of one line, several are as good.
    pub kind: Kind,
    /// Columns that it must have.
    pub columns: &'static [&'static str],
    /// Whether nothing comes of the answers without it.
    pub is_needed: bool,
}

/// A typed service that takes answers. It is called with the powers of a process, behind the turn of the survey.
pub trait Taker: Sync {
    /// The questions that it reads: they stay what they are, whatever else is asked.
    fn reads(&self) -> &'static [Read] {
        &[]
    }

    /// What may be chosen, for a survey about this record: it stands in place of the options of the definition.
    ///
    /// # Errors
    /// When the database fails.
    fn choices(&self, app: &App, work: &mut Work<'_>, about: Option<&Record>) -> Result<Choices>;

    /// What is wrong with answers beside what their kinds tell, so that everything is said at once.
    fn faults(&self, answers: &Map<String, Json>) -> Vec<FieldError> {
        let _ = answers;
        Vec::new()
    }

    /// Checks the answers, which fit the questions by their kinds, and does what they ask for.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the question of each fault, or the place in its answer (`lines[0].quantity`): then nothing of
    /// the answers is kept, and whoever answered reads why. [`Error::Conflict`] where the present state forbids it.
    fn take(&self, app: &App, work: &mut Work<'_>, sent: &Record, answers: &Map<String, Json>) -> Result<()>;
}

/// The services, by the name in `handled_by`.
const TAKERS: &[(&str, &dyn Taker)] = &[
    ("group_order", &crate::groups::GroupOrder),
    #[cfg(test)]
    ("test", &super::take::tests::Seats),
];

/// The service that takes the answers of a survey, where it names one.
pub(super) fn of(survey: &Survey) -> Result<Option<&'static dyn Taker>> {
    let Some(name) = survey.handled_by.as_deref() else { return Ok(None) };
    match TAKERS.iter().find(|(known, _)| *known == name) {
        Some((_, taker)) => Ok(Some(*taker)),
        None => Err(Error::conflict("no_taker", format!("this program has no service called {name:?}"))),
    }
}

/// Whether a survey is taken by a service that this program has, or by none.
pub(crate) fn is_known(survey: &Survey) -> bool {
    of(survey).is_ok()
}

/// What keeps the service of a survey from taking its answers: questions that it reads and that are gone, or ask something else.
pub(crate) fn unread(survey: &Survey) -> Vec<FieldError> {
    let Ok(Some(taker)) = of(survey) else { return Vec::new() };
    let fault = |place: String| FieldError::new(place, "relied_on", "the program itself reads this answer");
    let wrong = |read: &Read| {
        let found = survey.questions.iter().enumerate().find(|(_, question)| question.key == read.key);
        let Some((index, question)) = found else {
            return read.is_needed.then(|| fault(format!("questions.{}", read.key)));
        };
        misread(question, read).map(|part| fault(format!("questions[{index}].{part}")))
    };
    taker.reads().iter().filter_map(wrong).collect()
}

/// Why a question is not the one that is read.
fn misread(question: &Question, read: &Read) -> Option<&'static str> {
    if question.retired {
        return read.is_needed.then_some("retired");
    }
    let is_kind = question.kind == read.kind || (read.kind, question.kind) == (Kind::Text, Kind::LongText);
    let has = |name: &&str| question.columns.iter().any(|column| column.key == *name);
    match (is_kind, read.columns.iter().all(has)) {
        (false, _) => Some("kind"),
        (true, false) => Some("columns"),
        (true, true) => None,
    }
}

/// The survey with the options that its service brings.
pub(super) fn filled(app: &App, work: &mut Work<'_>, survey: &Survey, about: Option<&Record>) -> Result<Survey> {
    let mut survey = survey.clone();
    let Some(taker) = of(&survey)? else { return Ok(survey) };
    let mut choices = taker.choices(app, work, about)?;
    for question in &mut survey.questions {
        if let Some(options) = choices.remove(&question.key) {
            question.options = options;
        }
        for column in &mut question.columns {
            if let Some(options) = choices.remove(&format!("{}.{}", question.key, column.key)) {
                column.options = options;
            }
        }
    }
    Ok(survey)
}
