//! Whoever goes away while it is read for them keeps nobody else waiting.

use std::time::{Duration, Instant};

use store::db::{Db, DbError, Tx};
use store::testing::{databases, postgres};

/// Counts for minutes.
const ENDLESS: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000000000) select count(*) from n";

fn endless(tx: &mut Tx) -> Result<i64, DbError> {
    // Two statements: no glance.
    tx.one(&"select 1".into())?;
    tx.one(&ENDLESS.into())?.int(0)
}

fn endless_at_once(tx: &mut Tx) -> Result<i64, DbError> {
    tx.one(&ENDLESS.into())?.int(0)
}

fn one(tx: &mut Tx) -> Result<i64, DbError> {
    tx.one(&"select 1".into())?;
    tx.one(&"select 1".into())?.int(0)
}

/// A database where one reads at a time.
fn is_free_after_leaving(db: &Db) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for _ in 0..2 {
            let (read, glance) = (db.clone(), db.clone());
            for leaving in [
                tokio::spawn(async move { read.read(endless).await }),
                tokio::spawn(async move { glance.glance(endless_at_once).await }),
            ] {
                tokio::time::sleep(Duration::from_millis(200)).await;
                leaving.abort();
            }
            let begun = Instant::now();
            assert_eq!(db.read(one).await, Ok(1));
            assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        }
    });
}

#[test]
fn its_reading_ends_on_sqlite() {
    let mut database = databases().swap_remove(0);
    database.options.readers = 1;
    database.options.pool_timeout = Duration::from_secs(15);
    is_free_after_leaving(&database.open());
}

#[test]
fn its_reading_ends_on_postgres() {
    let mut options = postgres().fresh_schema();
    options.connections = 1;
    options.pool_timeout = Duration::from_secs(15);
    let db = Db::open(&options).unwrap();
    is_free_after_leaving(&db);
    // On the server too, whose work nobody would see otherwise.
    let running = "select count(*) from pg_stat_activity where query like 'with recursive n(i)%' and state = 'active'";
    let gone = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        db.read_blocking(move |tx| tx.one(&running.into())?.int(0)) == Ok(0)
    });
    assert!(gone, "the server still counts");
}
