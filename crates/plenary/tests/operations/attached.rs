//! Files that people attached, through every operation: in backups taken while more come in, in copies there and back,
//! and under the eyes of the check. Record by record and byte by byte they are what they were.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::anywhere::anywhere;
use crate::check::database;
use crate::everything::files;
use crate::harness::api::id;
use crate::harness::{Api, Kind, World, plenary};
use crate::load::selling;

/// Around the sizes at which a file is read in more than one piece, and one that takes its time.
const SIZES: [usize; 7] = [1, 2, 4_096, 65_535, 65_536, 65_537, 3 * 1024 * 1024 + 7];

/// Files with what is in them, in use, by their ids; and those in the bin.
#[derive(PartialEq)]
struct Shelf {
    used: BTreeMap<String, (Value, Vec<u8>)>,
    binned: BTreeMap<String, Value>,
}

/// What becomes of bytes on the disk; nothing where they are gone.
type Harm<'h> = &'h dyn Fn(&[u8]) -> Option<Vec<u8>>;

#[test]
fn files_go_along_sqlite() {
    go_along(Kind::Sqlite);
}

#[test]
fn files_go_along_postgres() {
    go_along(Kind::Postgres);
}

fn content(seed: usize, size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from((at * 31 + seed * 7) % 251).unwrap()).collect()
}

/// Attaches a file to a lead; answers the record of it.
fn attach(api: &Api, lead: &str, name: &str, content: &[u8]) -> Value {
    let head = format!("--proof\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let body = [head.as_bytes(), content, b"\r\n--proof--\r\n"].concat();
    let kind = ("Content-Type", "multipart/form-data; boundary=proof");
    let answer = api.raw("POST", &format!("/api/v1/leads/{lead}/files"), &[kind], &body).unwrap();
    assert_eq!(answer.status, 201, "{name}: {}", String::from_utf8_lossy(&answer.body));
    let made: Value = serde_json::from_slice(&answer.body).unwrap();
    made["data"][0].clone()
}

fn remove(api: &Api, file: &Value, how: &str) {
    let answer = api.call("DELETE", &format!("/api/v1/files/{}{how}", id(file)), &[], &json!({}));
    assert!(matches!(answer.status, 200 | 204), "{}", answer.json);
}

/// Everything that is attached, as whoever sees all of it gets it.
fn shelf(api: &Api) -> Shelf {
    let all = |deleted: &[(&str, &str)]| api.all("files", &[&[("limit", "500"), ("sort", "id")][..], deleted].concat());
    let mut shelf = Shelf { used: BTreeMap::new(), binned: BTreeMap::new() };
    for record in all(&[]) {
        let path = format!("/api/v1/leads/{}/files/{}", record["about"]["id"].as_str().unwrap(), id(&record));
        let answer = api.raw("GET", &path, &[], b"").unwrap();
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(record["size"], answer.body.len(), "{record}");
        shelf.used.insert(id(&record).to_owned(), (anywhere(&record), answer.body));
    }
    for record in all(&[("deleted", "true")]) {
        shelf.binned.insert(id(&record).to_owned(), anywhere(&record));
    }
    shelf
}

/// Says which file differs, and not all that is in it.
#[track_caller]
fn same(before: &Shelf, after: &Shelf, what: &str) {
    for (file, (record, content)) in &before.used {
        let (found, bytes) = after.used.get(file).unwrap_or_else(|| panic!("{what}: {record} is gone"));
        assert_eq!(found, record, "{what}");
        assert!(bytes == content, "{what}: other bytes in {record}");
    }
    assert_eq!(before.binned, after.binned, "{what}");
    assert!(before == after, "{what}: there are more files than there were");
}

/// Attaches, and now and then removes, until told to stop; answers how many it attached.
fn attach_on(api: &Api, lead: &str, clerk: usize, stop: &AtomicBool) -> usize {
    let (mut number, mut earlier) = (0_usize, None);
    while !stop.load(Ordering::Relaxed) {
        // What others attach as well, and what nobody else does.
        let bytes =
            if number.is_multiple_of(3) { content(5, SIZES[5]) } else { content(clerk + number, 9_000 + 977 * number) };
        let made = attach(api, lead, &format!("clerk {clerk} {number}.bin"), &bytes);
        match earlier.replace(made) {
            Some(earlier) if number % 5 == 4 => remove(api, &earlier, ""),
            _ => {}
        }
        number += 1;
        thread::sleep(Duration::from_millis(15));
    }
    number
}

fn go_along(kind: Kind) {
    let other = if kind == Kind::Sqlite { Kind::Postgres } else { Kind::Sqlite };
    let (mut world, admin, _) = selling(kind, 5);
    let lead = admin.create("leads", json!({"name": "Анна Ёлкина"}));
    let lead = id(&lead).to_owned();
    for (number, size) in SIZES.into_iter().enumerate() {
        attach(&admin, &lead, &format!("{size}.bin"), &content(number, size));
    }
    attach(&admin, &lead, "the same again.bin", &content(5, SIZES[5]));
    remove(&admin, &attach(&admin, &lead, "binned.bin", b"in the bin"), "");
    remove(&admin, &attach(&admin, &lead, "purged.bin", b"gone for good"), "?purge=true");

    let file = |number: usize| world.folder().join(format!("{number}.backup")).display().to_string();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let clerks: Vec<_> = (1..3)
            .map(|clerk| {
                scope.spawn({
                    let (admin, lead, stop) = (&admin, &lead, &stop);
                    move || attach_on(admin, lead, clerk, stop)
                })
            })
            .collect();
        for number in 0..2 {
            thread::sleep(Duration::from_millis(600));
            world.run(&["backup", &file(number)]);
        }
        stop.store(true, Ordering::Relaxed);
        let attached: usize = clerks.into_iter().map(|clerk| clerk.join().unwrap()).sum();
        assert!(attached > 10, "clerks worked on: {attached}");
    });
    let now = shelf(&admin);
    world.run(&["backup", &file(2)]);
    let backups: Vec<_> = (0..3).map(file).collect();
    world.stop();

    let mut fewer = 0;
    for (path, into) in backups[..2].iter().zip([kind, other]) {
        let restored = looked_at(into, path, &admin);
        fewer += usize::from(restored.used.len() + restored.binned.len() < now.used.len() + now.binned.len());
        is_a_moment_of(&restored, &now);
    }
    assert!(fewer > 0, "files came in after a backup");
    same(&now, &looked_at(other, &backups[2], &admin), "restored");
    copied(&world, &now, &admin, other);
}

