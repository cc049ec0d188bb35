//! What only a server can do to us: hang up, run out of connections, take too long. And the test server itself.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use store::db::{Db, DbError, Sql};
use store::testing::{Durability, PostgresServer, postgres};

use super::{add, number, pairs};

#[test]
fn a_connection_lost_while_idle_is_replaced() {
    let db = Db::open(&postgres().fresh_schema()).unwrap();
    pairs(&db);
    let killer = Db::open(&postgres().fresh_schema()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for id in 0..10 {
        let terminate = "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where state = 'idle' and pid <> pg_backend_pid() and application_name = 'victim'";
        number(&killer, terminate);
        if id % 2 == 1 {
            let count = |tx: &mut store::db::Tx| tx.one(&"select count(*) from pair".into())?.int(0);
            assert_eq!(runtime.block_on(db.glance(count)), Ok(id));
        }
        assert_eq!(db.write_blocking(move |tx| add(tx, id, &id.to_string())), Ok(1));
        db.write_blocking(|tx| tx.batch("set application_name = 'victim'")).unwrap();
    }
    assert_eq!(number(&db, "select count(*) from pair"), 10);
}

#[test]
fn a_connection_lost_at_work_is_an_error_and_nothing_is_kept() {
    let db = Db::open(&postgres().fresh_schema()).unwrap();
    pairs(&db);
    let lost = db.write_blocking(|tx| {
        add(tx, 1, "one")?;
        tx.batch("select pg_terminate_backend(pg_backend_pid())")
    });
    assert!(matches!(lost, Err(DbError::Disconnected(_))), "{lost:?}");
    assert_eq!(number(&db, "select count(*) from pair"), 0);
}

#[test]
fn waiting_has_limits() {
    let mut options = postgres().fresh_schema();
    options.connections = 1;
    options.statement_timeout = Duration::from_millis(200);
    options.pool_timeout = Duration::from_millis(100);
    let db = Db::open(&options).unwrap();
    let slow = db.read_blocking(|tx| tx.query(&"select pg_sleep(5)".into()));
    assert_eq!(slow, Err(DbError::Timeout));
    let (inside, entered) = flume::bounded::<()>(0);
    let (release, released) = flume::bounded::<()>(0);
    let holder = db.clone();
    let holder = std::thread::spawn(move || {
        holder.read_blocking(move |_| {
            inside.send(()).unwrap();
            released.recv().map_err(|_| DbError::NoRow)
        })
    });
    entered.recv().unwrap();
    assert_eq!(db.read_blocking(|tx| tx.query(&"select 1".into())), Err(DbError::Exhausted));
    release.send(()).unwrap();
    holder.join().unwrap().unwrap();
}

#[test]
fn a_lock_that_comes_free_late_is_had_by_trying_again() {
    let mut options = postgres().fresh_schema();
    options.lock_timeout = Duration::from_millis(30);
    let db = Db::open(&options).unwrap();
    pairs(&db);
    db.write_blocking(|tx| add(tx, 1, "one")).unwrap();
    let (inside, entered) = flume::bounded::<()>(1);
    let holder = db.clone();
    let holder = std::thread::spawn(move || {
        holder.write_blocking(move |tx| {
            tx.execute(&"update pair set even = 2 where id = 1".into())?;
            let _ = inside.send(());
            std::thread::sleep(Duration::from_millis(60));
            Ok::<_, DbError>(())
        })
    });
    entered.recv().unwrap();
    let late = db.write_blocking(|tx| tx.execute(&Sql::new("update pair set even = ").bind(4).push(" where id = 1")));
    assert_eq!(late, Ok(1));
    holder.join().unwrap().unwrap();
    assert_eq!(number(&db, "select even from pair"), 4);
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let answer = Db::open(&store::db::DbOptions::postgres("postgres://postgres@127.0.0.1:1/none", "main")).map(drop);
    assert!(matches!(answer, Err(DbError::Disconnected(_))), "{answer:?}");
}

/// Not a test by itself: the child of the next test, which is killed while its server runs.
#[test]
fn child_with_a_server() {
    if std::env::var_os("PLENARY_CHILD_WITH_A_SERVER").is_some() {
        let server = PostgresServer::start(Durability::None);
        println!("url {}", server.url("postgres"));
        std::thread::sleep(Duration::from_secs(60));
    }
}

#[test]
fn the_server_of_a_killed_test_goes_with_it() {
    use std::io::BufRead;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "server::child_with_a_server", "--nocapture"])
        .env("PLENARY_CHILD_WITH_A_SERVER", "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.map_while(Result::ok).find_map(|line| Some(line.split_once("url ")?.1.to_owned())).unwrap();
    let folder = url.split_once('@').unwrap().1.split_once(':').unwrap().0.replace("%2F", "/");
    Db::open(&store::db::DbOptions::postgres(&url, "main")).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while std::fs::exists(&folder).unwrap() {
        assert!(Instant::now() < patience, "{folder} is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(Db::open(&store::db::DbOptions::postgres(&url, "main")).is_err());
}
