//! The pool of connections.

use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, PoolError, QueueMode, RecycleError, RecycleResult, TimeoutType};
use tokio::task::AbortHandle;
use tokio_postgres::{CancelToken, Client, Config, Error};

use super::failure::translate;
use super::secure::{Line, configure};
use super::statements::Statements;
use crate::db::{DbError, DbOptions};

pub(super) type Pool = managed::Pool<Connector>;
/// A connection on loan.
pub(super) type Pooled = managed::Object<Connector>;

/// How much longer than the server we wait for the end of a statement: it breaks the statement off itself, where it can.
const GRACE: Duration = Duration::from_secs(2);

/// Makes connections.
pub(super) struct Connector {
    config: Config,
    line: Line,
    /// How long an answer may take at most.
    patience: Option<Duration>,
}

/// A connection of the pool.
pub(super) struct Connection {
    pub(super) talk: Talk,
    /// How long an answer may take at most.
    pub(super) patience: Option<Duration>,
    driver: AbortHandle,
    spoiled: bool,
}

/// What asks on a connection, and what is known of it.
pub(super) struct Talk {
    /// Shared, so that several requests can be under way on it at once.
    pub(super) client: Arc<Client>,
    pub(super) statements: Statements,
    /// The schema that names are looked up in; the pool is shared by workspaces.
    pub(super) schema: Option<Arc<str>>,
    line: Line,
}

/// Calls off what runs on a connection.
pub(super) struct Cancel {
    running: CancelToken,
    line: Line,
}

impl Talk {
    pub(super) fn cancel(&self) -> Cancel {
        Cancel { running: self.client.cancel_token(), line: self.line.clone() }
    }
}

impl Cancel {
    pub(super) async fn call_off(&self) -> Result<(), Error> {
        self.line.call_off(&self.running).await
    }
}

impl Connection {
    /// Keeps the connection from being lent again: it may be inside a transaction or have other settings.
    pub(super) fn spoil(&mut self) {
        self.spoiled = true;
    }

    /// Hangs up on a server that does not answer; its answer, should it ever come, belongs to nobody.
    pub(super) fn give_up(&mut self) {
        self.spoil();
        self.driver.abort();
    }

    /// Takes [`Connection::spoil`] back.
    pub(super) fn mend(&mut self) {
        self.spoiled = false;
    }
}

impl Connector {
    pub(super) fn new(url: &str, options: &DbOptions) -> Result<Self, DbError> {
        let (mut config, line) = configure(url)?;
        let given = config.get_options().map(|given| format!("{given} ")).unwrap_or_default();
        // Compiling a statement takes longer than our statements do.
        config.options(format!(
            "-c jit=off {given}-c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout=300000 \
             -c timezone=UTC -c client_min_messages=warning",
            options.statement_timeout.as_millis(),
            options.lock_timeout.as_millis(),
        ));
        if config.get_application_name().is_none() {
            config.application_name("plenary");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        let limit = options.statement_timeout;
        Ok(Self { config, line, patience: (!limit.is_zero()).then(|| limit + GRACE) })
    }
}

impl managed::Manager for Connector {
    type Type = Connection;
    type Error = DbError;

    async fn create(&self) -> Result<Connection, DbError> {
        let (client, driver) = self.line.connect(&self.config).await.map_err(translate)?;
        let (client, statements, line) = (Arc::new(client), Statements::default(), self.line.clone());
        let talk = Talk { client, statements, schema: None, line };
        Ok(Connection { talk, patience: self.patience, driver, spoiled: false })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<DbError> {
        if connection.spoiled || connection.talk.client.is_closed() {
            return Err(RecycleError::message("the connection can't be lent again"));
        }
        Ok(())
    }
}

pub(super) fn build(connector: Connector, options: &DbOptions) -> Result<Pool, DbError> {
    Pool::builder(connector)
        .max_size(options.connections.max(1))
        .wait_timeout(Some(options.pool_timeout))
        .create_timeout(Some(options.pool_timeout))
        // Whoever was used last has its statements prepared and its server's memory warm.
        .queue_mode(QueueMode::Lifo)
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| DbError::other("pool", error))
}

/// Why the pool lent nothing.
pub(super) fn refused(error: PoolError<DbError>) -> DbError {
    match error {
        PoolError::Backend(error) => error,
        PoolError::Closed => DbError::Closed,
        PoolError::Timeout(TimeoutType::Wait) => DbError::Exhausted,
        PoolError::Timeout(TimeoutType::Create) => DbError::Disconnected("the server lets nobody in".to_owned()),
        other => DbError::other("pool", other),
    }
}
