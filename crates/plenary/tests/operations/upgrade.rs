//! An older database is backed up before it changes; a newer one is left alone.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::packs;
use jiff::Timestamp;
use model::Definitions;
use model::pack::Pack;
use serde_json::{Value, json};
use store::db::{Db, DbError, Dialect, Param, Row, Sql, Tx, params};
use store::operations::inspect;
use store::schema;

use crate::anywhere::anywhere;
use crate::check::database;
use crate::harness::api::id;
use crate::harness::{Api, Kind, World};
use crate::load::{buy, selling};

/// A database as the first version of the program left it: its system tables, the packs of today, one counter.
fn first_version(tx: &mut Tx) -> Result<(), DbError> {
    let applied = first_tables(tx)?;
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

/// Its tables without rows; answers the packs that they are of.
fn first_tables(tx: &mut Tx) -> Result<Vec<Pack>, DbError> {
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
    Ok(applied)
}

/// Rows of every table and column that the first version had, but for the index of words.
fn taken_over(from: &Db, to: &Db) {
    let names = |sql: &str, db: &Db| -> Vec<String> {
        let sql = Sql::new(sql.to_owned());
        let read = move |tx: &mut Tx| tx.query(&sql)?.iter().map(|row| row.text(0)).collect();
        db.read_blocking::<_, DbError, _>(read).unwrap()
    };
    let is_sqlite = to.dialect() == Dialect::Sqlite;
    let all = if is_sqlite {
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    } else {
        "select table_name::text from information_schema.tables where table_schema = current_schema()"
    };
    let mut tables = Vec::new();
    for table in names(all, to).into_iter().filter(|table| !table.starts_with("search_")) {
        let columns = names(
            &if is_sqlite {
                format!("select name from pragma_table_info('{table}')")
            } else {
                format!(
                    "select column_name || case data_type when 'jsonb' then ' json' else '' end from information_schema.columns where table_schema = current_schema() and table_name = '{table}'"
                )
            },
            to,
        );
        // What PostgreSQL keeps as JSON comes back as text and goes in as JSON.
        let json: Vec<bool> = columns.iter().map(|column| column.ends_with(" json")).collect();
        let listed = columns.iter().map(|column| format!("\"{}\"", column.trim_end_matches(" json")));
        let listed = listed.collect::<Vec<_>>().join(", ");
        let sql = Sql::new(format!("select {listed} from \"{table}\""));
        let rows = from.read_blocking::<_, DbError, _>(move |tx| tx.query(&sql)).unwrap();
        let value = |row: &Row, at: usize| match json[at] {
            true => Param::from(row.opt_json(at).unwrap()),
            false => row.get(at).unwrap().clone(),
        };
        let rows: Vec<Vec<Param>> = rows.iter().map(|row| (0..row.len()).map(|at| value(row, at)).collect()).collect();
        tables.push((table, listed, columns.len(), rows));
    }
    let write = move |tx: &mut Tx| {
        tx.batch(if is_sqlite {
            "pragma defer_foreign_keys = on"
        } else {
            "set local session_replication_role = replica"
        })?;
        for (table, listed, width, rows) in tables.clone() {
            tx.batch(&format!("delete from \"{table}\""))?;
            let places = (1..=width).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ");
            let own = if is_sqlite { "" } else { " overriding system value" };
            tx.execute_many(&format!("insert into \"{table}\" ({listed}){own} values ({places})"), rows)?;
        }
        if !is_sqlite {
            tx.query(
                &"select setval(pg_get_serial_sequence('changes', 'seq'), (select max(seq) from changes))".into(),
            )?;
        }
        tx.batch("update settings set value = '1' where key = 'system_step'")
    };
    to.ddl_blocking(write).unwrap();
}

/// Everything about orders and who came by them, with its past.
fn told(api: &Api) -> BTreeMap<String, Value> {
    let mut told = BTreeMap::new();
    for module in ["events", "ticket_types", "orders", "tickets", "payments", "leads", "participants", "messages"] {
        for record in api.all(module, &[("sort", "id")]) {
            let path = format!("/api/v1/{module}/{}", id(&record));
            told.insert(format!("{path}/timeline"), anywhere(&api.get(&format!("{path}/timeline")).expect(200)));
            told.insert(path, anywhere(&record));
        }
    }
    told
}

#[test]
fn a_living_older_database_goes_on_living() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (mut world, admin, sale) = selling(kind, 30);
        (0..6).for_each(|number| _ = buy(&admin, &sale, number));
        let order = admin.all("orders", &[("sort", "number")])[0].clone();
        admin.transition("orders", id(&order), "cancel", json!({})).expect(200);
        let before = told(&admin);
        world.stop();
        let mut old = World::empty(kind);
        std::fs::create_dir_all(old.folder().join("data")).unwrap();
        let (from, to) = (database(&world), database(&old));
        to.ddl_blocking(|tx| first_tables(tx).map(drop)).unwrap();
        taken_over(&from, &to);
        to.close_blocking();

        let (code, out, err) = old.try_run(&["check"]);
        assert!(err.contains("was backed up as"), "{err}");
        assert_eq!(code, 0, "the upgrade makes the index of words anew: {out}");
        old.start();
        let api = Api::new(old.address(), admin.token.clone());
        let after = told(&api);
        assert_eq!(after.len(), before.len());
        for (address, answer) in &before {
            assert_eq!(after.get(address), Some(answer), "{address}");
        }
        // What the first version did not know works on what it left.
        let cancelled = api.get(&format!("/api/v1/orders/{}/timeline", id(&order))).expect(200);
        let set = cancelled["data"].as_array().unwrap().iter().find(|entry| entry["operation"] == "update").unwrap();
        let set = set["change_set"].as_str().unwrap();
        api.post(&format!("/api/v1/undo/{set}"), json!({})).expect(200);
        assert_eq!(api.record("orders", id(&order))["status"], "pending");
        buy(&api, &sale, 100);
        old.run(&["check"]);
        old.end();
    }
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
