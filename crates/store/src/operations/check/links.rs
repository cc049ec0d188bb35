//! Links, owners and persons that point at nothing.

use model::{FieldType, Id, Module};

use super::{Area, Report};
use crate::db::{Dialect, Sql};
use crate::error::Result;
use crate::work::Work;

pub(super) fn check(work: &mut Work<'_>, report: &mut Report) -> Result<()> {
    let definitions = work.definitions().clone();
    for module in definitions.modules() {
        for (field, target) in module.links().filter(|(field, _)| field.is_stored()) {
            // A link may wait for the pack of its target.
            if definitions.module(target).is_some() {
                dangling(work, module, &field.name, target, report)?;
            }
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
            if definitions.module(&table).is_none() {
                report.add(Area::Links, None, format!("a row of {table} links to nothing in {target}"));
            }
        }
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
