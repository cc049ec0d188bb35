//! Rules that run after a while in a state: a job for each record, from when it came there, which looks whether it still
//! stands there since then.

use jiff::Timestamp;
use model::Record;
use model::rule::{Rule, Stay};
use serde_json::json;

use super::RULE_JOB;
use crate::error::Result;
use crate::history::Stand;
use crate::query::{List, Sort};
use crate::work::Work;

/// Doors through which records come that nothing is counted for: the program set them up.
const UNCOUNTED: [&str; 2] = ["command", "sample"];

/// The repetition of a rule that is next for a record, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The how-manieth, from nought.
    pub number: i64,
    /// When it is due.
    pub at: Timestamp,
}

impl Work<'_> {
    /// What a rule that runs after a while in a state has to do with a record that stands there; nothing where it is
    /// about others.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stand_for(&mut self, rule: &Rule, record: &Record) -> Result<Option<Stand>> {
        let definitions = self.definitions().clone();
        let (Some(stay), Some(process)) = (rule.stay(), definitions.process(&rule.module)) else { return Ok(None) };
        if record.deleted_at.is_some() || !record.text(&process.field).is_some_and(|state| stay.is_in(state)) {
            return Ok(None);
        }
        Ok(self.stands_since(record, process, None)?.filter(|stand| !UNCOUNTED.contains(&stand.source.as_str())))
    }

    /// When a rule runs for a record that has stood in its state since a moment, in order.
    #[must_use]
    pub fn stay_moments(&self, stay: &Stay<'_>, since: Timestamp) -> Vec<Timestamp> {
        let settings = self.settings();
        stay.moments(since, &settings.zone(), &settings.working_time).collect()
    }

    /// The last repetition that is due by now, else the first one: what was missed meanwhile is not made up for.
    #[must_use]
    pub fn stay_due(&self, stay: &Stay<'_>, since: Timestamp) -> Option<Turn> {
        let moments = self.stay_moments(stay, since);
        let due = moments.iter().filter(|moment| **moment <= self.now()).count();
        let number = due.saturating_sub(1);
        let at = *moments.get(number)?;
        Some(Turn { number: i64::try_from(number).ok()?, at })
    }

    /// The repetition after one.
    #[must_use]
    pub fn stay_after(&self, stay: &Stay<'_>, since: Timestamp, number: i64) -> Option<Turn> {
        let number = usize::try_from(number).ok()?.checked_add(1)?;
        let at = *self.stay_moments(stay, since).get(number)?;
        Some(Turn { number: i64::try_from(number).ok()?, at })
    }

    /// Puts a turn of a rule for a record on the queue. Nobody but the rule's runs touches that job again: whoever moves
    /// the record need not wait for whoever runs it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn await_stay(&mut self, rule: &Rule, record: &Record, version: i64, turn: Turn) -> Result<()> {
        let key = format!("{RULE_JOB}:{}:stay:{}:{version}", rule.name, record.id);
        let payload = json!({
            "rule": rule.name, "record": record.id, "version": version, "stay": turn.number, "trail": [],
        });
        self.enqueue(RULE_JOB, Some(&key), turn.at, payload)
    }

    /// Counts for a record that has just come into a state.
    pub(super) fn count_from_now(&mut self, record: &Record, state: &str) -> Result<()> {
        if UNCOUNTED.contains(&self.origin().source) {
            return Ok(());
        }
        let (definitions, now) = (self.definitions().clone(), self.now());
        for rule in definitions.rules_of(&record.module.name) {
            let Some(stay) = rule.stay().filter(|stay| stay.is_in(state)) else { continue };
            if let Some(at) = self.stay_moments(&stay, now).first().copied() {
                self.await_stay(rule, record, record.version, Turn { number: 0, at })?;
            }
        }
        Ok(())
    }

    /// Counts for a record on from when it came where it stands: it was taken out of the bin, or a move of it taken back.
    pub(crate) fn count_on(&mut self, record: &Record) -> Result<()> {
        let definitions = self.definitions().clone();
        for rule in definitions.rules_of(&record.module.name) {
            self.count_for(rule, record)?;
            self.look_sooner(rule, record)?;
        }
        Ok(())
    }

    fn count_for(&mut self, rule: &Rule, record: &Record) -> Result<()> {
        let Some(stay) = rule.stay() else { return Ok(()) };
        let Some(stand) = self.stand_for(rule, record)? else { return Ok(()) };
        match self.stay_due(&stay, stand.since) {
            Some(turn) => self.await_stay(rule, record, stand.version, turn),
            None => Ok(()),
        }
    }

    /// Counts for the next of the records that stand in the states of a rule: it is new, or its while is another one.
    /// Answers where the next turn begins.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_anew(&mut self, rule: &str, cursor: Option<String>, limit: usize) -> Result<Option<String>> {
        let page = self.standing_for(rule, cursor, limit)?;
        let definitions = self.definitions().clone();
        if let Some(rule) = definitions.rule(rule) {
            for record in &page.records {
                self.count_for(rule, record)?;
            }
        }
        Ok(page.next)
    }

    /// The next of the records that stand in the states of a rule that runs.
    ///
    /// # Errors
    /// When the database fails.
    pub fn standing_for(&mut self, rule: &str, cursor: Option<String>, limit: usize) -> Result<super::Moments> {
        let definitions = self.definitions().clone();
        match definitions.rule(rule).filter(|rule| rule.active) {
            Some(rule) => self.standing_in(rule, cursor, limit),
            None => Ok(super::Moments::default()),
        }
    }

    /// The next of the records that stand in the states of a rule, kept or not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn standing_in(&mut self, rule: &Rule, cursor: Option<String>, limit: usize) -> Result<super::Moments> {
        let definitions = self.definitions().clone();
        let (Some(stay), Some(process)) = (rule.stay(), definitions.process(&rule.module)) else {
            return Ok(super::Moments::default());
        };
        let states: Vec<String> = stay.states.iter().map(|state| format!("{:?}", state)).collect();
        let filter = self.filter(&rule.module, &format!("{} in [{}]", process.field, states.join(", ")))?;
        let sort = vec![Sort { field: "id".to_owned(), descending: false }];
        let list = List { filter: Some(filter), sort, limit, cursor, ..List::default() };
        let page = self.as_process(|work| work.list(&rule.module, &list))?;
        Ok(super::Moments { records: page.records, next: page.next })
    }
}