/// What a backup restores to; the check finds every file there and whole.
fn looked_at(kind: Kind, backup: &str, admin: &Api) -> Shelf {
    let mut world = World::empty(kind);
    world.run(&["restore", backup]);
    world.run(&["check"]);
    world.start();
    let shelf = shelf(&Api::new(world.address(), admin.token.clone()));
    world.end();
    shelf
}

/// Whatever was there is what it is now; what is in the bin now may have been in use.
fn is_a_moment_of(then: &Shelf, now: &Shelf) {
    assert!(then.used.len() > SIZES.len(), "{}", then.used.len());
    for (file, (record, content)) in &then.used {
        let digest = match (now.used.get(file), now.binned.get(file)) {
            (Some((_, bytes)), _) => {
                assert!(bytes == content, "other bytes in {record}");
                &record["digest"]
            }
            (None, Some(binned)) => &binned["digest"],
            (None, None) => panic!("{record} was never attached"),
        };
        assert_eq!(&record["digest"], digest, "{record}");
    }
    let is_known = |file: &String| now.binned.contains_key(file);
    assert!(then.binned.keys().all(is_known), "what was in the bin is there still");
}

fn url(world: &World) -> String {
    let place = world.place();
    place.get(3).cloned().unwrap_or_else(|| format!("sqlite:{}/plenary.db", place[1]))
}

