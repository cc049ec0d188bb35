//! Records beside their history: replayed from its beginning, it comes to what the record holds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{Id, Module, Record, Value};
use serde_json::Value as Json;

use super::seals::Left;
use super::{Area, Report, ids};
use crate::db::{Row, Sql};
use crate::error::Result;
use crate::operations::canonical;
use crate::operations::seal::is_blank;
use crate::work::Work;

/// What the history of a record comes to.
#[derive(Default)]
struct Replayed {
    version: i64,
    /// Whether the last entry is of a record that was removed for good.
    is_gone: bool,
    blanked: u64,
    values: BTreeMap<String, Json>,
    /// The moment of its first entry.
    born: Option<Timestamp>,
    /// Entries that do not follow from what was before them.
    astray: Vec<i64>,
    /// Whether an erasure changed what some entry says.
    is_erased: bool,
}

impl Replayed {
    fn add(&mut self, module: &Module, row: &Row, left: &Left) -> Result<()> {
        let (sequence, version, delta) = (row.int(5)?, row.int(2)?, row.json(3)?);
        let mut follows = version == self.version + 1 || self.born.is_none();
        (self.is_gone, self.version) = (row.text(1)? == "purge", version);
        self.born = self.born.or(Some(row.instant(6)?));
        self.blanked += u64::from(is_blank(&delta, row.opt_bytes(4)?.as_deref()));
        self.is_erased |= left.contains_key(&sequence);
        for (field, sides) in delta.as_object().into_iter().flatten() {
            let side = |at: usize| sides.get(at).unwrap_or(&Json::Null);
            let (field, before, after) = (module.present_name(field), side(0), side(1));
            let stood = self.values.get(field).unwrap_or(&Json::Null);
            follows &= before == stood || canonical::json(before) == canonical::json(stood);
            if after.is_null() {
                self.values.remove(field);
            } else {
                self.values.insert(field.to_owned(), after.clone());
            }
        }
        if !follows {
            self.astray.push(sequence);
        }
        Ok(())
    }

    fn holds(&self, field: &str, value: &Value) -> bool {
        canonical::json(self.values.get(field).unwrap_or(&Json::Null)) == canonical::json(&value.to_json())
    }
}

pub(super) fn check(
    work: &mut Work<'_>,
    module: &Module,
    records: &[Record],
    left: &Left,
    report: &mut Report,
) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let sql = Sql::new("select record, operation, version, delta, digest, seq, at from changes where module in ")
        .bind_list(names(module));
    let sql = sql.push(" and record in ").bind_list(ids(records)).push(" order by record, seq");
    let mut histories: BTreeMap<Id, Replayed> = BTreeMap::new();
    for row in work.rows(&sql)? {
        histories.entry(Id(row.uuid(0)?)).or_default().add(module, &row, left)?;
    }
    for record in records {
        let mut find = |message: String| report.add(Area::Log, Some((&module.name, record.id)), message);
        let Some(history) = histories.get(&record.id) else {
            find("the log knows nothing of it".to_owned());
            continue;
        };
        if history.is_gone {
            find("the log says it was removed for good".to_owned());
        }
        if history.version != record.version {
            find(format!("it is at version {}, the log at {}", record.version, history.version));
        }
        if history.born.is_some_and(|born| born != record.created_at) {
            find("its created_at is not when the log says it was made".to_owned());
        }
        // What an erasure has left need not follow from itself.
        for sequence in history.astray.iter().filter(|_| !history.is_erased && history.blanked == 0) {
            find(format!("entry {sequence} of the log does not follow from the one before it"));
        }
        // Only what was forgotten is blank, and that is gone: an entry of what is there says something.
        if history.blanked > 0 {
            find(format!("{} entries of its history say nothing", history.blanked));
        } else {
            let deleted = record.deleted_at.map_or(Value::Null, Value::Instant);
            let owner = record.owner.map_or(Value::Null, Value::Id);
            let fields = module.stored().filter_map(|(at, field)| Some((field.name.as_str(), record.values.get(at)?)));
            for (field, value) in fields.chain([("deleted_at", &deleted), ("owner", &owner)]) {
                if !history.holds(field, value) {
                    find(format!("its {field} is not what the log comes to"));
                }
            }
        }
    }
    Ok(())
}

/// What the module is called in the log: what it was called when the entry was written.
fn names(module: &Module) -> impl Iterator<Item = &str> {
    [&module.name].into_iter().chain(&module.formerly).map(String::as_str)
}

/// Histories that end without the record's removal, and the record is not there.
pub(super) fn without_record(work: &mut Work<'_>, module: &Module, report: &mut Report) -> Result<()> {
    let sql = Sql::new("select c.record from changes c where c.operation <> 'purge' and c.module in ");
    let sql = sql.bind_list(names(module)).push(" and not exists (select 1 from ").push_ident(&module.name)?;
    let sql = sql.push(" t where t.id = c.record) and not exists (select 1 from changes l where l.record = c.record and l.seq > c.seq)");
    for row in work.rows(&sql)? {
        report.add(Area::Log, Some((&module.name, Id(row.uuid(0)?))), "the log knows it and it is not there");
    }
    Ok(())
}
