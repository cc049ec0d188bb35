//! Between rows and records.

use std::sync::Arc;

use model::expr::Plan;
use model::{Field, Id, Module, Record, Value};

use super::derived::{derived, read, width};
use crate::db::{DbError, Row, Sql};
use crate::schema::columns;

/// The columns of a module's records standing under the alias `t`; see [`Work::selection`](crate::Work).
pub(super) fn columns_of(module: &Module) -> Sql {
    let mut text = String::from("t.id, t.version, t.created_at, t.updated_at, t.created_by, t.deleted_at");
    if module.owners {
        text.push_str(", t.owner");
    }
    for (_, field) in module.stored().filter(|(_, field)| columns::width(field.kind) > 0) {
        for ending in [Some(""), columns::second(field.kind)].into_iter().flatten() {
            text.extend([", t.\"", field.name.as_str(), ending, "\""]);
        }
    }
    Sql::new(text)
}

/// How many columns a selection of the module's records has.
pub(super) fn width_of(module: &Module) -> usize {
    let kept = module.stored().map(|(_, field)| columns::width(field.kind));
    let worked_out = derived(module).map(|(_, plan)| width(plan));
    SYSTEM + usize::from(module.owners) + kept.chain(worked_out).sum::<usize>()
}

/// The records in the rows of a selection; the fields in `hidden` stay empty. Texts are moved, not copied.
pub(super) fn records(
    module: &Arc<Module>,
    rows: impl IntoIterator<Item = Row>,
    hidden: &[String],
) -> Result<Vec<Record>, DbError> {
    let places = places(module, hidden);
    rows.into_iter().map(|row| record(module, row, &places)).collect()
}

/// A shown field: where its value stands in a record, and where its columns begin in a row.
struct Place<'m> {
    field: &'m Field,
    /// What works it out, where it is not kept.
    plan: Option<&'m Plan>,
    value: usize,
    column: usize,
}

/// Every record begins with these columns.
const SYSTEM: usize = 6;

fn places<'m>(module: &'m Module, hidden: &[String]) -> Vec<Place<'m>> {
    let mut column = SYSTEM + usize::from(module.owners);
    let mut places = Vec::new();
    let kept = module.stored().map(|(value, field)| (Some(value), field, None, columns::width(field.kind)));
    let worked_out =
        derived(module).map(|(field, plan)| (module.position(&field.name), field, Some(&**plan), width(plan)));
    for (value, field, plan, width) in kept.chain(worked_out) {
        if let Some(value) = value.filter(|_| !hidden.contains(&field.name)) {
            places.push(Place { field, plan, value, column });
        }
        column += width;
    }
    places
}

fn record(module: &Arc<Module>, mut row: Row, places: &[Place<'_>]) -> Result<Record, DbError> {
    let mut values = vec![Value::Null; module.fields.len()];
    for place in places {
        if let Some(slot) = values.get_mut(place.value) {
            *slot = match place.plan {
                None => columns::value(place.field, &mut row, place.column)?,
                Some(plan) => read(place.field, plan, &mut row, place.column)?,
            };
        }
    }
    Ok(Record {
        module: module.clone(),
        id: Id(row.uuid(0)?),
        version: row.int(1)?,
        created_at: row.instant(2)?,
        updated_at: row.instant(3)?,
        created_by: row.opt_uuid(4)?.map(Id),
        deleted_at: row.opt_instant(5)?,
        owner: if module.owners { row.opt_uuid(SYSTEM)?.map(Id) } else { None },
        values,
        veiled: Vec::new(),
    })
}
