//! Runs that are tried again: those that failed, and those that waited until somebody let their rule go on.

use model::Id;
use model::rights::Capability;
use serde_json::Value as Json;
use store::{Error, Job, Result, RuleState, RunState, Work};

use crate::App;

/// Runs that are put on the queue in one turn.
const AT_ONCE: usize = 1_000;

impl App {
    /// Puts the failed runs of a rule on the queue again, or one of them; answers how many. Where only a webhook was not
    /// taken, that is sent again and nothing else is done twice.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::NotFound`].
    pub fn rerun_rule(&self, work: &mut Work<'_>, rule: &str, only: Option<Id>) -> Result<usize> {
        known(work, rule)?;
        let runs = work.rule_runs_to_retry(rule, RunState::Failed, (only, None), AT_ONCE)?;
        let mut queued = 0;
        for run in &runs {
            match work.send_webhooks_again(run)? {
                Some(sent) => queued += usize::from(sent > 0),
                None => {
                    work.retry_rule_run(run)?;
                    queued += 1;
                }
            }
        }
        match only {
            Some(only) if runs.is_empty() => Err(Error::not_found("runs", only)),
            _ => Ok(queued),
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
        let_go_on(work, rule, None)
    }

    /// The next turn of [`App::resume_rule`]; none where the rule has stopped again. The job is off the queue already.
    pub(crate) fn go_on_resuming(&self, work: &mut Work<'_>, job: &Job) -> Result<()> {
        let text = |key: &str| job.payload.get(key).and_then(Json::as_str);
        let (rule, after) = (text("rule").unwrap_or_default(), text("after").and_then(|id| id.parse().ok()));
        if work.rule_state(rule)?.held_at.is_some() {
            return Ok(());
        }
        let_go_on(work, rule, after).map(drop)
    }
}

fn let_go_on(work: &mut Work<'_>, rule: &str, after: Option<Id>) -> Result<usize> {
    let runs = work.rule_runs_to_retry(rule, RunState::Held, (None, after), AT_ONCE)?;
    for run in &runs {
        work.retry_rule_run(run)?;
    }
    if let Some(last) = runs.last().filter(|_| runs.len() == AT_ONCE) {
        work.resume_rule_later(rule, last.id)?;
    }
    Ok(runs.len())
}

pub(super) fn known(work: &Work<'_>, rule: &str) -> Result<()> {
    work.require(Capability::Administer)?;
    match work.definitions().rule(rule) {
        Some(_) => Ok(()),
        None => Err(Error::NotFound { module: "rules".to_owned(), id: rule.to_owned() }),
    }
}
