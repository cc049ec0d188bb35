//! A workspace opened again is the one that was closed; one of a newer program is refused.

use jiff::SignedDuration;
use model::requisites::LegalEntity;
use serde_json::json;
use store::db::{DbError, Sql};
use store::testing::databases;
use store::{Draft, OpenError, Settings, Workspace};

use crate::pack::{pack, shipped};
use crate::world::in_both;

#[test]
fn everything_is_there_after_opening_again() {
    for database in databases() {
        let open = || Workspace::open(database.options.clone()).unwrap();
        let first = open();
        assert_eq!(first.knowledge().definitions.modules().count(), 0, "a new one knows nothing");
        first.apply_pack(&pack()).unwrap();
        first.apply_pack(&shipped("crm")).unwrap();
        let settings = Settings {
            name: "Ёлка".to_owned(),
            sandbox: true,
            legal_entities: vec![LegalEntity { inn: "1".to_owned(), ..LegalEntity::default() }],
            ..Settings::default()
        };
        first.save_settings(settings.clone()).unwrap();
        let later = first.clock().now() + SignedDuration::from_hours(24 * 30);
        first.move_clock(later).unwrap();
        let system = || model::Actor::System("test");
        let make = |work: &mut store::Work<'_>| Ok(work.create("companies", Draft::new().set("name", "x"))?.id);
        let id = first.write_blocking(system(), store::Origin::from("command"), make).unwrap();
        assert!(first.read_blocking(system(), move |work| work.get("companies", id)).unwrap().created_at >= later);
        first.db().close_blocking();

        let second = open();
        assert!(second.clock().now() >= later, "the clock went on");
        assert_eq!(*second.knowledge().settings, settings);
        let names: Vec<_> = second.packs().unwrap().into_iter().map(|pack| pack.manifest.name).collect();
        assert_eq!(names, ["visiting", "crm"], "{}", database.name);
        assert!(second.knowledge().definitions.module("leads").is_some());
        let (record, found) =
            second.read_blocking(system(), move |work| Ok((work.get("companies", id)?, work.search("x", 5)?))).unwrap();
        assert_eq!((record.text("name"), found.len()), (Some("x"), 1));
        assert_eq!(second.plan_pack(&pack()).unwrap().steps, []);
    }
}

fn set(workspace: &Workspace, key: &'static str, value: serde_json::Value) {
    let sql = Sql::new("update settings set value = ").bind(value).push(" where key = ").bind(key);
    assert_eq!(workspace.db().write_blocking(move |tx| tx.execute(&sql)).unwrap(), 1);
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    in_both(|world| {
        set(&world.workspace, "system_step", json!(99));
        let refused = Workspace::open(world.database.options.clone()).err().unwrap();
        assert!(matches!(refused, OpenError::Newer { found: 99, .. }), "{refused:?}");
        assert!(refused.to_string().contains("newer"));
    });
}

#[test]
fn a_module_that_has_the_name_of_a_new_table_is_told_before_anything_changes() {
    in_both(|world| {
        // As a program left it that knew nothing of these tables, with a module of that name.
        let older = |tx: &mut store::db::Tx| {
            tx.batch("drop table undos")?;
            tx.batch("create table undos (id integer primary key, name text)")?;
            tx.batch("insert into undos (id, name) values (1, 'mine')")
        };
        world.workspace.db().ddl_blocking(older).unwrap();
        set(&world.workspace, "system_step", json!(8));
        let refused = Workspace::open(world.database.options.clone()).err().unwrap();
        assert!(matches!(refused, OpenError::NameTaken("undos")), "{refused:?}");
        assert!(refused.to_string().contains("\"undos\"") && refused.to_string().contains("nothing was changed"));
        let left = world.workspace.db().read_blocking::<_, DbError, _>(|tx| {
            let step = tx.one(&Sql::new("select value from settings where key = 'system_step'"))?.json(0)?;
            let name = tx.one(&Sql::new("select name from undos"))?.text(0)?;
            Ok((step, name))
        });
        assert_eq!(left.unwrap(), (json!(8), "mine".to_owned()));
    });
}

#[test]
fn settings_that_cannot_be_read_are_not_forgotten() {
    in_both(|world| {
        world.workspace.save_settings(Settings { sandbox: true, ..Settings::default() }).unwrap();
        set(&world.workspace, "organisation", json!({"sandbox": "perhaps"}));
        let refused = Workspace::open(world.database.options.clone()).err().unwrap();
        assert!(matches!(refused, OpenError::Db(DbError::Corrupt(_))), "{refused:?}");
    });
}

#[test]
fn the_clock_goes_forward_only_and_once() {
    in_both(|world| {
        let target = world.workspace.clock().now() + SignedDuration::from_hours(1);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| world.workspace.move_clock(target).unwrap());
            }
        });
        let now = world.workspace.clock().now();
        assert!(now >= target && now < target + SignedDuration::from_mins(10), "{now}");
        world.workspace.move_clock(target - SignedDuration::from_hours(9)).unwrap();
        assert!(world.workspace.clock().now() >= target);
    });
}
