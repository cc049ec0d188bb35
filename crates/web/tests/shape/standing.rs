//! Packs that stand on each other, and packs that do not know of each other: the first cannot be pulled from under the
//! second, and of the others it does not matter who came first.

use serde_json::{Value, json};

use super::world::{Api, worlds};
use super::{MODULES, escaped};

const PACKS: &str = "/api/v1/meta/packs";

/// A pack that extends leads, as a body of the API.
fn body(name: &str, version: u32, requires: &[&str], extension: &str) -> Value {
    let manifest = format!(
        "name = \"{name}\"\nlabel = {{ ru = \"П\", en = \"P\" }}\nversion = {version}\nrequires = {requires:?}\n"
    );
    json!({"files": {"pack.toml": manifest, "modules/leads.toml": format!("extends = \"leads\"\n{extension}")}})
}

fn ranks(version: u32, field: &str) -> Value {
    let fields = format!("fields = [ {{ name = \"{field}\", type = \"number\", index = true }} ]\n");
    body("ranks", version, &["crm"], &fields)
}

/// Reckons with a field of the other pack, shows it in the list and calls it something else.
fn doubles() -> Value {
    let extension = "columns = [\"rank\"]\nfields = [ { name = \"doubled\", type = \"formula\", expression = \"rank * 2\" } ]\n\
        [[changes]]\nfield = \"rank\"\nlabel = { ru = \"Ранг\", en = \"Rank of them\" }\n";
    body("doubles", 1, &["crm", "ranks"], extension)
}

async fn applied(api: &Api) -> Vec<(String, i64)> {
    let packs = api.get(PACKS).await.expect(200);
    let one = |pack: &Value| (pack["name"].as_str().unwrap().to_owned(), pack["version"].as_i64().unwrap());
    packs["data"].as_array().unwrap().iter().map(one).collect()
}

/// Refused with a word of why; whether it is tried or meant, nothing is otherwise than before.
async fn refused(api: &Api, lead: &str, path: &str, body: Value, why: &str) {
    let before = (applied(api).await, api.get(lead).await.expect(200));
    let sign = if path.contains('?') { '&' } else { '?' };
    for path in [format!("{path}{sign}dry_run=true"), path.to_owned()] {
        let answer = api.post(&path, body.clone()).await;
        assert_eq!(answer.status, 422, "{path}: {}", answer.text);
        assert!(answer.text.contains(why), "{path} says nothing of {why}: {}", answer.text);
        assert_eq!((applied(api).await, api.get(lead).await.expect(200)), before, "{path}");
    }
}

#[tokio::test]
async fn what_another_pack_stands_on_does_not_go() {
    for world in worlds() {
        let api = &world.admin;
        let lead = api.post("/api/v1/leads", json!({"name": "x"})).await.expect(201);
        let lead = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
        refused(api, &lead, PACKS, doubles(), "ranks").await;
        api.post(PACKS, ranks(1, "rank")).await.expect(200);
        api.patch(&lead, json!({"rank": 21})).await.expect(200);
        api.post(PACKS, doubles()).await.expect(200);
        let filter = format!("/api/v1/leads?filter={}", escaped("doubled == 42 && rank > 20"));
        assert_eq!(api.get(&filter).await.expect(200)["data"][0]["doubled"], 42);

        // Neither gone nor called otherwise, as long as somebody counts on it under its name.
        refused(api, &lead, "/api/v1/meta/packs/ranks/revert", json!({}), "ranks").await;
        refused(api, &lead, PACKS, ranks(2, "grade"), "rank").await;
        assert_eq!(api.get(&filter).await.expect(200)["data"][0]["doubled"], 42);
        let fields = api.get(&format!("{MODULES}/leads/fields")).await.expect(200);
        let rank = fields["data"].as_array().unwrap().iter().find(|field| field["name"] == "rank").unwrap().clone();
        assert_eq!(rank["label"]["en"], "Rank of them");

        // The way back is the way there, backwards; and forward again nothing is lost.
        let revert = |name: &str| format!("{PACKS}/{name}/revert");
        api.post(&revert("doubles"), json!({})).await.expect(200);
        api.post(&revert("ranks"), json!({})).await.expect(200);
        let bare = api.get(&lead).await.expect(200);
        assert!(bare.get("rank").is_none() && bare.get("doubled").is_none(), "{bare}");
        refused(api, &lead, &revert("doubles"), json!({}), "ranks").await;
        api.post(&revert("ranks"), json!({})).await.expect(200);
        api.post(&revert("doubles"), json!({})).await.expect(200);
        let back = api.get(&lead).await.expect(200);
        assert_eq!((&back["rank"], &back["doubled"]), (&json!(21), &json!(42)));
    }
}

/// Fields of leads by name, without where they stand.
async fn fields(api: &Api) -> Vec<Value> {
    let mut fields = api.get(&format!("{MODULES}/leads/fields")).await.expect(200)["data"].as_array().unwrap().clone();
    fields.sort_by_key(|field| field["name"].as_str().unwrap().to_owned());
    fields
}

#[tokio::test]
async fn who_came_first_makes_no_difference() {
    let motto = "search = [\"motto\"]\nfields = [ { name = \"motto\", type = \"text\", unique = true } ]\n\
        [[changes]]\nfield = \"need\"\nrequired = true\n";
    let packs = [ranks(1, "rank"), body("mottos", 1, &["crm"], motto)];
    for world in worlds() {
        let api = &world.admin;
        for pack in &packs {
            api.post(PACKS, pack.clone()).await.expect(200);
        }
        let lead = json!({"name": "x", "need": "n", "rank": 3, "motto": "Ёж и лиса"});
        let lead = api.post("/api/v1/leads", lead).await.expect(201)["id"].as_str().unwrap().to_owned();
        let wanted = fields(api).await;
        assert!(wanted.iter().any(|field| field["name"] == "motto" && field["unique"] == true), "{wanted:?}");
        for name in ["mottos", "ranks"] {
            api.post(&format!("{PACKS}/{name}/revert"), json!({})).await.expect(200);
        }
        assert!(fields(api).await.len() == wanted.len() - 2, "both are gone");
        for pack in packs.iter().rev() {
            api.post(PACKS, pack.clone()).await.expect(200);
        }
        assert_eq!(fields(api).await, wanted);
        let found = api.get(&format!("/api/v1/leads?q={}", escaped("лисы"))).await.expect(200);
        assert_eq!((&found["data"][0]["id"], &found["data"][0]["rank"]), (&json!(lead), &json!(3)));
        api.post("/api/v1/leads", json!({"name": "y"})).await.faulty(&["need"]);
        let twice = api.post("/api/v1/leads", json!({"name": "y", "need": "n", "motto": "Ёж и лиса"})).await;
        twice.refused(409, "duplicate");
    }
}
