//! Runs that are tried again: those that failed, and those that waited until somebody let their rule go on.

use jiff::SignedDuration;
use model::Id;
use model::rights::Capability;
use serde_json::Value as Json;
use store::{Error, Job, Result, RuleRun, RuleState, RunState, Work};

use crate::App;

/// Runs that are put on the queue in one turn.
const AT_ONCE: usize = 1_000;
/// After how long it is looked again whether a rule that has stopped goes on.
const LOOKS_AGAIN: SignedDuration = SignedDuration::from_hours(1);

impl App {
    /// Puts the failed runs of a rule on the queue again, in turns, or one of them; answers how many the first turn has. Where
    /// only a webhook was not taken, that is sent again and nothing else is done twice.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::NotFound`].
    pub fn rerun_rule(&self, work: &mut Work<'_>, rule: &str, only: Option<Id>) -> Result<usize> {
        known(work, rule)?;
        let Some(only) = only else { return in_turns(work, rule, RunState::Failed, None) };
        let runs = work.rule_runs_to_retry(rule, RunState::Failed, (Some(only), None), 1)?;
        match runs.first() {
            Some(run) => again(work, run).map(usize::from),
            None => Err(Error::not_found("runs", only)),
        }
    }

    /// Lets a rule go on that has used up its budget: what waits is put on the queue in turns, and the hour begins anew.
    /// Answers how many runs the first turn has.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::NotFound`].
    pub fn resume_rule(&self, work: &mut Work<'_>, rule: &str) -> Result<usize> {
        known(work, rule)?;
        work.take_rule_turn(rule)?;
        let (now, state) = (work.now(), work.rule_state(rule)?);
        work.keep_rule_state(rule, RuleState { held_at: None, released_at: Some(now), ..state })?;
        in_turns(work, rule, RunState::Held, None)
    }

    /// The next turn of [`App::rerun_rule`] or [`App::resume_rule`]; where the rule has stopped, not yet. The job is off the queue
    /// already.
    pub(crate) fn go_on_resuming(&self, work: &mut Work<'_>, job: &Job) -> Result<()> {
        let text = |key: &str| job.payload.get(key).and_then(Json::as_str);
        let (rule, after) = (text("rule").unwrap_or_default(), text("after").and_then(|id| id.parse().ok()));
        let state = text("state").and_then(RunState::parse).unwrap_or(RunState::Held);
        if work.definitions().rule(rule).is_none() {
            return Ok(());
        }
        if work.rule_state(rule)?.held_at.is_some() {
            // Who lets it go on begins with the first that waits; nothing else knows which of the failed ones are still to come.
            return match (state, after) {
                (RunState::Failed, Some(after)) => work.retry_rule_runs_later(rule, state, after, LOOKS_AGAIN),
                _ => Ok(()),
            };
        }
        in_turns(work, rule, state, after).map(drop)
    }
}

/// Puts the next runs that ended in a state on the queue again, and that those behind them follow; answers how many.
fn in_turns(work: &mut Work<'_>, rule: &str, state: RunState, after: Option<Id>) -> Result<usize> {
    let runs = work.rule_runs_to_retry(rule, state, (None, after), AT_ONCE)?;
    let mut queued = 0;
    for run in &runs {
        queued += usize::from(again(work, run)?);
    }
    if let Some(last) = runs.last().filter(|_| runs.len() == AT_ONCE) {
        work.retry_rule_runs_later(rule, state, last.id, SignedDuration::ZERO)?;
    }
    Ok(queued)
}

/// Puts a run on the queue again, or the webhooks of it that were given up; answers whether anything comes of it.
fn again(work: &mut Work<'_>, run: &RuleRun) -> Result<bool> {
    if run.state == RunState::Failed
        && let Some(sent) = work.send_webhooks_again(run)?
    {
        return Ok(sent > 0);
    }
    work.retry_rule_run(run)?;
    Ok(true)
}

pub(super) fn known(work: &Work<'_>, rule: &str) -> Result<()> {
    work.require(Capability::Administer)?;
    match work.definitions().rule(rule) {
        Some(_) => Ok(()),
        None => Err(Error::NotFound { module: "rules".to_owned(), id: rule.to_owned() }),
    }
}
