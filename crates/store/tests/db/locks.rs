//! Locks, deadlocks, and the proof that the locks matter.

use std::sync::Arc;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use store::db::{Db, DbError, Dialect, LockKey, Sql, params};
use store::testing::{databases, on_both};

use super::{add, number, pairs};

#[test]
fn two_transactions_that_deadlock_both_finish() {
    on_both(|db| {
        pairs(db);
        db.write_blocking(|tx| add(tx, 1, "one").and(add(tx, 2, "two"))).unwrap();
        let meeting = Arc::new(Barrier::new(2));
        let runs = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = [(1, 2), (2, 1)]
            .into_iter()
            .map(|(first, second)| {
                let (db, meeting, runs) = (db.clone(), Arc::clone(&meeting), Arc::clone(&runs));
                std::thread::spawn(move || {
                    let concurrent = db.dialect() == Dialect::Postgres;
                    let mut met = false;
                    db.write_blocking(move |tx| {
                        runs.fetch_add(1, Ordering::SeqCst);
                        raise(tx, first)?;
                        if concurrent && !met {
                            met = true;
                            meeting.wait();
                        }
                        raise(tx, second)
                    })
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), Ok(1));
        }
        assert_eq!(number(db, "select sum(even) from pair"), 8);
        let expected = if db.dialect() == Dialect::Postgres { 3 } else { 2 };
        assert_eq!(runs.load(Ordering::SeqCst), expected, "the victim runs again");
    });
}

fn raise(tx: &mut store::db::Tx, id: i64) -> Result<u64, DbError> {
    tx.execute(&Sql::with("update pair set even = coalesce(even, 0) + 2 where id = $1", params![id]))
}

/// Takes the last seat if there is one, the slow way that only a lock makes safe.
fn take_seat(db: &Db, visitor: i64) -> Result<bool, DbError> {
    db.write_blocking(move |tx| {
        tx.lock(&[LockKey::new(2, "event"), LockKey::new(1, "order"), LockKey::new(2, "event")])?;
        let taken = tx.one(&"select count(*) from pair".into())?.int(0)?;
        if taken >= 3 {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(5));
        add(tx, visitor, &visitor.to_string()).map(|_| true)
    })
}

fn race(db: &Db) -> i64 {
    pairs(db);
    let threads: Vec<_> = (0..8)
        .map(|visitor| {
            let db = db.clone();
            std::thread::spawn(move || take_seat(&db, visitor).unwrap())
        })
        .collect();
    let seated = threads.into_iter().map(|thread| thread.join().unwrap());
    let seated = seated.filter(|taken| *taken).count();
    let stored = number(db, "select count(*) from pair");
    assert_eq!(usize::try_from(stored), Ok(seated));
    stored
}

#[test]
fn a_lock_keeps_a_count_true() {
    on_both(|db| assert_eq!(race(db), 3));
}

#[test]
fn without_the_lock_the_same_race_is_lost() {
    let database = databases().swap_remove(1);
    let db = database.open();
    db.testing_disable_locks(true);
    assert!(race(&db) > 3, "the test of the lock would not notice its absence");
}

#[test]
fn locks_of_different_workspaces_are_apart() {
    let database = databases().swap_remove(1);
    let db = database.open();
    let other = db.in_schema("lock_neighbour").unwrap();
    let (holding, held) = flume::bounded::<()>(0);
    let (release, released) = flume::bounded::<()>(0);
    let holder = std::thread::spawn(move || {
        other.write_blocking(move |tx| {
            tx.lock(&[LockKey::new(1, "a")])?;
            holding.send(()).unwrap();
            released.recv().map_err(|_| DbError::NoRow)
        })
    });
    held.recv().unwrap();
    assert_eq!(db.write_blocking(|tx| tx.lock(&[LockKey::new(1, "a")])), Ok(()));
    release.send(()).unwrap();
    holder.join().unwrap().unwrap();
}
