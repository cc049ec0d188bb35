//! The floor over `tokio-postgres`: as many connections as clients, statements prepared once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio_postgres::{Client, NoTls, Row, Statement};
use uuid::Uuid;

use super::lead::{COLUMNS, COUNT, INSERT, LIST, Lead, READ, key};
use crate::Failure;

/// As many as Plenary opens.
const CONNECTIONS: usize = 16;

struct Connection {
    client: Client,
    list: Statement,
    count: Statement,
    read: Statement,
    insert: Statement,
}

pub(crate) struct Postgres {
    connections: Vec<Arc<Connection>>,
    turn: AtomicUsize,
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self, Failure> {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let (client, driver) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(async move { drop(driver.await) });
            client.batch_execute("set search_path to plenary_main").await?;
            // The same order as that of the index, in PostgreSQL's words.
            let by_index = LIST.replace("t.name_key asc", "t.name_key asc nulls first");
            let list = client.prepare(&format!("select {COLUMNS}{by_index}")).await?;
            let count = client.prepare(COUNT).await?;
            let read = client.prepare(&format!("select {COLUMNS}{READ}")).await?;
            let insert = client.prepare(INSERT).await?;
            connections.push(Arc::new(Connection { client, list, count, read, insert }));
        }
        Ok(Self { connections, turn: AtomicUsize::new(0) })
    }

    fn connection(&self) -> Result<Arc<Connection>, Failure> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % CONNECTIONS;
        Ok(self.connections.get(turn).cloned().ok_or("no connection")?)
    }

    pub(super) async fn list(&self, status: &str, counted: bool) -> Result<Vec<Lead>, Failure> {
        let connection = self.connection()?;
        if counted {
            connection.client.query_one(&connection.count, &[&status]).await?;
        }
        let rows = connection.client.query(&connection.list, &[&status]).await?;
        Ok(rows.iter().map(lead).collect::<Result<_, _>>()?)
    }

    pub(super) async fn read(&self, id: Uuid) -> Result<Option<Lead>, Failure> {
        let connection = self.connection()?;
        Ok(connection.client.query_opt(&connection.read, &[&id]).await?.as_ref().map(lead).transpose()?)
    }

    pub(super) async fn create(&self, new: Lead) -> Result<Lead, Failure> {
        let connection = self.connection()?;
        let nobody: Option<Uuid> = None;
        connection
            .client
            .execute(
                &connection.insert,
                &[
                    &new.id,
                    &new.version,
                    &new.created_at,
                    &new.updated_at,
                    &nobody,
                    &nobody,
                    &new.name,
                    &key(new.name.as_ref()),
                    &new.email,
                    &new.phone,
                    &new.company,
                    &key(new.company.as_ref()),
                    &new.source,
                    &key(new.source.as_ref()),
                    &new.need,
                    &new.status,
                    &new.readiness,
                ],
            )
            .await?;
        Ok(new)
    }
}

fn lead(row: &Row) -> Result<Lead, tokio_postgres::Error> {
    Ok(Lead {
        id: row.try_get(0)?,
        version: row.try_get(1)?,
        created_at: row.try_get(2)?,
        updated_at: row.try_get(3)?,
        created_by: row.try_get(4)?,
        owner: row.try_get(6)?,
        name: row.try_get(7)?,
        email: row.try_get(9)?,
        phone: row.try_get(10)?,
        company: row.try_get(11)?,
        source: row.try_get(13)?,
        need: row.try_get(15)?,
        status: row.try_get(16)?,
        readiness: row.try_get(17)?,
        contact: row.try_get(18)?,
        account: row.try_get(19)?,
        requests: row.try_get(30)?,
        is_reachable: row.try_get(31)?,
        lost_reason: row.try_get(20)?,
        client_reason: row.try_get(22)?,
        quality_report: row.try_get(24)?,
        converted_account: row.try_get(25)?,
        converted_contact: row.try_get(26)?,
        converted_deal: row.try_get(27)?,
        possible_duplicates: row.try_get(28)?,
        tags: row.try_get(29)?,
    })
}
