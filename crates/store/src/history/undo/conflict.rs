//! What has changed since: undo restores a value only where it still is the one that the change set left.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{Id, Record, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::plan::Plan;
use super::touched::{Stage, Touched};
use crate::db::Sql;
use crate::error::Result;
use crate::history::entry::{COLUMNS, Entry};
use crate::work::Work;

/// More conflicts are not told one by one.
pub(super) const TOLD: usize = 200;

/// What to do about fields that have changed since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conflicts {
    /// Undo nothing and say which.
    #[default]
    Refuse,
    /// Leave them as they stand and undo the rest.
    Keep,
    /// Restore them too.
    Overwrite,
}

impl Conflicts {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Keep => "keep",
            Self::Overwrite => "overwrite",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Refuse, Self::Keep, Self::Overwrite].into_iter().find(|choice| choice.name() == name)
    }
}

/// A field that has changed since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The record's module.
    pub module: String,
    /// The record.
    pub record: Id,
    /// The field; `deleted_at` where the record went to the bin or came back, `id` where it is gone for good.
    pub field: String,
    /// What it was before the change set.
    pub before: Json,
    /// What the change set made of it.
    pub after: Json,
    /// What stands there now.
    pub now: Json,
    /// Who changed it since, where the log tells.
    pub changed: Option<LastChange>,
}

/// What was found of records.
#[derive(Default)]
pub(super) struct Settled {
    /// What stands in the way.
    pub(super) conflicts: Vec<Conflict>,
    /// Whether something has changed since and stays, because the caller keeps that.
    pub(super) is_kept: bool,
}

/// The last change of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// Under which change set.
    pub change_set: Id,
    /// When.
    pub at: Timestamp,
    /// The user; nothing where the product or somebody outside did.
    pub actor: Option<Id>,
    /// Through which door.
    pub source: String,
}

impl Conflict {
    /// Whether it is about where the record is in its life and not about a field.
    #[must_use]
    pub fn is_of_stage(&self) -> bool {
        matches!(self.field.as_str(), "id" | "deleted_at")
    }
}

