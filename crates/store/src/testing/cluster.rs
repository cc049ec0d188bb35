//! A throw-away PostgreSQL server made from the system's programs, one per test process.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::db::{Db, DbOptions};

const SCRIPT: &str = include_str!("cluster.sh");
/// Tries to copy a database, 50 ms apart.
const PATIENCE: usize = 100;
const PROGRAMS: [&str; 3] = ["postgres", "initdb", "pg_isready"];

/// Whether the server survives a loss of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// No syncing: fast, for ordinary tests.
    None,
    /// As in production: for crash tests and measurements.
    Full,
}

impl Durability {
    fn settings(self) -> &'static str {
        match self {
            Self::None => {
                "-c max_connections=300 -c shared_buffers=32MB -c jit=off -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            }
            Self::Full => "-c max_connections=300 -c shared_buffers=512MB",
        }
    }
}

/// A running server. Stops and removes its folder when dropped, or when this process ends in whatever way.
pub struct PostgresServer {
    folder: PathBuf,
    port: u16,
    names: AtomicU32,
    /// Closing it stops the server.
    lifeline: Option<ChildStdin>,
    watchdog: Child,
}

/// The server that the tests of this process share, started on first use.
///
/// # Panics
/// Where PostgreSQL is not installed or doesn't start: tests are never skipped.
#[must_use]
pub fn postgres() -> &'static PostgresServer {
    static SERVER: OnceLock<PostgresServer> = OnceLock::new();
    SERVER.get_or_init(|| PostgresServer::start(Durability::None))
}

impl PostgresServer {
    /// Starts a server of its own for a test.
    ///
    /// # Panics
    /// Where PostgreSQL is not installed or doesn't start.
    #[must_use]
    pub fn start(durability: Durability) -> Self {
        match Self::try_start(durability) {
            Ok(server) => server,
            Err(why) => panic!("the PostgreSQL server for tests doesn't start: {why}"),
        }
    }

    /// The address of a database of the server, over its socket.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{folder}:{}/{database}", self.port)
    }

    /// The address of a database of the server, over TCP.
    #[must_use]
    pub fn tcp_url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How to open a new schema of the database `postgres`.
    #[must_use]
    pub fn fresh_schema(&self) -> DbOptions {
        let mut options = DbOptions::postgres(self.url("postgres"), self.fresh_name());
        options.connections = 8;
        options
    }

    /// Makes a database of its own and returns its name, for [`PostgresServer::url`].
    ///
    /// # Panics
    /// Where the server makes none.
    #[must_use]
    pub fn fresh_database(&self) -> String {
        let name = self.fresh_name();
        if let Err(error) = self.standalone(format!("create database {name} template template0")) {
            panic!("no database for the test: {error}");
        }
        name
    }

    /// How to open a database of its own in the schema that programs take.
    pub(super) fn options_of(&self, database: &str) -> DbOptions {
        let mut options = DbOptions::postgres(self.url(database), "plenary_main");
        options.connections = 8;
        options
    }

    /// Makes a copy of a database that nobody has open and returns its name.
    pub(super) fn copied_database(&self, original: &str) -> String {
        let name = self.fresh_name();
        let mut made = self.standalone(format!("create database {name} template {original}"));
        // Its last connections may be on their way out.
        for _ in 0..PATIENCE {
            if made.is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
            made = self.standalone(format!("create database {name} template {original}"));
        }
        match made {
            Ok(()) => name,
            Err(error) => panic!("no copy of {original}: {error}"),
        }
    }

    /// Takes a database away, whoever has it open. A server that is gone has none.
    pub(super) fn drop_database(&self, name: &str) {
        let _ = self.standalone(format!("drop database if exists {name} with (force)"));
    }

    fn standalone(&self, statement: String) -> Result<(), crate::db::DbError> {
        let db = Db::open(&DbOptions::postgres(self.url("postgres"), "public"))?;
        let done = db.standalone_blocking(statement);
        db.close_blocking();
        done
    }

    fn fresh_name(&self) -> String {
        format!("test_{}", self.names.fetch_add(1, Ordering::Relaxed))
    }

    fn try_start(durability: Durability) -> Result<Self, String> {
        let programs = programs()?;
        // Free now; nobody else takes it in the moment until the server does, or the start fails and says so.
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| format!("no free port: {error}"))?
            .port();
        let mut watchdog = shell()?
            .args(["-c", SCRIPT, "plenary-postgres"])
            .arg(&programs)
            .args([&port.to_string(), durability.settings()])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("no shell: {error}"))?;
        let lifeline = watchdog.stdin.take();
        let mut output = BufReader::new(watchdog.stdout.take().ok_or("the shell says nothing")?);
        let mut line = String::new();
        output.read_line(&mut line).map_err(|error| error.to_string())?;
        match line.trim_end().strip_prefix("ready ") {
            Some(folder) => Ok(Self { folder: folder.into(), port, names: AtomicU32::new(0), lifeline, watchdog }),
            None => {
                let _ = output.read_to_string(&mut line);
                let _ = watchdog.wait();
                Err(line)
            }
        }
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.watchdog.wait();
    }
}

/// A shell, as another user where we are root, whom PostgreSQL refuses.
fn shell() -> Result<Command, String> {
    let id = Command::new("id").arg("-u").output().map_err(|error| format!("no `id`: {error}"))?;
    if id.stdout.trim_ascii() != b"0" {
        return Ok(Command::new("sh"));
    }
    let user = ["postgres", "nobody"]
        .into_iter()
        .find(|user| Command::new("id").arg(user).output().is_ok_and(|output| output.status.success()))
        .ok_or("neither a user `postgres` nor `nobody` to run it as")?;
    let mut command = Command::new("setpriv");
    let group = Command::new("id").args(["-g", user]).output().map_err(|error| error.to_string())?;
    command.arg(format!("--reuid={user}")).arg(format!("--regid={}", String::from_utf8_lossy(&group.stdout).trim()));
    command.args(["--clear-groups", "sh"]);
    Ok(command)
}

/// The folder of the newest PostgreSQL of the system.
fn programs() -> Result<PathBuf, String> {
    let complete = |folder: &PathBuf| PROGRAMS.iter().all(|program| folder.join(program).is_file());
    let version = |folder: &Path| -> Option<u32> { folder.parent()?.file_name()?.to_str()?.parse().ok() };
    let packaged = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = packaged.map(|entry| entry.path().join("bin")).filter(complete).max_by_key(|folder| version(folder));
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest
        .or_else(|| std::env::split_paths(&path).find(complete))
        .ok_or_else(|| "PostgreSQL is not installed: no postgres, initdb and pg_isready in /usr/lib/postgresql/*/bin or on the PATH; install the package `postgresql`".to_owned())
}
