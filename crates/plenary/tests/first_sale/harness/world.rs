//! A workspace of its own for each test, on either database.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use store::testing::postgres;
use tempfile::TempDir;

use super::api::Api;
use super::program::{Server, plenary};

/// The first administrator's name to sign in by.
pub(crate) const ADMIN: &str = "boss@example.com";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// Data folder, database and what is served from them.
pub(crate) struct World {
    pub(crate) kind: Kind,
    folder: TempDir,
    database: Option<String>,
    server: Option<Server>,
    token: String,
}

impl World {
    /// Nothing yet: an empty folder, and on PostgreSQL an empty database.
    pub(crate) fn empty(kind: Kind) -> Self {
        let folder = TempDir::with_prefix("plenary-sale-").unwrap();
        let database = (kind == Kind::Postgres).then(|| postgres().tcp_url(&postgres().fresh_database()));
        Self { kind, folder, database, server: None, token: String::new() }
    }

    /// A sandbox workspace that is served, and the administrator's token.
    pub(crate) fn sandbox(kind: Kind) -> Self {
        let mut world = Self::empty(kind);
        world.run(&[
            "init",
            "--admin-email",
            ADMIN,
            "--admin-password",
            "correct horse",
            "--locale",
            "en",
            "--sandbox",
        ]);
        world.token = world.run(&["token", "create", "--user", ADMIN, "--name", "proof"]).trim().to_owned();
        world.start();
        world
    }

    /// The options that say where the workspace is.
    pub(crate) fn place(&self) -> Vec<String> {
        let mut place = vec!["--data".to_owned(), self.folder.path().join("data").display().to_string()];
        if let Some(database) = &self.database {
            place.extend(["--database".to_owned(), database.clone()]);
        }
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command on the workspace, which must succeed, and returns its standard output.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let (code, out, err) = self.try_run(arguments);
        assert_eq!(code, 0, "{arguments:?} on {:?}: {err}", self.kind);
        out
    }

    /// Runs a command on the workspace: exit code, standard output, standard error.
    pub(crate) fn try_run(&self, arguments: &[&str]) -> (i32, String, String) {
        let place = self.place();
        let all: Vec<&str> = arguments.iter().copied().chain(place.iter().map(String::as_str)).collect();
        let output = plenary(&all);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    pub(crate) fn start(&mut self) {
        self.start_with(&[]);
    }

    pub(crate) fn start_with(&mut self, options: &[&str]) {
        let options = options.iter().map(|&option| option.to_owned());
        let arguments: Vec<String> = ["serve".to_owned()].into_iter().chain(self.place()).chain(options).collect();
        self.server = Some(Server::start(&arguments, self.folder.path()));
    }

    pub(crate) fn server(&mut self) -> &mut Server {
        self.server.as_mut().unwrap()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.as_ref().unwrap().address
    }

    /// The administrator's API.
    pub(crate) fn admin(&self) -> Api {
        Api::new(self.address(), Some(self.token.clone()))
    }

    /// The API without a token.
    pub(crate) fn anybody(&self) -> Api {
        Api::new(self.address(), None)
    }

    /// Adds a user of this role and returns the API with their token.
    pub(crate) fn user(&self, role: &str) -> Api {
        let email = format!("{role}@example.com");
        self.run(&["user", "add", "--email", &email, "--name", role, "--role", role, "--password", "correct horse"]);
        let token = self.run(&["token", "create", "--user", &email, "--name", "proof"]).trim().to_owned();
        Api::new(self.address(), Some(token))
    }

    /// Ends it in good order; the log must hold no error.
    pub(crate) fn end(mut self) {
        self.stop();
    }

    /// Stops serving in good order; the folder and the database stay.
    pub(crate) fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.assert_calm();
            assert_eq!(server.terminate(), Some(0), "SIGTERM is a success");
        }
    }
}

/// Runs a proof and says on which database it failed, with the end of the program's log.
pub(crate) fn on(kind: Kind, proof: impl FnOnce(&mut World)) {
    let mut world = World::sandbox(kind);
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| proof(&mut world))) {
        let log = world.server.as_ref().map(Server::log).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        eprintln!("failed on {kind:?}; the end of the log:\n{}", lines[lines.len().saturating_sub(15)..].join("\n"));
        resume_unwind(panic);
    }
    world.end();
}

/// A test for each database: `on_both!(proof)` makes `proof::sqlite` and `proof::postgres` of `fn proof(&mut World)`.
macro_rules! on_both {
    ($name:ident, $proof:path) => {
        mod $name {
            #[test]
            fn sqlite() {
                $crate::harness::world::on($crate::harness::Kind::Sqlite, $proof);
            }

            #[test]
            fn postgres() {
                $crate::harness::world::on($crate::harness::Kind::Postgres, $proof);
            }
        }
    };
}
pub(crate) use on_both;
