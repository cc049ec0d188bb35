//! The change log: who changed what and when, with before and after. History, undo, rules and notifications read it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{Id, Module, Record, Value};
use serde_json::{Map, Value as Json, json};

use crate::db::{Row, Sql};
use crate::error::Result;
use crate::history::UNDONE_BY;
use crate::params;
use crate::work::Work;

/// What was done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Made.
    Create,
    /// Fields changed.
    Update,
    /// Moved to the bin.
    Delete,
    /// Taken out of the bin.
    Restore,
    /// Removed for good; the delta is the whole record.
    Purge,
    /// Made again after it had been removed for good; the delta is the whole record.
    Recreate,
}

impl Operation {
    /// Its name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Purge => "purge",
            Self::Recreate => "recreate",
        }
    }

    /// The operation of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let all = [Self::Create, Self::Update, Self::Delete, Self::Restore, Self::Purge, Self::Recreate];
        all.into_iter().find(|operation| operation.name() == name)
    }
}

/// A field before and after, in the form of the API.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it was.
    pub before: Json,
    /// What it became.
    pub after: Json,
}

/// One line of a record's history.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeEntry {
    /// Its place in the log.
    pub sequence: i64,
    /// The change set it belongs to.
    pub change_set: Id,
    /// When.
    pub at: Timestamp,
    /// The user who did it; nothing where the product or somebody outside did.
    pub actor: Option<Id>,
    /// Through which door.
    pub source: String,
    /// What for.
    pub reason: Option<String>,
    /// The change set that its change set takes back.
    pub undoes: Option<Id>,
    /// The change set by which its change set is taken back now.
    pub undone_by: Option<Id>,
    /// The move of the record's process that it was, where that is known: what it is addressed by.
    pub transition: Option<String>,
    /// `create`, `update`, `delete`, `restore`, `purge`, `recreate`.
    pub operation: String,
    /// The record's version afterwards.
    pub version: i64,
    /// The fields that changed.
    pub fields: Vec<FieldChange>,
}

/// Deltas by field: `[before, after]`.
pub(super) fn delta<'a>(changes: impl IntoIterator<Item = (&'a str, &'a Value, &'a Value)>) -> Json {
    let fields: BTreeMap<_, _> =
        changes.into_iter().map(|(name, before, after)| (name, json!([before.to_json(), after.to_json()]))).collect();
    json!(fields)
}

