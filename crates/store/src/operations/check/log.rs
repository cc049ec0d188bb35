//! Records beside their history: replayed from its beginning, it comes to what the record holds.

use std::collections::BTreeMap;

use model::{Id, Module, Record, Value};
use serde_json::Value as Json;

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
}

impl Replayed {
    fn add(&mut self, module: &Module, row: &Row) -> Result<()> {
        (self.is_gone, self.version) = (row.text(1)? == "purge", row.int(2)?);
        let delta = row.json(3)?;
        self.blanked += u64::from(is_blank(&delta, row.opt_bytes(4)?.as_deref()));
        for (field, sides) in delta.as_object().into_iter().flatten() {
            let (field, after) = (module.present_name(field), sides.get(1).unwrap_or(&Json::Null));
            if after.is_null() {
                self.values.remove(field);
            } else {
                self.values.insert(field.to_owned(), after.clone());
            }
        }
        Ok(())
    }

    fn holds(&self, field: &str, value: &Value) -> bool {
        canonical::json(self.values.get(field).unwrap_or(&Json::Null)) == canonical::json(&value.to_json())
    }
}

pub(super) fn check(work: &mut Work<'_>, module: &Module, records: &[Record], report: &mut Report) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let sql = Sql::new("select record, operation, version, delta, digest from changes where module in ")
        .bind_list(names(module));
    let sql = sql.push(" and record in ").bind_list(ids(records)).push(" order by record, seq");
    let mut histories: BTreeMap<Id, Replayed> = BTreeMap::new();
    for row in work.rows(&sql)? {
        histories.entry(Id(row.uuid(0)?)).or_default().add(module, &row)?;
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
