//! Workspaces of every earlier version come up to today: opened where they are, or from a backup that version could have
//! made. What they held is what they hold; where that cannot be, nothing has changed.

use jiff::Timestamp;
use model::{Actor, Id};
use serde_json::json;
use store::db::{Sql, Tx, params};
use store::operations::{Age, Manifest, Sums, age, backup, older, restore};
use store::schema::STEPS;
use store::testing::{TestDatabase, databases};
use store::{Files, Workspace};

use crate::dump::{dump, same};
use crate::life::{goes_on, live};
use crate::seals::seal;
use crate::world::{World, in_both};

/// Tables that a later step gave columns, and the last step that did: their digests are others, their rows are not fewer.
const GREW: [(&str, i64); 5] = [("change_sets", 2), ("changes", 17), ("packs", 4), ("users", 13), ("jobs", 15)];

fn last() -> i64 {
    STEPS[STEPS.len() - 1].number
}

/// The steps that an older workspace may be at, each with a fresh database of either kind.
fn everywhere() -> impl Iterator<Item = (i64, TestDatabase)> {
    let earlier = STEPS.iter().map(|step| step.number).filter(|number| *number < last());
    earlier.flat_map(|step| databases().into_iter().map(move |database| (step, database)))
}

/// A workspace in which something of everything happened, also of what later versions brought.
fn lively(world: &World) {
    live(world, 31, 90);
    let (me, mate, now) = (world.me, world.mate, Timestamp::from_microsecond(1_700_000_000_654_321).unwrap());
    let company = world.make("companies", &json!({"name": "Ёлкин и сыновья", "city": "Пермь"}));
    let rows = move |tx: &mut Tx| {
        for (sql, params) in [
            (
                "insert into views (id, module, name, owner, audience, look, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                params![Id::new().0, "companies", "Мои", me.0, "private", json!({"kind": "table"}), now, now],
            ),
            (
                "insert into followers (module, record, user_id, follows, since) values ($1, $2, $3, $4, $5)",
                params!["companies", company.0, mate.0, true, now],
            ),
            (
                "insert into notifications (id, user_id, kind, module, record, detail, others, at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                params![Id::new().0, mate.0, "changed", "companies", company.0, json!({}), 2_i64, now],
            ),
            (
                "insert into user_preferences (user_id, module, name, value) values ($1, $2, $3, $4)",
                params![me.0, "companies", "widths", json!({"name": 240})],
            ),
            (
                "update change_sets set undoes = (select min(c.id) from change_sets c where c.id <> (select max(m.id) from change_sets m)) \
                 where id = (select max(m.id) from change_sets m)",
                Vec::new(),
            ),
        ] {
            // PostgreSQL knows neither the smallest nor the largest of ids.
            let sql = match tx.dialect() {
                store::db::Dialect::Sqlite => sql.to_owned(),
                store::db::Dialect::Postgres => {
                    sql.replace("min(c.id)", "min(c.id::text)::uuid").replace("max(m.id)", "max(m.id::text)::uuid")
                }
            };
            tx.execute(&Sql::with(sql, params))?;
        }
        Ok::<_, store::db::DbError>(())
    };
    world.workspace.db().write_blocking(rows).unwrap();
    seal(&world.workspace);
    world.make("companies", &json!({"name": "после печати"}));
}

/// What a backup notes of a database as it is, without its files.
fn noted(database: &TestDatabase, folder: &tempfile::TempDir, name: &str) -> Manifest {
    let db = database.open();
    let manifest = backup(&db, None, &folder.path().join(name), true).unwrap();
    db.close_blocking();
    manifest
}

/// Whatever `before` has is in `after`; `settings` say which step it is and why effects are held.
fn kept(before: &Manifest, after: &Sums, what: &str) {
    assert!(before.tables["changes"].rows > 40 && before.tables["users"].rows == 3, "{before:?}");
    for (table, sum) in before.tables.iter().filter(|(table, _)| *table != "settings") {
        let found = after.get(table).unwrap_or_else(|| panic!("{what}: no table {table}"));
        assert_eq!(found.rows, sum.rows, "{what}: {table}");
        if GREW.iter().all(|(grew, step)| grew != table || *step <= before.step) {
            assert_eq!(found, sum, "{what}: {table}");
        }
    }
}

/// Who can be mentioned: a word of their name or address is enough.
fn is_called(workspace: &Workspace) -> i64 {
    let sql = "select count(*) from users where called like '%mate%'";
    workspace.db().read_blocking(move |tx| tx.one(&sql.into())?.int(0)).unwrap()
}

