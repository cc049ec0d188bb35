//! What is written sets rules off.

use model::rule::{CALLED, CALLS, Happened, Rule};
use model::{Id, Record};
use serde_json::json;

use super::RULE_JOB;
use crate::error::Result;
use crate::shape::DOOR as SHAPE;
use crate::work::Work;

/// Doors through which nothing sets rules off: what the program sets up is nobody's doing, and records
/// that follow a changed process did not come where they stand by what they are about.
pub(crate) const SILENT: [&str; 3] = ["command", "sample", SHAPE];

impl Work<'_> {
    /// Puts a job on the queue for each rule that a record, made (without `before`) or changed, sets off.
    /// What is changed may be said to be a move of its process.
    pub(crate) fn rouse(
        &mut self,
        before: Option<&Record>,
        after: &Record,
        (changed, moved): (&[&str], Option<&str>),
    ) -> Result<()> {
        let definitions = self.definitions().clone();
        let rules = definitions.rules_of(&after.module.name);
        for rule in rules {
            let is_moved = |field| before.is_none() || changed.contains(&field);
            if rule.moment().is_some_and(is_moved) {
                self.look_sooner(rule, after)?;
            }
        }
        if rules.is_empty() {
            return Ok(());
        }
        let state_of = |record: Option<&'_ Record>| {
            let process = definitions.process(&after.module.name)?;
            record?.text(&process.field).map(str::to_owned)
        };
        let (was, is) = (state_of(before), state_of(Some(after)));
        let (left, entered) = if was == is { (None, None) } else { (was.as_deref(), is.as_deref()) };
        if let Some(state) = entered {
            self.count_from_now(after, state)?;
        }
        // What a service takes back is no doing either: fields that are brought back do not even come here.
        if self.undoing || SILENT.contains(&self.origin().source) {
            return Ok(());
        }
        let process = definitions.process(&after.module.name).filter(|_| before.is_some());
        let moved = process.and_then(|process| process.made(moved, left, entered));
        let called = Some(after).filter(|it| it.module.name == CALLS).and_then(|call| call.text(CALLED));
        let happened = Happened { is_new: before.is_none(), changed, entered, left, moved, called };
        for rule in rules.iter().filter(|rule| rule.is_set_off(&happened)) {
            self.set_off(rule, after.id, after.version)?;
        }
        Ok(())
    }

    fn set_off(&mut self, rule: &Rule, record: Id, version: i64) -> Result<()> {
        let key = format!("{RULE_JOB}:{}:{record}:{version}", rule.name);
        let payload = json!({"rule": rule.name, "record": record, "version": version, "trail": self.trail});
        let now = self.now();
        self.enqueue(RULE_JOB, Some(&key), now, payload)
    }
}
