//! Conformance: what the database layer promises, held against both engines.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod commits;
mod crash;
mod failures;
mod file;
mod leaving;
mod locks;
mod rows;
mod secure;
mod server;
mod transactions;
mod values;

use store::db::{Db, DbError, Sql, Tx, params};

/// Runs statements that change the schema.
fn ddl(db: &Db, statements: &'static str) {
    db.ddl_blocking(move |tx| tx.batch(statements)).expect("the tables are made");
}

/// Writes with one statement.
fn write(db: &Db, sql: Sql) -> Result<u64, DbError> {
    db.write_blocking(move |tx| tx.execute(&sql))
}

/// Reads one whole number.
fn number(db: &Db, text: &'static str) -> i64 {
    db.read_blocking(move |tx| tx.one(&text.into())?.int(0)).expect("a number")
}

/// A key and a value, both unique.
fn pairs(db: &Db) {
    ddl(db, "create table pair (id bigint primary key, name text unique, even bigint check (even % 2 = 0))");
}

/// Adds a pair.
fn add(tx: &mut Tx, id: i64, name: &str) -> Result<u64, DbError> {
    tx.execute(&Sql::with("insert into pair (id, name) values ($1, $2)", params![id, name]))
}
