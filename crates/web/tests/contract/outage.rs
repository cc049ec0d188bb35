//! A database that stops answering, or takes nothing any more, is told at once; what waits for it gives up.

use std::time::{Duration, Instant};

use store::db::Tx;
use store::testing::{Line, databases, postgres};
use store::{DbOptions, Location};

use crate::world::World;

fn of(name: &str) -> store::testing::TestDatabase {
    databases().into_iter().find(|database| database.name == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_answering() {
    let line = Line::to(postgres().port());
    let mut database = of("postgres");
    let Location::Postgres { schema, .. } = &database.options.location else { panic!("no schema") };
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", line.port());
    database.options = DbOptions {
        connections: 3,
        statement_timeout: Duration::from_secs(1),
        pool_timeout: Duration::from_secs(1),
        ..DbOptions::postgres(url, schema.clone())
    };
    let world = World::new(database);
    world.admin.get("/readyz").await.expect(200);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    line.set_dead(true);
    let begun = Instant::now();
    let ready = world.admin.get("/readyz").await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    ready.refused(503, "unavailable");
    let begun = Instant::now();
    let asked: Vec<_> = (0..12)
        .map(|number| {
            let api = world.admin.clone();
            let lead = serde_json::json!({"name": "Anna"});
            tokio::spawn(async move {
                if number % 2 == 0 { api.get("/api/v1/leads").await } else { api.post("/api/v1/leads", lead).await }
            })
        })
        .collect();
    for answer in asked {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    line.set_dead(false);
    let patience = Instant::now() + Duration::from_secs(20);
    while world.admin.get("/api/v1/leads").await.status != 200 {
        assert!(Instant::now() < patience, "it does not come back");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    world.admin.get("/readyz").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_nothing() {
    let world = World::new(of("sqlite"));
    let full = "create trigger full before insert on settings begin select raise(abort, 'the disk is full'); end";
    world.workspace.db().write_blocking(move |tx: &mut Tx| tx.batch(full)).unwrap();
    world.admin.get("/api/v1/leads").await.expect(200);
    world.admin.get("/readyz").await.refused(503, "unavailable");
    world.workspace.db().write_blocking(|tx: &mut Tx| tx.batch("drop trigger full")).unwrap();
    world.admin.get("/readyz").await.expect(200);
}
