//! List views of packs: planned, applied, read in one's own language under one's own rights, changed by no one, taken out of
//! use with what they show, taken back, dropped by the next version.

use serde_json::{Value, json};

use super::MODULES;
use super::world::{Api, worlds};

const PACKS: &str = "/api/v1/meta/packs";
const VIEWS: &str = "/api/v1/meta/views";

const HOT: &str = "name = \"hot\"\nmodule = \"leads\"\nfilter = 'readiness == \"hot\"'\nsort = \"name\"\n\
    columns = [\"name\", \"phone\"]\ngroup_by = \"created_at.month\"\nlabel = { ru = \"Горячие\", en = \"Hot ones\" }\n";
const ROAD: &str = "name = \"road\"\nmodule = \"leads\"\nkind = \"board\"\nby = \"status\"\nlabel = { ru = \"Путь\", en = \"Road\" }\n";

/// The pack as a body of the API.
fn pack(version: u32, views: &[(&str, &str)]) -> Value {
    let manifest = format!(
        "name = \"extra\"\nlabel = {{ ru = \"Ещё\", en = \"Extra\" }}\nversion = {version}\nrequires = [\"crm\"]\n"
    );
    let mut files = json!({"pack.toml": manifest});
    for (name, text) in views {
        files[format!("views/{name}.toml")] = json!(text);
    }
    json!({"files": files})
}

/// The views of leads that come with the pack, or were kept by somebody.
async fn seen(api: &Api, module: &str) -> Vec<Value> {
    let answer = api.get(&format!("{VIEWS}?module={module}")).await.expect(200);
    let ships = |view: &Value| view["pack"] == "crm" || view["pack"] == "tickets";
    answer["data"].as_array().unwrap().iter().filter(|view| !ships(view)).cloned().collect()
}

