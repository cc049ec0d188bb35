//! An older database is backed up before it changes; a newer one is left alone.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::packs;
use jiff::Timestamp;
use model::Definitions;
use model::pack::Pack;
use serde_json::{Value, json};
use store::db::{Db, DbError, Param, Sql, Tx, params};
use store::operations::{inspect, older};
use store::schema;

use crate::anywhere::anywhere;
use crate::check::database;
use crate::harness::api::id;
use crate::harness::{Api, Kind, World};
use crate::load::{buy, selling};

/// The step that brought saved views.
const VIEWS: i64 = 7;

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
    let applied = packs::with_needs("conference").unwrap();
    let plan = schema::plan(tx, &Definitions::from_packs(&applied).unwrap())?;
    schema::apply(tx, &plan)?;
    tx.batch(&step(first.number))?;
    Ok(applied)
}

/// The identities of people and companies, as an older version kept them: they are never carried.
fn knows_people(from: &Db, to: &Db) {
    let read = |tx: &mut Tx| tx.query(&"select kind, value, module, record from identities".into());
    let rows = from.read_blocking::<_, DbError, _>(read).unwrap();
    let rows: Vec<Vec<Param>> =
        rows.iter().map(|row| (0..4).map(|at| row.get(at).unwrap().clone()).collect()).collect();
    assert!(rows.len() > 6, "people bought");
    let write = move |tx: &mut Tx| {
        tx.batch("delete from identities")?;
        tx.execute_many("insert into identities (kind, value, module, record) values ($1, $2, $3, $4)", rows.clone())
    };
    to.write_blocking(write).unwrap();
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
fn a_living_older_database_goes_on_living_sqlite() {
    goes_on_living(Kind::Sqlite);
}

#[test]
fn a_living_older_database_goes_on_living_postgres() {
    goes_on_living(Kind::Postgres);
}

/// A workspace that sold, left as each earlier version would have left it.
fn goes_on_living(kind: Kind) {
    let (mut world, admin, sale) = selling(kind, 30);
    (0..6).for_each(|number| _ = buy(&admin, &sale, number));
    let order = admin.all("orders", &[("sort", "number")])[0].clone();
    admin.transition("orders", id(&order), "cancel", json!({})).expect(200);
    let view = json!({"module": "orders", "name": "Мои", "filter": "status == \"paid\""});
    admin.post("/api/v1/meta/views", view).expect(201);
    let before = told(&admin);
    let views = kept_views(&admin);
    world.stop();
    let today = schema::STEPS.len() - 1;
    for step in schema::STEPS[..today].iter().map(|step| step.number) {
        let mut old = World::empty(kind);
        std::fs::create_dir_all(old.folder().join("data")).unwrap();
        let (from, to) = (database(&world), database(&old));
        older(&from, &to, step).unwrap();
        knows_people(&from, &to);
        from.close_blocking();
        to.close_blocking();

        let (code, out, err) = old.try_run(&["check"]);
        assert_eq!((code, out.as_str(), err.contains("changes nothing")), (1, "", true), "step {step}: {err}");
        let (code, _, err) = old.try_run(&["pack", "list"]);
        assert_eq!(code, 0, "step {step}: {err}");
        old.run(&["check"]);
        let manifest = inspect(&backed_up(&err)).unwrap();
        assert_eq!((manifest.step, manifest.tables["orders"].rows), (step, 6), "it was backed up as it was: {err}");
        assert_eq!(old.try_run(&["check"]).2, "", "step {step}: a second time nothing is older");
        old.start();
        let api = Api::new(old.address(), admin.token.clone());
        let after = told(&api);
        assert_eq!(after.len(), before.len());
        for (address, answer) in &before {
            assert_eq!(after.get(address), Some(answer), "step {step}: {address}");
        }
        assert_eq!(kept_views(&api), if step < VIEWS { Vec::new() } else { views.clone() }, "step {step}");
        uses_what_came_later(&api, id(&order));
        buy(&api, &sale, 100);
        old.run(&["check"]);
        old.end();
    }
}

/// The views that people keep.
fn kept_views(api: &Api) -> Vec<Value> {
    let views = api.get("/api/v1/meta/views").expect(200);
    views["data"].as_array().unwrap().iter().filter(|view| view["pack"].is_null()).cloned().collect()
}

/// What the older version did not know works on what it left.
fn uses_what_came_later(api: &Api, order: &str) {
    let cancelled = api.get(&format!("/api/v1/orders/{order}/timeline")).expect(200);
    let set = cancelled["data"].as_array().unwrap().iter().find(|entry| entry["operation"] == "update").unwrap();
    let set = set["change_set"].as_str().unwrap();
    api.post(&format!("/api/v1/undo/{set}"), json!({})).expect(200);
    assert_eq!(api.record("orders", order)["status"], "pending");
    api.post("/api/v1/meta/views", json!({"module": "orders", "name": "Ещё"})).expect(201);
    assert_eq!(api.get("/api/v1/notifications").status, 200);
}

/// Where it was said that the older database was saved.
pub(crate) fn backed_up(err: &str) -> PathBuf {
    let path = err.split("backed up as ").nth(1).and_then(|rest| rest.split(" before").next());
    path.unwrap_or_else(|| panic!("{err}")).into()
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
        let path = backed_up(&err);
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
        // What a later version keeps, and how, is not known: half of it would look like all of it.
        let (code, _, err) = world.try_run(&["backup", &file]);
        assert_eq!((code, err.contains("newer Plenary")), (1, true), "{err}");
        assert!(!std::path::Path::new(&file).exists());
    }
}
