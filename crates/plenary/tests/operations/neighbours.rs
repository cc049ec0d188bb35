//! Two organisations on one installation, in one PostgreSQL database or in one data folder: neither sees anything of the other,
//! and what is done to the one is not done to the other.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use store::testing::postgres;
use tempfile::TempDir;

use crate::harness::api::{id, text};
use crate::harness::{Api, Server, plenary};

#[test]
fn in_one_folder() {
    share(None);
}

#[test]
fn in_one_database() {
    share(Some(postgres().tcp_url(&postgres().fresh_database())));
}

/// One organisation.
struct House {
    name: &'static str,
    place: Vec<String>,
    token: String,
    server: Server,
}

impl House {
    /// Sets it up with a lead, an upload and a module of its own.
    fn new(name: &'static str, folder: &Path, database: Option<&str>) -> Self {
        let data = folder.join("data").display().to_string();
        let mut place = vec!["--data".to_owned(), data, "--workspace".to_owned(), name.to_owned()];
        place.extend(database.into_iter().flat_map(|url| ["--database".to_owned(), url.to_owned()]));
        let email = format!("boss@{name}.example");
        run(&place, &["init", "--admin-email", &email, "--admin-password", "correct horse", "--sandbox"]);
        let token = run(&place, &["token", "create", "--user", &email, "--name", "proof"]).trim().to_owned();
        let server = serve(&place, folder, name);
        let house = Self { name, place, token, server };
        let api = house.api();
        let rooms =
            json!({"name": format!("rooms_of_{name}"), "title": "name", "fields": [{"name": "name", "type": "text"}]});
        api.post("/api/v1/meta/modules", rooms).expect(201);
        house.lead("first");
        house
    }

    fn api(&self) -> Api {
        Api::new(self.server.address, Some(self.token.clone()))
    }

    /// A lead with a file of its own.
    fn lead(&self, which: &str) -> String {
        let api = self.api();
        let lead =
            api.create("leads", json!({"name": format!("{which} of {}", self.name), "email": "same@example.com"}));
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{which}.txt\"\r\n\r\n{which} of {}\r\n--x--\r\n",
            self.name
        );
        let path = format!("/api/v1/leads/{}/files", id(&lead));
        let kind = ("Content-Type", "multipart/form-data; boundary=x");
        assert_eq!(api.raw("POST", &path, &[kind], body.as_bytes()).unwrap().status, 201);
        id(&lead).to_owned()
    }

    /// Everything that it tells of itself.
    fn told(&self) -> Vec<Value> {
        let api = self.api();
        let paths = ["leads", "files", "meta/users", "meta/modules", "meta/organisation"];
        paths.map(|path| api.get(&format!("/api/v1/{path}")).expect(200)).to_vec()
    }
}

fn run(place: &[String], words: &[&str]) -> String {
    let all: Vec<&str> = words.iter().copied().chain(place.iter().map(String::as_str)).collect();
    let output = plenary(&all);
    assert_eq!(output.status.code(), Some(0), "{all:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn serve(place: &[String], folder: &Path, name: &str) -> Server {
    let arguments: Vec<_> = ["serve".to_owned()].into_iter().chain(place.iter().cloned()).collect();
    Server::start(&arguments, &folder.join(name))
}

fn share(database: Option<String>) {
    let folder = TempDir::with_prefix("plenary-neighbours-").unwrap();
    let mut north = House::new("north", folder.path(), database.as_deref());
    let south = House::new("south", folder.path(), database.as_deref());
    let (of_north, of_south) = (north.told(), south.told());
    apart(&north, &of_north, "south");
    apart(&south, &of_south, "north");

    // The keys of one open nothing of the other, and its records are not there.
    let lead = text(&of_south[0]["data"][0], "id").to_owned();
    Api::new(north.server.address, Some(south.token.clone())).get("/api/v1/leads").refused(401, "unauthenticated");
    north.api().get(&format!("/api/v1/leads/{lead}")).refused(404, "not_found");
    let file = text(&of_south[1]["data"][0], "id").to_owned();
    assert_eq!(north.api().get(&format!("/api/v1/leads/{lead}/files/{file}")).status, 404);
    assert_eq!(north.api().get("/api/v1/rooms_of_south").status, 404);
    let found = north.api().get("/api/v1/search?q=south").expect(200);
    assert_eq!(found["data"], json!([]), "{found}");
    // A clock that is moved here stands there.
    let then = south.api().now();
    north.api().move_clock(north.api().now() + jiff::SignedDuration::from_hours(100));
    assert!(south.api().now() < then + jiff::SignedDuration::from_hours(1));

    // A backup of one brings back that one, whatever the other did meanwhile.
    let backup = folder.path().join("north.backup").display().to_string();
    run(&north.place, &["backup", &backup]);
    north.lead("lost");
    south.lead("second");
    let (later, of_south) = (north.told(), south.told());
    assert_ne!(later[0], of_north[0]);
    north.server.kill();
    restored(&mut north, &backup, folder.path(), database.as_deref());
    assert_eq!(north.told(), of_north, "as it was");
    assert_eq!(south.told(), of_south, "nobody else went back");
    for house in [&north, &south] {
        house.server.assert_calm();
        run(&house.place, &["check"]);
        house.lead("last");
    }
}

/// What one tells speaks of nobody else.
fn apart(house: &House, told: &[Value], other: &str) {
    let said = serde_json::to_string(told).unwrap();
    assert!(said.contains(&format!("first of {}", house.name)) && said.contains(&format!("rooms_of_{}", house.name)));
    assert!(!said.contains(&format!("of {other}")) && !said.contains(&format!("rooms_of_{other}")), "{said}");
    assert_eq!((told[0]["data"].as_array().unwrap().len(), told[2]["data"].as_array().unwrap().len()), (1, 1));
}

/// Gives up what the workspace has become, and brings it back from its backup.
fn restored(house: &mut House, backup: &str, folder: &Path, database: Option<&str>) {
    match database {
        Some(url) => {
            let db = store::db::Db::open(&store::DbOptions::postgres(url, format!("plenary_{}", house.name))).unwrap();
            let drop = format!("drop schema plenary_{} cascade", house.name);
            db.write_blocking(move |tx| tx.batch(&drop)).unwrap();
        }
        None => {
            for end in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(folder.join(format!("data/{}.db{end}", house.name)));
            }
        }
    }
    run(&house.place, &["restore", backup]);
    run(&house.place, &["release"]);
    house.server = serve(&house.place, folder, house.name);
}
