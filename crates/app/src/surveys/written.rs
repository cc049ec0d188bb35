//! Answers on the record that the survey is about, under the rules of its module. What it refuses stands on the survey, and
//! whoever answers for the record is told.

use std::collections::BTreeSet;

use model::field::FieldType;
use model::survey::{Answers, Kind, Question, SENT, Survey};
use model::{Field, Record, Value};
use store::{Draft, Error, FieldError, Result, Work};

use crate::App;

pub(super) fn write(
    app: &App,
    work: &mut Work<'_>,
    survey: &Survey,
    (sent, record): (&Record, &Record),
    answers: &Answers,
) -> Result<()> {
    let wanted = survey.asked().filter_map(|question| {
        let field = record.module.field(question.writes.as_deref()?)?;
        Some((question, field, answers.get(&question.key))).filter(|(.., value)| !value.is_null())
    });
    let (mut draft, mut faults) = (Draft::new(), Vec::new());
    for (question, field, value) in wanted {
        match fitted(work, question, field, value) {
            Ok(value) => draft = draft.set(&field.name, value),
            Err(fault) => faults.push(fault),
        }
    }
    if draft.values.is_empty() && faults.is_empty() {
        return Ok(());
    }
    let written = if faults.is_empty() {
        work.attempt(|work| {
            let mut draft = draft.clone();
            app.check_draft(work, &record.module.name, &mut draft, Some(record))?;
            work.as_process(|work| work.update(&record.module.name, record.id, draft, None)).map(drop)
        })
    } else {
        Err(Error::Invalid(faults))
    };
    let reason = match written {
        Ok(()) => return Ok(()),
        Err(Error::Db(error)) => return Err(error.into()),
        Err(error) => error.to_string(),
    };
    work.update(SENT, sent.id, Draft::new().set("not_written", reason), None)?;
    work.tell_by_rule(record, record.owner.into_iter().collect::<BTreeSet<_>>())
}

/// An answer as a field takes it: as it is, or in the words of the workspace.
fn fitted(
    work: &Work<'_>,
    question: &Question,
    field: &Field,
    value: &Value,
) -> std::result::Result<Value, FieldError> {
    let settings = work.settings();
    let is_worded = matches!(field.kind, FieldType::Text | FieldType::LongText)
        && !matches!(question.kind, Kind::Text | Kind::LongText);
    let json = if is_worded { question.worded(value, settings.locale).into() } else { value.to_json() };
    Value::read(field, &json, settings.reading()).map_err(|error| FieldError::of(&field.name, error))
}