impl Work<'_> {
    pub(super) fn log(&mut self, record: &Record, operation: Operation, delta: Json) -> Result<()> {
        self.log_move(record, (operation, None), delta)
    }

    /// The same of a change that is a move of the record's process, by what that is addressed by.
    pub(super) fn log_move(
        &mut self,
        record: &Record,
        (operation, transition): (Operation, Option<&str>),
        delta: Json,
    ) -> Result<()> {
        let set = self.open_change_set()?;
        let at = self.now();
        let (module, operation) = (record.module.name.as_str(), operation.name());
        self.run_later(
            "insert into changes (change_set, module, record, operation, version, at, delta, transition) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![set.0, module, record.id.0, operation, record.version, at, delta, transition],
        )?;
        Ok(())
    }

    /// What the module that was called `name` in the log is called now.
    pub(crate) fn present_module(&self, name: String) -> String {
        self.definitions().module_or_former(&name).map_or(name, |module| module.name.clone())
    }

    pub(crate) fn open_change_set(&mut self) -> Result<Id> {
        if let Some(set) = self.change_set {
            return Ok(set);
        }
        let set = Id::new();
        let (at, actor) = (self.now(), self.actor().id().map(|id| id.0));
        let origin = self.origin().clone();
        self.run_later(
            "insert into change_sets (id, at, actor, source, reason) values ($1, $2, $3, $4, $5)",
            params![set.0, at, actor, origin.source, origin.reason],
        )?;
        self.change_set = Some(set);
        Ok(set)
    }

    /// The history of a record that the caller may read, newest first; hidden fields are left out.
    ///
    /// # Errors
    /// As reading the record.
    pub fn history(&mut self, module: &Module, id: Id, before: Option<i64>, limit: usize) -> Result<Vec<ChangeEntry>> {
        self.history_where(module, id, None, before, limit)
    }

    /// [`Work::history`] of those lines of the log `c` that fulfil a condition.
    pub(crate) fn history_where(
        &mut self,
        module: &Module,
        id: Id,
        condition: Option<Sql>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<ChangeEntry>> {
        self.get(&module.name, id)?;
        let hidden = self.hidden_of(module, &BTreeSet::from([id]))?;
        let mut sql = selected().push(FROM).push("where c.record = ").bind(id.0);
        if let Some(condition) = condition {
            sql = sql.push(" and ").append(condition);
        }
        if let Some(before) = before {
            sql = sql.push(" and c.seq < ").bind(before);
        }
        let sql = sql.push(" order by c.seq desc").limit(limit);
        self.rows(&sql)?.iter().map(|row| entry(row, Some(module), &|field| hidden.hides(id, field))).collect()
    }

    /// What was done to some records of a module, oldest first, secrets left out. That the caller may know is judged already.
    pub(crate) fn histories(&mut self, module: &Module, records: &[Id]) -> Result<Vec<(Id, ChangeEntry)>> {
        let secret: Vec<&str> = module.kept().filter(|field| field.secret).map(|field| field.name.as_str()).collect();
        let is_secret = |field: &str| secret.contains(&field);
        let sql = selected().push(", c.record").push(FROM).push("where c.record in ");
        let rows = self.rows(&sql.bind_list(records.iter().map(|id| id.0)).push(" order by c.record, c.seq"))?;
        rows.iter().map(|row| Ok((Id(row.uuid(12)?), entry(row, Some(module), &is_secret)?))).collect()
    }

    /// Lines of the log by their places, in order, with module and record and without hidden fields. That the caller sees
    /// those records is judged already.
    pub(crate) fn changes_at(&mut self, places: &[i64]) -> Result<Vec<((String, Id), ChangeEntry)>> {
        let sql = selected().push(", c.module, c.record").push(FROM).push("where c.seq in ");
        let rows = self.rows(&sql.bind_list(places.iter().copied()).push(" order by c.seq"))?;
        let mut touched: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        for row in &rows {
            touched.entry(self.present_module(row.text(12)?)).or_default().insert(Id(row.uuid(13)?));
        }
        let mut seen = BTreeMap::new();
        for (name, records) in touched {
            if let Ok(module) = self.module(&name) {
                let hidden = self.hidden_of(&module, &records)?;
                seen.insert(name, (module, hidden));
            }
        }
        let found = rows.iter().map(|row| {
            let (name, record) = (self.present_module(row.text(12)?), Id(row.uuid(13)?));
            let (module, hidden) = seen.get(&name).map(|(module, hidden)| (&**module, hidden)).unzip();
            let is_hidden = |field: &str| hidden.is_some_and(|hidden| hidden.hides(record, field));
            let entry = entry(row, module, &is_hidden)?;
            Ok(((name, record), entry))
        });
        found.collect()
    }
}

const SELECT: &str = "select c.seq, c.change_set, c.at, s.actor, s.source, s.reason, c.operation, c.version, c.delta, s.undoes, \
     c.transition, ";
const FROM: &str = " from changes c join change_sets s on s.id = c.change_set ";

/// What [`entry`] reads.
fn selected() -> Sql {
    Sql::new(SELECT).push(UNDONE_BY)
}

fn entry(row: &Row, module: Option<&Module>, is_hidden: &dyn Fn(&str) -> bool) -> Result<ChangeEntry> {
    Ok(ChangeEntry {
        sequence: row.int(0)?,
        change_set: Id(row.uuid(1)?),
        at: row.instant(2)?,
        actor: row.opt_uuid(3)?.map(Id),
        source: row.text(4)?,
        reason: row.opt_text(5)?,
        undoes: row.opt_uuid(9)?.map(Id),
        undone_by: row.opt_uuid(11)?.map(Id),
        transition: row.opt_text(10)?,
        operation: row.text(6)?,
        version: row.int(7)?,
        fields: row.json(8)?.as_object().map(|delta| fields(delta, module, is_hidden)).unwrap_or_default(),
    })
}

/// Under the names that the fields have now.
fn fields(delta: &Map<String, Json>, module: Option<&Module>, is_hidden: &dyn Fn(&str) -> bool) -> Vec<FieldChange> {
    let side = |pair: &Json, index: usize| pair.get(index).cloned().unwrap_or(Json::Null);
    delta
        .iter()
        .map(|(field, pair)| (module.map_or(field.as_str(), |module| module.present_name(field)), pair))
        .filter(|(field, _)| !is_hidden(field))
        .map(|(field, pair)| FieldChange { field: field.to_owned(), before: side(pair, 0), after: side(pair, 1) })
        .collect()
}
