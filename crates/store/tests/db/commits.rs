//! Many writers at once: each is answered after its commit, and none is hurt by another.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use store::db::{Db, DbError};
use store::testing::{databases, on_both};
use tokio::runtime::Runtime;

use super::{add, ddl, number, pairs};

#[test]
fn sixty_four_writers_are_answered_after_their_commit() {
    on_both(|db| {
        pairs(db);
        let runtime = Runtime::new().unwrap();
        let failed = runtime.block_on(async {
            let tasks: Vec<_> = (0..64_i64).map(|id| tokio::spawn(write_and_look(db.clone(), id))).collect();
            let mut failed = 0;
            for task in tasks {
                failed += usize::from(task.await.unwrap());
            }
            failed
        });
        assert_eq!(failed, 16);
        assert_eq!(number(db, "select count(*) from pair"), 48);
    });
}

/// Every fourth writer fails after its insert; every other one must see its row on a reader once it is answered.
async fn write_and_look(db: Db, id: i64) -> bool {
    let wanted = id % 4 != 0;
    let written = db
        .write(move |tx| {
            add(tx, id, &format!("writer {id}"))?;
            match id % 8 {
                0 => panic!("on purpose"),
                4 => Err(DbError::NoRow),
                _ => Ok(()),
            }
        })
        .await;
    assert_eq!(written.is_ok(), wanted, "{written:?}");
    let seen = db.read(move |tx| tx.opt(&store::db::Sql::new("select id from pair where id = ").bind(id))).await;
    assert_eq!(seen.unwrap().is_some(), wanted);
    !wanted
}

#[test]
fn waiting_writers_share_a_commit() {
    let database = databases().swap_remove(0);
    let db = database.open();
    pairs(&db);
    let (release, held) = flume::bounded::<()>(0);
    let (enter, entered) = flume::bounded::<()>(1);
    let first = db.clone();
    let first = std::thread::spawn(move || {
        first.write_blocking(move |_| {
            enter.send(()).map_err(|_| DbError::NoRow)?;
            held.recv().map_err(|_| DbError::NoRow)
        })
    });
    entered.recv().unwrap();
    let answered = Arc::new(AtomicUsize::new(0));
    let begun = Arc::new(std::sync::Barrier::new(21));
    let threads: Vec<_> = (0..20_i64)
        .map(|id| {
            let (db, answered, seen) = (db.clone(), Arc::clone(&answered), Arc::clone(&answered));
            let begun = Arc::clone(&begun);
            std::thread::spawn(move || {
                begun.wait();
                let at_work = db.write_blocking(move |tx| {
                    add(tx, id, &id.to_string())?;
                    Ok::<_, DbError>(seen.load(Ordering::SeqCst))
                });
                answered.fetch_add(1, Ordering::SeqCst);
                at_work.unwrap()
            })
        })
        .collect();
    begun.wait();
    // All twenty are on their way into the queue; a busy machine takes its time to let them get there.
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(answered.load(Ordering::SeqCst), 0, "nobody is answered while the writer is busy");
    release.send(()).unwrap();
    first.join().unwrap().unwrap();
    // The first turn took all of its batch's time, so the twenty share the next: none saw another one answered.
    let seen: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert!(seen.iter().all(|others| *others == 0), "{seen:?}");
    assert_eq!(number(&db, "select count(*) from pair"), 20);
}

#[test]
fn a_link_broken_at_the_commit_hurts_only_its_writer() {
    on_both(|db| {
        ddl(
            db,
            "create table event (id bigint primary key);
             create table visit (event bigint references event (id) deferrable initially deferred)",
        );
        let threads: Vec<_> = (0..16_i64)
            .map(|id| {
                let db = db.clone();
                std::thread::spawn(move || {
                    db.write_blocking(move |tx| {
                        tx.execute(&store::db::Sql::new("insert into visit values (").bind(id).push(")"))?;
                        if id % 2 == 0 {
                            tx.execute(&store::db::Sql::new("insert into event values (").bind(id).push(")"))?;
                        }
                        Ok::<_, DbError>(())
                    })
                })
            })
            .collect();
        for (id, thread) in threads.into_iter().enumerate() {
            let answer = thread.join().unwrap();
            assert_eq!(answer.is_ok(), id % 2 == 0, "{answer:?}");
            assert!(answer.is_ok() || matches!(answer, Err(DbError::ForeignKey { .. })));
        }
        assert_eq!(number(db, "select count(*) from visit"), 8);
    });
}

#[test]
fn closing_finishes_what_is_queued() {
    on_both(|db| {
        pairs(db);
        let threads: Vec<_> = (0..4_i64)
            .map(|id| {
                let db = db.clone();
                std::thread::spawn(move || {
                    db.write_blocking(move |tx| {
                        std::thread::sleep(Duration::from_millis(100));
                        add(tx, id, &id.to_string())
                    })
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(50));
        Runtime::new().unwrap().block_on(db.close());
        assert_eq!(db.write_blocking(|tx| add(tx, 9, "late")), Err(DbError::Closed));
        assert!(threads.into_iter().all(|thread| thread.join().unwrap() == Ok(1)));
    });
}
