//! An older database is backed up before it changes; a newer one is left alone.

use std::path::PathBuf;

use app::packs;
use jiff::Timestamp;
use model::Definitions;
use model::pack::Pack;
use serde_json::json;
use store::db::{DbError, Sql, Tx, params};
use store::operations::inspect;
use store::schema;

use crate::check::database;
use crate::harness::{Kind, World};

/// A database as the first version of the program left it: its system tables, the packs of today, one counter.
fn first_version(tx: &mut Tx) -> Result<(), DbError> {
    let dialect = tx.dialect();
    let (first, last) = (&schema::STEPS[0], &schema::STEPS[schema::STEPS.len() - 1]);
    tx.batch(&first.sql(dialect))?;
    let step = |number: i64| {
        format!("delete from settings; insert into settings (key, value) values ('system_step', '{number}')")
    };
    tx.batch(&step(last.number))?;
    let applied: Vec<Pack> = ["crm", "conference"].into_iter().map(|name| packs::find(name).unwrap()).collect();
    let plan = schema::plan(tx, &Definitions::from_packs(&applied).unwrap())?;
    schema::apply(tx, &plan)?;
    tx.batch(&step(first.number))?;
    for (position, pack) in applied.iter().enumerate() {
        tx.execute(&Sql::with(
            "insert into packs (name, version, position, files, applied_at) values ($1, $2, $3, $4, $5)",
            params![
                pack.manifest.name.as_str(),
                i64::from(pack.manifest.version),
                i64::try_from(position).unwrap(),
                json!(pack.files),
                Timestamp::UNIX_EPOCH
            ],
        ))?;
    }
    tx.batch("insert into counters (name, value) values ('kept', 41)")
}

fn number(world: &World, sql: &'static str) -> i64 {
    database(world).read_blocking(move |tx| tx.one(&sql.into())?.int(0)).unwrap()
}

#[test]
fn an_older_database_is_backed_up_first() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let world = World::empty(kind);
        std::fs::create_dir_all(world.folder().join("data")).unwrap();
        database(&world).ddl_blocking(first_version).unwrap();
        let (code, _, err) = world.try_run(&["pack", "list"]);
        assert_eq!(code, 0, "{err}");
        let path: PathBuf =
            err.split("backed up as ").nth(1).and_then(|rest| rest.split(" before").next()).unwrap().into();
        let manifest = inspect(&path).unwrap();
        assert_eq!((manifest.step, manifest.files.left_out), (1, true));
        assert_eq!(number(&world, "select value from counters where name = 'kept'"), 41);
        world.run(&["init", "--admin-email", "a@example.com", "--admin-password", "correct horse"]);
        world.run(&["check"]);
        let (code, _, err) = world.try_run(&["user", "list"]);
        assert_eq!((code, err.as_str()), (0, ""), "a second time nothing is older");
        for other in [Kind::Sqlite, Kind::Postgres] {
            let fresh = World::empty(other);
            // A backup of packs alone is of a workspace all the same, and comes up to today.
            fresh.run(&["restore", &path.display().to_string()]);
            assert_eq!(number(&fresh, "select value from counters where name = 'kept'"), 41);
            fresh.run(&["check"]);
        }
    }
}

#[test]
fn a_newer_database_is_left_alone() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let world = World::empty(kind);
        world.run(&["init", "--admin-email", "a@example.com", "--admin-password", "correct horse"]);
        let file = world.folder().join("x.backup").display().to_string();
        let newer = "update settings set value = '9999' where key = 'system_step'";
        database(&world).write_blocking(move |tx| tx.execute(&newer.into())).unwrap();
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["user", "list"], &["check"], &["release"]] {
            let (code, out, err) = world.try_run(arguments);
            assert_eq!((code, out.as_str()), (1, ""), "{arguments:?}: {err}");
            assert!(err.contains("newer Plenary") && err.contains("9999"), "{err}");
        }
        assert_eq!(number(&world, "select count(*) from users"), 1);
        // What it holds can still be saved, and only by its own version be read.
        world.run(&["backup", &file]);
        let (code, _, err) = World::empty(kind).try_run(&["restore", &file]);
        assert_eq!((code, err.contains("newer Plenary")), (1, true), "{err}");
    }
}
