//! The floor over `rusqlite`: threads with connections of their own to read, one to write, every commit synced.

use std::thread;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use serde_json::Value as Json;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::lead::{COLUMNS, COUNT, INSERT, LIST, Lead, READ, key};
use crate::Failure;

const READ_PRAGMAS: &str =
    "pragma query_only = on; pragma cache_size = -8192; pragma mmap_size = 268435456; pragma temp_store = memory;";
const WRITE_PRAGMAS: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
                             pragma cache_size = -16384; pragma mmap_size = 268435456; pragma temp_store = memory;";

/// Connections that read, as many as Plenary has.
const READERS: usize = 4;

type Turn = Box<dyn FnOnce(&Connection) + Send>;

pub(crate) struct Sqlite {
    readers: flume::Sender<Turn>,
    writer: flume::Sender<Turn>,
}

impl Sqlite {
    pub(crate) fn open(path: &str) -> Result<Self, Failure> {
        let open = |pragmas: &str, flags| -> Result<Connection, Failure> {
            let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            connection.busy_timeout(std::time::Duration::from_secs(10))?;
            connection.execute_batch(pragmas)?;
            Ok(connection)
        };
        let writer = open(WRITE_PRAGMAS, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let readers: Result<Vec<_>, _> =
            (0..READERS).map(|_| open(READ_PRAGMAS, OpenFlags::SQLITE_OPEN_READ_ONLY)).collect();
        Ok(Self { readers: threads(readers?), writer: threads(vec![writer]) })
    }

    pub(super) async fn list(&self, status: String, counted: bool) -> Result<Vec<Lead>, Failure> {
        ask(&self.readers, move |connection| {
            if counted {
                connection.prepare_cached(COUNT)?.query_row([&status], |row| row.get::<_, i64>(0))?;
            }
            let mut statement = connection.prepare_cached(&format!("select {COLUMNS}{LIST}"))?;
            statement.query_map([status], lead)?.collect()
        })
        .await
    }

    pub(super) async fn read(&self, id: Uuid) -> Result<Option<Lead>, Failure> {
        ask(&self.readers, move |connection| {
            connection.prepare_cached(&format!("select {COLUMNS}{READ}"))?.query_row([id.as_bytes()], lead).optional()
        })
        .await
    }

    pub(super) async fn create(&self, new: Lead) -> Result<Lead, Failure> {
        ask(&self.writer, move |writer| {
            let (created, id) = (new.created_at.as_microsecond(), new.id.as_bytes().as_slice());
            writer.prepare_cached(INSERT)?.execute(params![
                id,
                new.version,
                created,
                created,
                Option::<&[u8]>::None,
                Option::<&[u8]>::None,
                new.name,
                key(new.name.as_ref()),
                new.email,
                new.phone,
                new.company,
                key(new.company.as_ref()),
                new.source,
                key(new.source.as_ref()),
                new.need,
                new.status,
                new.readiness,
            ])?;
            Ok(new)
        })
        .await
    }
}

/// A thread for each connection, and where they get their work from.
fn threads(connections: Vec<Connection>) -> flume::Sender<Turn> {
    let (inbox, turns) = flume::unbounded::<Turn>();
    for connection in connections {
        let turns = turns.clone();
        thread::spawn(move || turns.into_iter().for_each(|turn| turn(&connection)));
    }
    inbox
}

async fn ask<T: Send + 'static>(
    inbox: &flume::Sender<Turn>,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let (answer, answered) = oneshot::channel();
    let turn: Turn = Box::new(move |connection| drop(answer.send(work(connection))));
    inbox.send(turn).map_err(|_| "no thread works")?;
    Ok(answered.await??)
}

fn lead(row: &Row<'_>) -> rusqlite::Result<Lead> {
    let id = |at: usize| -> rusqlite::Result<Option<Uuid>> {
        Ok(row.get::<_, Option<Vec<u8>>>(at)?.and_then(|bytes| Uuid::from_slice(&bytes).ok()))
    };
    let instant = |at: usize| -> rusqlite::Result<Timestamp> {
        Ok(Timestamp::from_microsecond(row.get(at)?).unwrap_or(Timestamp::MIN))
    };
    let json = |at: usize| -> rusqlite::Result<Option<Json>> {
        Ok(row.get::<_, Option<String>>(at)?.and_then(|text| serde_json::from_str(&text).ok()))
    };
    Ok(Lead {
        id: id(0)?.unwrap_or_default(),
        version: row.get(1)?,
        created_at: instant(2)?,
        updated_at: instant(3)?,
        created_by: id(4)?,
        owner: id(6)?,
        name: row.get(7)?,
        email: row.get(9)?,
        phone: row.get(10)?,
        company: row.get(11)?,
        source: row.get(13)?,
        need: row.get(15)?,
        status: row.get(16)?,
        readiness: row.get(17)?,
        contact: id(18)?,
        account: id(19)?,
        requests: row.get(30)?,
        is_reachable: row.get(31)?,
        lost_reason: row.get(20)?,
        client_reason: row.get(22)?,
        quality_report: row.get(24)?,
        converted_account: id(25)?,
        converted_contact: id(26)?,
        converted_deal: id(27)?,
        possible_duplicates: json(28)?,
        tags: json(29)?,
    })
}
