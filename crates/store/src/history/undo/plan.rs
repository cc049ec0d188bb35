//! What a change set did, as steps that are gone back one by one.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use serde_json::Value as Json;

use super::touched::{Stage, Touched};
use super::{Undoing, by_operation};
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::history::ChangeSet;
use crate::history::entry::{COLUMNS, Entry};
use crate::privacy::ERASED;
use crate::work::Work;
use crate::write::Setup;

/// More changes are not taken back in one turn of the writer.
const LIMIT: i64 = 5_000;

/// Changes of one record with no other record's between them.
pub(super) struct Step {
    /// Which of the touched records.
    pub(super) record: usize,
    /// Where it was before.
    pub(super) begin: Stage,
    /// Its fields before.
    pub(super) fields: BTreeMap<String, Json>,
}

/// How a change set is gone back.
pub(super) struct Plan {
    pub(super) undoing: Undoing,
    /// In the order of the log; undo goes the other way.
    pub(super) steps: Vec<Step>,
    /// Fields that are left as they stand.
    pub(super) kept: BTreeSet<(usize, String)>,
}

impl Plan {
    /// Leaves a record as it stands.
    pub(super) fn leave(&mut self, record: usize) {
        self.steps.retain(|step| step.record != record);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The records that are brought back.
    pub(super) fn records(&self) -> Vec<usize> {
        let all: BTreeSet<_> = self.steps.iter().map(|step| step.record).collect();
        all.into_iter().collect()
    }
}

impl Work<'_> {
    /// Whether a change set is taken back in turns.
    pub(super) fn is_large(&mut self, id: Id) -> Result<bool> {
        let sql = Sql::new("select count(*) from (select 1 from changes where change_set = ").bind(id.0);
        let sql = sql.limit(LIMIT + 1).push(") counted");
        Ok(self.tx.one(&sql)?.int(0)? > LIMIT)
    }

    /// Reads what a change set did, as far as the caller may see it.
    pub(super) fn undo_plan(&mut self, id: Id) -> Result<Plan> {
        let set = self.seen_change_set(id)?;
        let sql = Sql::new(COLUMNS).push("where c.change_set = ").bind(id.0).push(" order by c.seq");
        let definitions = self.definitions().clone();
        let entries = self.rows(&sql)?.iter().map(|row| Entry::read(row, &definitions)).collect::<Result<Vec<_>>>()?;
        self.planned(set, &entries)
    }

    /// How these lines of a change set, in the order of the log, are gone back.
    pub(super) fn planned(&self, set: ChangeSet, entries: &[Entry]) -> Result<Plan> {
        let (mut touched, mut steps, mut places) = (Vec::<Touched>::new(), Vec::<Step>::new(), BTreeMap::new());
        for entry in entries {
            if Setup::Erasure.is(&entry.module) {
                return Err(Error::conflict("undo_of_erasure", ERASED));
            }
            let Ok(module) = self.module(&entry.module) else {
                let how = format!("the {} are set back where they are set up", entry.module);
                return Err(by_operation(&entry.module, "set_up", how));
            };
            let place = *places.entry(entry.record).or_insert(touched.len());
            match touched.get_mut(place) {
                Some(known) => known.take(entry),
                None => touched.push(Touched::new(module, entry)),
            }
            if steps.last().is_none_or(|last| last.record != place) {
                steps.push(Step { record: place, begin: Stage::before(entry), fields: BTreeMap::new() });
            }
            if let Some(step) = steps.last_mut() {
                for (name, before, _) in entry.fields() {
                    step.fields.entry(name.to_owned()).or_insert_with(|| before.clone());
                }
            }
        }
        // What was made goes to the bin as it is, and what was made again is removed: their fields need no way back.
        let mut seen = BTreeSet::new();
        let whole = |place: usize| {
            touched.get(place).is_some_and(|touched| matches!(touched.begin, Stage::Unmade | Stage::Gone))
        };
        steps.retain(|step| seen.insert(step.record) || !whole(step.record));
        Ok(Plan { undoing: Undoing { set, touched }, steps, kept: BTreeSet::new() })
    }

    /// Whether a typed service made something of it.
    pub(super) fn is_service_made(&self, undoing: &Undoing) -> bool {
        undoing.touched.iter().any(|touched| touched.is_service_made(self.definitions()))
    }
}
