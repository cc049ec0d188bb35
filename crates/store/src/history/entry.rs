//! A line of the log with its delta, whole: for the product's own use, never shown without the reader's rights.

use jiff::Timestamp;
use model::{Definitions, Id};
use serde_json::{Map, Value as Json};

use crate::db::{DbError, Row};
use crate::error::Result;
use crate::write::Operation;

/// What to select for [`Entry::read`], from `changes c join change_sets s`.
pub(super) const COLUMNS: &str = "select c.seq, c.module, c.record, c.operation, c.version, c.at, c.delta, s.id, s.actor, s.source, c.transition \
     from changes c join change_sets s on s.id = c.change_set ";

/// A line of the log.
pub(super) struct Entry {
    pub(super) sequence: i64,
    pub(super) module: String,
    pub(super) record: Id,
    pub(super) operation: Operation,
    pub(super) version: i64,
    pub(super) at: Timestamp,
    delta: Map<String, Json>,
    pub(super) change_set: Id,
    pub(super) actor: Option<Id>,
    pub(super) source: String,
    /// The move that it was, where that is known.
    pub(super) transition: Option<String>,
}

impl Entry {
    /// Reads it under the names that module and fields have now.
    pub(super) fn read(row: &Row, definitions: &Definitions) -> Result<Self> {
        let corrupt = |what: &str| DbError::Corrupt(format!("a line of the log has {what}"));
        let Json::Object(mut delta) = row.json(6)? else { return Err(corrupt("no delta").into()) };
        let mut name = row.text(1)?;
        if let Some(module) = definitions.module_or_former(&name) {
            delta = delta.into_iter().map(|(field, pair)| (module.present_name(&field).to_owned(), pair)).collect();
            name.clone_from(&module.name);
        }
        Ok(Self {
            sequence: row.int(0)?,
            module: name,
            record: Id(row.uuid(2)?),
            operation: Operation::parse(&row.text(3)?).ok_or_else(|| corrupt("an unknown operation"))?,
            version: row.int(4)?,
            at: row.instant(5)?,
            delta,
            change_set: Id(row.uuid(7)?),
            actor: row.opt_uuid(8)?.map(Id),
            source: row.text(9)?,
            transition: row.opt_text(10)?,
        })
    }

    /// Its fields: name, before, after.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &Json, &Json)> {
        self.delta
            .iter()
            .map(|(name, pair)| (name.as_str(), pair.get(0).unwrap_or(&Json::Null), pair.get(1).unwrap_or(&Json::Null)))
    }

    /// A field before and after, where it changed.
    pub(super) fn field(&self, name: &str) -> Option<(&Json, &Json)> {
        let pair = self.delta.get(name)?;
        Some((pair.get(0).unwrap_or(&Json::Null), pair.get(1).unwrap_or(&Json::Null)))
    }
}
