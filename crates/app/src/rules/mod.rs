//! Rules: when something happened to a record, if a condition holds, then this is done. What was written has put a job on
//! the queue (`store::rules`); here it runs, in the transaction that takes it off the queue and keeps how it ended. So a rule
//! acts once for each cause or not at all, and whatever goes wrong in it stands in nobody's way.

mod act;
mod again;
mod budget;
mod dates;
mod letter;
mod past;
mod stay;
mod webhook;

use model::expr::Want;
use model::rule::{DEPTH, Rule};
use model::{Id, Record, Value};
use serde_json::Value as Json;
use store::{Error, Job, Result, RuleRun, RunState, Stand, Work, date_cause, is_moment_still, stay_cause};

use crate::App;

pub(crate) use budget::Spent;
pub use past::{Fired, Rehearsed};

pub(crate) use letter::{samples as letter_samples, sayable, unfillable};

/// What a rule is to run for.
struct Cause {
    record: Record,
    before: Option<Record>,
    /// What the condition is judged over: the record right after the change.
    after: Record,
    version: i64,
    name: String,
    change_set: Option<Id>,
    trail: Vec<String>,
    /// Since when the record stands in its state, and the how-manieth time it is, where that set the rule off.
    stay: Option<(Stand, i64)>,
}

/// How an attempt went.
enum Outcome {
    Done(Option<Id>),
    Failed(String),
    Cut(String),
    Held(String),
}

impl App {
    /// Runs a rule for what its job says. The job is off the queue already, in this transaction.
    pub(crate) fn run_rule(&self, work: &mut Work<'_>, spent: &mut Spent, job: &Job) -> Result<()> {
        let definitions = work.definitions().clone();
        let name = job.payload.get("rule").and_then(Json::as_str).unwrap_or_default();
        let Some(rule) = definitions.rule(name).filter(|rule| rule.active) else { return Ok(()) };
        let Some(mut cause) = cause(work, rule, &job.payload)? else { return ended(work, rule, &job.payload) };
        if let (Some((stand, number)), None) = (&cause.stay, job.payload.get("again")) {
            let Some(number) = stay::come(work, rule, (&cause.record, stand), *number)? else { return Ok(()) };
            cause.name = stay_cause(cause.record.id, cause.version, number);
        }
        let known = work.rule_run(&rule.name, &cause.name)?;
        if known.as_ref().is_some_and(|run| run.state == RunState::Done) {
            return Ok(());
        }
        let outcome = match judged(work, rule, &cause) {
            Ok(false) if known.is_none() => return Ok(()),
            Ok(false) => Outcome::Failed("the condition does not hold".to_owned()),
            Ok(true) => self.attempt_rule(work, spent, rule, &cause)?,
            Err(Error::Db(error)) if error.is_retryable() => return Err(error.into()),
            Err(error) => Outcome::Failed(error.to_string()),
        };
        keep(work, rule, cause, outcome)
    }

    /// Keeps a run that nobody tries again by itself as failed.
    pub(crate) fn give_up_rule(&self, work: &mut Work<'_>, job: &Job, reason: &str) -> Result<()> {
        let definitions = work.definitions().clone();
        let name = job.payload.get("rule").and_then(Json::as_str).unwrap_or_default();
        let Some(rule) = definitions.rule(name) else { return Ok(()) };
        match cause(work, rule, &job.payload)? {
            Some(cause) => keep(work, rule, cause, Outcome::Failed(reason.to_owned())),
            None => Ok(()),
        }
    }

    fn attempt_rule(&self, work: &mut Work<'_>, spent: &mut Spent, rule: &Rule, cause: &Cause) -> Result<Outcome> {
        if cause.trail.len() >= DEPTH {
            let way = cause.trail.iter().chain([&rule.name]).map(String::as_str).collect::<Vec<_>>().join(" → ");
            return Ok(Outcome::Cut(format!("rules set each other off {DEPTH} times in a row: {way}")));
        }
        if let Some(reason) = spent.is_over(work, rule)? {
            return Ok(Outcome::Held(reason));
        }
        let called = rule.label.or(work.settings().locale, &rule.name).to_owned();
        let trail: Vec<String> = cause.trail.iter().cloned().chain([rule.name.clone()]).collect();
        let before = work.change_set();
        let acted = work.attempt(|work| {
            work.as_rule(&called, trail, |work| {
                rule.then.iter().enumerate().try_for_each(|(index, action)| {
                    self.act(work, rule, cause, (index, action)).map_err(|error| placed(error, index, action.name()))
                })
            })
        });
        match acted {
            Ok(()) => {
                spent.count(rule);
                Ok(Outcome::Done(work.change_set().filter(|set| before != Some(*set))))
            }
            Err(Error::Db(error)) if error.is_retryable() => Err(error.into()),
            Err(error) => Ok(Outcome::Failed(said(&error))),
        }
    }
}

