//! Damage done to the tables by hand is found, each kind by its own; what is derived is made anew.

use model::Id;
use serde_json::json;
use store::operations::{Area, Report};

use crate::dump::dump;
use crate::life::live;
use crate::world::{World, in_both};

fn damage(world: &World, statement: &str) {
    let statement = statement.to_owned();
    world
        .workspace
        .db()
        .ddl_blocking(move |tx| match tx.dialect() {
            // Links are not looked at meanwhile.
            store::db::Dialect::Postgres => {
                tx.batch(&format!("set local session_replication_role = replica; {statement}"))
            }
            store::db::Dialect::Sqlite => tx.batch(&statement),
        })
        .unwrap();
}

fn found(world: &World, area: Area) -> (Report, usize) {
    let report = world.workspace.check(None).unwrap();
    let count = report.findings.iter().filter(|finding| finding.area == area).count();
    (report, count)
}

/// Three companies and a visit to the second of them.
fn few(world: &World) -> [Id; 4] {
    let make = |name: &str| {
        world.make("companies", &json!({"name": name, "city": "Пермь", "email": format!("{name}@example.org")}))
    };
    let (one, two, three) = (make("one"), make("two"), make("three"));
    let visit = json!({"name": "v", "company": two, "guests": [two, one], "host": world.me});
    [one, two, three, world.make("visits", &visit)]
}

#[test]
fn a_lively_workspace_is_fine() {
    in_both(|world| {
        live(world, 21, 300);
        let report = world.workspace.check(None).unwrap();
        assert!(report.is_fine(), "{report:#?}");
        assert!(report.records > 50 && report.chain.is_none() && report.unsealed > 100, "{report:?}");
    });
}

/// Looked at again and again by connections that remember what they read before.
#[test]
fn a_workspace_that_goes_on_stays_fine() {
    in_both(|world| {
        let ids: Vec<Id> =
            (0..20).map(|number| world.make("companies", &json!({"name": format!("c{number}")}))).collect();
        for number in 0..120_usize {
            let json = json!({"name": format!("имя {number}"), "city": format!("Город {}", number % 7)});
            world.change("companies", ids[number % ids.len()], &json).unwrap();
            let report = world.workspace.check(None).unwrap();
            assert!(report.is_fine(), "after {number} changes: {report:#?}");
        }
    });
}

#[test]
fn words_and_identities_that_differ_are_found_and_made_anew() {
    let name = "(select id from search_rows where title = 'one')";
    let record = "(select record from search_rows where title = 'one')";
    let words = |sqlite: &'static str, postgres: &'static str| (sqlite, postgres);
    for (area, (sqlite, postgres)) in [
        (
            Area::Search,
            words(
                "delete from search_words where rowid = NAME; delete from search_rows where title = 'one'",
                "delete from search_rows where title = 'one'",
            ),
        ),
        (Area::Search, words("update search_rows set title = 'other' where title = 'one'", "")),
        (Area::Search, words("update search_rows set subtitle = '' where title = 'one'", "")),
        (
            Area::Search,
            words(
                "delete from search_words where rowid = NAME; insert into search_words (rowid, words) values (NAME, 'other')",
                "update search_rows set words = array_to_tsvector(array['other']) where title = 'one'",
            ),
        ),
        (
            Area::Search,
            words(
                "delete from search_words where rowid = NAME; \
                 insert into search_words (rowid, words) values (NAME, '^on ^one ^пе ^пер ^перм one перм пермь more')",
                "update search_rows set words = words || array_to_tsvector(array['more']) where title = 'one'",
            ),
        ),
        (
            Area::Search,
            words(
                "insert into search_rows (id, record, title, subtitle) select max(id) + 1, ID, 'gone', '' from search_rows \
                 where id < (select (number + 1) * 1099511627776 from search_modules where module = 'companies')",
                "",
            ),
        ),
        (Area::Identities, words("delete from identities where kind = 'email' and record = RECORD", "")),
        (
            Area::Identities,
            words("update identities set value = 'x@example.org' where kind = 'email' and record = RECORD", ""),
        ),
        (
            Area::Identities,
            words(
                "insert into identities (kind, value, module, record) select kind, value, module, record from identities where record = RECORD",
                "",
            ),
        ),
        (
            Area::Identities,
            words(
                "insert into identities (kind, value, module, record) values ('email', 'x@example.org', 'companies', ID)",
                "",
            ),
        ),
    ] {
        in_both(|world| {
            few(world);
            let before = dump_of_few(world);
            let statement = if world.database.name == "sqlite" || postgres.is_empty() { sqlite } else { postgres };
            let id = if world.database.name == "sqlite" {
                "x'00112233445566778899aabbccddeeff'"
            } else {
                "'00112233-4455-6677-8899-aabbccddeeff'"
            };
            let statement = statement.replace("NAME", name).replace("RECORD", record).replace("ID", id);
            damage(world, &statement);
            let (report, count) = found(world, area);
            assert_eq!((count, report.findings.len()), (1, 1), "{statement}: {report:#?}");
            assert!(report.findings[0].is_derived());
            assert_eq!(world.workspace.repair(&report).unwrap(), 1);
            assert!(world.workspace.check(None).unwrap().is_fine(), "{statement} was repaired");
            assert_eq!(before, dump_of_few(world), "{statement}");
        });
    }
}

