//! What is told about modules, and how a change of their shape reaches programs that are running.

use std::time::Duration;

use app::packs;
use model::pack::Pack;
use serde_json::{Value, json};

use crate::world::{World, worlds};

/// The shipped pack `crm` with its deals changed, and with a version of its own.
fn changed(change: impl Fn(&str) -> String) -> Pack {
    let mut files = packs::find("crm").unwrap().files;
    let text = change(&files["modules/deals.toml"]);
    files.insert("modules/deals.toml".to_owned(), text);
    Pack::read(files).unwrap()
}

fn with_seats(text: &str) -> String {
    let field = "\n[[fields]]\nname = \"seats_wanted\"\ntype = \"number\"\nmin = 1\nmax = 500\n\n[[fields]]\nname = \"share_wanted\"\ntype = \"decimal\"\nscale = 2\nmax = 1\n";
    let indexes = "\nindexes = [[\"seats_wanted\", \"stage\"], [\"name\", \"owner\"]]\n";
    format!("{}{field}", text.replacen('\n', indexes, 1))
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_and_secret_fields_are_named_nowhere() {
    for world in worlds() {
        for role in ["door", "salesperson", "administrator", "accountant", "reviewer", "secretary"] {
            let (_, api) = world.user(role, role);
            let rights = api.get("/api/v1/me").await.expect(200)["rights"].clone();
            for module in api.get("/api/v1/meta/modules").await.expect(200)["data"].as_array().unwrap() {
                let name = module["name"].as_str().unwrap();
                let hidden = rights[name]["hidden"].as_array().unwrap();
                let said = ["title", "subtitle", "belongs_to", "also_belongs_to"];
                let mut named: Vec<&Value> = said.iter().map(|key| &module[*key]).collect();
                named.extend(module["fields"].as_array().unwrap().iter().map(|field| &field["name"]));
                let lists = module["groups"].as_array().unwrap().iter().map(|group| &group["fields"]);
                for list in lists.chain([&module["columns"], &module["search"]]) {
                    named.extend(list.as_array().unwrap());
                }
                assert!(named.iter().all(|name| !hidden.contains(name)), "{role}: {name}");
                assert_eq!(api.get(&format!("/api/v1/meta/modules/{name}")).await.expect(200), *module);
            }
            for process in api.get("/api/v1/meta/processes").await.expect(200)["data"].as_array().unwrap() {
                let hidden = rights[process["module"].as_str().unwrap()]["hidden"].as_array().unwrap();
                let asks = process["transitions"].as_array().unwrap().iter().filter_map(|step| step["asks"].as_array());
                assert!(asks.flatten().all(|name| !hidden.contains(name)), "{role}: {}", process["name"]);
            }
        }
        let door = world.user("doorman", "door").1.get("/api/v1/meta/modules/tickets").await.expect(200);
        assert!(!door.to_string().contains("attendee_email"), "{door}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_keeps_to_its_bounds() {
    for world in worlds() {
        world.workspace.apply_pack(&changed(with_seats)).unwrap();
        let post = async |field: &str, value: Value| {
            world.admin.post("/api/v1/deals", json!({"name": "x", field: value})).await
        };
        for (field, value) in
            [("seats_wanted", json!(0)), ("seats_wanted", json!(501)), ("share_wanted", json!("1.01"))]
        {
            let answer = post(field, value).await;
            answer.faulty(&[field]);
            assert_eq!(answer.json["errors"][0]["code"], "out_of_range");
        }
        for (field, value) in
            [("seats_wanted", json!(1)), ("seats_wanted", json!(500)), ("share_wanted", json!("1.00"))]
        {
            post(field, value).await.expect(201);
        }
        let document = world.admin.get("/api/v1/openapi.json").await.expect(200);
        let schema = &document["components"]["schemas"]["deals_create"]["properties"]["seats_wanted"];
        assert_eq!((&schema["minimum"], &schema["maximum"]), (&json!(1), &json!(500)));
        let indexes = match world.workspace.db().dialect() {
            store::db::Dialect::Sqlite => "select name from sqlite_schema where type = 'index'",
            store::db::Dialect::Postgres => {
                "select indexname::text from pg_indexes where schemaname = current_schema()"
            }
        };
        let read = move |tx: &mut store::db::Tx| tx.query(&store::db::Sql::new(indexes));
        let rows = world.workspace.db().read_blocking(read).unwrap();
        let names: Vec<_> = rows.iter().map(|row| row.text(0).unwrap()).collect();
        assert!(names.contains(&"deals.seats_wanted.stage.index".to_owned()), "{names:?}");
        assert!(names.contains(&"deals.name.owner.index".to_owned()), "{names:?}");
    }
}

#[test]
fn bounds_and_indexes_that_make_no_sense_are_refused() {
    let wrong = |text: &str| {
        let pack = changed(|deals| format!("{deals}\n{text}"));
        model::Definitions::from_packs(&[pack]).unwrap_err().iter().map(ToString::to_string).collect::<String>()
    };
    let field = |rest: &str| format!("[[fields]]\nname = \"odd\"\n{rest}");
    assert!(wrong(&field("type = \"text\"\nmin = 1")).contains("odd is no number"));
    assert!(wrong(&field("type = \"number\"\nmin = 2\nmax = 1")).contains("above its max"));
    let index = |fields: &str| {
        let pack = changed(|deals| deals.replacen('\n', &format!("\nindexes = [{fields}]\n"), 1));
        model::Definitions::from_packs(&[pack]).unwrap_err().iter().map(ToString::to_string).collect::<String>()
    };
    assert!(index("[\"stage\"]").contains("two to four"));
    assert!(index("[\"stage\", \"nothing\"]").contains("\"nothing\" is no field"));
}

/// Asks until the answer is right, for somewhat longer than a change needs to be noticed.
async fn noticed(world: &World, what: &str, is_right: impl AsyncFn() -> bool) {
    for _ in 0..100 {
        if is_right().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what} was not noticed on {}", world.database.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_notices_what_the_first_one_changed() {
    for world in worlds() {
        let (other, api) = world.second_program();
        api.get("/api/v1/me").await.expect(200);
        world.workspace.apply_pack(&changed(with_seats)).unwrap();
        world.admin.patch("/api/v1/meta/organisation", json!({"name": "Port"})).await.expect(200);
        world.admin.post("/api/v1/sandbox/clock", json!({"advance": "P9D"})).await.expect(200);
        noticed(&world, "the pack", async || {
            api.get("/api/v1/meta/modules/deals").await.expect(200).to_string().contains("seats_wanted")
        })
        .await;
        noticed(&world, "the name", async || api.get("/api/v1/meta/organisation").await.expect(200)["name"] == "Port")
            .await;
        noticed(&world, "the clock", async || {
            let behind = world.workspace.clock().now().duration_since(other.clock().now());
            behind < jiff::SignedDuration::from_hours(1)
        })
        .await;
        let deal = api.post("/api/v1/deals", json!({"name": "x", "seats_wanted": 7})).await.expect(201);
        assert_eq!(deal["seats_wanted"], 7);
    }
}
