//! The folded copies of texts beside the texts.

use std::collections::BTreeMap;

use model::expr::folded_key;
use model::{Field, Id, Module, Record};

use super::{Area, Report, ids};
use crate::db::{Param, Sql};
use crate::error::Result;
use crate::schema::columns::sort_column;
use crate::work::Work;

pub(super) fn check(work: &mut Work<'_>, module: &Module, records: &[Record], report: &mut Report) -> Result<()> {
    let keyed = keyed(module);
    if keyed.is_empty() || records.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("select id");
    for field in &keyed {
        sql = sql.push(", ").push_ident(&sort_column(field))?;
    }
    let sql = sql.push(" from ").push_ident(&module.name)?.push(" where id in ").bind_list(ids(records));
    let mut kept = BTreeMap::new();
    for row in work.rows(&sql)? {
        let keys = (1..=keyed.len()).map(|at| row.opt_text(at)).collect::<Result<Vec<_>, _>>()?;
        kept.insert(Id(row.uuid(0)?), keys);
    }
    for record in records {
        let Some(kept) = kept.get(&record.id) else { continue };
        for (field, kept) in keyed.iter().zip(kept) {
            if *kept != key(record, field) {
                let message = format!("{} is not the folded copy of its {}", sort_column(field), field.name);
                report.add(Area::Keys, Some((&module.name, record.id)), message);
            }
        }
    }
    Ok(())
}

/// Makes the keys of a record anew.
pub(super) fn make_anew(work: &mut Work<'_>, record: &Record) -> Result<()> {
    for field in keyed(&record.module) {
        let sql = Sql::new("update ").push_ident(&record.module.name)?.push(" set ").push_ident(&sort_column(field))?;
        let sql = sql.push(" = ").bind(key(record, field).map_or(Param::Null, Param::Text));
        work.tx.execute(&sql.push(" where id = ").bind(record.id.0))?;
    }
    Ok(())
}

fn keyed(module: &Module) -> Vec<&Field> {
    module.fields.iter().filter(|field| field.has_key()).collect()
}

fn key(record: &Record, field: &Field) -> Option<String> {
    record.text(&field.name).map(folded_key)
}
