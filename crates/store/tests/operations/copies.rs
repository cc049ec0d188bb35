//! Copies between databases lose nothing, whatever the kinds, there and back.

use store::operations::{Age, OperationError, age, backup, copy, restore};
use store::testing::{TestDatabase, databases};
use store::{Files, Workspace};

use crate::dump::{dump, same, sessions};
use crate::life::{goes_on, live};
use crate::world::{World, in_both};

fn files(folder: &tempfile::TempDir, name: &str) -> Files {
    Files::at(folder.path().join(name))
}

/// A copy of a workspace in `database`, with the files that are there.
fn copied(source: &Workspace, source_files: &Files, database: &TestDatabase, files: &Files) -> Workspace {
    let target = database.open();
    copy(source.db(), source_files, &target, files).unwrap();
    target.close_blocking();
    Workspace::open(database.options.clone()).unwrap()
}

#[test]
fn there_and_back_nothing_is_lost() {
    in_both(|world| {
        live(world, 7, 220);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(world.workspace.seal_log()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let original = files(&folder, "original");
        original.put("letters/1/0", b"%PDF \0 \xff").unwrap();
        original.put("empty", b"").unwrap();
        let (before, signed_in) = (dump(&world.workspace), sessions(&world.workspace));
        for (index, first) in databases().into_iter().enumerate() {
            let there_files = files(&folder, &format!("there{index}"));
            let there = copied(&world.workspace, &original, &first, &there_files);
            same(&before, &dump(&there), first.name);
            assert_eq!(signed_in, sessions(&there));
            assert_eq!(there_files.names().unwrap(), ["empty", "letters/1/0"]);
            assert_eq!(there_files.get("letters/1/0").unwrap().unwrap(), b"%PDF \0 \xff");
            for second in databases() {
                let back =
                    copied(&there, &there_files, &second, &files(&folder, &format!("back{index}{}", second.name)));
                same(&before, &dump(&back), &format!("by {} to {}", first.name, second.name));
                assert_eq!(signed_in, sessions(&back));
                goes_on(&back);
            }
            goes_on(&there);
        }
        same(&before, &dump(&world.workspace), "the source is as it was");
    });
}

#[test]
fn only_an_empty_place_is_copied_into() {
    in_both(|world| {
        live(world, 8, 20);
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (files(&folder, "a"), files(&folder, "b"));
        for database in databases() {
            let taken = World::new(database);
            let before = dump_of(&taken);
            let refused = copy(world.workspace.db(), &from, taken.workspace.db(), &to);
            assert!(matches!(refused, Err(OperationError::NotEmpty)), "{refused:?}");
            assert_eq!(before, dump_of(&taken), "and nothing was touched");
        }
        for database in databases() {
            // Opened and never set up, as a program that was started does.
            Workspace::open(database.options.clone()).unwrap().db().close_blocking();
            goes_on(&copied(&world.workspace, &from, &database, &to));
        }
        for database in databases() {
            let empty = database.open();
            let target = databases();
            let nothing = copy(&empty, &from, &target[0].open(), &to);
            assert!(matches!(nothing, Err(OperationError::NothingThere)), "{nothing:?}");
        }
    });
}

fn dump_of(world: &World) -> Vec<i64> {
    ["users", "packs", "changes", "settings"]
        .into_iter()
        .map(|table| {
            let sql = store::db::Sql::new(format!("select count(*) from {table}"));
            world.workspace.db().read_blocking(move |tx| tx.one(&sql)?.int(0)).unwrap()
        })
        .collect()
}

/// A value of another type than its column's, which only SQLite takes, is met while rows are under way.
#[test]
fn an_interrupted_copy_leaves_nothing() {
    let world = World::new(databases().swap_remove(0));
    live(&world, 9, 60);
    let set = |seats: &'static str| {
        let sql =
            format!("update visits set seats = {seats} where seats is not null or id = (select max(id) from visits)");
        world.workspace.db().write_blocking(move |tx| tx.batch(&sql)).unwrap();
    };
    set("'не число'");
    let folder = tempfile::tempdir().unwrap();
    for database in databases() {
        let target = database.open();
        let failed = copy(world.workspace.db(), &files(&folder, "a"), &target, &files(&folder, "b"));
        let Err(OperationError::Unreadable { table, column, .. }) = &failed else { panic!("{failed:?}") };
        assert_eq!((table.as_str(), column.as_str()), ("visits", "seats"));
        target.close_blocking();
        let empty = age(&database.open()).unwrap();
        assert_eq!(empty, Age::Empty, "{}", database.name);
    }
}

/// Where files cannot be written no workspace without them is left, which nobody could copy into again.
#[test]
fn a_disk_that_refuses_leaves_no_workspace() {
    in_both(|world| {
        live(world, 10, 40);
        let folder = tempfile::tempdir().unwrap();
        let (original, backed_up) = (files(&folder, "original"), folder.path().join("backup"));
        original.put("letters/1/0", b"a letter").unwrap();
        backup(world.workspace.db(), Some(original.clone()), &backed_up, false).unwrap();
        // A file stands where the folder would be.
        std::fs::write(folder.path().join("refusing"), "").unwrap();
        let refusing = files(&folder, "refusing");
        for database in databases() {
            let target = database.open();
            let refused = copy(world.workspace.db(), &original, &target, &refusing).map(drop);
            assert!(matches!(refused, Err(OperationError::Io { .. })), "{}: {refused:?}", database.name);
            target.close_blocking();
            assert_eq!(age(&database.open()).unwrap(), Age::Empty, "{}", database.name);
            let refused = restore(&backed_up, &database.options, &refusing).map(drop);
            assert!(matches!(refused, Err(OperationError::Io { .. })), "{}: {refused:?}", database.name);
            assert_eq!(age(&database.open()).unwrap(), Age::Empty, "{}", database.name);
            let there = files(&folder, database.name);
            goes_on(&copied(&world.workspace, &original, &database, &there));
            assert_eq!(there.get("letters/1/0").unwrap().unwrap(), b"a letter");
        }
    });
}
