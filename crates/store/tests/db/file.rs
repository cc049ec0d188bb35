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

/// Counts long enough to be seen.
const SLOW: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000000) select count(*) from n";

fn slow(tx: &mut store::db::Tx) -> Result<i64, DbError> {
    tx.one(&SLOW.into())?.int(0)
}

#[test]
fn a_statement_that_reads_for_too_long_is_ended_and_the_next_one_is_not() {
    let mut database = sqlite();
    database.options.readers = 1;
    database.options.statement_timeout = Duration::from_millis(200);
    let db = database.open();
    pairs(&db);
    for _ in 0..3 {
        assert_eq!(db.read_blocking(slow), Err(DbError::Timeout));
        assert_eq!(number(&db, "select count(*) from pair"), 0);
    }
    // A turn of many short statements is not one long statement.
    let several = db.read_blocking(|tx| {
        for _ in 0..6 {
            std::thread::sleep(Duration::from_millis(50));
            tx.one(&"select count(*) from pair".into())?;
        }
        Ok::<_, DbError>(())
    });
    assert_eq!(several, Ok(()));
}

#[test]
fn whoever_waits_for_too_long_is_told_and_who_signs_in_waits_behind_nobody() {
    let mut database = sqlite();
    database.options.readers = 1;
    database.options.statement_timeout = Duration::from_millis(600);
    database.options.pool_timeout = Duration::from_millis(200);
    let db = database.open();
    pairs(&db);
    let one = |tx: &mut store::db::Tx| tx.one(&"select 1".into())?.int(0);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let spawn = |db: &Db, work: fn(&mut store::db::Tx) -> Result<i64, DbError>| {
            let db = db.clone();
            tokio::spawn(async move { db.read(work).await })
        };
        let busy = spawn(&db, slow);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let waits = spawn(&db, one);
        let begun = std::time::Instant::now();
        assert_eq!(db.read_brief(one).await, Ok(1));
        assert!(begun.elapsed() < Duration::from_millis(400), "it does not wait for the slow one");
        assert_eq!(busy.await.unwrap(), Err(DbError::Timeout));
        assert_eq!(waits.await.unwrap(), Err(DbError::Exhausted));
        assert_eq!(db.read(one).await, Ok(1));
    });
}
