//! Between rows and records.

use std::sync::Arc;

use model::{Id, Module, Record, Value};

use super::derived::{derived, read, width};
use crate::db::{DbError, Row, Sql};
use crate::schema::columns::{columns, value};

/// The columns of a module's records standing under the alias `t`; see [`Work::selection`](crate::Work).
pub(super) fn columns_of(module: &Module) -> Sql {
    let mut text = String::from("t.id, t.version, t.created_at, t.updated_at, t.created_by, t.deleted_at");
    if module.owners {
        text.push_str(", t.owner");
    }
    for (_, field) in module.stored() {
        for column in columns(field) {
            text.push_str(", t.\"");
            text.push_str(&column.name);
            text.push('"');
        }
    }
    Sql::new(text)
}

/// The record in a row of a selection; the fields in `hidden` stay empty.
pub(super) fn record(module: &Arc<Module>, row: &Row, hidden: &[String]) -> Result<Record, DbError> {
    let mut position = 6;
    let mut owner = None;
    if module.owners {
        owner = row.opt_uuid(position)?.map(Id);
        position += 1;
    }
    let mut values = vec![Value::Null; module.fields.len()];
    for (at, field) in module.stored() {
        if let Some(slot) = values.get_mut(at).filter(|_| !hidden.contains(&field.name)) {
            *slot = value(field, row, position)?;
        }
        position += columns(field).len();
    }
    for (field, plan) in derived(module) {
        let at = module.position(&field.name).filter(|_| !hidden.contains(&field.name));
        if let Some(slot) = at.and_then(|at| values.get_mut(at)) {
            *slot = read(field, plan, row, position)?;
        }
        position += width(plan);
    }
    Ok(Record {
        module: module.clone(),
        id: Id(row.uuid(0)?),
        version: row.int(1)?,
        created_at: row.instant(2)?,
        updated_at: row.instant(3)?,
        created_by: row.opt_uuid(4)?.map(Id),
        deleted_at: row.opt_instant(5)?,
        owner,
        values,
    })
}
