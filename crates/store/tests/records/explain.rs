//! How the databases read lists: by an index, without sorting, also deep inside a list.

use serde_json::{Value as Json, json};
use store::{List, Sort};

use crate::world::{World, create, in_both, sort};

fn plan(world: &World, list: List) -> String {
    world.run(move |work| Ok(work.explain("visits", &list)?.join("\n"))).unwrap()
}

fn fill(world: &World) {
    let company = world.make("companies", &json!({"name": "c"}));
    world
        .run(move |work| {
            for number in 0..1_500 {
                let seats = if number % 2 == 0 { Json::Null } else { json!(number % 97) };
                create(work, "visits", &json!({"name": format!("n{}", number % 700), "seats": seats, "company": company, "code": format!("c{number}")}))?;
            }
            Ok(())
        })
        .unwrap();
    world.workspace.db().standalone_blocking("analyze").unwrap();
}

fn assert_read_by(plan: &str, index: &str) {
    for step in ["TEMP B-TREE", "Sort", "Seq Scan", "SCAN t\n"] {
        assert!(!plan.contains(step), "{step:?} in:\n{plan}");
    }
    assert!(plan.contains(index), "no {index} in:\n{plan}");
}

#[test]
fn lists_are_read_by_an_index() {
    in_both(|world| {
        fill(world);
        let page = |sort: Vec<Sort>, cursor: Option<String>| List { sort, cursor, limit: 50, ..List::default() };
        let by_id = if world.database.name == "sqlite" { "sqlite_autoindex_visits_1" } else { "visits_pkey" };
        assert_read_by(&plan(world, page(Vec::new(), None)), by_id);
        for (field, index) in [("name", "visits.name.index"), ("seats", "visits.seats.index")] {
            for descending in [false, true] {
                let sorted = vec![sort(field, descending)];
                assert_read_by(&plan(world, page(sorted.clone(), None)), index);
                let first = page(sorted.clone(), None);
                let next = world.run(move |work| work.list("visits", &first)).unwrap().next;
                let deep = plan(world, page(sorted, next));
                assert_read_by(&deep, index);
                let sought = if world.database.name == "sqlite" { "SEARCH t USING INDEX" } else { "Index Cond" };
                assert!(deep.contains(sought), "the page is not sought:\n{deep}");
            }
        }
        if world.database.name == "sqlite" {
            let sorted = plan(world, page(vec![sort("updated_at", true)], None));
            assert!(
                sorted.contains("LIST SUBQUERY")
                    && sorted.contains("SEARCH t USING INDEX sqlite_autoindex_visits_1 (id=?)"),
                "{sorted}"
            );
        }
        let filter = world.run(|work| work.filter("visits", "code == \"c77\"")).unwrap();
        let found = plan(world, List { filter: Some(filter), ..page(Vec::new(), None) });
        assert!(found.contains("visits.code.unique"), "{found}");
    });
}
