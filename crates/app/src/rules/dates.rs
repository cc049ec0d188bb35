//! Rules that a date or a schedule sets off: a job of each looks whose moment has come, and when the next one is due.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use model::Actor;
use model::rule::{Rule, Schedule};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Job, Origin, Result, RuleState, Window, Work};

use crate::App;

/// It is looked this often at least, should a moment not be known of.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Nothing is kept more finely.
const JUST_BEFORE: SignedDuration = SignedDuration::from_micros(-1);

impl App {
    /// Puts the looks on the queue that are not there yet: rules come and are switched on while the program runs.
    pub(crate) async fn begin_to_look_at_dates(&self) -> Result<()> {
        let definitions = self.workspace().knowledge().definitions;
        let rules = || definitions.running_rules().filter(|rule| rule.is_looked_for());
        if rules().next().is_none() {
            return Ok(());
        }
        let rules: Vec<Arc<Rule>> = rules().cloned().collect();
        let not_looked_for = move |work: &mut Work<'_>| {
            let mut missing = Vec::new();
            for rule in &rules {
                if work.next_look(rule)?.is_none() {
                    missing.push(Arc::clone(rule));
                }
            }
            Ok(missing)
        };
        let missing = self.workspace().read(Actor::System("jobs"), not_looked_for).await?;
        if missing.is_empty() {
            return Ok(());
        }
        let begin = move |work: &mut Work<'_>| {
            let now = work.now();
            for rule in &missing {
                if work.next_look(rule)?.is_none() {
                    // What came before it was there is past.
                    let state = work.rule_state(&rule.name)?;
                    work.keep_rule_state(&rule.name, RuleState { swept_to: Some(now), ..state })?;
                    work.look_at_dates(rule, now, None)?;
                }
            }
            Ok(())
        };
        self.workspace().write(Actor::System("jobs"), Origin::from("job"), begin).await?;
        Ok(())
    }

    /// Finds whose moment has come, and puts the next look on the queue. The job is off the queue already.
    pub(crate) fn look_at_dates(&self, work: &mut Work<'_>, job: &Job) -> Result<()> {
        let definitions = work.definitions().clone();
        let name = job.payload.get("rule").and_then(Json::as_str).unwrap_or_default();
        let is_running = |rule: &&Arc<Rule>| rule.active && rule.is_looked_for();
        let Some(rule) = definitions.rule(name).filter(is_running) else { return Ok(()) };
        let rest = job.payload.get("rest").and_then(|rest| Window::deserialize(rest).ok());
        match rule.schedule() {
            Some(schedule) => look_at_schedule(work, rule, schedule, rest),
            None => look_for_moments(work, rule, job, rest),
        }
    }
}

/// Sets a rule off for the records whose moment has come since the look was due: what is before that was past when it was
/// written.
fn look_for_moments(work: &mut Work<'_>, rule: &Rule, job: &Job, rest: Option<Window>) -> Result<()> {
    let (now, state) = (work.now(), work.rule_state(&rule.name)?);
    let (from, until, cursor) = match rest {
        Some(rest) => (rest.from, rest.until, Some(rest.cursor)),
        // One that failed is due later than it was.
        None if job.attempts > 0 => (state.swept_to.unwrap_or(job.due_at), now, None),
        None => (job.due_at.saturating_add(JUST_BEFORE).unwrap_or(job.due_at), now, None),
    };
    let found = work.rule_moments(rule, (from, until), cursor)?;
    for record in &found.records {
        work.set_off_by_date(rule, record, until)?;
    }
    if let Some(cursor) = found.next {
        return work.look_at_dates(rule, now, Some(&Window { from, until, cursor }));
    }
    work.keep_rule_state(&rule.name, RuleState { swept_to: Some(until), ..state })?;
    let latest = until.checked_add(LONGEST).unwrap_or(Timestamp::MAX);
    let next = work.next_rule_moment(rule, until)?.map_or(latest, |next| next.min(latest));
    work.look_at_dates(rule, next, None)
}

/// Sets a rule off for the next records that fit where a time of its schedule has come; of several that were missed the last.
fn look_at_schedule(work: &mut Work<'_>, rule: &Rule, schedule: Schedule, rest: Option<Window>) -> Result<()> {
    let (now, state, zone) = (work.now(), work.rule_state(&rule.name)?, work.settings().zone());
    // What was begun is done to its end.
    let is_new = |moment: &Timestamp| state.swept_to.is_none_or(|swept| *moment > swept);
    let (begun, cursor) = rest.map(|rest| (rest.until, rest.cursor)).unzip();
    if let Some(moment) = begun.or_else(|| schedule.last(now, &zone).filter(is_new)) {
        let found = work.scheduled(rule, cursor)?;
        for record in &found.records {
            work.set_off_at(rule, record, &moment.to_string())?;
        }
        if let Some(cursor) = found.next {
            return work.look_at_dates(rule, now, Some(&Window { from: moment, until: moment, cursor }));
        }
        work.keep_rule_state(&rule.name, RuleState { swept_to: Some(moment), ..state })?;
    }
    let latest = now.checked_add(LONGEST).unwrap_or(Timestamp::MAX);
    let next = schedule.next(now, &zone).map_or(latest, |next| next.min(latest));
    work.look_at_dates(rule, next, None)
}
