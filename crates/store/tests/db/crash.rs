//! What was answered is there after a kill in the middle of the work.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use store::db::{Db, DbOptions, Location};
use store::testing::databases;

use super::{add, number, pairs};

const FILE: &str = "PLENARY_CRASH_FILE";

/// Not a test by itself: the child of the next test writes from four threads until it is killed, and says what was
/// answered.
#[test]
fn child_that_writes() {
    let Some(path) = std::env::var_os(FILE) else {
        return;
    };
    let db = Db::open(&DbOptions::sqlite(path)).unwrap();
    let threads: Vec<_> = (0..4_i64)
        .map(|thread| {
            let db = db.clone();
            std::thread::spawn(move || {
                for id in 0.. {
                    let id = id * 4 + thread;
                    db.write_blocking(move |tx| add(tx, id, &id.to_string())).unwrap();
                    println!("\nanswered {id}");
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn what_was_answered_survives_a_kill() {
    let database = databases().swap_remove(0);
    let Location::Sqlite(path) = &database.options.location else { panic!("a file") };
    pairs(&database.open());
    let mut total = 0;
    for round in 1..=3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child_that_writes", "--nocapture"])
            .env(FILE, path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut answered = Vec::new();
        for line in lines.map_while(Result::ok) {
            if let Some(id) = line.strip_prefix("answered ") {
                answered.push(id.parse::<i64>().unwrap());
            }
            if answered.len() == 150 * round {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        let db = database.open();
        for id in &answered {
            let id = *id;
            let row =
                db.read_blocking(move |tx| tx.opt(&store::db::Sql::new("select 1 from pair where id = ").bind(id)));
            assert!(row.unwrap().is_some(), "{id} was answered and is lost");
        }
        let whole = db.read_blocking(|tx| tx.one(&"pragma integrity_check".into())?.text(0));
        assert_eq!(whole, Ok("ok".to_owned()));
        assert!(number(&db, "select count(*) from pair") >= i64::try_from(answered.len()).unwrap());
        db.write_blocking(|tx| tx.execute(&"delete from pair".into())).unwrap();
        total += answered.len();
    }
    assert!(total >= 900, "{total}");
}
