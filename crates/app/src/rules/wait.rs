//! What comes later: the rest of a run behind an action that waits, and runs that somebody wants once more.

use jiff::Timestamp;
use model::Id;
use model::rule::{Action, Rule, later};
use model::value::read_duration;
use store::{Error, Result, RuleCause, RuleReason, RuleRun, RunState, Work};

use super::Cause;
use super::again::known;
use crate::App;

/// Puts the rest of a run, from an action on, on the queue: it is a run of its own, so that it fails and is tried again by
/// itself.
pub(super) fn go_on(
    work: &mut Work<'_>,
    rule: &Rule,
    cause: &Cause,
    step: usize,
    (after, working): (&str, bool),
) -> Result<()> {
    let settings = work.settings().clone();
    let working = working.then_some(&settings.working_time);
    let span = read_duration(after).map_err(|error| Error::conflict("invalid_duration", error.message))?;
    let due = later(work.now(), span, &settings.zone(), working);
    let due = due.ok_or_else(|| Error::conflict("invalid_duration", "the while leads out of the calendar"))?;
    let (run, of) = rest(work, rule, cause, step);
    put(work, &run, &of, due)
}

/// The rest of a run, from an action on.
pub(super) fn rest(work: &mut Work<'_>, rule: &Rule, cause: &Cause, step: usize) -> (RuleRun, RuleCause) {
    let of = RuleCause { step: Some(step), ..cause.of.clone() };
    let run = RuleRun {
        id: work.new_id(),
        rule: rule.name.clone(),
        module: cause.record.module.name.clone(),
        record: cause.record.id,
        version: cause.version,
        cause: of.name(),
        caused_by: cause.change_set,
        state: RunState::Waiting,
        reason: None,
        trail: cause.trail.clone(),
        made: None,
        attempts: 1,
        letters: 0,
        begun_at: work.now(),
        ended_at: work.now(),
    };
    (run, of)
}

/// Keeps that a run comes at a moment.
fn put(work: &mut Work<'_>, run: &RuleRun, of: &RuleCause, at: Timestamp) -> Result<()> {
    work.keep_rule_run(&RuleRun { reason: Some(RuleReason::new("until", at.to_string())), ..run.clone() })?;
    work.queue_rule_run(run, of, (at, None))
}

impl App {
    /// Does once more what a run did, by what the rule says now and for the record as it is: nothing of the first time is
    /// taken back.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::NotFound`]; [`Error::Conflict`] `run_not_done`,
    /// `rule_is_off`, `run_waits`.
    pub fn run_rule_once_more(&self, work: &mut Work<'_>, rule: &str, run: Id) -> Result<RuleRun> {
        known(work, rule)?;
        work.take_rule_turn(rule)?;
        let first = work.rule_run_of(rule, run)?;
        if first.state != RunState::Done {
            let message = "only what was done is done once more: what failed is tried again";
            return Err(Error::conflict("run_not_done", message));
        }
        if !work.definitions().rule(rule).is_some_and(|rule| rule.active) {
            return Err(Error::conflict("rule_is_off", "a rule that is switched off does nothing"));
        }
        let of = RuleCause::read(&first.cause);
        let asked = of.step.and_then(|step| step.checked_sub(1));
        let action = work.definitions().rule(rule).and_then(|rule| rule.then.get(asked?));
        if matches!(action, Some(Action::Approve { .. })) {
            let message = "somebody agreed to this once: do the run before it once more, and it is asked again";
            return Err(Error::conflict("run_was_approved", message));
        }
        let number = work.rule_runs_once_more(rule, &of)?;
        let last = RuleCause { once_more: Some(number).filter(|number| *number > 0), ..of.clone() };
        if work.rule_run(rule, &last.name())?.is_some_and(|run| run.state == RunState::Waiting) {
            return Err(Error::conflict("run_waits", "it has been asked for already and comes in a moment"));
        }
        let of = RuleCause { once_more: Some(number + 1), ..of };
        let (id, now) = (work.new_id(), work.now());
        let again = RuleRun {
            id,
            cause: of.name(),
            state: RunState::Waiting,
            trail: Vec::new(),
            made: None,
            letters: 0,
            begun_at: now,
            ended_at: now,
            ..first
        };
        put(work, &again, &of, now)?;
        Ok(again)
    }
}
