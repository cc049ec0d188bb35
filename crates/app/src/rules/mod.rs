//! Rules: when something happened to a record, if a condition holds, then this is done. What was written has put a job on
//! the queue (`store::rules`); here it runs, in the transaction that takes it off the queue and keeps how it ended. So a rule
//! acts once for each cause or not at all, and whatever goes wrong in it stands in nobody's way.

mod act;
mod again;
mod approve;
mod budget;
mod dates;
mod due;
mod letter;
mod past;
mod soon;
mod stay;
mod wait;
mod webhook;

use model::expr::Want;
use model::rule::{Action, DEPTH, Rule};
use model::{Id, Record, Value};
use serde_json::Value as Json;
use store::{Error, Job, Result, RuleCause, RuleReason, RuleRun, RunState, Stand, Work, is_moment_still};

use crate::App;

pub use approve::Approval;
pub(crate) use budget::Spent;
pub use past::{Fired, Rehearsed, WouldSend};
pub use soon::AtOnce;

pub(crate) use letter::{WAY_OUT, data as letter_data, samples as letter_samples, sayable, unfillable};

/// What a rule is to run for.
struct Cause {
    record: Record,
    before: Option<Record>,
    /// What the condition is judged over: the record right after the change.
    after: Record,
    version: i64,
    /// What its run is known by.
    of: RuleCause,
    change_set: Option<Id>,
    trail: Vec<String>,
    /// Who has agreed to it, where somebody was asked.
    approved_by: Option<String>,
    /// Since when the record stands in its state, and the how-manieth time it is, where that set the rule off.
    stay: Option<(Stand, i64)>,
}

/// How an attempt went.
enum Outcome {
    Done { made: Option<Id>, letters: u32, reason: Option<RuleReason> },
    Failed(RuleReason),
    Cut(RuleReason),
    Held(RuleReason),
}

impl App {
    /// Runs a rule for what its job says. The job is off the queue already, in this transaction.
    pub(crate) fn run_rule(&self, work: &mut Work<'_>, spent: &mut Spent, job: &Job) -> Result<()> {
        let definitions = work.definitions().clone();
        let name = job.payload.get("rule").and_then(Json::as_str).unwrap_or_default();
        let Some((id, of)) = meant(&job.payload) else { return Ok(()) };
        let Some(rule) = definitions.rule(name).filter(|rule| rule.active) else {
            let reason = RuleReason::new("off_meanwhile", "the rule was switched off or deleted while it waited");
            return ended(work, name, &of, &[RunState::Waiting], reason);
        };
        let Some(mut cause) = cause(work, rule, (id, of.clone()), &job.payload)? else {
            let reason = "the record is gone, the moment has been moved, or the change was undone";
            let reason = RuleReason::new("cause_gone", reason);
            return ended(work, name, &of, &[RunState::Held, RunState::Waiting], reason);
        };
        if let (Some((stand, number)), None) = (&cause.stay, job.payload.get("again")) {
            let Some(number) = stay::come(work, rule, (&cause.record, stand), *number)? else { return Ok(()) };
            cause.of.stay = Some(number);
        }
        let known = work.rule_run(&rule.name, &cause.of.name())?;
        if known.as_ref().is_some_and(|run| run.state == RunState::Done) {
            return Ok(());
        }
        // What goes on was judged when it began.
        let is_meant = if cause.of.step.is_some() { Ok(true) } else { judged(work, rule, &cause) };
        let outcome = match is_meant {
            Ok(false) => {
                let reason = RuleReason::new("condition", "the condition does not hold");
                return known.map_or(Ok(()), |run| meant_no_more(work, run, reason));
            }
            Ok(true) => self.attempt_rule(work, spent, rule, &cause)?,
            Err(Error::Db(error)) if error.is_retryable() => return Err(error.into()),
            Err(error) => Outcome::Failed(RuleReason::of(&error)),
        };
        self.keep_run(work, rule, cause, outcome)
    }

