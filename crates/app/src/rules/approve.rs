//! Runs that ask: the rest is done when somebody agrees, by a second person, and not when they refuse.

use std::collections::BTreeSet;

use model::rule::{Action, Pool, Rule};
use model::{Id, Record};
use store::{Error, Result, RuleCause, RuleReason, RuleRun, RunState, Work};

use super::{Cause, wait};
use crate::App;

/// Runs that are told at once.
const TOLD: usize = 200;

/// A run for which somebody is asked.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The rest of the run.
    pub run: RuleRun,
    /// What its record is called.
    pub title: String,
    /// The action from which it goes on.
    pub step: usize,
    /// Whether the caller may answer: else another one does, for four eyes.
    pub is_second: bool,
}

/// Keeps that the rest of a run, from an action on, is asked for, and tells those who may answer.
pub(super) fn ask(work: &mut Work<'_>, rule: &Rule, cause: &Cause, step: usize, by: &Pool) -> Result<()> {
    let asked: BTreeSet<Id> = work.pool(by, true)?.into_iter().collect();
    if asked.is_empty() {
        return Err(Error::conflict("nobody_there", "there is nobody who could be asked"));
    }
    let (run, _) = wait::rest(work, rule, cause, step);
    work.keep_rule_run(&RuleRun { state: RunState::Asked, ..run })?;
    work.ask_by_rule(&cause.record, asked)
}

impl App {
    /// The runs for which the caller is asked, oldest first, as far as they see the records.
    ///
    /// # Errors
    /// When the database fails.
    pub fn approvals(&self, work: &mut Work<'_>) -> Result<Vec<Approval>> {
        let Some(me) = work.actor().id() else { return Ok(Vec::new()) };
        let definitions = work.definitions().clone();
        let asks = |rule: &&std::sync::Arc<Rule>| rule.then.iter().any(|it| matches!(it, Action::Approve { .. }));
        let rules: Vec<&str> = definitions.running_rules().filter(asks).map(|rule| rule.name.as_str()).collect();
        let mut told = Vec::new();
        for run in work.rule_runs_asked(&rules, TOLD)? {
            let Some((step, pool)) = asked_of(work, &run) else { continue };
            if !work.pool(&pool, true).is_ok_and(|members| members.contains(&me)) {
                continue;
            }
            match seen(work, &run) {
                Ok(record) => {
                    let is_second = is_second(work, &run, &record, me)?;
                    told.push(Approval { run, title: record.title(), step, is_second });
                }
                Err(Error::NotFound { .. } | Error::Forbidden { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(told)
    }

    /// Answers for a run that asks: yes, and the rest is done; no, and it is not.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whoever is not asked or does not see the record; [`Error::Forbidden`] `four_eyes` for whoever set
    /// it off; [`Error::Conflict`] `already_answered`.
    pub fn answer_rule(&self, work: &mut Work<'_>, rule: &str, run: Id, yes: bool) -> Result<RuleRun> {
        let not_found = || Error::not_found("approvals", run);
        let Some(me) = work.actor().id() else { return Err(not_found()) };
        if work.actor().only_looks() {
            return Err(Error::only_looking());
        }
        if work.definitions().rule(rule).is_none() {
            return Err(not_found());
        }
        work.take_rule_turn(rule)?;
        let asked = work.rule_run_of(rule, run).map_err(|_| not_found())?;
        let (_, pool) = asked_of(work, &asked).ok_or_else(not_found)?;
        if !work.pool(&pool, true)?.contains(&me) {
            return Err(not_found());
        }
        let record = seen(work, &asked).map_err(|_| not_found())?;
        if asked.state != RunState::Asked {
            return Err(Error::conflict("already_answered", "somebody has answered already"));
        }
        if !is_second(work, &asked, &record, me)? {
            let message = "a second person answers: not whoever set the rule off, made the record or owns it";
            return Err(Error::forbidden("four_eyes", message));
        }
        let name = work.user_names(&BTreeSet::from([me]))?.remove(&me).unwrap_or_default();
        let now = work.now();
        let answered = if yes {
            RuleRun {
                state: RunState::Waiting,
                reason: Some(RuleReason::new("until", now.to_string())),
                ended_at: now,
                ..asked
            }
        } else {
            let reason = RuleReason::new("refused", format!("refused by {name}")).with("name", &name);
            RuleRun { state: RunState::Refused, reason: Some(reason), ended_at: now, ..asked }
        };
        work.keep_rule_run(&answered)?;
        if yes {
            work.queue_rule_run(&answered, &RuleCause::read(&answered.cause), (now, Some(&name)))?;
        }
        Ok(answered)
    }
}

/// The action from which a run goes on, and who is asked for it, as the rule says now.
fn asked_of(work: &Work<'_>, run: &RuleRun) -> Option<(usize, Pool)> {
    let step = RuleCause::read(&run.cause).step?;
    match work.definitions().rule(&run.rule)?.then.get(step.checked_sub(1)?)? {
        Action::Approve { by } => Some((step, by.clone())),
        _ => None,
    }
}

/// The record of a run, as the caller sees it.
fn seen(work: &mut Work<'_>, run: &RuleRun) -> Result<Record> {
    let module = work.definitions().module(&run.module).map(|module| module.name.clone());
    let module = module.ok_or_else(|| Error::not_found(&run.module, run.record))?;
    let record = work.get(&module, run.record)?;
    if record.deleted_at.is_some() { Err(Error::not_found(&module, run.record)) } else { Ok(record) }
}

/// Whether somebody has neither set the rule off, nor made the record, nor owns it.
fn is_second(work: &mut Work<'_>, run: &RuleRun, record: &Record, me: Id) -> Result<bool> {
    if record.created_by == Some(me) || record.owner == Some(me) {
        return Ok(false);
    }
    let set = run.caused_by.map(|set| work.change_set_of(set)).transpose()?.flatten();
    Ok(set.is_none_or(|set| set.actor != Some(me)))
}
