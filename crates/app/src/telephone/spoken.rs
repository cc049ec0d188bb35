//! Somebody has spoken with a number: nobody has to call it back any more, whatever the order in which that was told.

use model::expr::Plan;
use model::process::Phase;
use model::{Id, Record, Value};
use serde_json::json;
use store::{Draft, Error, List, Result, Work};

use super::CALLS;
use super::state::CallState;
use crate::App;

/// Where calling back is planned, by which move it is done, and with which result.
const PLANNED: &str = "activities";
const DONE: (&str, &str) = ("complete", "done");
/// Calls of a number that are looked at, the newest ones.
const MOST: usize = 50;

/// Whether somebody has spoken with this number since a moment.
pub(super) fn since(work: &mut Work<'_>, number: &str, at: jiff::Timestamp) -> Result<bool> {
    let calls = of_number(work, number, "answered_at", at)?;
    Ok(!calls.is_empty())
}

/// Takes what waits off the list once a call was answered: earlier calls of its number that nobody took, and what was planned
/// to call them, or this one, back.
pub(super) fn settle(app: &App, work: &mut Work<'_>, call: &Record, state: &CallState) -> Result<()> {
    let Some(answered_at) = state.answered_at else { return Ok(()) };
    let mut settled = vec![call.id];
    if let Some(number) = &state.number {
        let waiting = of_number(work, number, "unanswered_since", jiff::Timestamp::UNIX_EPOCH)?;
        let is_earlier = |other: &&Record| other.get("started_at").as_instant().is_none_or(|at| at <= answered_at);
        for other in waiting.iter().filter(|other| other.id != call.id).filter(is_earlier) {
            work.update(CALLS, other.id, Draft::new().set("unanswered_since", Value::Null), None)?;
            settled.push(other.id);
        }
    }
    for call in settled {
        for planned in planned(work, call)? {
            done(app, work, &planned)?;
        }
    }
    Ok(())
}

/// Calls of a number with a moment in a field that is not before this one.
fn of_number(work: &mut Work<'_>, number: &str, field: &str, at: jiff::Timestamp) -> Result<Vec<Record>> {
    let module = work.module(CALLS)?;
    let filter = Plan::field(&module, "number").and_then(|known| known.eq(number));
    let filter = filter.and_then(|same| Ok(same.and(Plan::field(&module, field)?.at_least(Value::Instant(at))?)));
    let Ok(filter) = filter else { return Ok(Vec::new()) };
    Ok(work.list(CALLS, &List { filter: Some(filter), limit: MOST, ..List::default() })?.records)
}

/// Calls that somebody means to make because of this one, and has not made yet.
fn planned(work: &mut Work<'_>, call: Id) -> Result<Vec<Record>> {
    let Some(module) = work.definitions().module(PLANNED).cloned() else { return Ok(Vec::new()) };
    let filter = Plan::field(&module, "about").and_then(|about| about.eq(Value::Id(call)));
    let filter = filter.and_then(|about| Ok(about.and(Plan::field(&module, "kind")?.eq("call")?)));
    let Ok(filter) = filter else { return Ok(Vec::new()) };
    let mut found = work.list(PLANNED, &List { filter: Some(filter), limit: MOST, ..List::default() })?.records;
    let process = work.definitions().process(PLANNED).cloned();
    found.retain(|planned| {
        let state = process.as_ref().and_then(|process| process.state(planned.text(&process.field)?));
        state.is_some_and(|state| state.phase == Phase::Open)
    });
    Ok(found)
}

/// Where the process was made another one, it may be that nothing is done by itself: then a person sees to it.
fn done(app: &App, work: &mut Work<'_>, planned: &Record) -> Result<()> {
    let (press, result) = DONE;
    let Some(fields) = json!({"result": result}).as_object().cloned() else { return Ok(()) };
    match work.attempt(|work| app.transition(work, PLANNED, planned.id, press, &fields)) {
        Err(Error::Db(error)) if error.is_retryable() => Err(error.into()),
        Ok(_) | Err(_) => Ok(()),
    }
}
