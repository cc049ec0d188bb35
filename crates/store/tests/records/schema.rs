//! Packs: planned first, applied whole, and a second time nothing is left to do.

use model::pack::Pack;
use serde_json::json;
use store::{Draft, Error, List, OpenError, Result};

use crate::pack::{changed, files, pack, read, shipped};
use crate::world::{World, create, in_both};

fn apply(world: &World, pack: &Pack) -> Vec<String> {
    let planned = world.workspace.plan_pack(pack).unwrap();
    let applied = world.workspace.apply_pack(pack).unwrap();
    assert_eq!(planned, applied, "what was planned is what is done");
    let again = world.workspace.plan_pack(pack).unwrap();
    assert_eq!(again.steps, [], "a second time nothing is left to do");
    applied.steps.into_iter().map(|step| step.to_string()).collect()
}

fn refused(world: &World, pack: &Pack) -> String {
    match world.workspace.apply_pack(pack) {
        Err(OpenError::Packs(errors)) => errors.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pack_applied_again_changes_nothing() {
    in_both(|world| {
        assert_eq!(apply(world, &pack()), [] as [&str; 0]);
        assert!(!apply(world, &shipped("crm")).is_empty());
        assert!(!apply(world, &shipped("tickets")).is_empty());
        assert_eq!(apply(world, &shipped("group_tickets")), [] as [&str; 0], "it has no tables of its own");
        assert_eq!(apply(world, &shipped("crm")), [] as [&str; 0]);
    });
}

#[test]
fn fields_indexes_and_uniqueness_come_and_go() {
    in_both(|world| {
        let id = world.make("notes", &json!({"name": "x"}));
        let more = "{ name = \"seats\", type = \"number\", index = true },\n{ name = \"inn\", type = \"text\", unique = true },\n\
            { name = \"fee\", type = \"money\" },\n{ name = \"company\", type = \"link\", module = \"companies\" },";
        let pack = changed("modules/notes.toml", "{ name = \"seats\", type = \"number\" },", more);
        let steps = apply(world, &pack);
        assert!(steps.iter().any(|step| step == "new column notes.fee_currency"), "{steps:?}");
        let company = world.make("companies", &json!({"name": "c"}));
        world
            .change("notes", id, &json!({"fee": {"amount": "1.00", "currency": "RUB"}, "company": company, "inn": "1"}))
            .unwrap();
        let purged = world.run(move |work| work.purge("companies", company, None));
        assert!(
            matches!(purged, Err(Error::Conflict { code: "linked", .. })),
            "a link that came later is held too: {purged:?}"
        );
        let twice = || world.run(|work| create(work, "notes", &json!({"name": "y", "inn": "1"})));
        assert!(matches!(twice(), Err(Error::Conflict { code: "duplicate", .. })));
        let free = changed(
            "modules/notes.toml",
            "{ name = \"seats\", type = \"number\" },",
            &more.replace(", unique = true", ""),
        );
        apply(world, &free);
        twice().unwrap();
        // Two records share a value now: uniqueness cannot come back, and nothing is changed by trying.
        assert!(world.workspace.apply_pack(&pack).is_err());
        twice().unwrap();
    });
}

/// Rows that nobody wrote through the front door: what counts is that there are many.
fn fill(world: &World, rows: usize) {
    let sql = match world.database.name {
        "sqlite" => format!(
            "insert into notes (id, version, created_at, updated_at) with recursive number(n) as \
             (select 1 union all select n + 1 from number where n < {rows}) select randomblob(16), 1, n, n from number"
        ),
        _ => format!(
            "insert into notes (id, version, created_at, updated_at) \
             select gen_random_uuid(), 1, now(), now() from generate_series(1, {rows})"
        ),
    };
    world.workspace.db().standalone_blocking(sql).unwrap();
}

#[test]
fn an_index_of_many_rows_is_built_after_the_change() {
    in_both(|world| {
        let pack = |more: &str| {
            changed(
                "modules/notes.toml",
                "{ name = \"seats\", type = \"number\" },",
                &format!("{{ name = \"seats\", type = \"number\"{more} }},"),
            )
        };
        let indexed = pack(", index = true");
        fill(world, 10_001);
        let steps = world.workspace.apply_pack(&indexed).unwrap().to_string();
        assert_eq!(steps, "new index notes.seats.index, built afterwards\n");
        let left = || world.workspace.plan_pack(&indexed).unwrap().to_string();
        assert_eq!(left(), steps, "it is not there yet");
        world.make("notes", &json!({"name": "meanwhile", "seats": 3}));
        if world.database.name != "sqlite" {
            // One that PostgreSQL gave up stands in its place, and serves nothing.
            let in_vain = "create unique index concurrently \"notes.seats.index\" on notes (version)";
            assert!(world.workspace.db().standalone_blocking(in_vain).is_err());
            assert_eq!(left(), steps);
        }
        assert_eq!(world.workspace.build_indexes().unwrap().built, ["notes.seats.index"]);
        assert_eq!(left(), "");
        assert_eq!(world.workspace.build_indexes().unwrap(), store::shape::Indexing::default());
        // What may not be there twice is looked at in the change itself.
        let unique = pack(", index = true, unique = true");
        assert_eq!(world.workspace.apply_pack(&unique).unwrap().to_string(), "new index notes.seats.unique\n");
    });
}

#[test]
fn a_link_waits_for_the_pack_of_its_target() {
    in_both(|world| {
        let module = |name: &str, fields: &str| {
            format!(
                "name = \"{name}\"\nlabel = {{ ru = \"x\", en = \"x\" }}\none = {{ ru = \"x\", en = \"x\" }}\ntitle = \"name\"\n\
                 fields = [ {{ name = \"name\", type = \"text\" }}, {fields} ]\n"
            )
        };
        let pack = |name: &str, module_name: &str, text: String| {
            let manifest = format!("name = \"{name}\"\nlabel = {{ ru = \"x\", en = \"x\" }}\nversion = 1\n");
            read([("pack.toml".to_owned(), manifest), (format!("modules/{module_name}.toml"), text)].into())
        };
        apply(
            world,
            &pack("early", "doors", module("doors", "{ name = \"house\", type = \"link\", module = \"houses\" }")),
        );
        let door = world.make("doors", &json!({"name": "d"}));
        apply(world, &pack("late", "houses", module("houses", "")));
        let house = world.make("houses", &json!({"name": "h"}));
        world.change("doors", door, &json!({"house": house})).unwrap();
        let purged = world.run(move |work| work.purge("houses", house, None));
        assert!(matches!(purged, Err(Error::Conflict { code: "linked", .. })), "{purged:?}");
    });
}

#[test]
fn values_that_are_there_keep_their_type() {
    in_both(|world| {
        for (from, to) in [
            ("{ name = \"story\", type = \"long_text\" }", "{ name = \"story\", type = \"number\" }"),
            ("{ name = \"stars\", type = \"rating\" }", "{ name = \"stars\", type = \"text\" }"),
            ("type = \"decimal\", scale = 3", "type = \"decimal\", scale = 2"),
            ("{ name = \"site\", type = \"url\" }", "{ name = \"site\", type = \"text\" }"),
            ("type = \"link\", module = \"companies\"", "type = \"link\", module = \"tasks\""),
        ] {
            let error = refused(world, &changed("modules/visits.toml", from, to));
            assert!(error.contains("values of another type"), "{to}: {error}");
        }
        let clash = refused(
            world,
            &changed(
                "modules/visits.toml",
                "{ name = \"stars\",",
                "{ name = \"name_key\", type = \"text\" }, { name = \"stars\",",
            ),
        );
        assert!(clash.contains("name_key"), "{clash}");
        world.make("visits", &json!({"name": "still fine"}));
    });
}

#[test]
fn no_module_takes_a_table_of_the_database() {
    in_both(|world| {
        let tables = match world.database.name {
            "sqlite" => "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
            _ => "select table_name::text from information_schema.tables where table_schema = current_schema()",
        };
        let rows = world.workspace.db().read_blocking(move |tx| tx.query(&tables.into())).unwrap();
        let mut names: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
        names.retain(|name| !["companies", "visits", "notes", "tasks"].contains(&name.as_str()));
        assert!(names.len() > 12, "{names:?}");
        names.push("pg_class".to_owned());
        for name in names {
            let mut files = files();
            let text = files["modules/notes.toml"].replace("\"notes\"", &format!("\"{name}\""));
            files.insert("modules/notes.toml".to_owned(), text);
            assert!(refused(world, &read(files)).contains("cannot name a module"), "{name}");
        }
    });
}

#[test]
fn long_names_are_applied_once_too() {
    in_both(|world| {
        let (module, field) = ("m".repeat(48), "f".repeat(48));
        let more = format!(
            "{{ name = \"seats\", type = \"number\" }}, {{ name = \"{field}\", type = \"email\", unique = true, index = true }},"
        );
        let mut files = files();
        let text = files["modules/notes.toml"]
            .replace("\"notes\"", &format!("\"{module}\""))
            .replace("{ name = \"seats\", type = \"number\" },", &more);
        files.insert("modules/notes.toml".to_owned(), text);
        apply(world, &read(files));
        let twice = move |work: &mut store::Work<'_>| -> Result<()> {
            let draft = || Draft::new().set("name", "x").set(&field, "a@example.org");
            work.create(&module, draft())?;
            work.create(&module, draft()).map(drop)
        };
        let error = world.run(twice).unwrap_err();
        assert!(matches!(error, Error::Conflict { code: "duplicate", .. }), "{error:?}");
    });
}

#[test]
fn what_becomes_hidden_is_found_no_more_and_what_becomes_searched_is() {
    in_both(|world| {
        world.make("companies", &json!({"name": "x", "city": "Казань", "inn": "77077"}));
        let found = |text: &'static str| world.run(move |work| Ok(work.search(text, 5)?.len())).unwrap();
        assert_eq!((found("казань"), found("77077")), (1, 0));
        world
            .workspace
            .apply_pack(&changed("roles/clerk.toml", "hidden = [\"remark\"]", "hidden = [\"remark\", \"city\"]"))
            .unwrap();
        assert_eq!(found("казань"), 0, "a field that a role may not see is not searched");
        let said = world.run(|work| work.search("x", 5)).unwrap();
        assert_eq!(said[0].subtitle, "");
        world.workspace.apply_pack(&changed("modules/companies.toml", "\"token\"]", "\"token\", \"inn\"]")).unwrap();
        assert_eq!((found("казань"), found("77077")), (1, 1));
        assert_eq!(world.run(|work| work.count("companies", &List::default(), None)).unwrap(), 1);
    });
}

#[test]
fn a_pack_that_needs_another_waits_for_it() {
    in_both(|world| {
        assert!(refused(world, &shipped("tickets")).contains("crm"));
    });
}
