//! How often a rule may run in an hour before somebody must let it go on.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use model::Record;
use model::rule::Rule;
use store::{Result, RuleReason, RuleState, Work};

/// The while of which a budget speaks.
const BUDGET_OF: SignedDuration = SignedDuration::from_hours(1);

/// How often rules have run in the last hour, in one transaction: their turns are taken, so nobody else runs them
/// meanwhile, and it is counted once.
#[derive(Debug, Default)]
pub(crate) struct Spent(BTreeMap<String, i64>);

impl Spent {
    /// Why a rule must wait for somebody, where it must. It waits from then on.
    pub(super) fn is_over(&mut self, work: &mut Work<'_>, rule: &Rule, record: &Record) -> Result<Option<RuleReason>> {
        let spent = match self.0.get(&rule.name) {
            Some(spent) => *spent,
            None => spent(work, rule)?,
        };
        self.0.insert(rule.name.clone(), spent);
        if spent < i64::from(rule.hourly()) {
            return Ok(None);
        }
        let state = work.rule_state(&rule.name)?;
        if state.held_at.is_none() {
            let now = work.now();
            work.keep_rule_state(&rule.name, RuleState { held_at: Some(now), ..state })?;
            work.tell_of_held_rule(&rule.name, (record.module.name.as_str(), record.id))?;
        }
        let budget = rule.hourly();
        let told = format!("the budget of {budget} runs an hour is used up: somebody must let the rule go on");
        Ok(Some(RuleReason::new("budget", told).with("budget", budget)))
    }

    /// It has run once more.
    pub(super) fn count(&mut self, rule: &Rule) {
        if let Some(spent) = self.0.get_mut(&rule.name) {
            *spent += 1;
        }
    }
}

/// How often a rule has run in the hour, or since somebody let it go on; whoever waits has spent everything.
fn spent(work: &mut Work<'_>, rule: &Rule) -> Result<i64> {
    let (now, state) = (work.now(), work.rule_state(&rule.name)?);
    if state.held_at.is_some() {
        return Ok(i64::MAX);
    }
    let hour = now.checked_sub(BUDGET_OF).unwrap_or(Timestamp::MIN);
    let since = state.released_at.map_or(hour, |released| released.max(hour));
    work.rule_runs_since(&rule.name, since, rule.hourly())
}
