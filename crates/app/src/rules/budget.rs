//! How often a rule may run in an hour, and how many letters it may send, before somebody must let it go on.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use model::Record;
use model::rule::Rule;
use store::{Result, RuleReason, RuleState, Work};

/// The while of which a budget speaks.
const BUDGET_OF: SignedDuration = SignedDuration::from_hours(1);

/// How often rules have run in the last hour and what they have sent, in one transaction: their turns are taken, so nobody
/// else runs them meanwhile, and it is counted once.
#[derive(Debug, Default)]
pub(crate) struct Spent(BTreeMap<String, Hour>);

/// What a rule has done in the hour, or since somebody let it go on.
#[derive(Clone, Copy, Debug)]
struct Hour {
    runs: i64,
    /// Counted only of a rule that may not send as many as it likes.
    letters: i64,
    /// Whether it waits for somebody already.
    has_stopped: bool,
}

impl Spent {
    /// Why a rule must wait for somebody before it runs from an action on, where it must. It waits from then on.
    pub(super) fn is_over(
        &mut self,
        work: &mut Work<'_>,
        (rule, step): (&Rule, usize),
        record: &Record,
    ) -> Result<Option<RuleReason>> {
        let spent = match self.0.get(&rule.name) {
            Some(spent) => *spent,
            None => spent(work, rule)?,
        };
        let reason = over(rule, step, spent);
        let is_new = reason.is_some() && !spent.has_stopped;
        self.0.insert(rule.name.clone(), Hour { has_stopped: reason.is_some(), ..spent });
        if is_new {
            let (now, state) = (work.now(), work.rule_state(&rule.name)?);
            work.keep_rule_state(&rule.name, RuleState { held_at: Some(now), ..state })?;
            work.tell_of_held_rule(&rule.name, (record.module.name.as_str(), record.id))?;
        }
        Ok(reason)
    }

    /// It has run once more and sent so many letters.
    pub(super) fn count(&mut self, rule: &Rule, letters: u32) {
        if let Some(spent) = self.0.get_mut(&rule.name) {
            spent.runs = spent.runs.saturating_add(1);
            spent.letters = spent.letters.saturating_add(i64::from(letters));
        }
    }
}

/// What holds a rule up, where something does. A run is begun only where as many letters are left as it may send, so that the
/// rule never sends more than it may.
fn over(rule: &Rule, step: usize, spent: Hour) -> Option<RuleReason> {
    let budget = rule.hourly();
    if spent.runs >= i64::from(budget) {
        let told = format!("the budget of {budget} runs an hour is used up: somebody must let the rule go on");
        return Some(RuleReason::new("budget", told).with("budget", budget));
    }
    let more = rule.letters_from(step);
    let is_short = |letters: &u32| more > 0 && spent.letters.saturating_add(more.into()) > i64::from(*letters);
    if let Some(letters) = rule.letters.filter(is_short) {
        let told = format!("the budget of {letters} letters an hour is used up: somebody must let the rule go on");
        return Some(RuleReason::new("budget_of_letters", told).with("letters", letters));
    }
    spent.has_stopped.then(|| RuleReason::new("stopped", "the rule has stopped: somebody must let it go on"))
}

/// What a rule has done in the hour, or since somebody let it go on.
fn spent(work: &mut Work<'_>, rule: &Rule) -> Result<Hour> {
    let (now, state) = (work.now(), work.rule_state(&rule.name)?);
    let hour = now.checked_sub(BUDGET_OF).unwrap_or(Timestamp::MIN);
    let since = state.released_at.map_or(hour, |released| released.max(hour));
    let runs = work.rule_runs_since(&rule.name, since, rule.hourly())?;
    let letters = rule.letters.map(|most| work.rule_letters_since(&rule.name, since, most)).transpose()?;
    Ok(Hour { runs, letters: letters.unwrap_or_default(), has_stopped: state.held_at.is_some() })
}
