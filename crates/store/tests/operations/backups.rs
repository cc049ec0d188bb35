//! Backups: one file for either database, of one moment even while everybody writes, and no other file passes for one.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use model::{Actor, Id};
use serde_json::json;
use store::db::Sql;
use store::operations::{Age, OperationError, age, backup, inspect, restore};
use store::testing::{TestDatabase, databases};
use store::{Draft, Files, OpenError, Origin, Workspace};

use crate::dice::rounds;
use crate::dump::{dump, same, sessions};
use crate::life::{goes_on, live};
use crate::seals::seal;
use crate::world::{World, in_both};

struct Place {
    folder: tempfile::TempDir,
    files: Files,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::at(folder.path().join("files"));
        Self { folder, files }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What lies in the folder.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn restored(path: &std::path::Path, database: &TestDatabase, files: &Files) -> Workspace {
    restore(path, &database.options, files).unwrap();
    Workspace::open(database.options.clone()).unwrap()
}

#[test]
fn a_backup_restores_into_either_database() {
    in_both(|world| {
        live(world, 11, 160);
        let place = Place::new();
        place.files.put("letters/1/0", b"a letter").unwrap();
        let path = place.path("whole.backup");
        let manifest = backup(world.workspace.db(), Some(place.files.clone()), &path, false).unwrap();
        assert_eq!(place.names(), ["files", "whole.backup"], "one file and nothing beside it");
        assert_eq!((manifest.files.sum.rows, manifest.files.bytes), (1, 8));
        assert_eq!(manifest.packs.iter().map(|pack| pack.name.as_str()).collect::<Vec<_>>(), ["visiting"]);
        let bytes = fs::read(&path).unwrap();
        for database in databases() {
            let other = Place::new();
            let workspace = restored(&path, &database, &other.files);
            same(&dump(&world.workspace), &dump(&workspace), database.name);
            assert_eq!(sessions(&workspace), Vec::<serde_json::Value>::new(), "nobody is signed in");
            assert_eq!(other.files.get("letters/1/0").unwrap().unwrap(), b"a letter");
            let again = restore(&path, &database.options, &other.files);
            assert!(matches!(again, Err(OperationError::NotEmpty)), "{again:?}");
            goes_on(&workspace);
        }
        assert_eq!(fs::read(&path).unwrap(), bytes, "reading a backup changes nothing of it");
        assert_eq!(place.names(), ["files", "whole.backup"]);
    });
}

#[test]
fn a_file_that_is_there_is_kept_unless_asked() {
    in_both(|world| {
        let place = Place::new();
        let path = place.path("kept");
        fs::write(&path, "a diary").unwrap();
        let refused = backup(world.workspace.db(), None, &path, false);
        assert!(matches!(refused, Err(OperationError::Exists(_))), "{refused:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "a diary");
        let nowhere = backup(world.workspace.db(), None, &place.path("no/such/folder/x"), false);
        assert!(nowhere.is_err());
        assert_eq!(place.names(), ["kept"]);
        // Only a backup gives way: what else is there may be the database itself.
        let refused = backup(world.workspace.db(), None, &path, true);
        assert!(matches!(refused, Err(OperationError::NotReplaced(_))), "{refused:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "a diary");
        fs::remove_file(&path).unwrap();
        for replace in [false, true] {
            assert!(backup(world.workspace.db(), None, &path, replace).unwrap().files.left_out);
        }
        assert!(inspect(&path).is_ok());
        assert_eq!(place.names(), ["kept"]);
    });
}

#[test]
fn what_is_no_whole_backup_is_refused() {
    let world = World::new(databases().swap_remove(0));
    live(&world, 12, 80);
    let place = Place::new();
    let path = place.path("good");
    backup(world.workspace.db(), None, &path, false).unwrap();
    let good = fs::read(&path).unwrap();
    let bad = place.path("bad");
    let refuse = |why: &str| {
        for database in databases() {
            let refused = restore(&bad, &database.options, &place.files);
            assert!(refused.is_err(), "{why}");
            if let store::Location::Sqlite(target) = &database.options.location {
                assert!(!target.exists(), "{why}: nothing is left");
            }
        }
    };
    refuse("nothing there");
    fs::write(&bad, "a diary").unwrap();
    refuse("no database");
    fs::write(&bad, &good[..good.len() / 2]).unwrap();
    refuse("cut");
    let store::Location::Sqlite(live_file) = &world.database.options.location else { panic!() };
    fs::copy(live_file, &bad).unwrap();
    refuse("a database that is no backup");
    for statement in [
        "update companies set name = name || '!' where id = (select min(id) from companies)",
        "delete from changes where seq = (select max(seq) from changes)",
        "insert into backup_files (name, bytes) values ('x', x'00')",
        "update backup_manifest set body = replace(body, '\"format\":1', '\"format\":1 ')",
        "drop table counters",
    ] {
        fs::write(&bad, &good).unwrap();
        rusqlite::Connection::open(&bad).unwrap().execute_batch(statement).unwrap();
        let inspected = inspect(&bad);
        assert!(matches!(inspected, Err(OperationError::Damaged { .. })), "{statement}: {inspected:?}");
        refuse(statement);
    }
    fs::write(&bad, &good).unwrap();
    assert!(inspect(&bad).is_ok());
    let opened = Workspace::open(store::DbOptions::sqlite(&bad)).map(drop);
    assert!(matches!(opened, Err(OpenError::Backup)), "a backup is not served: {opened:?}");
}

/// Writers move an amount from company to company and note it in another module, three records in a change set, while the
/// log is sealed and backups are made: every backup holds whole change sets and whole seals, and no writer waited for it.
#[test]
fn a_backup_under_load_is_of_one_moment() {
    in_both(|world| {
        let ids: Vec<Id> = (0..6)
            .map(|number| world.make("companies", &json!({"name": format!("c{number}"), "worth": 1_000})))
            .collect();
        for number in 0..600 {
            world.make("companies", &json!({"name": format!("ballast {number}"), "city": "Пермь"}));
        }
        let (stop, longest, moves) =
            (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let writers: Vec<_> = (0..3_usize)
            .map(|writer| {
                let (workspace, ids, stop) = (world.workspace.clone(), ids.clone(), stop.clone());
                let (longest, moves) = (longest.clone(), moves.clone());
                thread::spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let began = Instant::now();
                        move_worth(&workspace, ids[writer * 2], ids[writer * 2 + 1]);
                        longest.fetch_max(u64::try_from(began.elapsed().as_millis()).unwrap(), Ordering::Relaxed);
                        moves.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        seal(&world.workspace);
        let sealing = {
            let (workspace, stop) = (world.workspace.clone(), stop.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    seal(&workspace);
                    thread::sleep(Duration::from_millis(5));
                }
            })
        };
        let place = Place::new();
        let paths: Vec<_> = (0..rounds(3).min(50)).map(|number| place.path(&format!("{number}"))).collect();
        for path in &paths {
            let before = moves.load(Ordering::Relaxed);
            backup(world.workspace.db(), Some(place.files.clone()), path, false).unwrap();
            assert!(moves.load(Ordering::Relaxed) > before, "writers went on meanwhile");
            thread::sleep(Duration::from_millis(20));
        }
        stop.store(true, Ordering::Relaxed);
        writers.into_iter().chain([sealing]).for_each(|thread| thread.join().unwrap());
        let longest = longest.load(Ordering::Relaxed);
        println!("{}: {} moves, the longest {longest} ms", world.database.name, moves.load(Ordering::Relaxed));
        assert!(longest < 2_000, "a writer waited {longest} ms");
        let (mut last, mut moved_worth) = (0, 0);
        for path in &paths {
            for database in databases() {
                let workspace = restored(path, &database, &Place::new().files);
                let sum = workspace.db().read_blocking(|tx| tx.one(&"select sum(worth) from companies".into())?.int(0));
                assert_eq!(sum.unwrap(), 6_000, "no half of a move");
                let count =
                    |sql: &'static str| workspace.db().read_blocking(move |tx| tx.one(&Sql::new(sql))?.int(0)).unwrap();
                let torn = "select count(*) from (select change_set from changes where operation = 'update' and module = 'companies' \
                            group by change_set having count(*) <> 2) torn";
                assert_eq!(count(torn), 0);
                let sets = "select count(distinct change_set) from changes where operation = 'update' and module = 'companies'";
                assert_eq!(count("select count(*) from visits"), count(sets), "each move is noted");
                let report = workspace.check(None).unwrap();
                assert!(report.is_fine(), "{report:#?}");
                assert!(report.chain.is_some(), "part of the log is sealed");
                moved_worth = count(sets);
                let moved = workspace
                    .db()
                    .read_blocking(|tx| tx.one(&"select count(*) from change_sets".into())?.int(0))
                    .unwrap();
                assert!(moved >= last, "later backups are of later moments");
                last = moved;
            }
        }
        assert!(moved_worth > 20, "the last backup has moves in it: {moved_worth}");
    });
}

fn move_worth(workspace: &Workspace, from: Id, to: Id) {
    workspace
        .write_blocking(Actor::System("test"), Origin::from("api"), move |work| {
            let worth = |work: &mut store::Work<'_>, id| {
                Ok::<_, store::Error>(work.hold_for_process("companies", id)?.get("worth").as_int())
            };
            let (have, there) = (worth(work, from)?.unwrap(), worth(work, to)?.unwrap());
            // From the richer to the poorer, so that there is always something to move.
            let (from, to, have, there) = if have > there { (from, to, have, there) } else { (to, from, there, have) };
            let part = have / 7 + 1;
            work.update("companies", from, Draft::new().set("worth", have - part), None)?;
            work.update("companies", to, Draft::new().set("worth", there + part), None)?;
            work.create("visits", Draft::new().set("name", "move").set("company", to).set("seats", part % 100))?;
            Ok(())
        })
        .unwrap();
}

/// Whoever looks at a database leaves nothing beside its file.
#[test]
fn a_closed_database_is_one_file() {
    let world = World::new(databases().swap_remove(0));
    let store::Location::Sqlite(path) = &world.database.options.location else { panic!() };
    let beside = |what: &str| {
        let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names.len(), 1, "{what}: {names:?}");
    };
    world.workspace.db().close_blocking();
    beside("written");
    let db = world.database.open();
    assert_eq!(age(&db).unwrap(), Age::Current);
    db.close_blocking();
    beside("only read");
    // Many times: its connections are closed by threads of their own, and one of them has to be the last.
    for _ in 0..50 {
        let workspace = Workspace::open(world.database.options.clone()).unwrap();
        workspace.db().close_blocking();
        beside("opened");
    }
}
