//! A thread that reads: every turn is a transaction of its own, so it sees one snapshot.

use super::SqliteSession;
use crate::db::turn::Turn;
use crate::db::tx::Session;
use crate::db::{DbError, Tx};

/// Works until the inbox is closed and empty.
pub(super) fn run(session: SqliteSession, inbox: &flume::Receiver<Box<dyn Turn>>) {
    let mut tx = Tx::new(Session::Sqlite(session));
    for mut turn in inbox {
        tx.reset();
        let outcome = control(&mut tx, "begin deferred").map(|()| {
            turn.attempt(&mut tx);
        });
        // Nothing to keep. A transaction that SQLite has ended by itself makes this fail, which harms nobody.
        let _ = control(&mut tx, "rollback");
        turn.answer(outcome);
    }
}

/// Runs a short statement that begins or ends something.
pub(super) fn control(tx: &mut Tx, statement: &str) -> Result<(), DbError> {
    match tx.session() {
        Session::Sqlite(session) => session.control(statement),
        Session::Postgres(_) => Err(DbError::Closed),
    }
}