impl Work<'_> {
    /// Judges the caller's rights, finds what has changed since and decides about it by `choice`.
    pub(super) fn settle_conflicts(&mut self, plan: &mut Plan, choice: Conflicts) -> Result<Settled> {
        let mut all = Settled::default();
        for place in plan.records() {
            let found = self.settle_record(plan, place, choice)?;
            let room = TOLD.saturating_sub(all.conflicts.len());
            all.conflicts.extend(found.conflicts.into_iter().take(room));
            all.is_kept |= found.is_kept;
        }
        self.tell_who(&mut all.conflicts, &plan.undoing.touched)?;
        Ok(all)
    }

    /// The same of one record.
    pub(super) fn settle_record(&mut self, plan: &mut Plan, place: usize, choice: Conflicts) -> Result<Settled> {
        let mut settled = Settled::default();
        let Some(touched) = plan.undoing.touched.get(place).cloned() else { return Ok(settled) };
        // Held before it is judged: who owns it does not change any more.
        let present = self.read_whole(&touched.module, touched.id)?;
        self.judge_undo(&touched)?;
        let found = self.conflicts_of(&touched, present.as_ref())?;
        if touched.begin == Stage::Unmade && Stage::of(present.as_ref()) == Stage::InBin {
            // Somebody moved it to the bin already.
            plan.leave(place);
            return Ok(settled);
        }
        if let Some(present) = &present {
            // What the change set set and set back, or somebody else did, needs no way back.
            let is_back = |name: &str, before: &Json, after: &Json| before == after || now(present, name) == *before;
            let back = touched.fields.iter().filter(|(name, (before, after))| is_back(name, before, after));
            plan.kept.extend(back.map(|(name, _)| (place, name.clone())));
        }
        for conflict in found {
            match choice {
                Conflicts::Overwrite if !conflict.is_of_stage() => {}
                Conflicts::Keep if !conflict.is_of_stage() => {
                    settled.is_kept = true;
                    if touched.restores_fields() {
                        plan.kept.insert((place, conflict.field));
                    } else {
                        // Made by the change set and changed since: it stays.
                        plan.leave(place);
                    }
                }
                _ => settled.conflicts.push(conflict),
            }
        }
        Ok(settled)
    }

    /// Notes who changed since what stands in the way.
    pub(super) fn tell_who(&mut self, conflicts: &mut [Conflict], touched: &[Touched]) -> Result<()> {
        for conflict in conflicts {
            conflict.changed = self.last_change(conflict, touched)?;
        }
        Ok(())
    }

    fn conflicts_of(&mut self, touched: &Touched, present: Option<&Record>) -> Result<Vec<Conflict>> {
        let conflict = |field: &str, before: &Json, after: &Json, now: Json| Conflict {
            module: touched.module.name.clone(),
            record: touched.id,
            field: field.to_owned(),
            before: before.clone(),
            after: after.clone(),
            now,
            changed: None,
        };
        let stage = Stage::of(present);
        let (none, id) = (Json::Null, Json::String(touched.id.to_string()));
        let Some(present) = present else {
            let is_as_left = touched.end == Stage::Gone || touched.begin.goal() == Stage::Gone;
            return Ok(if is_as_left { Vec::new() } else { vec![conflict("id", &id, &id, none)] });
        };
        let (binned, rebinned) = touched.fields.get("deleted_at").cloned().unwrap_or_default();
        let is_as_left = stage == touched.end && now(present, "deleted_at") == rebinned;
        if !is_as_left && stage != touched.begin.goal() {
            let now = now(present, "deleted_at");
            return Ok(vec![conflict("deleted_at", &binned, &rebinned, now)]);
        }
        if touched.restores_fields() {
            let fields = touched.fields.iter().filter(|(name, _)| *name != "deleted_at");
            let changed = fields.filter(|(name, (before, after))| {
                let now = now(present, name);
                before != after && now != *after && now != *before
            });
            return Ok(changed
                .map(|(name, (before, after))| conflict(name, before, after, now(present, name)))
                .collect());
        }
        if !matches!(touched.begin, Stage::Unmade | Stage::Gone) {
            return Ok(Vec::new());
        }
        // Made by the change set: nobody has written to it since. What the caller does not see does not count.
        let hidden = self.hidden_of(&touched.module, &BTreeSet::from([touched.id]))?;
        let left = |name: &str| touched.fields.get(name).map_or(&none, |(_, after)| after);
        let names = touched.module.stored().map(|(_, field)| field.name.as_str()).chain(["owner"]);
        let changed = names.filter(|name| !hidden.hides(touched.id, name) && now(present, name) != *left(name));
        Ok(changed.map(|name| conflict(name, &none, left(name), now(present, name))).collect())
    }

    fn last_change(&mut self, conflict: &Conflict, touched: &[Touched]) -> Result<Option<LastChange>> {
        let after: BTreeMap<_, _> = touched.iter().map(|touched| (touched.id, touched.sequence)).collect();
        let sequence = after.get(&conflict.record).copied().unwrap_or_default();
        let sql = Sql::new(COLUMNS).push("where c.record = ").bind(conflict.record.0).push(" and c.seq > ");
        let rows = self.rows(&sql.bind(sequence).push(" order by c.seq desc limit 500"))?;
        for row in &rows {
            let entry = Entry::read(row, self.definitions())?;
            let is_it = conflict.field == "id" || entry.field(&conflict.field).is_some();
            if is_it {
                let Entry { change_set, at, actor, source, .. } = entry;
                return Ok(Some(LastChange { change_set, at, actor, source }));
            }
        }
        Ok(None)
    }
}

/// What stands in a field now, in the form of the log.
pub(super) fn now(record: &Record, name: &str) -> Json {
    let id = |id: Option<Id>| id.map_or(Value::Null, Value::Id);
    match name {
        "owner" => id(record.owner).to_json(),
        "deleted_at" => record.deleted_at.map_or(Value::Null, Value::Instant).to_json(),
        name => record.get(name).to_json(),
    }
}