/// Keeps how a run ended.
fn keep(work: &mut Work<'_>, rule: &Rule, cause: Cause, outcome: Outcome) -> Result<()> {
    let now = work.now();
    let (state, reason, made) = match outcome {
        Outcome::Done(made) => (RunState::Done, None, made),
        Outcome::Failed(reason) => (RunState::Failed, Some(reason), None),
        Outcome::Cut(reason) => (RunState::Cut, Some(reason), None),
        Outcome::Held(reason) => (RunState::Held, Some(reason), None),
    };
    if let Some(reason) = &reason {
        tracing::warn!(rule = rule.name, record = %cause.record.id, reason, "a rule did nothing");
    }
    work.keep_rule_run(&RuleRun {
        id: work.new_id(),
        rule: rule.name.clone(),
        module: cause.record.module.name.clone(),
        record: cause.record.id,
        version: cause.version,
        cause: cause.name,
        caused_by: cause.change_set,
        state,
        reason,
        trail: cause.trail,
        made,
        attempts: 1,
        begun_at: now,
        ended_at: now,
    })
}

/// What the payload of a job means; nothing where the record is gone, the moment has been moved or the change was undone.
fn cause(work: &mut Work<'_>, rule: &Rule, payload: &Json) -> Result<Option<Cause>> {
    let Some(id) = payload.get("record").and_then(Json::as_str).and_then(|id| id.parse::<Id>().ok()) else {
        return Ok(None);
    };
    let module = work.module(&rule.module)?;
    let present = match work.as_process(|work| work.get(&module.name, id)) {
        Ok(record) if record.deleted_at.is_none() => record,
        Ok(_) | Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let trail = payload.get("trail").cloned().and_then(|trail| serde_json::from_value(trail).ok()).unwrap_or_default();
    if let Some(moment) = payload.get("moment").and_then(Json::as_str) {
        let cause = Cause {
            before: Some(present.clone()),
            after: present.clone(),
            version: present.version,
            name: date_cause(id, moment),
            change_set: None,
            record: present,
            trail,
            stay: None,
        };
        return Ok(Some(cause).filter(|cause| is_moment_still(&cause.record, rule, moment)));
    }
    let version = payload.get("version").and_then(Json::as_i64).unwrap_or_default();
    if let Some(number) = payload.get("stay").and_then(Json::as_i64) {
        return stay::cause(work, rule, present, version, number);
    }
    let Some(changed) = work.changed(&module, id, version)? else { return Ok(None) };
    if work.change_set_of(changed.change_set)?.is_some_and(|set| set.undone_by.is_some()) {
        return Ok(None);
    }
    Ok(Some(Cause {
        before: changed.before,
        after: changed.after,
        version,
        name: changed_cause(id, version),
        change_set: Some(changed.change_set),
        record: present,
        trail,
        stay: None,
    }))
}

/// A run that is tried again when what it was for is gone waits for nobody any more.
fn ended(work: &mut Work<'_>, rule: &Rule, payload: &Json) -> Result<()> {
    let text = |key: &str| payload.get(key).and_then(Json::as_str);
    let Some(id) = text("record").and_then(|id| id.parse::<Id>().ok()) else { return Ok(()) };
    let number = |key: &str| payload.get(key).and_then(Json::as_i64);
    let version = number("version").unwrap_or_default();
    let name = match (text("moment"), number("stay")) {
        (Some(moment), _) => date_cause(id, moment),
        (None, Some(number)) => stay_cause(id, version, number),
        (None, None) => changed_cause(id, version),
    };
    let Some(run) = work.rule_run(&rule.name, &name)?.filter(|run| run.state == RunState::Held) else { return Ok(()) };
    let reason = Some("the record is gone, the moment has been moved, or the change was undone".to_owned());
    let ended_at = work.now();
    work.keep_rule_run(&RuleRun { state: RunState::Failed, reason, ended_at, ..run })
}

fn changed_cause(record: Id, version: i64) -> String {
    format!("change:{record}:{version}")
}

/// Whether the condition of a rule holds.
fn judged(work: &mut Work<'_>, rule: &Rule, cause: &Cause) -> Result<bool> {
    holds(work, rule, &cause.after, cause.before.as_ref())
}

/// Whether the condition of a rule holds for a record after a change.
fn holds(work: &mut Work<'_>, rule: &Rule, after: &Record, before: Option<&Record>) -> Result<bool> {
    let Some(condition) = rule.condition.as_deref() else { return Ok(true) };
    let plan = work.rule_plan(&after.module, condition, Want::Bool)?;
    Ok(work.rule_value(&plan, after, before) == Value::Bool(true))
}

/// The error with the action that it came from.
fn placed(error: Error, index: usize, action: &str) -> Error {
    match error {
        Error::Db(error) => Error::Db(error),
        other => Error::conflict("rule_failed", format!("then[{index}] ({action}): {}", said(&other))),
    }
}

/// An error as the log of runs tells it, with the fields that it names.
fn said(error: &Error) -> String {
    match error {
        Error::Invalid(faults) => {
            let faults = faults.iter().map(|fault| format!("{}: {}", fault.field, fault.message));
            faults.collect::<Vec<_>>().join("; ")
        }
        Error::Conflict { message, .. } | Error::Forbidden { message, .. } => message.clone(),
        other => other.to_string(),
    }
}