    /// Keeps a run that nobody tries again by itself as failed.
    pub(crate) fn give_up_rule(&self, work: &mut Work<'_>, job: &Job, reason: RuleReason) -> Result<()> {
        let definitions = work.definitions().clone();
        let name = job.payload.get("rule").and_then(Json::as_str).unwrap_or_default();
        let (Some(rule), Some(meant)) = (definitions.rule(name), meant(&job.payload)) else { return Ok(()) };
        match cause(work, rule, meant, &job.payload)? {
            Some(cause) => self.keep_run(work, rule, cause, Outcome::Failed(reason)),
            None => Ok(()),
        }
    }

    /// Keeps how a run ended.
    fn keep_run(&self, work: &mut Work<'_>, rule: &Rule, cause: Cause, outcome: Outcome) -> Result<()> {
        let now = work.now();
        let (state, reason, (made, letters)) = match outcome {
            Outcome::Done { made, letters, reason } => {
                let approved = cause.approved_by.as_ref();
                let by = |name: &String| RuleReason::new("approved", format!("approved by {name}")).with("name", name);
                (RunState::Done, reason.or_else(|| approved.map(by)), (made, letters))
            }
            Outcome::Failed(reason) => (RunState::Failed, Some(reason), (None, 0)),
            Outcome::Cut(reason) => (RunState::Cut, Some(reason), (None, 0)),
            Outcome::Held(reason) => (RunState::Held, Some(reason), (None, 0)),
        };
        // What a budget holds may be very much: it is told where the rule stops, once.
        if matches!(state, RunState::Failed | RunState::Cut) {
            if let Some(reason) = reason.as_ref().filter(|_| !self.is_copy()) {
                tracing::warn!(rule = rule.name, record = %cause.record.id, reason = reason.message, "a rule did nothing");
            }
            let about = (cause.record.module.name.as_str(), cause.record.id);
            work.tell_of_failed_run((rule.name.as_str(), cause.of.name().as_str()), about, state)?;
        }
        work.keep_rule_run(&RuleRun {
            id: work.new_id(),
            rule: rule.name.clone(),
            module: cause.record.module.name.clone(),
            record: cause.record.id,
            version: cause.version,
            cause: cause.of.name(),
            caused_by: cause.change_set,
            state,
            reason,
            trail: cause.trail,
            made,
            attempts: 1,
            letters: i64::from(letters),
            begun_at: now,
            ended_at: now,
        })
    }

    fn attempt_rule(&self, work: &mut Work<'_>, spent: &mut Spent, rule: &Rule, cause: &Cause) -> Result<Outcome> {
        if cause.trail.len() >= DEPTH {
            let way = cause.trail.iter().chain([&rule.name]).map(String::as_str).collect::<Vec<_>>().join(" → ");
            let told = format!("rules set each other off {DEPTH} times in a row: {way}");
            return Ok(Outcome::Cut(RuleReason::new("too_deep", told).with("times", DEPTH).with("way", way)));
        }
        let first = cause.of.step.unwrap_or_default();
        if let Some(reason) = spent.is_over(work, (rule, first), &cause.record)? {
            return Ok(Outcome::Held(reason));
        }
        if let Some(before) = first.checked_sub(1)
            && !rule.then.get(before).is_some_and(Action::puts_off)
        {
            let reason = RuleReason::new("changed_meanwhile", "what the rule does was changed while it waited");
            return Ok(Outcome::Failed(reason));
        }
        let called = rule.label.or(work.settings().locale, &rule.name).to_owned();
        let trail: Vec<String> = cause.trail.iter().cloned().chain([rule.name.clone()]).collect();
        let (before, sent) = (work.change_set(), work.letters());
        let mut place = first;
        let acted = work.attempt(|work| {
            work.as_rule(&called, trail, |work| {
                let mut reason = None;
                for (index, action) in rule.then.iter().enumerate().skip(first) {
                    place = index;
                    match action {
                        Action::Wait { after, working } => {
                            wait::go_on(work, rule, cause, index + 1, (after, *working))?
                        }
                        Action::Approve { by } => approve::ask(work, rule, cause, index + 1, by)?,
                        _ => reason = self.act(work, rule, cause, (index, action))?.or(reason),
                    }
                    if action.puts_off() {
                        break;
                    }
                }
                Ok(reason)
            })
        });
        match acted {
            Ok(reason) => {
                let letters = work.letters().saturating_sub(sent);
                spent.count(rule, letters);
                let made = work.change_set().filter(|set| before != Some(*set));
                Ok(Outcome::Done { made, letters, reason })
            }
            Err(Error::Db(error)) if error.is_retryable() => Err(error.into()),
            Err(error) => {
                let action = rule.then.get(place).map_or("", Action::name);
                Ok(Outcome::Failed(RuleReason::of(&error).at(place, action)))
            }
        }
    }
}

