//! What only a file can do to us: other processes, missing folders, damage; and functions of our own in SQL.

use std::time::Duration;

use store::db::{Db, DbError, DbOptions};
use store::testing::{TestDatabase, databases};

use super::{add, number, pairs};

fn sqlite() -> TestDatabase {
    databases().swap_remove(0)
}

#[test]
fn a_file_that_another_process_writes_is_busy_only_so_long() {
    let mut database = sqlite();
    database.options.lock_timeout = Duration::from_millis(50);
    let (ours, theirs) = (database.open(), database.open());
    pairs(&ours);
    let (inside, entered) = flume::bounded::<()>(0);
    let (release, released) = flume::bounded::<()>(0);
    let holder = std::thread::spawn(move || {
        theirs.write_blocking(move |tx| {
            inside.send(()).unwrap();
            released.recv().map_err(|_| DbError::NoRow)?;
            add(tx, 1, "theirs")
        })
    });
    entered.recv().unwrap();
    assert_eq!(ours.write_blocking(|tx| add(tx, 2, "ours")), Err(DbError::Busy));
    assert_eq!(number(&ours, "select count(*) from pair"), 0);
    release.send(()).unwrap();
    assert_eq!(holder.join().unwrap(), Ok(1));
    assert_eq!(ours.write_blocking(|tx| add(tx, 2, "ours")), Ok(1));
    assert_eq!(number(&ours, "select count(*) from pair"), 2);
}

#[test]
fn functions_of_our_own_are_there_for_writers_and_readers() {
    let mut database = sqlite();
    database.options.register = Some(|connection| {
        let flags = rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC;
        connection.create_scalar_function("fold", 1, flags, |call| Ok(call.get::<String>(0)?.to_lowercase()))
    });
    let db = database.open();
    let fold = |tx: &mut store::db::Tx| tx.one(&"select fold('ИВАН')".into())?.text(0);
    assert_eq!(db.read_blocking(fold), Ok("иван".to_owned()));
    assert_eq!(db.write_blocking(fold), Ok("иван".to_owned()));
}

#[test]
fn a_folder_gets_a_file_and_no_database_is_told() {
    let database = sqlite();
    let store::db::Location::Sqlite(path) = &database.options.location else { panic!("a file") };
    let folder = path.parent().unwrap();
    pairs(&Db::open(&DbOptions::sqlite(folder)).unwrap());
    assert!(folder.join("plenary.sqlite").is_file());
    std::fs::write(folder.join("letter.txt"), "Dear Sir or Madam, ".repeat(100)).unwrap();
    let letter = Db::open(&DbOptions::sqlite(folder.join("letter.txt"))).map(drop);
    assert!(matches!(letter, Err(DbError::Corrupt(_))), "{letter:?}");
    let nowhere = Db::open(&DbOptions::sqlite(folder.join("no/such/folder/file"))).map(drop);
    assert!(matches!(nowhere, Err(DbError::Storage(_))), "{nowhere:?}");
}