#[test]
fn every_earlier_workspace_comes_up_to_today() {
    in_both(|world| {
        lively(world);
        let folder = tempfile::tempdir().unwrap();
        let today = dump(&world.workspace);
        // Seals came with the third step: what was never sealed is as it would be without.
        let mut unsealed = today.clone();
        unsealed.remove("seals");
        for line in unsealed.get_mut("changes").unwrap() {
            line[8] = json!(null);
            line[9] = json!(null);
        }
        // Over both worlds every step is come to on each database, once from the same and once from the other.
        let meets = |step: i64, database: &TestDatabase| (database.name == world.database.name) == (step % 2 == 0);
        for (step, database) in everywhere().filter(|(step, database)| meets(*step, database)) {
            let what = format!("step {step}, {} into {}", world.database.name, database.name);
            let wanted = if step < 3 { &unsealed } else { &today };
            let target = database.open();
            older(world.workspace.db(), &target, step).unwrap();
            assert_eq!(age(&target).unwrap(), Age::Older { step }, "{what}");
            target.close_blocking();
            let before = noted(&database, &folder, "before");
            assert_eq!(before.step, step, "{what}");
            for (table, since) in [("packs_past", 4), ("views", 7), ("followers", 8), ("user_preferences", 10)] {
                assert_eq!(before.tables.contains_key(table), step >= since, "{what}: {table} as that version had it");
            }

            let workspace = Workspace::open(database.options.clone()).unwrap();
            assert_eq!(age(workspace.db()).unwrap(), Age::Current, "{what}");
            let report = workspace.check(None).unwrap();
            assert!(report.is_fine(), "{what}: {report:#?}");
            assert_eq!((report.chain.is_some(), is_called(&workspace)), (step >= 3, 1), "{what}");
            same(wanted, &dump(&workspace), &what);
            let after = noted(&database, &folder, "after");
            kept(&before, &after.tables, &what);

            let other = databases().into_iter().find(|other| other.name != database.name).unwrap();
            let files = Files::at(folder.path().join("none"));
            restore(&folder.path().join("before"), &other.options, &files).unwrap();
            let restored = Workspace::open(other.options.clone()).unwrap();
            let report = restored.check(None).unwrap();
            assert!(report.is_fine(), "{what}, restored: {report:#?}");
            same(wanted, &dump(&restored), &format!("{what}, restored"));
            let again = noted(&other, &folder, "restored");
            for (table, sum) in after.tables.iter().filter(|(table, _)| *table != "settings") {
                assert_eq!(again.tables.get(table), Some(sum), "{what}, restored: {table}");
            }
            assert_eq!(again.tables.len(), after.tables.len(), "{what}: the same tables either way");
            goes_on(&workspace);
            goes_on(&restored);
        }
    });
}

/// The last step meets a table with the name of its own: all that came before it is taken back, and nothing is lost.
#[test]
fn an_upgrade_that_fails_changes_nothing() {
    let world = World::new(databases().swap_remove(0));
    lively(&world);
    let folder = tempfile::tempdir().unwrap();
    for (step, database) in everywhere() {
        let what = format!("step {step} on {}", database.name);
        let target = database.open();
        older(world.workspace.db(), &target, step).unwrap();
        target.ddl_blocking(|tx| tx.batch("create table _sight_readers (id text)")).unwrap();
        target.close_blocking();
        let before = noted(&database, &folder, "before");
        let opened = Workspace::open(database.options.clone()).map(drop);
        assert!(opened.is_err(), "{what}");
        let target = database.open();
        assert_eq!(age(&target).unwrap(), Age::Older { step }, "{what}");
        target.close_blocking();
        let after = noted(&database, &folder, "after");
        assert_eq!((&after.tables, after.step), (&before.tables, step), "{what}");

        let target = database.open();
        target.ddl_blocking(|tx| tx.batch("drop table _sight_readers")).unwrap();
        target.close_blocking();
        let workspace = Workspace::open(database.options.clone()).unwrap();
        let report = workspace.check(None).unwrap();
        assert!(report.is_fine(), "{what}: {report:#?}");
        let found = workspace.read_blocking(Actor::System("test"), |work| work.search("елкиным", 5)).unwrap();
        assert_eq!(found.len(), 1, "{what}: and it is found in another form");
    }
}
