//! The folder of the data: made for one user, served by one program, never made by mistake.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;

use crate::harness::world::ADMIN;
use crate::harness::{Api, Kind, Server, World, plenary};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o777
}

/// Runs a command that must fail, and returns what it says.
fn refused(arguments: &[&str]) -> String {
    let output = plenary(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    said
}

#[test]
fn nobody_else_reads_it_and_nobody_else_serves_it() {
    let mut world = World::sandbox(Kind::Sqlite);
    let data = world.folder().join("data");
    world.admin().create("leads", json!({"name": "Anna Reed"}));
    assert_eq!(mode(&data), 0o700);
    for file in ["plenary.db", "plenary.db-wal", "plenary.db-shm", "plenary.db.serving"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
    let files = store::Files::at(data.join("files"));
    files.put("letters/x/0", b"x").unwrap();
    assert_eq!((mode(files.root()), mode(&files.root().join("letters/x/0"))), (0o700, 0o600));

    let place = data.display().to_string();
    let said = refused(&["serve", "--data", &place, "--listen", "127.0.0.1:0"]);
    let process = fs::read_to_string(data.join("plenary.db.serving")).unwrap();
    assert!(said.contains("already served") && said.contains(&format!("process {process}")), "{said}");
    // Other commands work beside it, and the next program may serve it once this one is gone, however it went.
    world.run(&["user", "list"]);
    world.server().kill();
    world.start();
    world.end();
}

#[test]
fn a_mistyped_folder_is_told_and_not_made() {
    let world = World::empty(Kind::Sqlite);
    let typo = world.folder().join("typo");
    let place = typo.display().to_string();
    for arguments in [
        &["user", "list"][..],
        &["token", "list"],
        &["check"],
        &["user", "disable", "--email", "a@example.com"],
        &["token", "create", "--user", "a@example.com", "--name", "x"],
    ] {
        let said = refused(&[arguments, &["--data", &place]].concat());
        assert!(said.contains(&place) && said.contains("--data"), "{arguments:?}: {said}");
        assert!(!typo.exists(), "{arguments:?} made it");
    }
    let file = world.folder().join("file");
    fs::write(&file, "").unwrap();
    let inside = file.join("data").display().to_string();
    let said = refused(&["serve", "--data", &inside, "--listen", "127.0.0.1:0"]);
    assert!(said.contains(&inside) && said.contains("chown"), "{said}");
}

#[test]
fn tokens_are_listed_and_revoked() {
    let mut world = World::empty(Kind::Sqlite);
    world.run(&["init", "--admin-email", ADMIN, "--admin-password", "correct horse", "--sandbox"]);
    let secret = world.run(&["token", "create", "--user", ADMIN, "--name", "site", "--scope", "read"]);
    world.run(&["token", "create", "--user", ADMIN, "--name", "other"]);
    let listed = world.run(&["token", "list", "--user", ADMIN]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(!listed.contains("plenary_"), "{listed}");
    let line = listed.lines().find(|line| line.contains("site")).unwrap();
    assert!(line.contains(ADMIN) && line.ends_with("read"), "{line}");
    let id = line.split("  ").next().unwrap();
    world.start();
    let site = Api::new(world.address(), Some(secret.trim().to_owned()));
    site.get("/api/v1/leads").expect(200);
    world.run(&["token", "revoke", id]);
    assert_eq!(site.get("/api/v1/leads").status, 401);
    assert_eq!(world.run(&["token", "list"]).lines().count(), 1);
    let (code, _, said) = world.try_run(&["token", "revoke", id]);
    assert!(code == 1 && said.contains("plenary token list"), "{said}");
    world.end();
}

/// A rehearsal may be served from a temporary folder as often as one likes.
#[test]
fn two_demos_stand_beside_each_other() {
    let folder = World::empty(Kind::Sqlite);
    let servers = ["one", "two"].map(|name| Server::start(&["demo".to_owned()], &folder.folder().join(name)));
    assert!(servers.into_iter().all(|server| server.terminate() == Some(0)));
}
