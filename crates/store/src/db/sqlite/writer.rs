//! The thread that writes. Turns that wait together are committed together, each in a savepoint of its own: one sync
//! of the disk serves them all, and nobody is answered before it.

use std::time::{Duration, Instant};

use super::SqliteSession;
use super::reader::control;
use crate::db::turn::Turn;
use crate::db::tx::Session;
use crate::db::{DbError, Sql, Tx};

/// How long one commit goes on taking further turns.
const BATCH_TIME: Duration = Duration::from_millis(20);
/// How many turns share a commit at most.
const BATCH_SIZE: usize = 256;

/// What the writer is asked to do.
pub(super) enum Message {
    /// An ordinary turn.
    Write(Box<dyn Turn>),
    /// A change of the schema.
    Ddl(Box<dyn Turn>),
    /// A statement outside transactions.
    Standalone(String, flume::Sender<Result<(), DbError>>),
}

/// Works until the inbox is closed and empty.
pub(super) fn run(session: SqliteSession, inbox: &flume::Receiver<Message>) {
    let mut tx = Tx::new(Session::Sqlite(session));
    let mut next = None;
    while let Some(message) = next.take().or_else(|| inbox.recv().ok()) {
        match message {
            Message::Write(turn) => next = batch(&mut tx, turn, inbox),
            Message::Ddl(turn) => ddl(&mut tx, turn),
            Message::Standalone(statement, reply) => {
                tx.reset();
                let _ = reply.send(tx.batch(&statement));
            }
        }
    }
    tx.reset();
    let _ = tx.batch("pragma optimize");
}

/// Runs `first` and what waits behind it in one transaction; returns the message that ended the batch, if one did.
fn batch(tx: &mut Tx, mut first: Box<dyn Turn>, inbox: &flume::Receiver<Message>) -> Option<Message> {
    let started = Instant::now();
    let opened = open(tx, &mut *first);
    if opened != Ok(true) {
        first.answer(opened.map(drop));
        return None;
    }
    let (mut turns, mut next) = (vec![first], None);
    let mut outcome = Ok(());
    while outcome.is_ok() && turns.len() < BATCH_SIZE && started.elapsed() < BATCH_TIME {
        match inbox.try_recv() {
            Ok(Message::Write(mut turn)) => {
                outcome = attempt(tx, &mut *turn);
                turns.push(turn);
            }
            Ok(other) => {
                next = Some(other);
                break;
            }
            Err(_) => break,
        }
    }
    let outcome = outcome.and_then(|()| control(tx, "commit"));
    if outcome.is_err() {
        roll_back(tx);
    }
    if matches!(outcome, Err(DbError::ForeignKey { .. })) && turns.len() > 1 {
        // A link that is checked only at the commit: find out whose it is, so that the others keep their work.
        turns.into_iter().for_each(|turn| alone(tx, turn));
    } else {
        turns.into_iter().for_each(|turn| turn.answer(outcome.clone()));
    }
    next
}

/// Begins a transaction with a turn. Nobody else has work in it: where the turn wants nothing kept, all of it is taken back
/// and the answer is no.
fn open(tx: &mut Tx, turn: &mut dyn Turn) -> Result<bool, DbError> {
    control(tx, "begin immediate")?;
    tx.reset();
    let is_kept = turn.attempt(tx);
    if !is_kept {
        roll_back(tx);
    }
    Ok(is_kept)
}

/// Runs one turn in a savepoint. Fails only when the transaction around it is lost.
fn attempt(tx: &mut Tx, turn: &mut dyn Turn) -> Result<(), DbError> {
    tx.reset();
    control(tx, "savepoint turn")?;
    if !turn.attempt(tx) {
        control(tx, "rollback to savepoint turn")?;
    }
    control(tx, "release savepoint turn")
}

/// A transaction for one turn.
fn alone(tx: &mut Tx, mut turn: Box<dyn Turn>) {
    let outcome = open(tx, &mut *turn).and_then(|is_kept| if is_kept { control(tx, "commit") } else { Ok(()) });
    if outcome.is_err() {
        roll_back(tx);
    }
    turn.answer(outcome);
}

/// Ends what a failure may have left open.
fn roll_back(tx: &mut Tx) {
    if matches!(tx.session(), Session::Sqlite(session) if session.in_transaction()) {
        let _ = control(tx, "rollback");
    }
}

/// A turn without enforced links, because rebuilding a table drops it for a moment; they are checked before the commit.
fn ddl(tx: &mut Tx, mut turn: Box<dyn Turn>) {
    tx.reset();
    let outcome = tx.batch("pragma foreign_keys = off; begin immediate").and_then(|()| {
        attempt(tx, &mut *turn)?;
        tx.reset();
        if tx.query(&Sql::new("pragma foreign_key_check"))?.is_empty() {
            control(tx, "commit")
        } else {
            Err(DbError::ForeignKey { constraint: None })
        }
    });
    if outcome.is_err() {
        roll_back(tx);
    }
    tx.reset();
    let restored = tx.batch("pragma foreign_keys = on");
    turn.answer(outcome.and(restored));
}