/// What is found, by the product's own search, and who carries which identity.
fn dump_of_few(world: &World) -> Vec<(Vec<String>, Vec<String>)> {
    let found = ["one", "пермь", "other", "more", "gone"].map(|text| {
        let hits = world.run(move |work| work.search(text, 9)).unwrap();
        let mut titles: Vec<_> = hits.into_iter().map(|hit| hit.title).collect();
        titles.sort();
        titles
    });
    let rows = world
        .workspace
        .db()
        .read_blocking(|tx| tx.query(&"select kind || value from identities order by 1".into()))
        .unwrap();
    let identities: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    found.into_iter().map(|titles| (titles, identities.clone())).collect()
}

#[test]
fn everything_that_is_derived_can_be_made_anew() {
    in_both(|world| {
        live(world, 22, 200);
        let before = dump(&world.workspace);
        if world.database.name == "sqlite" {
            damage(world, "delete from search_words where rowid in (select id from search_rows)");
        }
        damage(world, "delete from identities; delete from search_rows;");
        let report = world.workspace.check(None).unwrap();
        assert!(world.workspace.repair(&report).unwrap() > 20);
        let report = world.workspace.check(None).unwrap();
        assert!(report.is_fine(), "{report:#?}");
        assert_eq!(before, dump(&world.workspace));
    });
}

#[test]
fn records_beside_their_history() {
    for statement in [
        "update companies set name = 'two!', name_key = 'two!' where name = 'two'",
        "update companies set version = version + 1 where name = 'two'",
        "update companies set deleted_at = created_at where name = 'three'",
        "update companies set owner = (select id from users where name = 'me') where name = 'two'",
        "update changes set version = 5 where record = (select id from companies where name = 'two')",
        "update changes set delta = '{}' where record = (select id from companies where name = 'two')",
        "update changes set operation = 'purge' where record = (select id from companies where name = 'two')",
        "delete from changes where record = (select id from companies where name = 'two')",
        "delete from companies where name = 'three'",
    ] {
        in_both(|world| {
            few(world);
            assert!(world.workspace.check(None).unwrap().is_fine());
            damage(world, statement);
            let (report, count) = found(world, Area::Log);
            assert!(count >= 1, "{statement}: {report:#?}");
            assert_eq!(world.workspace.repair(&report).map(drop).map_err(|error| error.to_string()), Ok(()));
            assert!(found(world, Area::Log).1 >= 1, "{statement}: what is no copy of anything is not repaired");
        });
    }
}