fn called(views: &[Value]) -> Vec<&str> {
    views.iter().map(|view| view["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_brings_views_and_takes_them_along() {
    for world in worlds() {
        let api = &world.admin;
        let (_, seller) = world.user("seller", "salesperson");
        let first = pack(1, &[("hot", HOT), ("road", ROAD)]);
        let plan = api.post(&format!("{PACKS}?dry_run=true"), first.clone()).await.expect(200);
        assert_eq!(plan["files"][1], json!({"file": "views/hot.toml", "change": "added"}));
        assert_eq!(plan["steps"], json!([]), "nothing changes in the database");
        assert_eq!(seen(&seller, "leads").await.len(), 0, "only planned");
        api.post(PACKS, first.clone()).await.expect(200);

        let views = seen(&seller, "leads").await;
        assert_eq!(called(&views), ["Горячие", "Путь"]);
        let hot = &views[0];
        let parts =
            json!([hot["pack"], hot["key"], hot["owner"], hot["audience"], hot["may_change"], hot["created_at"]]);
        assert_eq!(parts, json!(["extra", "hot", null, "all", false, null]));
        assert_eq!((&hot["filter"], &hot["columns"]), (&json!("readiness == \"hot\""), &json!(["name", "phone"])));
        assert_eq!((&hot["group_by"], &views[1]["kind"]), (&json!("created_at.month"), &json!("board")));
        seller.patch("/api/v1/me", json!({"locale": "en"})).await.expect(200);
        assert_eq!(called(&seen(&seller, "leads").await), ["Hot ones", "Road"]);
        assert_eq!(called(&seen(&seller, "deals").await), Vec::<&str>::new());

        // Nobody changes it; what somebody makes of it is theirs.
        let address = format!("{VIEWS}/{}", hot["id"].as_str().unwrap());
        for api in [&seller, api] {
            api.patch(&address, json!({"name": "Mine"})).await.refused(403, "view_of_a_pack");
            api.send("DELETE", &address, &[], None).await.refused(403, "view_of_a_pack");
        }
        let copy = json!({"module": "leads", "name": "Mine", "filter": hot["filter"], "sort": "-name"});
        seller.post(VIEWS, copy).await.expect(201);

        // The next version says one otherwise and drops the other; the way back brings both, under the same addresses.
        let second = pack(2, &[("hot", &HOT.replace("\"hot\"'", "\"warm\"'"))]);
        let plan = api.post(&format!("{PACKS}?dry_run=true"), second.clone()).await.expect(200);
        assert_eq!(plan["files"][2], json!({"file": "views/road.toml", "change": "removed"}));
        let lines = plan["files"][1]["lines"].as_array().unwrap();
        assert!(lines.contains(&json!("+ filter = 'readiness == \"warm\"'")), "{plan}");
        api.post(PACKS, second).await.expect(200);
        let views = seen(&seller, "leads").await;
        assert_eq!(called(&views), ["Hot ones", "Mine"]);
        assert_eq!((&views[0]["filter"], &views[0]["id"]), (&json!("readiness == \"warm\""), &hot["id"]));
        assert_eq!(views[1]["filter"], hot["filter"], "what people keep stays");
        api.post(&format!("{PACKS}/extra/revert"), json!({})).await.expect(200);
        let views = seen(&seller, "leads").await;
        assert_eq!((called(&views), &views[0]["filter"]), (vec!["Hot ones", "Mine", "Road"], &hot["filter"]));
        let out = api.get(&format!("{PACKS}/extra")).await.expect(200);
        assert_eq!(out["files"], first["files"], "exported as it came");
        api.post(
            &format!("{PACKS}/extra/revert"),
            json!({"to": out["past"].as_array().unwrap().last().unwrap()["number"]}),
        )
        .await
        .expect(200);
        assert_eq!(called(&seen(&seller, "leads").await), ["Mine"], "the pack is gone with its views");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_view_is_told_with_its_file() {
    for world in worlds() {
        let api = &world.admin;
        for (old, new, told) in [
            ("module = \"leads\"", "module = \"leeds\"", "module: there is no module \"leeds\""),
            ("\"phone\"]", "\"fone\"]", "columns: "),
            ("readiness ==", "readyness ==", "filter: leads have no field \"readyness\""),
            ("readiness == \"hot\"", "readiness ==", "filter: "),
            ("readiness == \"hot\"", "name", "filter: "),
            ("sort = \"name\"", "sort = \"nickname\"", "sort: "),
            ("sort = \"name\"", "sort = \"need\"", "sort: leads cannot be sorted by \"need\""),
            ("created_at.month", "name", "group_by: leads cannot be grouped by \"name\""),
            ("created_at.month", "created_at.age", "group_by: leads cannot be grouped by"),
            ("sort =", "kind = \"picture\"\nsort =", "kind: one of table, board, calendar, timeline, chart"),
            ("sort =", "by = \"nothing\"\nsort =", "by: "),
            ("name = \"hot\"", "name = \"cold\"", "the file of the view \"cold\" is called views/cold.toml"),
            ("sort =", "colour = \"red\"\nsort =", "unknown field `colour`"),
            ("ru = \"Горячие\", en = \"Hot ones\"", "ru = \"\", en = \"\"", "label: "),
        ] {
            let wrong = HOT.replacen(old, new, 1);
            assert_ne!(wrong, HOT, "{old}");
            let answer = api.post(&format!("{PACKS}?dry_run=true"), pack(1, &[("hot", &wrong)])).await;
            let error = &answer.json["errors"][0];
            let (field, message) =
                (error["field"].as_str().unwrap_or_default(), error["message"].as_str().unwrap_or_default());
            assert_eq!(answer.status, 422, "{new}: {}", answer.text);
            assert!(field.ends_with("views/hot.toml") && message.contains(told), "{new}: {field}: {message}");
        }
        assert_eq!(seen(api, "leads").await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_of_what_is_out_of_use_is_out_of_use_with_it() {
    for world in worlds() {
        let api = &world.admin;
        let fields = format!("{MODULES}/leads/fields");
        for name in ["rank", "motto"] {
            api.post(&fields, json!({"name": name, "type": "text"})).await.expect(201);
        }
        let named = |name: &str, rest: &str| {
            format!("name = \"{name}\"\nmodule = \"leads\"\nlabel = {{ ru = \"{name}\", en = \"{name}\" }}\n{rest}\n")
        };
        let texts = [
            ("ranked", named("ranked", "filter = 'has(rank)'")),
            ("sorted", named("sorted", "sort = \"-rank\"")),
            ("wide", named("wide", "columns = [\"name\", \"rank\", \"motto\"]")),
            ("put_by", named("put_by", "active = false")),
        ];
        // What the workspace itself adds stands last of all: a pack that names it is put there as the workspace's own.
        let own = api.get(&format!("{PACKS}/own")).await.expect(200);
        let mut files = own["files"].clone();
        for (name, text) in &texts {
            files[format!("views/{name}.toml")] = json!(text);
        }
        api.post(PACKS, json!({"files": files})).await.expect(200);
        assert_eq!(called(&seen(api, "leads").await), ["ranked", "sorted", "wide"]);
        // Its own files stay where something else is changed by hand.
        api.patch(&format!("{fields}/rank"), json!({"retired": true})).await.expect(200);
        let views = seen(api, "leads").await;
        assert_eq!((called(&views), &views[0]["columns"]), (vec!["wide"], &json!(["name", "motto"])));
        api.patch(&format!("{fields}/rank"), json!({"retired": false})).await.expect(200);
        let views = seen(api, "leads").await;
        assert_eq!(called(&views), ["ranked", "sorted", "wide"]);
        assert_eq!(views[2]["columns"], json!(["name", "rank", "motto"]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ships_brings_views_that_are_read_under_ones_own_rights() {
    for world in worlds() {
        let (_, seller) = world.user("seller", "salesperson");
        let (_, door) = world.user("door", "door");
        let all = async |api: &Api, module: &str| -> Vec<String> {
            let answer = api.get(&format!("{VIEWS}?module={module}")).await.expect(200);
            let keys = answer["data"].as_array().unwrap().iter().map(|view| view["key"].as_str().unwrap().to_owned());
            let mut keys: Vec<String> = keys.collect();
            keys.sort();
            keys
        };
        assert_eq!(all(&seller, "leads").await, ["my_open_leads", "unowned_leads"]);
        assert_eq!(all(&seller, "deals").await, ["deals_this_quarter", "late_deals"]);
        assert_eq!(all(&seller, "orders").await, ["orders_for_attention", "unpaid_orders"]);
        assert_eq!(all(&seller, "events").await, ["events_on_sale"]);
        assert_eq!(
            all(&door, "leads").await,
            Vec::<String>::new(),
            "whoever sees nothing of a module sees none of its views"
        );
        // Each of them can be read.
        let views = seller.get(VIEWS).await.expect(200)["data"].as_array().unwrap().clone();
        assert!(views.len() >= 8, "{views:?}");
        for view in views {
            let (module, filter) = (view["module"].as_str().unwrap(), view["filter"].as_str().unwrap());
            let sort = view["sort"].as_str().unwrap();
            let filter = if filter.is_empty() { String::new() } else { format!("&filter={}", super::escaped(filter)) };
            seller.get(&format!("/api/v1/{module}?sort={sort}{filter}")).await.expect(200);
        }
    }
}
