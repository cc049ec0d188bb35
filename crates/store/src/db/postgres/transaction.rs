//! One turn from begin to answer, run again when the server calls for it.

use std::time::Duration;

use super::PgSession;
use crate::db::turn::{Mode, Turn};
use crate::db::tx::Session;
use crate::db::{DbError, LockKey, Tx};

/// How often a turn is tried in all.
const ATTEMPTS: u32 = 6;
/// How often a change of the schema is tried: it gives way to those who read each time (see [`begin`]).
const DDL_ATTEMPTS: u32 = 24;
/// The space of locks for changes of the schema; it comes after all spaces of the domain.
const DDL_SPACE: u8 = u8::MAX;

/// How an attempt ended.
enum End {
    /// The turn has its result.
    Done,
    /// The turn has an error that another attempt may cure.
    Curable,
    /// The transaction failed over the turn.
    Failed(DbError),
}

/// Runs a turn on a connection and answers it.
pub(super) fn run(mut session: PgSession, mode: Mode, mut turn: Box<dyn Turn>) {
    if matches!(mode, Mode::Read | Mode::Brief | Mode::Glance) {
        session.wait_with(turn.awaited());
    }
    let mut tx = Tx::new(Session::Postgres(session));
    let attempts = if mode == Mode::Ddl { DDL_ATTEMPTS } else { ATTEMPTS };
    let mut attempt = 1;
    let end = loop {
        let end = once(&mut tx, mode, &mut *turn);
        let again = match &end {
            End::Done => false,
            End::Curable => true,
            End::Failed(error) => error.is_retryable(),
        };
        if !again || attempt == attempts {
            break end;
        }
        std::thread::sleep(pause(attempt));
        attempt += 1;
    };
    turn.answer(match end {
        End::Failed(error) => Err(error),
        End::Done | End::Curable => Ok(()),
    });
    if mode == Mode::Read {
        // What was read is read: nobody waits for the end of the snapshot.
        let _ = finish(&mut tx, "rollback");
    }
}

fn once(tx: &mut Tx, mode: Mode, turn: &mut dyn Turn) -> End {
    tx.reset();
    let Session::Postgres(session) = tx.session() else {
        return End::Failed(DbError::Closed);
    };
    if let Err(error) = session.begin(begin(mode, session.schema()), mode != Mode::Ddl) {
        return End::Failed(error);
    }
    let keep = turn.attempt(tx);
    let curable = tx.may_retry() || matches!(tx.session(), Session::Postgres(session) if session.never_began());
    if mode == Mode::Read && !curable {
        return End::Done;
    }
    if !keep && let Session::Postgres(session) = tx.session() {
        session.drop_deferred();
    }
    match finish(tx, if keep { "commit" } else { "rollback" }) {
        Err(error) if keep => End::Failed(error),
        _ if curable && !keep => End::Curable,
        _ => End::Done,
    }
}

fn finish(tx: &mut Tx, how: &str) -> Result<(), DbError> {
    match tx.session() {
        Session::Postgres(session) => session.end(how),
        Session::Sqlite(_) | Session::Glance(_) => Err(DbError::Closed),
    }
}

/// What begins a transaction.
fn begin(mode: Mode, schema: &str) -> String {
    let level = match mode {
        Mode::Read | Mode::Brief | Mode::Glance => "repeatable read read only",
        Mode::Write | Mode::Ddl => "read committed read write",
    };
    let mut begin = format!("begin isolation level {level}");
    if mode == Mode::Ddl {
        let key = LockKey::new(DDL_SPACE, "schema").number(schema);
        begin.push_str(&format!("; set local statement_timeout to 0; select pg_advisory_xact_lock({key})"));
        // Whoever waits for a whole table, behind an index that is being built or a long list, has everybody else wait
        // behind them: so not for long, and then again.
        begin.push_str("; set local lock_timeout to '500ms'");
    }
    begin
}

/// 2 ms, then twice as long each time, with half of it left to chance so that two that collided part.
fn pause(attempt: u32) -> Duration {
    let longest = 2_000_u64 << attempt.min(8);
    Duration::from_micros(rand::random_range(longest / 2..=longest))
}
