//! What a rule would have done: its trigger and its condition over the changes of the last while. Nothing is written, nothing
//! leaves.

use jiff::{SignedDuration, Timestamp};
use model::rights::Capability;
use model::rule::Rule;
use model::{Id, Record};
use store::{Error, FieldError, PastChanges, Result, Work};

use super::holds;
use crate::App;

/// How far it is looked back.
const BACK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Records that are told.
const TOLD: usize = 50;
/// Turns of records whose moment has come that are looked at.
const TURNS: usize = 10;

/// One time that a rule would have run.
#[derive(Clone, Debug)]
pub struct Fired {
    /// The record.
    pub record: Id,
    /// What it was called then.
    pub title: String,
    /// When.
    pub at: Timestamp,
    /// The change set that would have set it off; nothing where a date would.
    pub change_set: Option<Id>,
}

/// What a rule would have done.
#[derive(Clone, Debug, Default)]
pub struct Rehearsed {
    /// How often it would have run.
    pub count: usize,
    /// How often its trigger fitted, whatever its condition said.
    pub set_off: usize,
    /// The newest of them.
    pub first: Vec<Fired>,
    /// Whether all changes of the while were looked at.
    pub is_whole: bool,
}

impl App {
    /// What `rule`, kept or not, would have done in the last 30 days.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::Invalid`] where the rule does not fit.
    pub fn rehearse_rule(&self, work: &mut Work<'_>, rule: &Rule) -> Result<Rehearsed> {
        work.require(Capability::Administer)?;
        let faults = rule.faults(work.definitions());
        if !faults.is_empty() {
            let fault = |(key, message)| FieldError::new(key, "invalid", message);
            return Err(Error::Invalid(faults.into_iter().map(fault).collect()));
        }
        let since = work.now().checked_sub(BACK).unwrap_or(Timestamp::MIN);
        let (changes, is_whole) = if rule.moment().is_some() {
            by_date(work, rule, since)?
        } else {
            let PastChanges { changes, is_whole } = work.past_changes(rule, since)?;
            let seen = |change: store::Changed| (change.after, change.before, change.at, Some(change.change_set));
            (changes.into_iter().map(seen).collect(), is_whole)
        };
        let mut told = Rehearsed { set_off: changes.len(), is_whole, ..Rehearsed::default() };
        for (after, before, at, change_set) in changes {
            if holds(work, rule, &after, before.as_ref())? {
                told.count += 1;
                if told.first.len() < TOLD {
                    told.first.push(Fired { record: after.id, title: after.title(), at, change_set });
                }
            }
        }
        Ok(told)
    }
}

/// A record after and before what set a rule off, when that was, and by which change set.
type Seen = (Record, Option<Record>, Timestamp, Option<Id>);

/// The records whose moment came since, as they are now.
fn by_date(work: &mut Work<'_>, rule: &Rule, since: Timestamp) -> Result<(Vec<Seen>, bool)> {
    let (now, mut cursor, mut seen) = (work.now(), None, Vec::new());
    for _ in 0..TURNS {
        let found = work.rule_moments(rule, (since, now), cursor)?;
        seen.extend(found.records.into_iter().map(|record| (record.clone(), Some(record), now, None)));
        cursor = found.next;
        if cursor.is_none() {
            return Ok((seen, true));
        }
    }
    Ok((seen, false))
}
