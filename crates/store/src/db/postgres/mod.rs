//! PostgreSQL: a pool of connections on a small runtime of its own, which neither needs nor disturbs the runtime of
//! whoever calls. A closure runs on a blocking thread and waits for its statements like plain code; one that asks for a
//! single statement needs no thread (`glance`).

mod asking;
mod failure;
mod glance;
mod pool;
mod secure;
mod session;
mod statements;
mod transaction;
mod values;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::TryFutureExt;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::types::Type;

pub(super) use glance::Glance;
pub(super) use session::PgSession;

use super::sql::check_identifier;
use super::turn::{Mode, Turn};
use super::{DbError, DbOptions};
use failure::translate;
use pool::{Connector, Pool, Pooled};

/// So many single statements are under way at once, the others wait in their order: with one for each client that asks, the
/// threads take time from each other, and some wait four times as long as most.
const GLANCES_PER_CORE: usize = 3;

/// One schema over a shared pool.
#[derive(Clone)]
pub(super) struct PostgresDb {
    shared: Arc<Shared>,
    schema: Arc<str>,
}

struct Shared {
    pool: Pool,
    /// Always there until the drop.
    runtime: Option<Runtime>,
    locks_disabled: AtomicBool,
    /// Places for questions that are under way.
    glances: Semaphore,
    /// How long a place is waited for.
    pool_timeout: Duration,
}

impl Drop for Shared {
    fn drop(&mut self) {
        // The last clone may go on a thread of this runtime, which must not wait for itself.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl PostgresDb {
    pub(super) fn open(url: &str, schema: &str, options: &DbOptions) -> Result<Self, DbError> {
        let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 16));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers)
            .max_blocking_threads(options.connections.max(1) + 2)
            .thread_name("postgres")
            .enable_all()
            .build()
            .map_err(|error| DbError::other("runtime", error))?;
        let pool = pool::build(Connector::new(url, options)?, options)?;
        let glances = Semaphore::new(GLANCES_PER_CORE * workers);
        let shared = Shared {
            pool,
            runtime: Some(runtime),
            locks_disabled: AtomicBool::new(false),
            glances,
            pool_timeout: options.pool_timeout,
        };
        let db = Self { shared: Arc::new(shared), schema: schema.into() };
        db.in_schema(schema)
    }

    pub(super) fn in_schema(&self, schema: &str) -> Result<Self, DbError> {
        check_identifier(schema)?;
        let db = Self { shared: Arc::clone(&self.shared), schema: schema.into() };
        let made = db.clone();
        db.spawn(async move { make_schema(&made).await }).recv().unwrap_or(Err(DbError::Closed))?;
        Ok(db)
    }

    /// Takes a connection and gives the turn a blocking thread, unless it can do without.
    pub(super) fn submit(&self, mode: Mode, turn: Box<dyn Turn>) {
        let Some(runtime) = &self.shared.runtime else {
            return;
        };
        if mode == Mode::Glance {
            let db = self.clone();
            runtime.spawn(async move {
                if let Some(turn) = glance::run(&db, turn).await {
                    db.submit(Mode::Read, turn);
                }
            });
            return;
        }
        let (db, handle) = (self.clone(), runtime.handle().clone());
        runtime.spawn(async move {
            match db.connect().await {
                Ok(connection) => {
                    let session = PgSession::new(connection, db, handle.clone());
                    handle.spawn_blocking(move || transaction::run(session, mode, turn));
                }
                Err(error) => turn.answer(Err(error)),
            }
        });
    }

    /// Runs a statement outside a transaction, on a connection that is thrown away afterwards with its settings.
    pub(super) fn standalone(&self, statement: String) -> flume::Receiver<Result<(), DbError>> {
        let db = self.clone();
        self.spawn(async move {
            let mut connection = db.connect().await?;
            connection.spoil();
            let settings =
                format!("set search_path to \"{}\"; set statement_timeout to 0; set lock_timeout to 0", db.schema);
            connection.talk.client.batch_execute(&settings).await.map_err(translate)?;
            connection.talk.client.batch_execute(&statement).await.map_err(translate)
        })
    }

    /// Refuses new work and waits for what is under way.
    pub(super) fn close(&self) {
        self.shared.pool.close();
        let patience = Instant::now() + Duration::from_secs(60);
        while self.shared.pool.status().size > 0 && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    #[cfg(feature = "testing")]
    pub(super) fn disable_locks(&self, disabled: bool) {
        self.shared.locks_disabled.store(disabled, Ordering::SeqCst);
    }

    fn locks_disabled(&self) -> bool {
        self.shared.locks_disabled.load(Ordering::SeqCst)
    }

    /// A place among the questions that are under way.
    async fn place(&self) -> Result<SemaphorePermit<'_>, DbError> {
        let place = tokio::time::timeout(self.shared.pool_timeout, self.shared.glances.acquire()).await;
        place.map_err(|_| DbError::Exhausted)?.map_err(|_| DbError::Closed)
    }

    async fn connect(&self) -> Result<Pooled, DbError> {
        self.shared.pool.get().map_err(pool::refused).await
    }

    fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, DbError>> + Send + 'static,
    ) -> flume::Receiver<Result<T, DbError>> {
        let (reply, answer) = flume::bounded(1);
        if let Some(runtime) = &self.shared.runtime {
            runtime.spawn(async move {
                let _ = reply.send(work.await);
            });
        }
        answer
    }
}

/// Makes the schema only when it is missing: an existing one may belong to a user who may make none.
async fn make_schema(db: &PostgresDb) -> Result<(), DbError> {
    let connection = db.connect().await?;
    let wanted: &str = &db.schema;
    let known = connection
        .talk
        .client
        .query_typed("select 1 from pg_catalog.pg_namespace where nspname = $1", &[(&wanted, Type::TEXT)])
        .await
        .map_err(translate)?;
    if !known.is_empty() {
        return Ok(());
    }
    match connection
        .talk
        .client
        .batch_execute(&format!("create schema if not exists \"{wanted}\""))
        .await
        .map_err(translate)
    {
        // Another node was faster.
        Err(DbError::Unique { .. }) => Ok(()),
        made => made,
    }
}
