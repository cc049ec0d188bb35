//! `plenary copy`: a workspace moves to the other database and back.

use std::fs;

use store::testing::postgres;

use crate::harness::{Api, Kind, Server, plenary};
use crate::load::{buy, selling};

#[test]
fn to_the_server_and_back() {
    let (mut world, admin, sale) = selling(Kind::Sqlite, 100);
    (0..9).for_each(|number| _ = buy(&admin, &sale, number));
    let total = admin.count("orders");
    let files = world.folder().join("data/files/letters/x");
    fs::create_dir_all(&files).unwrap();
    fs::write(files.join("0"), "a letter").unwrap();
    let folder = world.folder().to_owned();
    let path = |name: &str| folder.join(name).display().to_string();
    let data = world.folder().join("data/plenary.db").display().to_string();
    let from = format!("sqlite:{data}");
    let server = postgres().tcp_url(&postgres().fresh_database());
    let copy = |arguments: &[&str]| {
        let output = plenary(&[&["copy"], arguments].concat());
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    // While it is served.
    let done = copy(&["--from", &from, "--to", &server, "--to-data", &path("there")]);
    assert_eq!(done.0, Some(0), "{done:?}");
    assert!(done.1.contains("copied ") && done.1.contains(" 1 files"), "{done:?}");
    let again = copy(&["--from", &from, "--to", &server]);
    assert_eq!((again.0, again.2.contains("there is a workspace already")), (Some(1), true), "{again:?}");
    let same = copy(&["--from", &from, "--to", &from]);
    assert_eq!((same.0, same.2.contains("same database")), (Some(1), true), "{same:?}");
    let back = format!("sqlite:{}", path("back/plenary.db"));
    let done = copy(&["--from", &server, "--from-data", &path("there"), "--to", &back]);
    assert_eq!(done.0, Some(0), "{done:?}");
    assert_eq!(fs::read_to_string(world.folder().join("back/files/letters/x/0")).unwrap(), "a letter");
    world.server().assert_calm();
    for place in [
        vec!["--data".to_owned(), path("back")],
        vec!["--data".to_owned(), path("there"), "--database".to_owned(), server],
    ] {
        let words: Vec<&str> = place.iter().map(String::as_str).collect();
        let checked = plenary(&[&["check"], &words[..]].concat());
        assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
        let served =
            Server::start(&["serve".to_owned()].into_iter().chain(place.clone()).collect::<Vec<_>>(), world.folder());
        let copied = Api::new(served.address, admin.token.clone());
        assert_eq!(copied.count("orders"), total, "the administrator's token works there too");
        buy(&copied, &sale, 1_000);
        assert_eq!(
            copied.all("orders", &[("sort", "-number"), ("limit", "1")])[0]["number"],
            format!("AUTUMN-{:05}", total + 1)
        );
    }
    let nowhere =
        copy(&["--from", &format!("sqlite:{}", path("no.db")), "--to", &format!("sqlite:{}", path("new.db"))]);
    assert_eq!(nowhere.0, Some(1), "{nowhere:?}");
    assert!(!world.folder().join("new.db").exists() && !world.folder().join("no.db").exists(), "nothing is made");
}