/// The record that the payload of a job is about, and what its run is known by.
fn meant(payload: &Json) -> Option<(Id, RuleCause)> {
    let text = |key: &str| payload.get(key).and_then(Json::as_str);
    let number = |key: &str| payload.get(key).and_then(Json::as_i64);
    let id = text("record")?.parse::<Id>().ok()?;
    let version = number("version").unwrap_or_default();
    let of = match (text("moment"), number("stay")) {
        (Some(moment), _) => RuleCause::date(id, moment),
        (None, Some(number)) => RuleCause::stay(id, version, number),
        (None, None) => RuleCause::change(id, version),
    };
    let step = number("step").and_then(|step| usize::try_from(step).ok());
    Some((id, RuleCause { once_more: number("once_more"), step, ..of }))
}

/// What a rule runs for; nothing where the record is gone, the moment has been moved or the change was undone.
fn cause(work: &mut Work<'_>, rule: &Rule, (id, of): (Id, RuleCause), payload: &Json) -> Result<Option<Cause>> {
    let module = work.module(&rule.module)?;
    let present = match work.as_process(|work| work.get(&module.name, id)) {
        Ok(record) if record.deleted_at.is_none() => record,
        Ok(_) | Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let trail = payload.get("trail").cloned().and_then(|trail| serde_json::from_value(trail).ok()).unwrap_or_default();
    let approved_by = payload.get("approved_by").and_then(Json::as_str).map(str::to_owned);
    // What goes on, or what somebody wants once more, goes by what the record has become.
    let goes_on = of.step.is_some() || of.once_more.is_some();
    if of.moment.is_some() || of.stay.is_some() && goes_on {
        let is_still = goes_on || of.moment.as_deref().is_none_or(|moment| is_moment_still(&present, rule, moment));
        let cause = Cause {
            before: Some(present.clone()),
            after: present.clone(),
            version: of.version.unwrap_or(present.version),
            of,
            change_set: None,
            record: present,
            trail,
            approved_by,
            stay: None,
        };
        return Ok(Some(cause).filter(|_| is_still));
    }
    let version = of.version.unwrap_or_default();
    if let Some(number) = of.stay {
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
        of,
        change_set: Some(changed.change_set),
        record: present,
        trail,
        approved_by,
        stay: None,
    }))
}

/// A run in one of the states, of which what it was for is gone, waits for nobody any more.
fn ended(work: &mut Work<'_>, rule: &str, of: &RuleCause, states: &[RunState], reason: RuleReason) -> Result<()> {
    let known = work.rule_run(rule, &of.name())?;
    known.filter(|run| states.contains(&run.state)).map_or(Ok(()), |run| meant_no_more(work, run, reason))
}

/// Keeps that nothing comes of a run, which nobody has to see to.
fn meant_no_more(work: &mut Work<'_>, run: RuleRun, reason: RuleReason) -> Result<()> {
    let ended_at = work.now();
    work.keep_rule_run(&RuleRun { state: RunState::Failed, reason: Some(reason), ended_at, ..run })
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
