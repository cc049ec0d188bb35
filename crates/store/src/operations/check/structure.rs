//! The database itself and the shape of its tables.

use super::{Area, Report};
use crate::db::{Dialect, Sql};
use crate::error::Result;
use crate::schema::{self, StepKind};
use crate::work::Work;

pub(super) fn check(work: &mut Work<'_>, report: &mut Report) -> Result<()> {
    if work.dialect() == Dialect::Sqlite {
        // The index of words looks whether others wrote since when it is read, not when it is checked: without this a
        // connection that read it before finds damage where there is none.
        work.rows(&Sql::new("select rowid from search_words where search_words match 'a' limit 1"))?;
        for row in work.rows(&Sql::new("pragma integrity_check (100)"))? {
            let said = row.text(0)?;
            if said != "ok" {
                report.add(Area::Database, None, said);
            }
        }
    }
    let definitions = work.definitions().clone();
    let is_indexing = work.is_indexing()?;
    let steps = schema::plan(work.tx, &definitions)?.steps;
    for step in steps.iter().filter(|step| step.kind != StepKind::IndexLater || !is_indexing) {
        report.add(Area::Structure, None, format!("missing: {step}"));
    }
    Ok(())
}
