//! How far the taking back of a large change set is: one row, read and written in the turn that goes on with it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::rights::Capability;
use model::{Actor, Id};
use serde::{Deserialize, Serialize};

use super::conflict::{Conflict, Conflicts, TOLD};
use crate::db::{DbError, Row, Sql};
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Every record is looked at; nothing is changed yet.
    Checking,
    /// Records are brought back.
    Undoing,
    /// All of them are, but those that were left.
    Done,
    /// Nothing was changed.
    Refused,
    /// It ended before its end; what was brought back stays so.
    Stopped,
}

impl Phase {
    const ALL: [Self; 5] = [Self::Checking, Self::Undoing, Self::Done, Self::Refused, Self::Stopped];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Undoing => "undoing",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Stopped => "stopped",
        }
    }

    /// Whether nothing more happens by itself.
    #[must_use]
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Checking | Self::Undoing)
    }
}

/// A record that was not brought back with the others, and was left as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Its module.
    pub module: String,
    /// The record.
    pub record: Id,
    /// Why: `changed_since`, `duplicate`, `not_found`, the code of a missing right …
    pub code: String,
}

/// What is told of it besides numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) conflicts: Vec<Conflict>,
    left: Vec<Left>,
    left_count: i64,
    refusal: Option<(String, String)>,
}

/// How far the taking back of a large change set is.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The change set.
    pub set: Id,
    /// Who asked; nothing where the product did.
    pub by: Option<Id>,
    /// Where it is.
    pub phase: Phase,
    /// What becomes of fields that have changed since.
    pub choice: Conflicts,
    /// How many changes are gone through in this phase …
    pub done: i64,
    /// … of how many.
    pub total: i64,
    /// The change set that takes it back, as soon as something is written.
    pub undone_by: Option<Id>,
    /// When it was begun.
    pub begun_at: Timestamp,
    pub(super) scopes: Vec<String>,
    pub(super) source: String,
    /// Its first and last line of the log.
    pub(super) lines: (i64, i64),
    /// It goes on with the lines before this one.
    pub(super) place: i64,
    pub(super) told: Told,
}

impl Course {
    /// What stands in the way: nothing was changed for that.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        &self.told.conflicts
    }

    /// The first records that were left as they stand …
    #[must_use]
    pub fn left(&self) -> &[Left] {
        &self.told.left
    }

    /// … and how many were.
    #[must_use]
    pub fn left_count(&self) -> i64 {
        self.told.left_count
    }

    /// Why it was refused or has stopped, where that is no matter of fields: a stable code and words.
    #[must_use]
    pub fn refusal(&self) -> Option<(&str, &str)> {
        self.told.refusal.as_ref().map(|(code, words)| (code.as_str(), words.as_str()))
    }

    pub(super) fn begin(&mut self, phase: Phase) {
        (self.phase, self.place, self.done, self.told) = (phase, i64::MAX, 0, Told::default());
    }

    pub(super) fn forget_refusal(&mut self) {
        self.told.refusal = None;
    }

    pub(super) fn leave(&mut self, module: &str, record: Id, code: &str) {
        self.told.left_count += 1;
        if self.told.left.len() < TOLD {
            self.told.left.push(Left { module: module.to_owned(), record, code: code.to_owned() });
        }
    }

    /// Ends it before its end.
    pub(super) fn break_off(&mut self, why: &Error) {
        self.phase = if self.undone_by.is_none() { Phase::Refused } else { Phase::Stopped };
        let code = match why {
            Error::Conflict { code, .. } | Error::Forbidden { code, .. } => code,
            Error::NotFound { .. } => "not_found",
            _ => "invalid",
        };
        self.told.refusal = Some((code.to_owned(), why.to_string()));
    }
}