/// What says when it was made, folded copies, users, and entries that are not sealed yet.
#[test]
fn what_hands_change_beside_values_is_found() {
    let two = "(select id from companies where name = 'two')";
    for (area, said, statement) in [
        (Area::Log, "created_at", "update companies set created_at = updated_at where name = 'two'".to_owned()),
        (Area::Keys, "name_key", "update companies set name_key = 'zwei' where name = 'two'".to_owned()),
        (Area::Keys, "city_key", "update companies set city_key = null where name = 'two'".to_owned()),
        (Area::Log, "roles", "update users set roles = '[\"boss\"]' where name = 'me'".to_owned()),
        (
            Area::Log,
            "does not follow",
            format!("update changes set delta = '{{}}' where record = {two} and version = 2"),
        ),
        (Area::Log, "does not follow", format!("delete from changes where record = {two} and version = 2")),
        (
            Area::Log,
            "does not follow",
            format!(
                "update changes set delta = '{{\"city\": [\"Пермь\", null]}}' where record = {two} and version = 2"
            ),
        ),
    ] {
        in_both(|world| {
            let [_, two, ..] = few(world);
            for city in ["Омск", "Томск"] {
                world.change("companies", two, &json!({"city": city})).unwrap();
            }
            let report = world.workspace.check(None).unwrap();
            assert!(report.is_fine(), "{report:#?}");
            damage(world, &statement);
            let (report, count) = found(world, area);
            assert!(count >= 1, "{statement}: {report:#?}");
            let told: Vec<_> = report.findings.iter().filter(|finding| finding.area == area).collect();
            assert!(told.iter().any(|it| it.message.contains(said) && it.record.is_some()), "{statement}: {report:#?}");
            let is_derived = area == Area::Keys;
            assert_eq!(report.findings.iter().any(store::operations::Finding::is_derived), is_derived);
            world.workspace.repair(&report).unwrap();
            assert_eq!(world.workspace.check(None).unwrap().is_fine(), is_derived, "{statement}");
        });
    }
}

#[test]
fn links_and_tables() {
    in_both(|world| {
        few(world);
        let nobody = if world.database.name == "sqlite" {
            "x'00112233445566778899aabbccddeeff'"
        } else {
            "'00112233-4455-6677-8899-aabbccddeeff'"
        };
        // Without the engine's own watch, as after a crash of the disk.
        match world.database.name {
            "sqlite" => {
                let store::Location::Sqlite(path) = &world.database.options.location else { panic!() };
                let raw = rusqlite::Connection::open(path).unwrap();
                raw.execute_batch(&format!(
                    "pragma foreign_keys = off; update visits set company = {nobody}, host = {nobody}; update companies set owner = {nobody} where name = 'one'"
                ))
                .unwrap();
            }
            _ => damage(
                world,
                &format!(
                    "update visits set company = {nobody}, host = {nobody}; update companies set owner = {nobody} where name = 'one'"
                ),
            ),
        }
        let (report, count) = found(world, Area::Links);
        assert_eq!(count, 3, "{report:#?}");
    });
    in_both(|world| {
        few(world);
        damage(world, "drop index \"companies.name.index\"; alter table visits drop column story;");
        let (report, count) = found(world, Area::Structure);
        assert_eq!(count, 2, "{report:#?}");
    });
}

#[test]
fn links_to_many() {
    let table = "\"visits.guests.links\"";
    in_both(|world| {
        few(world);
        let nobody = if world.database.name == "sqlite" {
            "x'00112233445566778899aabbccddeeff'"
        } else {
            "'00112233-4455-6677-8899-aabbccddeeff'"
        };
        let statement = format!(
            "update {table} set target = {nobody} where position = 0; \
             insert into {table} (record, target, position) values ({nobody}, (select id from companies where name = 'one'), 0)"
        );
        match world.database.name {
            "sqlite" => {
                let store::Location::Sqlite(path) = &world.database.options.location else { panic!() };
                let raw = rusqlite::Connection::open(path).unwrap();
                raw.execute_batch(&format!("pragma foreign_keys = off; {statement}")).unwrap();
            }
            _ => damage(world, &statement),
        }
        let (report, count) = found(world, Area::Links);
        assert_eq!(count, 2, "one leads to nothing, one from nothing: {report:#?}");
    });
    in_both(|world| {
        few(world);
        damage(world, &format!("delete from {table} where position = 0"));
        assert_eq!(found(world, Area::Log).1, 1, "its list is not what the log comes to");
        damage(world, &format!("drop table {table}"));
        assert!(found(world, Area::Structure).1 >= 1);
    });
}

#[test]
fn a_torn_index_of_the_file_is_found() {
    let world = World::new(store::testing::databases().swap_remove(0));
    few(&world);
    world.workspace.db().close_blocking();
    let store::Location::Sqlite(path) = &world.database.options.location else { panic!() };
    // An index over another column than its entries are of.
    let raw = rusqlite::Connection::open(path).unwrap();
    raw.execute_batch(
        "pragma writable_schema = on; \
         update sqlite_schema set sql = replace(sql, 'city_key', 'name_key') where name = 'companies.city.index';",
    )
    .unwrap();
    drop(raw);
    let workspace = store::Workspace::open(world.database.options.clone()).unwrap();
    let report = workspace.check(None).unwrap();
    assert!(report.findings.iter().any(|finding| finding.area == Area::Database), "{report:#?}");
}
