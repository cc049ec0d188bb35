//! Locks, deadlocks, and the proof that the locks matter.

use std::sync::Arc;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use store::db::{Db, DbError, Dialect, LockKey, Sql, params};
use store::testing::{databases, on_both, postgres};

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
        // On a busy machine the victim may meet the other once more.
        let runs = runs.load(Ordering::SeqCst);
        assert!(if db.dialect() == Dialect::Postgres { runs >= 3 } else { runs == 2 }, "the victim runs again: {runs}");
    });
}

fn raise(tx: &mut store::db::Tx, id: i64) -> Result<u64, DbError> {
    tx.execute(&Sql::with("update pair set even = coalesce(even, 0) + 2 where id = $1", params![id]))
}

/// How many seats there are in the race.
const SEATS: i64 = 3;

/// Visitors who have counted the seats and not yet taken one.
#[derive(Default)]
struct Counted(AtomicUsize);

impl Counted {
    /// Holds a visitor who has counted until so many others have counted too that one seat must be sold twice, or until
    /// `patience` is over: behind a lock the others never come.
    fn wait(&self, patience: Duration) {
        self.0.fetch_add(1, Ordering::SeqCst);
        let began = Instant::now();
        while i64::try_from(self.0.load(Ordering::SeqCst)).is_ok_and(|counted| counted <= SEATS)
            && began.elapsed() < patience
        {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Takes a seat if there is one, the slow way that only a lock makes safe.
fn take_seat(db: &Db, visitor: i64, counted: &Arc<Counted>, patience: Duration) -> Result<bool, DbError> {
    let counted = Arc::clone(counted);
    db.write_blocking(move |tx| {
        tx.lock(&[LockKey::new(2, "event"), LockKey::new(1, "order"), LockKey::new(2, "event")])?;
        let taken = tx.one(&"select count(*) from pair".into())?.int(0)?;
        if taken >= SEATS {
            return Ok(false);
        }
        counted.wait(patience);
        add(tx, visitor, &visitor.to_string()).map(|_| true)
    })
}

fn race(db: &Db, patience: Duration) -> i64 {
    pairs(db);
    let counted = Arc::new(Counted::default());
    let threads: Vec<_> = (0..8)
        .map(|visitor| {
            let (db, counted) = (db.clone(), Arc::clone(&counted));
            std::thread::spawn(move || take_seat(&db, visitor, &counted, patience).unwrap())
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
    on_both(|db| assert_eq!(race(db, Duration::from_millis(20)), SEATS));
}

#[test]
fn without_the_lock_the_same_race_is_lost() {
    let database = databases().swap_remove(1);
    let db = database.open();
    db.testing_disable_locks(true);
    assert!(race(&db, Duration::from_secs(20)) > SEATS, "the test of the lock would not notice its absence");
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

/// A change of the schema waits for its table behind an index that is being built; who reads the table would wait
/// behind the change for as long, since PostgreSQL serves them in turn.
#[test]
fn nobody_waits_long_behind_a_change_that_waits() {
    let db = Db::open(&postgres().fresh_schema()).unwrap();
    pairs(&db);
    let (holds, held) = flume::bounded::<()>(1);
    let (done, go_on) = flume::bounded::<()>(1);
    let holder = db.clone();
    let holder = std::thread::spawn(move || {
        holder.write_blocking(move |tx| {
            tx.batch("lock table pair in share update exclusive mode")?;
            holds.send(()).unwrap();
            go_on.recv_timeout(Duration::from_secs(60)).unwrap();
            Ok::<_, DbError>(())
        })
    });
    held.recv().unwrap();
    let changer = db.clone();
    let changer =
        std::thread::spawn(move || changer.ddl_blocking(|tx| tx.batch("alter table pair add column third text")));
    let waits = "select count(*) from pg_locks where relation = 'pair'::regclass and not granted";
    for _ in 0..3 {
        while number(&db, waits) == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let began = Instant::now();
        assert_eq!(number(&db, "select count(*) from pair"), 0);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
    done.send(()).unwrap();
    assert_eq!((holder.join().unwrap(), changer.join().unwrap()), (Ok(()), Ok(())));
    assert_eq!(number(&db, "select count(third) from pair"), 0);
}
