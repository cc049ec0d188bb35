//! What data a change of shape concerns, and where data stands in its way.

use model::process::CHECKED;
use model::{Definitions, Field, FieldType, Module};
use serde_json::Value as Json;

use crate::db::{Dialect, Sql, Tx};
use crate::error::{Error, FieldError, Result};
use crate::schema::columns::{columns, value};
use crate::schema::{before, link_table, module_before};

/// How many examples of what is in the way are told.
const EXAMPLES: i64 = 5;

/// The data that a change of shape concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    /// Records of the modules that change.
    pub records: i64,
    /// Records in use without a value that is required from now on; they stay as they are until somebody changes them.
    pub empty: i64,
}

/// Counts what is concerned.
///
/// # Errors
/// [`Error::Conflict`] `duplicate_values` where a field that is to be unique is not, `option_in_use` where an option goes
/// that records have.
pub(super) fn weigh(tx: &mut Tx, present: &Definitions, wanted: &Definitions) -> Result<Touches> {
    let mut touches = Touches::default();
    for module in wanted.modules().chain(wanted.retired_modules()) {
        let Some(old) = module_before(present, module).filter(|old| *old != &**module) else { continue };
        if !is_there(tx, &old.name)? {
            continue;
        }
        touches.records += count(tx, Sql::new("select count(*) from ").push_ident(&old.name)?)?;
        for field in module.kept() {
            let Some(was) = before(present, module, field).filter(|was| was.is_stored()) else {
                // A column that is not there yet is empty everywhere.
                touches.empty += if field.required { count_in_use(tx, old)? } else { 0 };
                continue;
            };
            if field.unique && !was.unique {
                no_duplicates(tx, old, was, &field.name)?;
            }
            no_option_lost(tx, old, was, field)?;
            if field.required && !was.required {
                let empty = Sql::new("select count(*) from ").push_ident(&old.name)?;
                let empty = empty.push(" t where deleted_at is null and ");
                let empty = match was.kind {
                    FieldType::Links => {
                        let links =
                            empty.push("not exists (select 1 from ").push_ident(&link_table(&old.name, &was.name))?;
                        links.push(" l where l.record = t.id)")
                    }
                    _ => empty.push_ident(&was.name)?.push(" is null"),
                };
                touches.empty += count(tx, empty)?;
            }
        }
    }
    Ok(touches)
}

fn no_duplicates(tx: &mut Tx, module: &Module, was: &Field, name: &str) -> Result<()> {
    let column = Sql::default().push_ident(&was.name)?;
    let groups = Sql::new(" from ").push_ident(&module.name)?.push(" where deleted_at is null and ");
    let groups =
        groups.append(column.clone()).push(" is not null group by ").append(column).push(" having count(*) > 1");
    let duplicates =
        count(tx, Sql::new("select count(*) from (select 1 as one").append(groups.clone()).push(") counted"))?;
    if duplicates == 0 {
        return Ok(());
    }
    // Groups are told by their first column; what stands beside it follows from it.
    let names =
        columns(was).into_iter().map(|column| format!("min(\"{}\")", column.name)).collect::<Vec<_>>().join(", ");
    let shown = if columns(was).len() == 1 { format!("\"{}\"", was.name) } else { names };
    let rows = tx.query(&Sql::new(format!("select {shown}")).append(groups).limit(EXAMPLES))?;
    let examples =
        rows.into_iter().map(|mut row| Ok(value(was, &mut row, 0)?.to_json())).collect::<Result<Vec<_>>>()?;
    let examples: Vec<_> = examples.iter().map(Json::to_string).collect();
    let message = format!("{duplicates} values stand in several records, for instance {}", examples.join(", "));
    Err(in_the_way("duplicate_values", name, &message))
}

fn no_option_lost(tx: &mut Tx, module: &Module, was: &Field, field: &Field) -> Result<()> {
    // Ticks of what is no longer on a check list stay as they are.
    let is_free = field.open || field.name == CHECKED;
    if !matches!(was.kind, FieldType::Choice | FieldType::MultiChoice) || field.kind != was.kind || is_free {
        return Ok(());
    }
    for option in was.options.iter().filter(|option| field.option(&option.value).is_none()) {
        let sql = Sql::new("select count(*) from ").push_ident(&module.name)?.push(" where ");
        let has = match (was.kind, tx.dialect()) {
            (FieldType::Choice, _) => sql.push_ident(&was.name)?.push(" = ").bind(option.value.as_str()),
            (_, Dialect::Sqlite) => sql
                .push("exists (select 1 from json_each(")
                .push_ident(&was.name)?
                .push(") item where item.value = ")
                .bind(option.value.as_str())
                .push(")"),
            (_, Dialect::Postgres) => {
                sql.push_ident(&was.name)?.push(" @> ").bind(serde_json::json!([option.value])).push("::jsonb")
            }
        };
        let records = count(tx, has)?;
        if records > 0 {
            let message = format!("{records} records have the option {:?}: give them another one first", option.value);
            return Err(in_the_way("option_in_use", &field.name, &message));
        }
    }
    Ok(())
}

fn in_the_way(code: &'static str, field: &str, message: &str) -> Error {
    let errors = vec![FieldError::new(field, code, message)];
    Error::Conflict { code, message: format!("{field}: {message}"), errors }
}

fn count(tx: &mut Tx, sql: Sql) -> Result<i64> {
    Ok(tx.one(&sql)?.int(0)?)
}

fn count_in_use(tx: &mut Tx, module: &Module) -> Result<i64> {
    count(tx, Sql::new("select count(*) from ").push_ident(&module.name)?.push(" where deleted_at is null"))
}

/// Whether the module has its table: one whose pack is being applied for the first time has none.
fn is_there(tx: &mut Tx, module: &str) -> Result<bool> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "select count(*) from sqlite_schema where type = 'table' and name = ",
        Dialect::Postgres => {
            "select count(*) from information_schema.tables where table_schema = current_schema() and table_name = "
        }
    };
    Ok(count(tx, Sql::new(sql).bind(module))? > 0)
}
