//! SQLite: one thread that writes, a few that read, each with a connection of its own.

mod connection;
mod failure;
mod reader;
mod session;
mod writer;

use std::path::Path;
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

pub(super) use session::SqliteSession;

use super::turn::{Mode, Turn};
use super::{DbError, DbOptions};
use writer::Message;

/// An open file.
pub(super) struct SqliteDb {
    /// Taken away by closing; the threads end when they have worked off what was sent before.
    inboxes: RwLock<Option<Inboxes>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Inboxes {
    writer: flume::Sender<Message>,
    readers: flume::Sender<Box<dyn Turn>>,
}

impl SqliteDb {
    pub(super) fn open(path: &Path, options: &DbOptions) -> Result<Self, DbError> {
        let path = if path.is_dir() { path.join("plenary.sqlite") } else { path.to_owned() };
        let (writer, written) = flume::unbounded();
        let (readers, read) = flume::unbounded();
        let mut threads = Vec::new();
        // The writer's connection first: it makes the file and its WAL.
        let connection = connection::for_writing(&path, options)?;
        for number in 0..options.readers.max(1) {
            let session = SqliteSession::new(connection::for_reading(&path, options)?);
            let inbox = flume::Receiver::clone(&read);
            threads.push(spawn(&format!("sqlite-read-{number}"), move || reader::run(session, &inbox))?);
        }
        // Last, so that closing joins it last: the connection that goes last folds the WAL into the file.
        threads.push(spawn("sqlite-write", move || writer::run(SqliteSession::new(connection), &written))?);
        Ok(Self { inboxes: RwLock::new(Some(Inboxes { writer, readers })), threads: Mutex::new(threads) })
    }

    /// Queues a turn. On a closed database it is dropped, which its caller sees.
    pub(super) fn submit(&self, mode: Mode, turn: Box<dyn Turn>) {
        let inboxes = self.inboxes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(inboxes) = &*inboxes {
            let _sent = match mode {
                Mode::Read => inboxes.readers.send(turn).is_ok(),
                Mode::Write => inboxes.writer.send(Message::Write(turn)).is_ok(),
                Mode::Ddl => inboxes.writer.send(Message::Ddl(turn)).is_ok(),
            };
        }
    }

    /// Queues a statement that runs outside a transaction.
    pub(super) fn standalone(&self, statement: String) -> flume::Receiver<Result<(), DbError>> {
        let (reply, answer) = flume::bounded(1);
        let inboxes = self.inboxes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(inboxes) = &*inboxes {
            let _sent = inboxes.writer.send(Message::Standalone(statement, reply)).is_ok();
        }
        answer
    }

    /// Works off what is queued and closes the file.
    pub(super) fn close(&self) {
        drop(self.inboxes.write().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // The last handle may be dropped by a closure on one of these very threads.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

impl Drop for SqliteDb {
    fn drop(&mut self) {
        self.close();
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DbError> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| DbError::other("thread", error))
}
