//! Moves the rows of one database into another: one thread reads a snapshot, another writes one transaction, a few
//! hundred rows are on the way at a time. What was written is read back and compared before it is committed.

use std::thread;

use flume::{Receiver, Sender, bounded};
use model::pack::Pack;

use super::catalog::{self, Table};
use super::{OperationError, Result, Sums, TableSum, canonical, step};
use crate::db::{Db, Dialect, Param, Sql, Tx};
use crate::knowledge::stored_packs;

/// Rows that travel together.
const BATCH: usize = 250;
/// Batches on the way.
const AHEAD: usize = 4;

/// What the source says of itself before its rows.
pub(super) struct Head {
    /// The last step of its system tables.
    pub(super) step: i64,
    pub(super) packs: Vec<Pack>,
    pub(super) tables: Vec<Table>,
}

/// What takes the rows.
pub(super) trait Target: Send + 'static {
    /// Makes the tables; answers them as their rows are to come, in the order of loading.
    fn make(&mut self, tx: &mut Tx, head: &Head) -> Result<Vec<Table>>;
    /// Does the rest when all rows are there and agree with those that were read.
    fn finish(&mut self, tx: &mut Tx, head: &Head, sums: &Sums) -> Result<()>;
}

enum Parcel {
    Rows(usize, Vec<Vec<Param>>),
    End(Vec<TableSum>),
}

/// Carries everything but the tables in `skip`. On failure the target is rolled back.
pub(super) fn carry(source: &Db, skip: &'static [&'static str], target: &Db, into: impl Target) -> Result<Sums> {
    let (heads, head) = bounded(1);
    let (orders, order) = bounded(1);
    let (parcels, inbox) = bounded(AHEAD);
    let source = source.clone();
    // Neither side can begin anew: a second attempt finds its ends taken.
    let mut ends = Some((heads, order, parcels));
    let reading = thread::spawn(move || {
        source.read_blocking(move |tx| {
            let (heads, order, parcels) = ends.take().ok_or(OperationError::Interrupted)?;
            send(tx, skip, &heads, &order, &parcels)
        })
    });
    let mut ends = Some((head, orders, inbox, into));
    let written = target.ddl_blocking(move |tx| {
        let (head, orders, inbox, mut into) = ends.take().ok_or(OperationError::Interrupted)?;
        receive(tx, &head, &orders, &inbox, &mut into)
    });
    let read = reading.join().unwrap_or(Err(OperationError::Interrupted));
    match (read, written) {
        (Err(error), Err(OperationError::Interrupted)) => Err(error),
        (_, written) => written,
    }
}

fn send(
    tx: &mut Tx,
    skip: &[&str],
    heads: &Sender<Head>,
    order: &Receiver<Vec<Table>>,
    parcels: &Sender<Parcel>,
) -> Result<()> {
    let step = step::step(tx)?;
    if step == 0 {
        return Err(OperationError::NothingThere);
    }
    let mut tables = catalog::tables(tx)?;
    tables.retain(|table| !skip.contains(&table.name.as_str()));
    gone(heads.send(Head { step, packs: stored_packs(tx)?, tables }))?;
    let mut sums = Vec::new();
    for (index, table) in gone(order.recv())?.iter().enumerate() {
        let (mut sum, mut rows) = (TableSum::default(), Vec::with_capacity(BATCH));
        tx.each(&table.select()?, |row| {
            let row = canonical::values(table, &row)?;
            sum.add(&row);
            rows.push(row);
            if rows.len() == BATCH {
                let full = std::mem::replace(&mut rows, Vec::with_capacity(BATCH));
                gone(parcels.send(Parcel::Rows(index, full)))?;
            }
            Ok::<_, OperationError>(())
        })?;
        gone(parcels.send(Parcel::Rows(index, rows)))?;
        sums.push(sum);
    }
    gone(parcels.send(Parcel::End(sums)))
}

fn receive(
    tx: &mut Tx,
    head: &Receiver<Head>,
    orders: &Sender<Vec<Table>>,
    inbox: &Receiver<Parcel>,
    into: &mut impl Target,
) -> Result<Sums> {
    let head = gone(head.recv())?;
    let tables = into.make(tx, &head)?;
    gone(orders.send(tables.clone()))?;
    let sent = loop {
        match gone(inbox.recv())? {
            Parcel::Rows(index, rows) => {
                let table = tables.get(index).ok_or(OperationError::Interrupted)?;
                insert(tx, table, rows)?;
            }
            Parcel::End(sums) => break sums,
        }
    };
    let mut sums = Sums::new();
    for (table, sent) in tables.iter().zip(sent) {
        if TableSum::of(tx, table)? != sent {
            return Err(OperationError::Damaged { what: format!("the table {} as it was written", table.name) });
        }
        sums.insert(table.name.clone(), sent);
    }
    into.finish(tx, &head, &sums)?;
    Ok(sums)
}

fn insert(tx: &mut Tx, table: &Table, rows: Vec<Vec<Param>>) -> Result<()> {
    let sql = table.list(Sql::new("insert into ").push_ident(&table.name)?.push(" ("))?;
    // Numbers that PostgreSQL gives out are taken over as they are.
    let own = if tx.dialect() == Dialect::Postgres { ") overriding system value values (" } else { ") values (" };
    let places: Vec<_> = (1..=table.columns.len()).map(|number| format!("${number}")).collect();
    tx.execute_many(&format!("{}{own}{})", sql.text(), places.join(", ")), rows)?;
    Ok(())
}

/// The other side is gone: its error says why.
fn gone<T, E>(result: Result<T, E>) -> Result<T> {
    result.map_err(|_| OperationError::Interrupted)
}
