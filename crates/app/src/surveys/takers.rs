//! Typed services that take the answers of surveys: a survey that says `handled_by` is checked and taken by one of them, in
//! the transaction in which its answers are kept.

use std::collections::BTreeMap;

use model::survey::Survey;
use model::{ChoiceOption, Record};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Result, Work};

use crate::App;

/// Options that only the service knows, by question or by `question.column`.
pub type Choices = BTreeMap<String, Vec<ChoiceOption>>;

/// A typed service that takes answers. It is called with the powers of a process, behind the turn of the survey.
pub trait Taker: Sync {
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
