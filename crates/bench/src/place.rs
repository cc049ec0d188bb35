//! Where a measurement happens: a workspace of its own, filled to a size, with Plenary and the floor serving it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use model::Actor;
use serde_json::Value as Json;
use store::testing::{Durability, PostgresServer};
use store::{DbOptions, List, Origin, Workspace};

use crate::Failure;
use crate::load::{Client, Request};
use crate::people::Lead;

/// Who measures.
pub(crate) const EMAIL: &str = "bench@example.org";
pub(crate) const PASSWORD: &str = "measure-me-twice";

/// Records written in one turn while filling.
pub(crate) const CHUNK: u64 = 1_000;

/// A workspace to measure in.
pub(crate) struct Place {
    /// `sqlite` or `postgres`.
    pub(crate) engine: &'static str,
    /// How the programs name the database: `sqlite:PATH` or `postgres://…`.
    pub(crate) database: String,
    options: DbOptions,
    data: PathBuf,
    program: PathBuf,
    /// The server goes when the measurement is over.
    _server: Option<PostgresServer>,
}

impl Place {
    /// A fresh SQLite workspace in `folder`.
    pub(crate) fn sqlite(program: &Path, folder: &Path) -> Result<Self, Failure> {
        let file = folder.join("plenary.db");
        let database = format!("sqlite:{}", file.display());
        Self::fresh("sqlite", program, folder, database, DbOptions::sqlite(file), None)
    }

    /// A fresh workspace on a PostgreSQL server of its own, as durable as in production.
    pub(crate) fn postgres(program: &Path, folder: &Path) -> Result<Self, Failure> {
        let server = PostgresServer::start(Durability::Full);
        let database = server.url(&server.fresh_database());
        let options = DbOptions::postgres(database.clone(), "plenary_main");
        Self::fresh("postgres", program, folder, database, options, Some(server))
    }

    /// A workspace that stands; what belongs to it besides the database goes to `folder`.
    pub(crate) fn standing(program: &Path, folder: &Path, database: &str) -> Self {
        let engine = if database.starts_with("sqlite:") { "sqlite" } else { "postgres" };
        let (data, program) = (folder.to_owned(), program.to_owned());
        Self { engine, database: database.to_owned(), options: options(database), data, program, _server: None }
    }

    fn fresh(
        engine: &'static str,
        program: &Path,
        folder: &Path,
        database: String,
        options: DbOptions,
        server: Option<PostgresServer>,
    ) -> Result<Self, Failure> {
        let place =
            Self { engine, database, options, data: folder.to_owned(), program: program.to_owned(), _server: server };
        place.command("init", &["--admin-email", EMAIL, "--admin-password", PASSWORD])?;
        Ok(place)
    }

    fn command(&self, name: &str, arguments: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(&self.program);
        command
            .args(name.split(' '))
            .args(arguments)
            .arg("--data")
            .arg(&self.data)
            .args(["--database", &self.database]);
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(Failure::from(format!("plenary {name} failed")));
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// A token of the administrator.
    pub(crate) fn token(&self) -> Result<String, Failure> {
        self.command("token create", &["--user", EMAIL, "--name", "bench"])
    }

    /// The workspace from inside.
    pub(crate) fn open(&self) -> Result<Workspace, Failure> {
        Ok(Workspace::open(self.options.clone())?)
    }

    /// Switches off what rules do about leads: their runs would write beside what is measured, and are measured by the
    /// tests of timers.
    pub(crate) fn still_rules(&self, token: &str) -> Result<(), Failure> {
        let plenary = self.plenary()?;
        tokio::runtime::Runtime::new()?.block_on(async {
            let mut client = Client::connect(&plenary.address).await?;
            let rules = client.send(&Request::get("/api/v1/meta/rules", token)).await?;
            let rules: Json = serde_json::from_slice(&rules.body)?;
            let of_leads = |rule: &&Json| rule["module"] == "leads" && rule["active"] == true;
            for rule in rules["data"].as_array().into_iter().flatten().filter(of_leads) {
                let path = format!("/api/v1/meta/rules/{}", rule["name"].as_str().unwrap_or_default());
                let off = Request::with_json("PATCH", &path, token, r#"{"active": false}"#);
                let answer = client.send(&off).await?;
                if answer.status != 200 {
                    return Err(Failure::from(format!("{path}: {}", String::from_utf8_lossy(&answer.body))));
                }
            }
            Ok(())
        })
    }

    /// Ids of leads from all over the list.
    pub(crate) fn some_ids(&self, workspace: &Workspace) -> Result<Vec<String>, Failure> {
        Ok(workspace.read_blocking(Actor::System("bench"), |work| {
            let mut ids = Vec::new();
            for status in ["new", "contacted", "qualified", "lost"] {
                let filter = work.filter("leads", &format!("status == \"{status}\""))?;
                let list = List { filter: Some(filter), limit: 500, ..List::default() };
                ids.extend(work.list("leads", &list)?.records.iter().map(|record| record.id.to_string()));
            }
            Ok(ids)
        })?)
    }

    /// Plenary, serving the workspace.
    pub(crate) fn plenary(&self) -> Result<Server, Failure> {
        let mut command = Command::new(&self.program);
        command.arg("serve").arg("--data").arg(&self.data).args(["--database", &self.database]);
        command.args(["--listen", "127.0.0.1:0", "--public-limit", "0", "--private-mail"]).env("PLENARY_LOG", "error");
        Server::start(command)
    }

    /// The floor, serving the same database.
    pub(crate) fn floor(&self) -> Result<Server, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["floor", "--database", &self.database]);
        Server::start(command)
    }
}