fn copy(from: &World, to: &World) -> String {
    let (data, target) = (from.place()[1].clone(), to.place()[1].clone());
    let output = plenary(&["copy", "--from", &url(from), "--from-data", &data, "--to", &url(to), "--to-data", &target]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn folder(world: &World) -> PathBuf {
    world.folder().join("data/files")
}

/// To the other database and back again: the same records, the same bytes, the same names on the disk.
fn copied(world: &World, now: &Shelf, admin: &Api, other: Kind) {
    let (mut there, mut back) = (World::empty(other), World::empty(world.kind));
    let said = [copy(world, &there), copy(&there, &back)];
    let lying = files(&folder(world));
    for said in said {
        assert!(said.contains(&format!(" and {} files", lying.len())), "{said}");
    }
    for copy in [&mut there, &mut back] {
        assert!(files(&folder(copy)) == lying, "the same files under the same names");
        let said = copy.run(&["check"]);
        assert!(said.contains("note: 1 files of 13 bytes belong to no record"), "{said}");
        copy.start();
        same(now, &shelf(&Api::new(copy.address(), admin.token.clone())), "copied");
        copy.stop();
    }
    damage(&back, now);
}

/// The check tells of every file whose bytes are gone, cut or changed, and of no other.
fn damage(world: &World, now: &Shelf) {
    let named = |name: &str| -> Vec<(String, String)> {
        let records = now.used.values().map(|(record, _)| record).chain(now.binned.values());
        let meant = records.filter(|record| record["name"] == name);
        meant.map(|record| (id(record).to_owned(), record["digest"].as_str().unwrap().to_owned())).collect()
    };
    let all_with = |digest: &str| {
        let records = now.used.values().map(|(record, _)| record).chain(now.binned.values());
        records.filter(|record| record["digest"] == digest).map(|record| id(record).to_owned()).collect::<Vec<_>>()
    };
    let cut = |bytes: &[u8]| Some(bytes[..bytes.len() - 1].to_vec());
    let changed = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[2] ^= 1;
        Some(bytes)
    };
    let harms: [(&str, Harm<'_>, &str); 5] = [
        ("the same again.bin", &|_| None, "is not on the disk"),
        ("the same again.bin", &cut, "is not what it was on the disk"),
        ("3145735.bin", &changed, "is not what it was on the disk"),
        ("2.bin", &|_| Some(b"not empty any more".to_vec()), "is not what it was on the disk"),
        ("binned.bin", &|_| None, "is not on the disk"),
    ];
    for (name, harm, told) in harms {
        let (_, digest) = named(name).remove(0);
        let path = folder(world).join("attached").join(&digest[..2]).join(&digest);
        let before = fs::read(&path).unwrap();
        match harm(&before) {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let (code, out, _) = world.try_run(&["check"]);
        assert_eq!(code, 1, "{name}: {out}");
        let lines: Vec<_> = out.lines().filter(|line| line.starts_with("files: ")).collect();
        let meant = all_with(&digest);
        assert_eq!(lines.len(), meant.len(), "{name}: {out}");
        for file in &meant {
            assert!(lines.iter().any(|line| line.contains(file) && line.ends_with(told)), "{name}: {out}");
        }
        fs::write(&path, before).unwrap();
        assert_eq!(world.try_run(&["check"]).0, 0, "{name}: put back");
    }
    assert!(all_with(&named("the same again.bin")[0].1).len() > 2, "several records speak of the same bytes");
}

#[test]
fn what_was_erased_is_no_damage() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let world = World::sandbox(kind);
        let api = world.admin();
        let lead = id(&api.create("leads", json!({"name": "Вера Ким", "email": "vera@example.org"}))).to_owned();
        attach(&api, &lead, "passport.pdf", b"%PDF-1.7 of Vera");
        api.post(&format!("/api/v1/leads/{lead}/erase"), json!({"reason": "she asked for it"})).expect(200);
        world.run(&["check"]);
        database(&world).write_blocking(|tx| tx.batch("delete from _erasures")).unwrap();
        let (code, out, _) = world.try_run(&["check"]);
        assert!(code == 1 && out.contains("nobody is known any more whom the erasure"), "{out}");
    }
}
