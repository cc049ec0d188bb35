//! A closure on its way to the database and its answer on the way back.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::{DbError, Tx};

thread_local! {
    /// Set while a closure runs on this thread: waiting for a second transaction there would wait for itself.
    static IN_TURN: Cell<bool> = const { Cell::new(false) };
}

/// Whether a closure of the database runs on this thread.
pub(super) fn in_turn() -> bool {
    IN_TURN.get()
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// One snapshot, no writing.
    Read,
    /// The same for a few rows by their keys: it waits behind nothing that takes longer.
    Brief,
    /// One statement that reads, with nothing around it; a turn that asks for more starts over as [`Mode::Read`].
    Glance,
    /// Ordinary writing.
    Write,
    /// Changes of the schema: alone, with time to spare.
    Ddl,
}

/// Tells whether anybody still waits for a turn's answer: whoever goes away needs no reading done.
pub(super) type Awaited = Arc<dyn Fn() -> bool + Send + Sync>;

/// Work for a transaction, whatever it returns.
pub(super) trait Turn: Send {
    /// Runs the closure (again, after a retry) and keeps its result. True when it wants its work kept.
    fn attempt(&mut self, tx: &mut Tx) -> bool;
    /// Sends the kept result to whoever waits, or the error that came over the whole transaction.
    fn answer(self: Box<Self>, outcome: Result<(), DbError>);
    /// Who waits, to be asked while the turn is under way.
    fn awaited(&self) -> Awaited;
}

/// The only [`Turn`]: a closure, its last result, and the way back.
pub(super) struct Job<F, T, E> {
    work: F,
    result: Option<Result<T, E>>,
    reply: flume::Sender<Result<T, E>>,
}

impl<F, T, E> Job<F, T, E> {
    pub(super) fn new(work: F) -> (Self, flume::Receiver<Result<T, E>>) {
        let (reply, answer) = flume::bounded(1);
        (Self { work, result: None, reply }, answer)
    }
}

impl<F, T, E> Turn for Job<F, T, E>
where
    F: FnMut(&mut Tx) -> Result<T, E> + Send,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    fn attempt(&mut self, tx: &mut Tx) -> bool {
        IN_TURN.set(true);
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(tx)));
        IN_TURN.set(false);
        let result = match outcome {
            Ok(Ok(_)) if tx.has_failed() => Err(DbError::Aborted.into()),
            Ok(result) => result,
            Err(panic) => Err(DbError::Panicked(message(&*panic)).into()),
        };
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, outcome: Result<(), DbError>) {
        let result = match (outcome, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(DbError::Closed.into()),
            (Err(error), _) => Err(error.into()),
        };
        // Nobody waits any more when the caller was cancelled; what is committed stays committed.
        let _ = self.reply.send(result);
    }

    fn awaited(&self) -> Awaited {
        let reply = self.reply.clone();
        Arc::new(move || !reply.is_disconnected())
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
