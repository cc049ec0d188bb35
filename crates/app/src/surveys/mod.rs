//! Surveys: sent by a personal link, opened by whoever has it, answered. What is asked is data (`model::survey`); what was
//! sent and answered are records, written with the powers of a process.

mod entered;
mod export;
mod files;
mod open;
mod results;
mod send;
mod take;
mod takers;
mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use model::expr::Plan;
use model::rights::Scope;
use model::survey::{ANSWERS, SENT, Survey};
use model::{Id, Record, Value};
use store::{Draft, Error, LockKey, Result, Work, space};

pub use export::csv;
pub use files::{ANSWERS_TOGETHER, LARGEST_ANSWER, file_names, too_large};
pub use open::{Opened, Standing};
pub use results::{Answered, Counted, Placed, Results, States, Tally, file_of, results, states};
pub use send::Sending;
pub(crate) use send::letter_samples;
pub use takers::{Choices, Read, Taker};
pub(crate) use takers::{is_known as is_taken, unread};

/// The kind of the jobs that end surveys whose time is up; their payload is `{"survey": ID}`.
pub(crate) const EXPIRE_JOB: &str = "surveys.expire";

/// The survey called `name`, where it is in use.
fn in_use(work: &Work<'_>, name: &str) -> Result<Arc<Survey>> {
    let survey = work.definitions().survey(name).filter(|survey| survey.active).cloned();
    survey.ok_or_else(|| no_survey(name))
}

/// There is no such survey, or it is not in use.
fn no_survey(name: &str) -> Error {
    Error::NotFound { module: SENT.to_owned(), id: name.to_owned() }
}

/// Takes turns with whoever sends or answers surveys about the same record, or this one.
fn take_turn(work: &mut Work<'_>, of: Id) -> Result<()> {
    work.lock(&[LockKey::new(space::SURVEY, format!("survey:{of}"))])
}

/// Whose turn it is when a survey is written.
fn turn_of(sent: &Record) -> Id {
    sent.link("about").unwrap_or(sent.id)
}

/// Whether somebody may still answer by the link of a survey that was sent.
fn is_waiting(sent: &Record, now: Timestamp) -> bool {
    let waits = matches!(sent.text("status"), Some("sent" | "invalid"));
    waits && sent.deleted_at.is_none() && !is_past(sent, now)
}

/// Whether the time of its link is up.
fn is_past(sent: &Record, now: Timestamp) -> bool {
    sent.get("expires_at").as_instant().is_some_and(|until| until <= now)
}

/// The answers that were given to a survey, by question.
fn given(work: &mut Work<'_>, sent: Id) -> Result<BTreeMap<String, Record>> {
    let module = work.module(ANSWERS)?;
    let filter = Plan::field(&module, "survey").and_then(|field| field.eq(Value::Id(sent)));
    let filter = filter.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
    let answers = work.find(ANSWERS, filter)?.into_iter();
    Ok(answers.filter_map(|answer| Some((answer.text("question")?.to_owned(), answer))).collect())
}

/// The answers to a survey that the caller may read, in the order of its questions.
///
/// # Errors
/// When the database fails.
pub fn answers_of(work: &mut Work<'_>, sent: Id) -> Result<Vec<Record>> {
    let module = work.module(ANSWERS)?;
    if work.grant(&module).read == Scope::None {
        return Ok(Vec::new());
    }
    let mut answers: Vec<Record> = given(work, sent)?.into_values().collect();
    answers.sort_by_key(|answer| answer.id);
    Ok(answers)
}

/// Ends a survey whose time is up and that nobody has answered.
pub(crate) fn expire(work: &mut Work<'_>, id: Id) -> Result<()> {
    work.as_process(|work| {
        let sent = match work.get(SENT, id) {
            Ok(sent) => sent,
            Err(Error::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        take_turn(work, turn_of(&sent))?;
        let sent = work.hold_for_process(SENT, id)?;
        let waits = matches!(sent.text("status"), Some("sent" | "invalid")) && sent.deleted_at.is_none();
        if waits && is_past(&sent, work.now()) {
            work.makes(&sent, "expire");
            work.update(SENT, id, Draft::new().set("status", "expired"), None)?;
        }
        Ok(())
    })
}
