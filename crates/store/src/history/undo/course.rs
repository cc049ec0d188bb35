//! How far the taking back of a large change set is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::Id;
use model::rights::Capability;
use serde::{Deserialize, Serialize};

use super::conflict::{Conflict, Conflicts, TOLD};
use crate::db::Sql;
use crate::error::{Error, Result};
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
    pub(super) const ALL: [Self; 5] = [Self::Checking, Self::Undoing, Self::Done, Self::Refused, Self::Stopped];

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
    /// How many records were brought back, and how many were kept as whoever asked chose.
    #[serde(default)]
    pub(super) counts: (i64, i64),
    /// Under which change sets others had gone before it was taken over.
    #[serde(default)]
    earlier: Vec<Id>,
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
    /// The change set under which it goes, as soon as something is written.
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

    /// How many records were brought back, at least in part.
    #[must_use]
    pub fn undone_count(&self) -> i64 {
        self.told.counts.0
    }

    /// How many records stay, whole or in some field, because they have changed since and whoever asked keeps that.
    #[must_use]
    pub fn kept_count(&self) -> i64 {
        self.told.counts.1
    }

    /// The change sets under which it went, oldest first: several where somebody went on with what another had begun.
    pub fn change_sets(&self) -> impl Iterator<Item = Id> {
        self.told.earlier.iter().copied().chain(self.undone_by)
    }

    /// Why it was refused or has stopped, where that is no matter of fields: a stable code and words.
    #[must_use]
    pub fn refusal(&self) -> Option<(&str, &str)> {
        self.told.refusal.as_ref().map(|(code, words)| (code.as_str(), words.as_str()))
    }

    pub(super) fn begin(&mut self, phase: Phase) {
        (self.phase, self.place, self.done, self.told) = (phase, i64::MAX, 0, Told::default());
    }

    /// It goes on as whoever asks for `new` wants it. Nobody writes under the name of another: who takes over does so under
    /// a change set of their own.
    pub(super) fn gone_on_with(self, new: Self) -> Self {
        let (mut told, mut undone_by) = (self.told, self.undone_by);
        told.refusal = None;
        if new.by != self.by {
            told.earlier.extend(undone_by.take());
        }
        let Self { by, scopes, source, choice, .. } = new;
        Self { by, scopes, source, choice, phase: Phase::Undoing, told, undone_by, ..self }
    }

    /// Whether nobody has written anything yet.
    pub(super) fn is_unwritten(&self) -> bool {
        self.change_sets().next().is_none()
    }

    pub(super) fn leave(&mut self, module: &str, record: Id, code: &str) {
        self.told.left_count += 1;
        if self.told.left.len() < TOLD {
            self.told.left.push(Left { module: module.to_owned(), record, code: code.to_owned() });
        }
    }

    /// Ends it before its end.
    pub(super) fn break_off(&mut self, why: &Error) {
        self.phase = if self.is_unwritten() { Phase::Refused } else { Phase::Stopped };
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
            let hidden = self.hidden_of(&module, &reached)?;
            seen.insert(name, (reached, hidden));
        }
        course.told.conflicts.retain(|conflict| {
            seen.get(&conflict.module).is_some_and(|(reached, hidden)| {
                reached.contains(&conflict.record) && !hidden.hides(conflict.record, &conflict.field)
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
        let under_way = self.rows(&Sql::new("select change_set from undos where state in ('checking', 'undoing')"))?;
        for row in &under_way {
            let course = self.course(Id(row.uuid(0)?))?;
            // Also what somebody else had brought back before it was taken over.
            if course.is_some_and(|course| course.change_sets().any(|set| set == undo)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
