//! A workspace made from another one's rows: tables as the system's steps and the packs want them, then whatever else
//! the source kept, then the rows; at last the steps that the source has not seen, and the index.

use std::sync::Arc;

use model::{Actor, Definitions};

use super::carry::{Head, Target};
use super::catalog::{self, Column, Table};
use super::quarantine::{self, Cause};
use super::{OperationError, Result, Sums};
use crate::clock::Clock;
use crate::db::{Dialect, Sql, Tx};
use crate::knowledge::{self, Known};
use crate::notices::note_words;
use crate::schema;
use crate::schema::{STEPS, columns::ColumnType};
use crate::work::{Origin, Work};
use crate::workspace::OpenError;

/// Writes the files of a workspace, and after each says a [`word`].
pub(super) type FilesToo = Box<dyn FnOnce(&mut Tx) -> Result<()> + Send>;

/// PostgreSQL gives up whoever begins a transaction and then says nothing for long.
pub(super) fn word(tx: &mut Tx) -> Result<()> {
    tx.opt(&Sql::new("select 1"))?;
    Ok(())
}

/// Writes a workspace.
pub(super) struct Whole {
    cause: Cause,
    files: Option<FilesToo>,
}

impl Whole {
    /// Its effects are held because of `cause`. Its `files` are written before its rows are committed: a workspace without
    /// them is none.
    pub(super) fn of(cause: Cause, files: FilesToo) -> Self {
        Self { cause, files: Some(files) }
    }
}

impl Target for Whole {
    fn make(&mut self, tx: &mut Tx, head: &Head) -> Result<Vec<Table>> {
        let dialect = tx.dialect();
        let known = STEPS.last().map_or(0, |step| step.number);
        if head.step > known {
            return Err(OpenError::Newer { found: head.step, known }.into());
        }
        clear(tx)?;
        for step in STEPS.iter().filter(|step| step.number <= head.step) {
            tx.batch(&step.sql(dialect))?;
        }
        // Only while the modules' tables are planned: the steps that are missing come after the rows.
        knowledge::keep(tx, schema::STEP, &known.into())?;
        let plan = schema::plan(tx, &definitions(head)?)?;
        schema::apply(tx, &plan)?;
        tx.batch("delete from settings")?;
        add_leftovers(tx, &head.tables)?;
        if dialect == Dialect::Postgres {
            defer_links(tx)?;
        }
        let there = catalog::tables(tx)?;
        head.tables.iter().map(|table| as_made(table, &there)).collect()
    }

    fn finish(&mut self, tx: &mut Tx, head: &Head, _: &Sums) -> Result<()> {
        if tx.dialect() == Dialect::Postgres {
            // Links are checked here: tables cannot be changed while checks are due.
            tx.batch("set constraints all immediate")?;
            count_on(tx)?;
        }
        let definitions = Arc::new(definitions(head)?);
        let plan = schema::plan(tx, &definitions)?;
        schema::apply(tx, &plan)?;
        note_words(tx)?;
        let known = Known::with(tx, definitions.clone())?;
        let now = Clock::ahead(known.clock).now();
        quarantine::hold(tx, self.cause, now)?;
        let mut work = Work::new(tx, Actor::System("restore"), known.knowledge, now, Origin::from("command"));
        definitions.modules().try_for_each(|module| work.reindex(module))?;
        self.files.take().map_or(Ok(()), |files| files(tx))
    }
}

pub(super) fn definitions(head: &Head) -> Result<Definitions> {
    Ok(Definitions::from_packs(&head.packs).map_err(OpenError::Packs)?)
}

/// Takes away the empty tables of a workspace that was opened and never set up.
fn clear(tx: &mut Tx) -> Result<()> {
    let names = catalog::names(tx)?;
    for telling in ["users", "packs", "change_sets"].iter().filter(|name| names.iter().any(|there| there == **name)) {
        let sql = Sql::new("select 1 from ").push_ident(telling)?.push(" limit 1");
        if tx.opt(&sql)?.is_some() {
            return Err(OperationError::NotEmpty);
        }
    }
    if !names.is_empty() && !names.iter().any(|name| name == "settings") {
        // Tables of somebody else.
        return Err(OperationError::NotEmpty);
    }
    let cascade = if tx.dialect() == Dialect::Postgres { " cascade" } else { "" };
    for name in names {
        tx.batch(&format!("drop table \"{name}\"{cascade}"))?;
    }
    Ok(())
}

/// Makes the tables and columns that only the source still has.
pub(super) fn add_leftovers(tx: &mut Tx, wanted: &[Table]) -> Result<()> {
    let dialect = tx.dialect();
    let there = catalog::tables(tx)?;
    for table in wanted {
        let Some(made) = there.iter().find(|made| made.name == table.name) else {
            tx.batch(&table.create(dialect)?)?;
            continue;
        };
        let is_missing = |column: &&Column| made.columns.iter().all(|made| made.name != column.name);
        for column in table.columns.iter().filter(is_missing) {
            let sql =
                Sql::new("alter table ").push_ident(&table.name)?.push(" add column ").push_ident(&column.name)?;
            tx.batch(sql.push(" ").push(column.kind.sql(dialect)).text())?;
        }
    }
    Ok(())
}

/// The columns of the source with the types of the target.
pub(super) fn as_made(table: &Table, there: &[Table]) -> Result<Table> {
    let made = there.iter().find(|made| made.name == table.name).ok_or(OperationError::Interrupted)?;
    let wanted = |column: &&Column| table.columns.iter().any(|wanted| wanted.name == column.name);
    Ok(Table { name: table.name.clone(), columns: made.columns.iter().filter(wanted).cloned().collect() })
}

/// Rows come in no order: links are looked at when all are there.
pub(super) fn defer_links(tx: &mut Tx) -> Result<()> {
    let links = "select conrelid::regclass::text, conname::text from pg_constraint \
                 where contype = 'f' and not condeferrable and connamespace = current_schema()::regnamespace";
    for row in tx.query(&Sql::new(links))? {
        tx.batch(&format!("alter table {} alter constraint \"{}\" deferrable", row.text(0)?, row.text(1)?))?;
    }
    tx.batch("set constraints all deferred")?;
    Ok(())
}

/// Goes on counting where the rows end.
pub(super) fn count_on(tx: &mut Tx) -> Result<()> {
    for table in catalog::tables(tx)? {
        for column in table.columns.iter().filter(|column| column.is_counted && column.kind == ColumnType::Int) {
            let (table, column) = (&table.name, &column.name);
            let last = format!("(select max(\"{column}\") from \"{table}\")");
            tx.query(&Sql::new(format!(
                "select setval(pg_get_serial_sequence('\"{table}\"', '{column}'), coalesce({last}, 1), {last} is not null)"
            )))?;
        }
    }
    Ok(())
}