/// How a database is opened that is named as the programs name it.
pub(crate) fn options(database: &str) -> DbOptions {
    match database.strip_prefix("sqlite:") {
        Some(path) => DbOptions::sqlite(path),
        None => DbOptions::postgres(database, "plenary_main"),
    }
}

/// A workspace that people live in is neither filled nor measured: it is known by who administers it.
pub(crate) fn is_for_measuring(workspace: &Workspace) -> Result<(), Failure> {
    let known = workspace.read_blocking(Actor::System("bench"), |work| work.account_by_email(EMAIL))?;
    known.map(drop).ok_or_else(|| format!("a workspace to be measured has the user {EMAIL}").into())
}

/// Writes the leads `from..until` through the write path; answers how long it took.
pub(crate) fn fill(workspace: &Workspace, from: u64, until: u64) -> Result<Duration, Failure> {
    let begin = Instant::now();
    let mut next = from;
    while next < until {
        let chunk = next..until.min(next + CHUNK);
        next = chunk.end;
        workspace.write_blocking(Actor::System("bench"), Origin::from("import"), move |work| {
            for number in chunk.clone() {
                // The state belongs to the process; the generator plays it.
                work.as_process(|work| work.create("leads", Lead::number(number).draft()))?;
            }
            Ok(())
        })?;
    }
    Ok(begin.elapsed())
}

/// Tells the database what it holds and seals what was written, as its own upkeep does in the course of a day: it would run
/// beside what is measured. So would what rules are to do about people that are invented.
pub(crate) fn settle(workspace: &Workspace) -> Result<(), Failure> {
    workspace.db().standalone_blocking("delete from jobs".to_owned())?;
    workspace.db().standalone_blocking("analyze".to_owned())?;
    tokio::runtime::Runtime::new()?.block_on(async {
        while workspace.seal_log().await? > 0 {}
        Ok::<_, store::Error>(())
    })?;
    if workspace.db().dialect() == store::db::Dialect::Postgres {
        workspace.db().standalone_blocking("vacuum".to_owned())?;
        workspace.db().standalone_blocking("checkpoint".to_owned())?;
    } else {
        workspace.db().standalone_blocking("pragma wal_checkpoint(truncate)".to_owned())?;
    }
    Ok(())
}

/// A server in a process of its own; ends with this value.
pub(crate) struct Server {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
}

impl Server {
    fn start(mut command: Command) -> Result<Self, Failure> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let address = line.trim().strip_prefix("listening on http://").map(str::to_owned);
        match address {
            Some(address) => Ok(Self { child, address }),
            None => {
                let _ = child.kill();
                Err(Failure::from(format!("the server said {line:?} instead of its address")))
            }
        }
    }

    /// How much memory it has at present.
    pub(crate) fn memory(&self) -> Result<Memory, Failure> {
        let told = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let bytes = |name: &str| -> Result<u64, Failure> {
            let line =
                told.lines().find_map(|line| line.strip_prefix(name)).ok_or("nothing says how much memory it has")?;
            Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
        };
        Ok(Memory { all: bytes("VmRSS:")?, own: bytes("RssAnon:")? })
    }
}

/// Memory of a program, in bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    /// All of it that is there.
    pub(crate) all: u64,
    /// Without pages of files, which the system takes back as it likes.
    pub(crate) own: u64,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
