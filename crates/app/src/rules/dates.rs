//! Rules that a date or a schedule sets off: a job of each looks whose moment has come, and when the next one is due.

use jiff::{SignedDuration, Timestamp};
use model::Actor;
use model::rule::{Rule, Schedule, read_offset};
use serde_json::Value as Json;
use store::{Job, Origin, Result, RuleState, Work};

use crate::App;

/// It is looked this often at least: moments that are written meanwhile are found then.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// Where a rule waits behind its dates, this often: what is written now comes after the wait.
const LONGEST_BEHIND: SignedDuration = SignedDuration::from_hours(24);

/// How long nobody looks whose moment has come.
fn longest(rule: &Rule) -> SignedDuration {
    let offset = rule.moment().and_then(|(_, offset)| read_offset(offset).ok()).unwrap_or_default();
    let days =
        i64::from(offset.get_years()) * 365 + i64::from(offset.get_months()) * 28 + i64::from(offset.get_weeks()) * 7;
    let days = days + i64::from(offset.get_days());
    SignedDuration::from_hours(days * 24 + i64::from(offset.get_hours())).clamp(LONGEST, LONGEST_BEHIND)
}

impl App {
    /// Puts the looks on the queue that are not there yet: rules come and are switched on while the program runs.
    pub(crate) async fn begin_to_look_at_dates(&self) -> Result<()> {
        let definitions = self.workspace().knowledge().definitions;
        let rules = || definitions.running_rules().filter(|rule| rule.is_looked_for());
        if rules().next().is_none() {
            return Ok(());
        }
        let names: Vec<String> = rules().map(|rule| rule.name.clone()).collect();
        let looked = names.clone();
        let missing = move |work: &mut Work<'_>| {
            let mut missing = Vec::new();
            for name in &looked {
                if !work.looks_at_dates(name)? {
                    missing.push(name.clone());
                }
            }
            Ok(missing)
        };
        let missing = self.workspace().read(Actor::System("jobs"), missing).await?;
        if missing.is_empty() {
            return Ok(());
        }
        let begin = move |work: &mut Work<'_>| {
            let now = work.now();
            for name in &missing {
                if !work.looks_at_dates(name)? {
                    // What came before it was there is past.
                    let state = work.rule_state(name)?;
                    work.keep_rule_state(name, RuleState { swept_to: Some(now), ..state })?;
                    work.look_at_dates(name, now, None)?;
                }
            }
            Ok(())
        };
        self.workspace().write(Actor::System("jobs"), Origin::from("job"), begin).await?;
        Ok(())
    }

    /// Finds whose moment has come, and puts the next look on the queue. The job is off the queue already.
    pub(crate) fn look_at_dates(&self, work: &mut Work<'_>, job: &Job) -> Result<()> {
        let text = |key: &str| job.payload.get(key).and_then(Json::as_str);
        let definitions = work.definitions().clone();
        let name = text("rule").unwrap_or_default();
        let is_running = |rule: &&std::sync::Arc<Rule>| rule.active && rule.is_looked_for();
        let Some(rule) = definitions.rule(name).filter(is_running) else { return Ok(()) };
        if let Some(schedule) = rule.schedule() {
            return look_at_schedule(work, rule, schedule, job);
        }
        let (now, state) = (work.now(), work.rule_state(name)?);
        let from = state.swept_to.unwrap_or(now);
        let until = text("until").and_then(|until| until.parse::<Timestamp>().ok()).unwrap_or(now);
        let found = work.rule_moments(rule, (from, until), text("cursor").map(str::to_owned))?;
        for record in &found.records {
            work.set_off_by_date(rule, record)?;
        }
        if let Some(cursor) = &found.next {
            return work.look_at_dates(name, now, Some((until, cursor)));
        }
        work.keep_rule_state(name, RuleState { swept_to: Some(until), ..state })?;
        let latest = until.checked_add(longest(rule)).unwrap_or(Timestamp::MAX);
        let next = work.next_rule_moment(rule, until)?.map_or(latest, |next| next.min(latest));
        work.look_at_dates(name, next.max(now), None)
    }
}

/// Sets a rule off for the next records that fit where a time of its schedule has come; of several that were missed the last.
fn look_at_schedule(work: &mut Work<'_>, rule: &Rule, schedule: Schedule, job: &Job) -> Result<()> {
    let text = |key: &str| job.payload.get(key).and_then(Json::as_str);
    let (now, state, zone) = (work.now(), work.rule_state(&rule.name)?, work.settings().zone());
    // What was begun is done to its end.
    let begun = text("until").and_then(|until| until.parse::<Timestamp>().ok());
    let is_new = |moment: &Timestamp| state.swept_to.is_none_or(|swept| *moment > swept);
    if let Some(moment) = begun.or_else(|| schedule.last(now, &zone).filter(is_new)) {
        let found = work.scheduled(rule, text("cursor").map(str::to_owned))?;
        for record in &found.records {
            work.set_off_at(rule, record, &moment.to_string())?;
        }
        if let Some(cursor) = &found.next {
            return work.look_at_dates(&rule.name, now, Some((moment, cursor)));
        }
        work.keep_rule_state(&rule.name, RuleState { swept_to: Some(moment), ..state })?;
    }
    let latest = now.checked_add(LONGEST).unwrap_or(Timestamp::MAX);
    let next = schedule.next(now, &zone).map_or(latest, |next| next.min(latest));
    work.look_at_dates(&rule.name, next, None)
}
