//! A record as it stood at a moment: its log replayed up to there, shown under today's rights.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use model::{Id, Module, Record, Value};

use super::entry::{COLUMNS, Entry};
use super::value;
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::query::{List, Page};
use crate::work::Work;
use crate::write::Operation;

impl Work<'_> {
    /// The record after the last change that is dated at `at` or before. Who may see it, and which of its fields, is
    /// judged by today's rights; what is gone for good is shown to those who read every record of the module. Fields
    /// that are worked out are empty: the log does not know them.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what may not be seen, and where the record was not there at that moment.
    pub fn get_as_of(&mut self, module: &str, id: Id, at: Timestamp) -> Result<Record> {
        let module = self.module(module)?;
        match self.get(&module.name, id) {
            Err(Error::NotFound { .. }) if self.reads_all(&module) && !self.is_there(&module, id)? => {}
            known => drop(known?),
        }
        let mut record =
            self.replayed(&module, &[id], at)?.remove(&id).ok_or_else(|| Error::not_found(&module.name, id))?;
        self.hide(&module, std::slice::from_mut(&mut record))?;
        Ok(record)
    }

    /// The page of a list as it is found today, each record as it stood at `at`. What was not there then, or lay in the
    /// bin, is left out.
    ///
    /// # Errors
    /// As [`Work::list`].
    pub fn list_as_of(&mut self, module: &str, list: &List, at: Timestamp) -> Result<Page> {
        let page = self.list(module, list)?;
        let module = self.module(module)?;
        let ids: Vec<Id> = page.records.iter().map(|record| record.id).collect();
        let mut then = self.replayed(&module, &ids, at)?;
        let mut records: Vec<Record> = ids.iter().filter_map(|id| then.remove(id)).collect();
        records.retain(|record| record.deleted_at.is_none());
        self.hide(&module, &mut records)?;
        Ok(Page { records, next: page.next })
    }

    /// Empties what whoever works does not see today.
    fn hide(&mut self, module: &Module, records: &mut [Record]) -> Result<()> {
        let grant = self.grant(module);
        let hidden = self.hidden_of(module, &records.iter().map(|record| record.id).collect())?;
        for record in records {
            grant.hidden.iter().for_each(|field| record.set(field, Value::Null));
            let veiled: Vec<_> = hidden.veiled(record.id).filter(|field| !grant.hidden.contains(field)).collect();
            record.veil(veiled);
        }
        Ok(())
    }

    /// The versions of one record follow each other whatever their moments are, so that the state is one that stood.
    fn replayed(&mut self, module: &Arc<Module>, ids: &[Id], at: Timestamp) -> Result<HashMap<Id, Record>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = Sql::new(COLUMNS)
            .push("join (select l.record, max(l.version) as version from changes l where l.record in ");
        let sql = sql.bind_list(ids.iter().map(|id| id.0)).push(" and l.at <= ").bind(at);
        let sql =
            sql.push(" group by l.record) t on t.record = c.record and c.version <= t.version where c.module in ");
        let sql = sql.bind_list([&module.name].into_iter().chain(&module.formerly).map(String::as_str));
        let sql = sql.push(" order by c.record, c.version");
        let definitions = self.definitions().clone();
        let mut replays: HashMap<Id, Replay<'_>> = HashMap::new();
        for row in self.rows(&sql)? {
            let entry = Entry::read(&row, &definitions)?;
            let id = entry.record;
            replays.entry(id).or_insert_with(|| Replay { module, id, born: None, record: None }).take(&entry)?;
        }
        Ok(replays.into_iter().filter_map(|(id, replay)| Some((id, replay.record?))).collect())
    }
}

pub(super) struct Replay<'m> {
    pub(super) module: &'m Arc<Module>,
    pub(super) id: Id,
    /// When it was first made and by whom: kept when it comes back after having been removed for good.
    pub(super) born: Option<(Timestamp, Option<Id>)>,
    pub(super) record: Option<Record>,
}

impl Replay<'_> {
    pub(super) fn take(&mut self, entry: &Entry) -> Result<()> {
        let (created_at, created_by) = *self.born.get_or_insert((entry.at, entry.actor));
        if entry.operation == Operation::Purge {
            self.record = None;
            return Ok(());
        }
        let record = self.record.get_or_insert_with(|| Record {
            module: self.module.clone(),
            id: self.id,
            version: 0,
            created_at,
            updated_at: created_at,
            created_by,
            owner: None,
            deleted_at: None,
            values: vec![Value::Null; self.module.fields.len()],
            veiled: Vec::new(),
        });
        for (name, _, after) in entry.fields() {
            match (name, self.module.field(name)) {
                ("owner", _) => record.owner = value::id(after),
                ("deleted_at", _) => record.deleted_at = value::instant(after),
                (_, Some(field)) => record.set(name, value::value(field, after)?),
                // A field that the module no longer has.
                (_, None) => {}
            }
        }
        record.version = entry.version;
        record.updated_at = entry.at;
        Ok(())
    }
}
