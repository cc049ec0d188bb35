//! The sealed log: nothing in it is altered, removed or added unnoticed, and blanking a person's data keeps it whole.

use model::Actor;
use serde_json::json;
use store::operations::{Area, Chain, SEAL_BATCH};
use store::{Origin, Workspace};

use crate::world::{World, in_both};

pub(crate) fn seal(workspace: &Workspace) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(workspace.seal_log()).unwrap()
}

fn damage(world: &World, statement: &str) {
    let statement = statement.to_owned();
    world.workspace.db().write_blocking(move |tx| tx.batch(&statement)).unwrap();
}

/// What the check finds about the seals.
fn broken(world: &World, anchor: Option<Chain>) -> Vec<String> {
    let findings = world.workspace.check(anchor).unwrap().findings;
    findings.into_iter().filter(|finding| finding.area == Area::Seals).map(|finding| finding.to_string()).collect()
}

fn some(world: &World) -> Vec<model::Id> {
    (0..8).map(|number| world.make("companies", &json!({"name": format!("c{number}")}))).collect()
}

#[test]
fn what_is_sealed_is_not_altered_unnoticed() {
    for statement in [
        "update changes set delta = '{\"name\":[null,\"другое\"]}' where seq = (select min(seq) from changes where module = 'companies')",
        "update changes set operation = 'update' where seq = (select max(seq) from changes where seal = 1)",
        "update changes set at = (select max(at) from changes) where seq = (select min(seq) from changes)",
        "update change_sets set source = 'interface' where id = (select change_set from changes order by seq limit 1)",
        "update change_sets set reason = 'так было' where id = (select change_set from changes order by seq limit 1)",
        "delete from changes where seq = (select min(seq) from changes)",
        "update changes set seal = null, digest = null where seq = (select min(seq) from changes)",
        "update changes set seal = 2 where seq = (select max(seq) from changes where seal = 1)",
        "update changes set digest = null where seq = (select max(seq) from changes where seal = 1); \
         update changes set version = 9 where seq = (select max(seq) from changes where seal = 1)",
        "delete from seals where number = 1",
        "update seals set digest = (select digest from seals where number = 2) where number = 1",
        "update seals set entries = entries + 1 where number = 2",
        "update changes set seal = 77 where seal = 2",
    ] {
        in_both(|world| {
            some(world);
            assert!(seal(&world.workspace) > 0);
            some(world);
            assert!(seal(&world.workspace) > 0);
            assert_eq!(broken(world, None), [] as [&str; 0]);
            damage(world, statement);
            assert!(!broken(world, None).is_empty(), "{statement}");
        });
    }
}

#[test]
fn a_log_that_was_cut_or_written_anew_is_not_the_one_that_was_noted() {
    in_both(|world| {
        some(world);
        seal(&world.workspace);
        some(world);
        seal(&world.workspace);
        let noted = world.workspace.chain().unwrap().unwrap();
        assert_eq!(noted.number, 2);
        some(world);
        seal(&world.workspace);
        assert_eq!(broken(world, Some(noted.clone())), [] as [&str; 0]);
        // Whoever has the database can seal a log of their own; not one that ends as the noted one did.
        damage(
            world,
            "delete from seals; update changes set seal = null, digest = null; \
                       update change_sets set reason = 'иначе' where id = (select change_set from changes order by seq limit 1)",
        );
        while seal(&world.workspace) > 0 {}
        assert_eq!(broken(world, None), [] as [&str; 0]);
        assert_eq!(broken(world, Some(noted)).len(), 1);
    });
}

#[test]
fn seals_are_bounded_and_what_is_forgotten_keeps_them_whole() {
    in_both(|world| {
        let ids = some(world);
        let (sealed, fresh) = (ids[0], world.make("companies", &json!({"name": "Пётр", "email": "p@example.org"})));
        world
            .run(|work| {
                (0..SEAL_BATCH + 50).try_for_each(|number| {
                    crate::world::create(work, "notes", &json!({"name": format!("{number}")})).map(drop)
                })
            })
            .unwrap();
        assert_eq!(i64::try_from(seal(&world.workspace)).unwrap(), SEAL_BATCH);
        let late = world.make("companies", &json!({"name": "Анна"}));
        let forget = move |work: &mut store::Work<'_>| work.forget_records("companies", &[sealed, fresh, late]);
        let forgotten = world.workspace.write_blocking(Actor::System("test"), Origin::from("command"), forget).unwrap();
        assert_eq!(forgotten, 3);
        assert!(seal(&world.workspace) > 0);
        assert_eq!(seal(&world.workspace), 0);
        let report = world.workspace.check(None).unwrap();
        assert!(report.is_fine(), "{report:#?}");
        assert_eq!(report.unsealed, 0);
        let left =
            "select count(*) from changes where cast(delta as text) like '%Пётр%' or cast(delta as text) like '%Анна%'";
        assert_eq!(world.workspace.db().read_blocking(move |tx| tx.one(&left.into())?.int(0)).unwrap(), 0);
        // Nobody passes off an alteration as forgotten.
        damage(
            world,
            "update changes set delta = '{}' where seq = (select max(seq) from changes where module = 'notes')",
        );
        let told = world.workspace.check(None).unwrap();
        assert!(told.findings.iter().any(|finding| finding.message.contains("say nothing")), "{told:#?}");
        damage(
            world,
            "update changes set digest = (select digest from changes order by seq limit 1) where delta = '{}'",
        );
        assert!(!broken(world, None).is_empty());
    });
}

/// Transactions that began earlier and commit later fall under the next seal.
#[test]
fn entries_that_come_late_are_sealed_too() {
    in_both(|world| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let workspace = world.workspace.clone();
                std::thread::spawn(move || {
                    for number in 0..40 {
                        let json = json!({"name": format!("{writer}.{number}")});
                        let write = move |work: &mut store::Work<'_>| {
                            (0..3).try_for_each(|_| crate::world::create(work, "companies", &json).map(drop))
                        };
                        workspace.write_blocking(Actor::System("test"), Origin::from("api"), write).unwrap();
                    }
                })
            })
            .collect();
        while writers.iter().any(|writer| !writer.is_finished()) {
            seal(&world.workspace);
        }
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        while seal(&world.workspace) > 0 {}
        let report = world.workspace.check(None).unwrap();
        assert!(report.is_fine() && report.unsealed == 0, "{report:#?}");
        assert!(report.chain.unwrap().number > 2);
    });
}
