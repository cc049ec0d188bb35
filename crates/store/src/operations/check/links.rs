//! Links, owners and persons that point at nothing.

use std::collections::BTreeSet;

use model::{Field, FieldType, Id, Module};

use super::{Area, Report};
use crate::db::{Dialect, Sql};
use crate::error::Result;
use crate::schema::{link_table, linking};
use crate::work::Work;

pub(super) fn check(work: &mut Work<'_>, report: &mut Report) -> Result<()> {
    let definitions = work.definitions().clone();
    let mut known: BTreeSet<String> = definitions.modules().map(|module| module.name.clone()).collect();
    for module in definitions.modules() {
        for (field, target) in module.links().filter(|(field, _)| field.is_stored()) {
            // A link may wait for the pack of its target.
            if definitions.module(target).is_some() {
                dangling(work, module, &field.name, target, report)?;
            }
        }
        for field in linking(module) {
            let table = link_table(&module.name, &field.name);
            for (column, target) in [("record", Some(&module.name)), ("target", field.module.as_ref())] {
                if let Some(target) = target {
                    of_many(work, module, field, (&table, column, target), report)?;
                }
            }
            known.insert(table);
        }
        for (_, field) in module.stored().filter(|(_, field)| field.kind == FieldType::Person) {
            dangling(work, module, &field.name, "users", report)?;
        }
        if module.owners {
            dangling(work, module, "owner", "users", report)?;
        }
    }
    if work.dialect() == Dialect::Sqlite {
        // Links between tables of the system; those of modules were found above, record by record.
        for row in work.rows(&Sql::new("pragma foreign_key_check"))? {
            let (table, target) = (row.text(0)?, row.text(2)?);
            if !known.contains(&table) {
                report.add(Area::Links, None, format!("a row of {table} links to nothing in {target}"));
            }
        }
    }
    Ok(())
}

/// One side of the links of a field.
fn of_many(
    work: &mut Work<'_>,
    module: &Module,
    field: &Field,
    (table, column, target): (&str, &str, &str),
    report: &mut Report,
) -> Result<()> {
    let sql = Sql::new("select distinct l.record from ").push_ident(table)?.push(" l where not exists (select 1 from ");
    let sql = sql.push_ident(target)?.push(" x where x.id = l.").push_ident(column)?.push(")");
    for row in work.rows(&sql)? {
        let message = match column {
            "record" => format!("links of its {} are there, and it is not", field.name),
            _ => format!("one of its {} is no record of {target}", field.name),
        };
        report.add(Area::Links, Some((&module.name, Id(row.uuid(0)?))), message);
    }
    Ok(())
}

fn dangling(work: &mut Work<'_>, module: &Module, field: &str, target: &str, report: &mut Report) -> Result<()> {
    let sql = Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where t.").push_ident(field)?;
    let sql = sql.push(" is not null and not exists (select 1 from ").push_ident(target)?;
    let sql = sql.push(" x where x.id = t.").push_ident(field)?.push(")");
    for row in work.rows(&sql)? {
        report.add(
            Area::Links,
            Some((&module.name, Id(row.uuid(0)?))),
            format!("its {field} is no record of {target}"),
        );
    }
    Ok(())
}
