//! Strangers type addresses, and cause letters there. So many go at once, to one address and about one record; more go later,
//! and when a day has seen enough they are kept and not sent. What the letter was caused by stands all the same.

use jiff::{SignedDuration, Timestamp};
use model::Id;
use model::actor::Actor;
use model::expr::{ExprError, Plan};
use model::{Module, Record, Value};
use store::{Error, List, Result, Work};

use super::MESSAGES;

/// Letters within an hour after which a stranger's wait.
const HOURLY: usize = 6;
/// Letters within a day after which a stranger's are not sent.
const DAILY: usize = 24;

/// When a letter goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// At once.
    Now,
    /// When an hour has gone by since the letters before it.
    Later(Timestamp),
    /// Not at all: the day has seen enough.
    Never,
}

/// When a letter to this address about this record goes out, caused by whoever works now. Everybody's letters are counted,
/// and only those of strangers wait.
///
/// # Errors
/// When the database fails.
pub fn turn(work: &mut Work<'_>, to: &str, about: Option<Id>) -> Result<Turn> {
    if matches!(work.actor(), Actor::Public) { turn_of_stranger(work, to, about) } else { Ok(Turn::Now) }
}

/// The same of a letter that a stranger caused, whoever works now: the program answers what they have sent.
pub(super) fn turn_of_stranger(work: &mut Work<'_>, to: &str, about: Option<Id>) -> Result<Turn> {
    let module = work.module(MESSAGES)?;
    let to = outgoing(&module, "to", Value::from(to.trim().to_lowercase()));
    let about = about.map(|about| outgoing(&module, "about", Value::Id(about)));
    let mut turn = Turn::Now;
    for filter in [Some(to), about].into_iter().flatten() {
        let filter = filter.map_err(|error| Error::bad_query("invalid_filter", error.to_string()))?;
        let list = List { filter: Some(filter), limit: DAILY, ..List::default() };
        // Those that were made last come first.
        let letters = work.as_process(|work| work.list(MESSAGES, &list))?.records;
        turn = latest(turn, judged(&letters, work.now()));
    }
    Ok(turn)
}

fn outgoing(module: &Module, field: &str, value: Value) -> std::result::Result<Plan, ExprError> {
    Ok(Plan::field(module, "direction")?.eq("out")?.and(Plan::field(module, field)?.eq(value)?))
}

fn judged(letters: &[Record], now: Timestamp) -> Turn {
    let within = |count: usize, hours: i64| {
        let first = letters.get(count - 1)?.created_at;
        let ends = first.checked_add(SignedDuration::from_hours(hours)).ok()?;
        (ends > now).then_some(ends)
    };
    if within(DAILY, 24).is_some() {
        return Turn::Never;
    }
    within(HOURLY, 1).map_or(Turn::Now, Turn::Later)
}

fn latest(a: Turn, b: Turn) -> Turn {
    match (a, b) {
        (Turn::Never, _) | (_, Turn::Never) => Turn::Never,
        (Turn::Later(a), Turn::Later(b)) => Turn::Later(a.max(b)),
        (Turn::Now, other) | (other, Turn::Now) => other,
    }
}
