//! What change sets did, read together, so that it can be told beforehand which of them have no way back.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;

use super::touched::Touched;
use crate::db::Sql;
use crate::error::Result;
use crate::history::entry::{COLUMNS, Entry};
use crate::work::Work;

/// Lines of the log that are looked at; of what did more nothing is told beforehand.
const LOOKED_AT: usize = 2_000;

/// What a change set did.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// The records that it touched, in the order in which it first touched them.
    pub touched: Vec<Touched>,
    /// Whether a typed service made something of it.
    pub is_service_made: bool,
}

impl Work<'_> {
    /// What these change sets did, to be judged and not to be shown: it is told whatever the caller may see. Of what
    /// touched the set-up, or is too much to be looked at, nothing is told.
    ///
    /// # Errors
    /// When the database fails.
    pub fn done_by(&mut self, sets: &BTreeSet<Id>) -> Result<BTreeMap<Id, Done>> {
        let mut done: BTreeMap<Id, Done> = BTreeMap::new();
        if sets.is_empty() {
            return Ok(done);
        }
        let sql = Sql::new(COLUMNS).push("where c.change_set in ").bind_list(sets.iter().map(|set| set.0));
        let limit = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
        let rows = self.rows(&sql.push(" order by c.change_set, c.seq").limit(limit))?;
        let definitions = self.definitions().clone();
        let mut unknown = BTreeSet::new();
        for row in &rows {
            let entry = Entry::read(row, &definitions)?;
            let Ok(module) = self.module(&entry.module) else {
                unknown.insert(entry.change_set);
                continue;
            };
            let touched = &mut done.entry(entry.change_set).or_default().touched;
            match touched.iter_mut().find(|known| known.id == entry.record) {
                Some(known) => known.take(&entry),
                None => touched.push(Touched::new(module, &entry)),
            }
        }
        if rows.len() == LOOKED_AT {
            // The last one may go on.
            done.pop_last();
        }
        done.retain(|set, _| !unknown.contains(set));
        for done in done.values_mut() {
            done.is_service_made = done.touched.iter().any(|touched| touched.is_service_made(&definitions));
        }
        Ok(done)
    }
}