impl Work<'_> {
    /// How far the taking back of a large change set is, for whoever asked for it and for administrators; nothing where it
    /// was never begun.
    ///
    /// # Errors
    /// When the database fails.
    pub fn undo_course(&mut self, set: Id) -> Result<Option<Course>> {
        let Some(mut course) = self.course(set)?.filter(|course| self.may_follow(course)) else { return Ok(None) };
        self.cover_conflicts(&mut course)?;
        Ok(Some(course))
    }

    /// Leaves the conflicts that the reader may see: they were found under the rights that whoever asked had then.
    pub(super) fn cover_conflicts(&mut self, course: &mut Course) -> Result<()> {
        let mut records: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        for conflict in course.conflicts() {
            records.entry(conflict.module.clone()).or_default().insert(conflict.record);
        }
        let mut seen = BTreeMap::new();
        for (name, ids) in records {
            let Ok(module) = self.module(&name) else { continue };
            let reached = self.reached_of(&module, &ids)?;
            seen.insert(name, (reached, self.grant(&module).hidden));
        }
        course.told.conflicts.retain(|conflict| {
            seen.get(&conflict.module).is_some_and(|(reached, hidden)| {
                reached.contains(&conflict.record) && !hidden.contains(&conflict.field)
            })
        });
        Ok(())
    }

    pub(super) fn may_follow(&self, course: &Course) -> bool {
        let is_own = self.actor().id().is_some() && self.actor().id() == course.by;
        is_own || self.require(Capability::Administer).is_ok()
    }

    /// Whether a change set takes back another one and has not come to its end.
    pub(super) fn is_going_on(&mut self, undo: Id) -> Result<bool> {
        let sql = Sql::new("select 1 from undos where state in ('checking', 'undoing') and undone_by = ").bind(undo.0);
        Ok(!self.rows(&sql)?.is_empty())
    }

    /// The course of an undo that the caller begins.
    pub(super) fn new_course(&mut self, set: Id, choice: Conflicts) -> Result<Course> {
        let sql =
            Sql::new("select coalesce(min(seq), 0), coalesce(max(seq), 0), count(*) from changes where change_set = ");
        let row = self.tx.one(&sql.bind(set.0))?;
        let scopes = match self.actor() {
            Actor::User(user) => user.scopes.clone(),
            Actor::System(_) | Actor::Public => Vec::new(),
        };
        Ok(Course {
            set,
            by: self.actor().id(),
            phase: Phase::Checking,
            choice,
            done: 0,
            total: row.int(2)?,
            undone_by: None,
            begun_at: self.now(),
            scopes,
            source: self.origin().source.to_owned(),
            lines: (row.int(0)?, row.int(1)?),
            place: i64::MAX,
            told: Told::default(),
        })
    }

    pub(super) fn course(&mut self, set: Id) -> Result<Option<Course>> {
        let sql = Sql::new(
            "select change_set, user_id, scopes, source, conflicts, state, first_line, last_line, place, done, total, told, \
             undone_by, begun_at from undos where change_set = ",
        );
        self.rows(&sql.bind(set.0))?.first().map(read).transpose()
    }

    pub(super) fn keep_course(&mut self, course: &Course) -> Result<()> {
        let json = |value: Result<serde_json::Value, serde_json::Error>| {
            value.map_err(|error| DbError::Value(error.to_string()))
        };
        let scopes = json(serde_json::to_value(&course.scopes))?;
        let told = json(serde_json::to_value(&course.told))?;
        self.run(
            "insert into undos (change_set, user_id, scopes, source, conflicts, state, first_line, last_line, place, done, total, \
             told, undone_by, begun_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             on conflict (change_set) do update set user_id = excluded.user_id, scopes = excluded.scopes, source = excluded.source, \
             conflicts = excluded.conflicts, state = excluded.state, place = excluded.place, done = excluded.done, \
             told = excluded.told, undone_by = excluded.undone_by, begun_at = excluded.begun_at",
            params![
                course.set.0,
                course.by.map(|id| id.0),
                scopes,
                course.source.as_str(),
                course.choice.name(),
                course.phase.name(),
                course.lines.0,
                course.lines.1,
                course.place,
                course.done,
                course.total,
                told,
                course.undone_by.map(|id| id.0),
                course.begun_at,
            ],
        )?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Course> {
    let corrupt = |what: &str| DbError::Corrupt(format!("an undo has {what}"));
    let (choice, state) = (row.text(4)?, row.text(5)?);
    let phase = Phase::ALL.into_iter().find(|phase| phase.name() == state);
    Ok(Course {
        set: Id(row.uuid(0)?),
        by: row.opt_uuid(1)?.map(Id),
        phase: phase.ok_or_else(|| corrupt("an unknown state"))?,
        choice: Conflicts::parse(&choice).ok_or_else(|| corrupt("an unknown choice"))?,
        done: row.int(9)?,
        total: row.int(10)?,
        undone_by: row.opt_uuid(12)?.map(Id),
        begun_at: row.instant(13)?,
        scopes: serde_json::from_value(row.json(2)?).map_err(|_| corrupt("no scopes"))?,
        source: row.text(3)?,
        lines: (row.int(6)?, row.int(7)?),
        place: row.int(8)?,
        told: serde_json::from_value(row.json(11)?).map_err(|_| corrupt("nothing to tell"))?,
    })
}
