//! What a rule that the clock sets off would do at once where it is switched on now.

use jiff::{SignedDuration, Timestamp};
use model::rights::Capability;
use model::rule::Rule;
use store::{Result, RuleCause, RunState, Work};

use super::holds;
use crate::App;
use crate::shape::{WholeEdit, wanted_rule};

/// Turns of records that are looked at …
const TURNS: usize = 25;
/// … and records of one of them.
const AT_ONCE: usize = 200;
/// How far ahead it is told whose date comes.
const AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a rule would do where it is switched on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtOnce {
    /// On how many records it acts at once.
    pub count: usize,
    /// Whether all records were looked at; else there are more.
    pub is_whole: bool,
    /// The next time of a schedule, or the end of the week ahead for dates, and on how many records it acts until then, as they
    /// are now.
    pub next: Option<(Timestamp, usize)>,
}

impl App {
    /// What a rule, kept or not, would do where it is switched on now; nothing for one that the clock does not set off.
    ///
    /// # Errors
    /// [`store::Error::Forbidden`] without the right to administer; [`store::Error::BadQuery`] for a rule that does not fit.
    pub fn rule_at_once(&self, work: &mut Work<'_>, rule: &Rule) -> Result<Option<AtOnce>> {
        work.require(Capability::Administer)?;
        if !rule.is_by_clock() {
            return Ok(None);
        }
        let (now, zone) = (work.now(), work.settings().zone());
        if rule.stay().is_some() {
            return standing(work, rule, now).map(Some);
        }
        let Some(schedule) = rule.schedule() else {
            // What came before the rule is looked at again is past, but where a look is due that nobody has taken yet.
            let since = work.next_look(rule)?.filter(|due| *due <= now);
            let (count, is_whole) = match since {
                Some(since) => coming(work, rule, (since, now))?,
                None => (0, true),
            };
            let until = now.checked_add(AHEAD).unwrap_or(Timestamp::MAX);
            let (ahead, is_all) = coming(work, rule, (now, until))?;
            return Ok(Some(AtOnce { count, is_whole: is_whole && is_all, next: Some((until, ahead)) }));
        };
        let (mut cursor, mut count) = (None, 0);
        for _ in 0..TURNS {
            let found = work.scheduled(rule, cursor)?;
            (count, cursor) = (count + found.records.len(), found.next);
            if cursor.is_none() {
                break;
            }
        }
        let next = schedule.next(now, &zone).map(|next| (next, count));
        Ok(Some(AtOnce { count: 0, is_whole: cursor.is_none(), next }))
    }

    /// What a change of a rule would do at once where it lets a rule of the clock run that did not, or otherwise.
    ///
    /// # Errors
    /// As [`App::rule_at_once`], and those of the change.
    pub fn edit_at_once(&self, work: &mut Work<'_>, edit: &WholeEdit) -> Result<Option<AtOnce>> {
        work.require(Capability::Administer)?;
        let definitions = work.definitions().clone();
        let Some(wanted) = wanted_rule(edit, &definitions)? else { return Ok(None) };
        let runs_already = definitions.rule(&wanted.name).is_some_and(|rule| rule.active && rule.when == wanted.when);
        if !wanted.active || runs_already || !wanted.faults(&definitions).is_empty() {
            return Ok(None);
        }
        self.rule_at_once(work, &wanted)
    }
}

/// Those who have stood long enough, and for whom it has not run yet.
fn standing(work: &mut Work<'_>, rule: &Rule, now: Timestamp) -> Result<AtOnce> {
    let Some(stay) = rule.stay() else { return Ok(AtOnce::default()) };
    let (mut cursor, mut told) = (None, AtOnce::default());
    for _ in 0..TURNS {
        let found = work.standing_in(rule, cursor, AT_ONCE)?;
        for record in found.records {
            let Some(stand) = work.stand_for(rule, &record)? else { continue };
            let Some(due) = work.stay_due(&stay, stand.since).filter(|due| due.at <= now) else { continue };
            let cause = RuleCause::stay(record.id, stand.version, due.number).name();
            let is_done = work.rule_run(&rule.name, &cause)?.is_some_and(|run| run.state == RunState::Done);
            told.count += usize::from(!is_done && holds(work, rule, &record, Some(&record))?);
        }
        cursor = found.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(AtOnce { is_whole: cursor.is_none(), ..told })
}

/// Whose date lies in the window, and whether that were all.
fn coming(work: &mut Work<'_>, rule: &Rule, window: (Timestamp, Timestamp)) -> Result<(usize, bool)> {
    let (mut cursor, mut count) = (None, 0);
    for _ in 0..TURNS {
        let found = work.rule_moments(rule, window, cursor)?;
        for record in &found.records {
            count += usize::from(holds(work, rule, record, Some(record))?);
        }
        cursor = found.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok((count, cursor.is_none()))
}
