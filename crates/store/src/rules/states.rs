//! How rules stand: whether they wait for somebody, how far dates were looked at, how often they ran and failed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::counters::space;
use crate::db::{LockKey, Sql};
use crate::error::Result;
use crate::params;
use crate::work::Work;

/// How a rule stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleState {
    /// Since when it waits for somebody to let it go on.
    pub held_at: Option<Timestamp>,
    /// When somebody last let it go on.
    pub released_at: Option<Timestamp>,
    /// Up to which moment it was looked whose date has come.
    pub swept_to: Option<Timestamp>,
}

/// What became of a rule's runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleCounts {
    /// How many were done.
    pub done: i64,
    /// How many failed and were not done since.
    pub failed: i64,
    /// How many were cut.
    pub cut: i64,
    /// How many wait until somebody lets the rule go on.
    pub held: i64,
    /// How many go on later.
    pub waiting: i64,
    /// For how many somebody is asked.
    pub asked: i64,
    /// How many were refused.
    pub refused: i64,
    /// When it last ran, however that ended.
    pub last: Option<Timestamp>,
}

impl Work<'_> {
    /// Takes turns with everybody else who runs the rule, until the transaction ends.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub fn take_rule_turn(&mut self, rule: &str) -> Result<()> {
        self.take_rule_turns([rule])
    }

    /// The same for several rules: all at once, as locks are taken in one order.
    ///
    /// # Errors
    /// When a lock cannot be had in time.
    pub fn take_rule_turns<'r>(&mut self, rules: impl IntoIterator<Item = &'r str>) -> Result<()> {
        let keys: BTreeSet<LockKey> =
            rules.into_iter().map(|rule| LockKey::new(space::RULE, format!("rule {rule}"))).collect();
        if keys.is_empty() { Ok(()) } else { self.lock(&keys.into_iter().collect::<Vec<_>>()) }
    }

    /// How the rules stand of which there is anything to say.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_states(&mut self) -> Result<BTreeMap<String, RuleState>> {
        let sql = Sql::new("select rule, held_at, released_at, swept_to from _rule_states");
        let rows = self.rows(&sql)?;
        let read = rows.iter().map(|row| {
            let state = RuleState {
                held_at: row.opt_instant(1)?,
                released_at: row.opt_instant(2)?,
                swept_to: row.opt_instant(3)?,
            };
            Ok((row.text(0)?, state))
        });
        read.collect()
    }

    /// How a rule stands.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_state(&mut self, rule: &str) -> Result<RuleState> {
        Ok(self.rule_states()?.remove(rule).unwrap_or_default())
    }

    /// Keeps how a rule stands.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_rule_state(&mut self, rule: &str, state: RuleState) -> Result<()> {
        self.run(
            "insert into _rule_states (rule, held_at, released_at, swept_to) values ($1, $2, $3, $4) \
             on conflict (rule) do update set held_at = excluded.held_at, released_at = excluded.released_at, \
             swept_to = excluded.swept_to",
            params![rule, state.held_at, state.released_at, state.swept_to],
        )?;
        Ok(())
    }

    /// What became of the runs of each rule.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_counts(&mut self) -> Result<BTreeMap<String, RuleCounts>> {
        let sql = Sql::new("select rule, state, count(*), max(ended_at) from _rule_runs group by rule, state");
        let mut counts: BTreeMap<String, RuleCounts> = BTreeMap::new();
        for row in self.rows(&sql)? {
            let of = counts.entry(row.text(0)?).or_default();
            let (count, last) = (row.int(2)?, row.opt_instant(3)?);
            match row.text(1)?.as_str() {
                "done" => of.done = count,
                "failed" => of.failed = count,
                "cut" => of.cut = count,
                "waiting" => of.waiting = count,
                "asked" => of.asked = count,
                "refused" => of.refused = count,
                _ => of.held = count,
            }
            of.last = of.last.max(last);
        }
        Ok(counts)
    }
}
