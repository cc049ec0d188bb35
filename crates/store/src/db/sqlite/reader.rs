//! A thread that reads: every turn is a transaction of its own, so it sees one snapshot.

use std::time::{Duration, Instant};

use super::SqliteSession;
use crate::db::turn::{Awaited, Turn};
use crate::db::tx::Session;
use crate::db::{DbError, Tx};

/// A turn, and since when it waits.
pub(super) struct Asked {
    turn: Box<dyn Turn>,
    since: Instant,
}

/// Queues a turn, or answers it at once where too many wait. False where nobody reads any more.
pub(super) fn ask(inbox: &flume::Sender<Asked>, turn: Box<dyn Turn>) -> bool {
    match inbox.try_send(Asked { turn, since: Instant::now() }) {
        Ok(()) => true,
        Err(flume::TrySendError::Full(asked)) => {
            asked.turn.answer(Err(DbError::Exhausted));
            true
        }
        Err(flume::TrySendError::Disconnected(_)) => false,
    }
}

/// Works until the inbox is closed and empty. Turns that waited for longer than `patience`, or that nobody waits for any
/// more, are not begun.
pub(super) fn run(session: SqliteSession, patience: Duration, inbox: &flume::Receiver<Asked>) {
    let mut tx = Tx::new(Session::Sqlite(session));
    for Asked { mut turn, since } in inbox {
        if since.elapsed() > patience {
            turn.answer(Err(DbError::Exhausted));
            continue;
        }
        let awaited = turn.awaited();
        if !awaited() {
            continue;
        }
        wait_with(&mut tx, Some(awaited));
        tx.reset();
        let outcome = control(&mut tx, "begin deferred").map(|()| {
            turn.attempt(&mut tx);
        });
        // Nothing to keep. A transaction that SQLite has ended by itself makes this fail, which harms nobody.
        let _ = control(&mut tx, "rollback");
        wait_with(&mut tx, None);
        turn.answer(outcome);
    }
}

fn wait_with(tx: &mut Tx, awaited: Option<Awaited>) {
    if let Session::Sqlite(session) = tx.session() {
        session.wait_with(awaited);
    }
}

/// Runs a short statement that begins or ends something.
pub(super) fn control(tx: &mut Tx, statement: &str) -> Result<(), DbError> {
    match tx.session() {
        Session::Sqlite(session) => session.control(statement),
        Session::Postgres(_) | Session::Glance(_) => Err(DbError::Closed),
    }
}
