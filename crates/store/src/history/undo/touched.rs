//! What a change set did to one record.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::field::SetBy;
use model::{Definitions, Id, Module, Record};
use serde_json::Value as Json;

use crate::history::entry::Entry;
use crate::write::Operation;

/// Where a record is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not made yet.
    Unmade,
    /// In use.
    InUse,
    /// In the bin.
    InBin,
    /// Removed for good.
    Gone,
}

impl Stage {
    pub(super) fn of(record: Option<&Record>) -> Self {
        match record {
            None => Self::Gone,
            Some(record) if record.deleted_at.is_some() => Self::InBin,
            Some(_) => Self::InUse,
        }
    }

    pub(super) fn before(entry: &Entry) -> Self {
        let was_in_bin = entry.field("deleted_at").is_some_and(|(before, _)| !before.is_null());
        match entry.operation {
            Operation::Create => Self::Unmade,
            Operation::Update | Operation::Delete => Self::InUse,
            Operation::Restore => Self::InBin,
            Operation::Purge => {
                if was_in_bin {
                    Self::InBin
                } else {
                    Self::InUse
                }
            }
            Operation::Recreate => Self::Gone,
        }
    }

    pub(super) fn after(entry: &Entry) -> Self {
        let is_in_bin = entry.field("deleted_at").is_some_and(|(_, after)| !after.is_null());
        match entry.operation {
            Operation::Create | Operation::Update | Operation::Restore => Self::InUse,
            Operation::Delete => Self::InBin,
            Operation::Recreate => {
                if is_in_bin {
                    Self::InBin
                } else {
                    Self::InUse
                }
            }
            Operation::Purge => Self::Gone,
        }
    }

    /// Where undo leads: what was made goes to the bin, for its links may be followed still.
    pub(super) fn goal(self) -> Self {
        if self == Self::Unmade { Self::InBin } else { self }
    }
}

/// A record that a change set touched, and what it did to it altogether.
#[derive(Clone, Debug)]
pub struct Touched {
    /// Its module.
    pub module: Arc<Module>,
    /// The record.
    pub id: Id,
    /// Where it was before.
    pub begin: Stage,
    /// Where it was afterwards.
    pub end: Stage,
    /// Fields before and after, `owner` and `deleted_at` included.
    pub fields: BTreeMap<String, (Json, Json)>,
    /// Place in the log of the last change.
    pub(super) sequence: i64,
}

impl Touched {
    pub(super) fn new(module: Arc<Module>, entry: &Entry) -> Self {
        let (begin, end) = (Stage::before(entry), Stage::after(entry));
        let mut new = Self { module, id: entry.record, begin, end, fields: BTreeMap::new(), sequence: 0 };
        new.take(entry);
        new
    }

    pub(super) fn take(&mut self, entry: &Entry) {
        self.end = Stage::after(entry);
        self.sequence = entry.sequence;
        for (name, before, after) in entry.fields() {
            let known = self.fields.entry(name.to_owned()).or_insert_with(|| (before.clone(), Json::Null));
            known.1 = after.clone();
        }
    }

    /// What a field was before and afterwards, where it changed.
    #[must_use]
    pub fn change(&self, field: &str) -> Option<(&Json, &Json)> {
        self.fields.get(field).map(|(before, after)| (before, after)).filter(|(before, after)| before != after)
    }

    /// Whether fields are to be restored: what was made or removed is so as a whole.
    pub(super) fn restores_fields(&self) -> bool {
        ![self.begin, self.end].iter().any(|stage| matches!(stage, Stage::Unmade | Stage::Gone))
            && self.fields.keys().any(|name| name != "deleted_at")
    }

    /// Whether a typed service did it, and not somebody who set a field by hand.
    pub(super) fn is_service_made(&self, definitions: &Definitions) -> bool {
        if self.module.service.is_none() {
            return false;
        }
        let governed = definitions.process(&self.module.name).map(|process| process.field.clone());
        let by_hand = |name: &String| {
            let field = self.module.field(name);
            name == "owner"
                || field.is_some_and(|field| field.set_by == SetBy::Anyone) && governed.as_ref() != Some(name)
        };
        (self.begin, self.end) != (Stage::InUse, Stage::InUse) || !self.fields.keys().all(by_hand)
    }
}
