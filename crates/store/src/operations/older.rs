//! A workspace as an earlier version of the program left it, so that tests can upgrade one from every step: the system's
//! steps only so far, and of the rows whatever those tables have room for.

use std::sync::Arc;

use model::Actor;

use super::carry::{Head, Target, carry};
use super::catalog::{self, Table};
use super::whole::{add_leftovers, as_made, count_on, defer_links, definitions};
use super::{Result, Sums};
use crate::clock::Clock;
use crate::db::{Db, Dialect, Tx};
use crate::knowledge::{self, Known};
use crate::schema::{self, FOUND, SIGHTS, STEPS, TABLES};
use crate::work::{Origin, Work};

/// Copies a workspace of today into an empty database, as the version whose last step was `step` would have kept it: for
/// tests.
///
/// # Errors
/// What the databases say.
pub fn older(source: &Db, target: &Db, step: i64) -> Result<Sums> {
    carry(source, &[], target, Older { step })
}

struct Older {
    step: i64,
}

impl Target for Older {
    fn make(&mut self, tx: &mut Tx, head: &Head) -> Result<Vec<Table>> {
        let dialect = tx.dialect();
        for step in STEPS.iter().filter(|step| step.number <= self.step) {
            tx.batch(&step.sql(dialect))?;
        }
        // Only while the modules' tables are planned, which else would begin with the steps that are not to be there.
        knowledge::keep(tx, schema::STEP, &head.step.into())?;
        let plan = schema::plan(tx, &definitions(head)?)?;
        schema::apply(tx, &plan)?;
        tx.batch("delete from settings")?;
        let of_modules = |table: &&Table| !TABLES.contains(&table.name.as_str());
        add_leftovers(tx, &head.tables.iter().filter(of_modules).cloned().collect::<Vec<_>>())?;
        if dialect == Dialect::Postgres {
            defer_links(tx)?;
        }
        let there = catalog::tables(tx)?;
        // Tables that came later stay behind.
        Ok(head.tables.iter().filter_map(|table| as_made(table, &there).ok()).collect())
    }

    fn finish(&mut self, tx: &mut Tx, head: &Head, _: &Sums) -> Result<()> {
        if tx.dialect() == Dialect::Postgres {
            tx.batch("set constraints all immediate")?;
            count_on(tx)?;
        }
        // The index of before this step was another one, and is never read again.
        if self.step >= FOUND.number {
            let definitions = Arc::new(definitions(head)?);
            let known = Known::with(tx, definitions.clone())?;
            let now = Clock::ahead(known.clock).now();
            // Its rows were written as those of today that everybody finds by.
            let is_of_one_sight = self.step < SIGHTS.number;
            if is_of_one_sight {
                tx.batch(
                    "alter table search_rows add column sight bigint not null default 0; \
                     create unique index _older_sights on search_rows (record, sight)",
                )?;
            }
            let mut work = Work::new(tx, Actor::System("older"), known.knowledge, now, Origin::from("command"));
            definitions.modules().try_for_each(|module| work.reindex(module))?;
            if is_of_one_sight {
                tx.batch("drop index _older_sights; alter table search_rows drop column sight")?;
            }
        }
        Ok(knowledge::keep(tx, schema::STEP, &self.step.into())?)
    }
}
