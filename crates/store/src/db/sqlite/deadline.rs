//! How long a statement may run: SQLite asks now and then whether to go on, which it does until its time is over or nobody
//! waits for it any more.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::failure::translate;
use crate::db::DbError;
use crate::db::turn::Awaited;

/// Steps of SQLite's machine between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 4_096;
/// No statement is under way.
const NEVER: u64 = u64::MAX;
/// The statement under way may take as long as it needs.
const UNHURRIED: u64 = NEVER - 1;

/// The end of the statement under way on one connection.
pub(super) struct Deadline {
    begun: Instant,
    /// In microseconds after `begun`; read by the connection's own thread only.
    end: Arc<AtomicU64>,
    /// Who waits for the turn under way.
    awaited: Arc<Mutex<Option<Awaited>>>,
    limit: Duration,
    hurried: Cell<bool>,
}

impl Deadline {
    /// Has every statement of `connection` end after `limit`.
    pub(super) fn of(connection: &mut Connection, limit: Duration) -> Result<Self, DbError> {
        let (begun, end) = (Instant::now(), Arc::new(AtomicU64::new(NEVER)));
        let awaited = Arc::new(Mutex::new(None::<Awaited>));
        let (known, waiting) = (Arc::clone(&end), Arc::clone(&awaited));
        let is_over = move || {
            let end = known.load(Ordering::Relaxed);
            let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            end != NEVER && (micros(begun.elapsed()) > end || waiting.as_ref().is_some_and(|awaited| !awaited()))
        };
        connection.progress_handler(STEPS, Some(is_over)).map_err(translate)?;
        Ok(Self { begun, end, awaited, limit, hurried: Cell::new(true) })
    }

    /// A turn begins, or has ended where nobody is given.
    pub(super) fn wait_with(&self, awaited: Option<Awaited>) {
        self.hurried.set(true);
        *self.awaited.lock().unwrap_or_else(PoisonError::into_inner) = awaited;
    }

    /// Statements of this turn end when they are done.
    pub(super) fn take_time(&self) {
        self.hurried.set(false);
    }

    /// A statement begins.
    pub(super) fn begin(&self) {
        let end = if self.hurried.get() { micros(self.begun.elapsed().saturating_add(self.limit)) } else { UNHURRIED };
        self.end.store(end, Ordering::Relaxed);
    }

    /// The statement has ended.
    pub(super) fn end(&self) {
        self.end.store(NEVER, Ordering::Relaxed);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(NEVER)
}
