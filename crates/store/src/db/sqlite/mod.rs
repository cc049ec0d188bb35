//! SQLite: one thread that writes, one that folds its log into the file, a few that read, each with a connection of its own.

mod connection;
mod deadline;
mod failure;
mod fold;
mod reader;
mod session;
mod writer;

use std::path::Path;
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

pub(super) use connection::settle;
pub(super) use session::SqliteSession;

use super::turn::{Mode, Turn};
use super::{DbError, DbOptions};
use reader::Asked;
use writer::Message;

/// Turns that wait to be read; whoever comes then is told to come again.
const QUEUE: usize = 1_024;

/// An open file.
pub(super) struct SqliteDb {
    /// Taken away by closing; the threads end when they have worked off what was sent before.
    inboxes: RwLock<Option<Inboxes>>,
    /// Those that read, then the one that writes, then the one that folds.
    threads: Mutex<Vec<JoinHandle<()>>>,
    readers: usize,
}

struct Inboxes {
    writer: flume::Sender<Message>,
    readers: flume::Sender<Asked>,
    brief: flume::Sender<Asked>,
}

impl SqliteDb {
    pub(super) fn open(path: &Path, options: &DbOptions) -> Result<Self, DbError> {
        let path = if path.is_dir() { path.join("plenary.sqlite") } else { path.to_owned() };
        let (writer, written) = flume::unbounded();
        let (readers, read) = flume::bounded(QUEUE);
        let (brief, read_briefly) = flume::bounded(QUEUE);
        let mut threads = Vec::new();
        // The writer's connection first: it makes the file and its WAL. A frozen file has no writer: writes find it closed.
        let writing = if options.frozen { None } else { Some(connection::for_writing(&path, options)?) };
        let reading = if options.frozen { connection::for_reading_frozen } else { connection::for_reading };
        let patience = options.pool_timeout;
        let inboxes = (0..options.readers.max(1)).map(|number| (format!("sqlite-read-{number}"), read.clone()));
        for (name, inbox) in inboxes.chain([("sqlite-read-brief".to_owned(), read_briefly)]) {
            let mut session = SqliteSession::new(reading(&path, options)?);
            session.limit(options.statement_timeout)?;
            threads.push(spawn(&name, move || reader::run(session, patience, &inbox))?);
        }
        let count = threads.len();
        // Last: closing ends the threads in this order.
        if let Some(mut connection) = writing {
            let folding = connection::for_writing(&path, options)?;
            let (folder, grown) = flume::bounded(1);
            fold::watch(&mut connection, folder.clone())?;
            let write = move || {
                writer::run(SqliteSession::new(connection), &written);
                // Only now may the folder go: of two connections that close at once neither is the last, and the log stays.
                drop(folder);
            };
            threads.push(spawn("sqlite-write", write)?);
            threads.push(spawn("sqlite-fold", move || fold::run(&folding, &grown))?);
        }
        Ok(Self {
            inboxes: RwLock::new(Some(Inboxes { writer, readers, brief })),
            threads: Mutex::new(threads),
            readers: count,
        })
    }

    /// Queues a turn. On a closed database it is dropped, which its caller sees.
    pub(super) fn submit(&self, mode: Mode, turn: Box<dyn Turn>) {
        let inboxes = self.inboxes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(inboxes) = &*inboxes {
            let _sent = match mode {
                Mode::Read | Mode::Glance => reader::ask(&inboxes.readers, turn),
                Mode::Brief => reader::ask(&inboxes.brief, turn),
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
        let Some(inboxes) = self.inboxes.write().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let mut threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let writing = threads.split_off(self.readers.min(threads.len()));
        drop((inboxes.readers, inboxes.brief));
        threads.into_iter().for_each(join);
        // Only now: the connection that goes last folds the WAL into the file, which a reader's cannot.
        drop(inboxes.writer);
        writing.into_iter().for_each(join);
    }
}

fn join(thread: JoinHandle<()>) {
    // The last handle may be dropped by a closure on one of these very threads.
    if thread.thread().id() != std::thread::current().id() {
        let _ = thread.join();
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
