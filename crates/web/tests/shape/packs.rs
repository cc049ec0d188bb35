//! Packs from folders and the workspace's own: extended twice, planned, applied, exported, taken back.

use std::path::Path;

use app::packs::{FileChange, diff, export, find};
use model::pack::Pack;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::world::worlds;
use super::{MODULES, escaped, hotel, made, names};

fn folder(root: &Path, name: &str, extension: &str) -> Pack {
    let folder = root.join(name);
    std::fs::create_dir_all(folder.join("modules")).unwrap();
    let manifest =
        format!("name = \"{name}\"\nlabel = {{ ru = \"П\", en = \"P\" }}\nversion = 1\nrequires = [\"crm\"]\n");
    std::fs::write(folder.join("pack.toml"), manifest).unwrap();
    std::fs::write(folder.join("modules/leads.toml"), format!("extends = \"leads\"\n{extension}")).unwrap();
    find(folder.to_str().unwrap()).unwrap()
}

#[tokio::test]
async fn two_folders_extend_one_module() {
    for world in worlds() {
        let root = TempDir::with_prefix("plenary-packs-").unwrap();
        let first = folder(root.path(), "first", "fields = [ { name = \"rank\", type = \"rating\" } ]\n");
        let second = folder(
            root.path(),
            "second",
            "fields = [ { name = \"motto\", type = \"text\", unique = true } ]\n\
             [[changes]]\nfield = \"need\"\nlabel = { ru = \"Чего хочет\", en = \"Wish\" }\nrequired = true\n",
        );
        let api = &world.admin;
        // What the administrator says stands above what packs say.
        api.patch(&format!("{MODULES}/leads/fields/need"), json!({"label": "Mine"})).await.expect(200);
        let lead = api.post("/api/v1/leads", json!({"name": "x"})).await.expect(201);
        let workspace = world.workspace.clone();
        let work = move || {
            for pack in [&first, &second] {
                let applied = workspace.packs().unwrap();
                let before = applied.iter().find(|there| there.manifest.name == pack.manifest.name);
                assert!(diff(before, pack).contains(&FileChange::Added("modules/leads.toml".to_owned())));
                let planned = workspace.plan_pack(pack).unwrap();
                assert_eq!(workspace.apply_pack(pack).unwrap(), planned);
                assert_eq!(workspace.plan_pack(pack).unwrap().steps, []);
                assert_eq!(diff(workspace.packs().unwrap().iter().find(|there| *there == pack), pack), []);
            }
            let order: Vec<_> = workspace.packs().unwrap().into_iter().map(|pack| pack.manifest.name).collect();
            assert_eq!(order.last().map(String::as_str), Some("own"));
            // Out into a folder and back: nothing changes.
            let own = workspace.packs().unwrap().into_iter().find(|pack| pack.manifest.name == "own").unwrap();
            let out = root.path().join("out");
            export(&own, &out).unwrap();
            let back = find(out.to_str().unwrap()).unwrap();
            assert_eq!(back, own);
            assert_eq!(workspace.plan_pack(&back).unwrap().steps, []);
        };
        tokio::task::spawn_blocking(work).await.unwrap();
        let path = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
        let changed = api.patch(&path, json!({"rank": 5, "motto": "m", "need": "n"})).await.expect(200);
        assert_eq!((changed["rank"].as_i64(), changed["motto"].as_str()), (Some(5), Some("m")));
        api.post("/api/v1/leads", json!({"name": "y"})).await.faulty(&["need"]);
        let fields = api.get(&format!("{MODULES}/leads/fields")).await.expect(200);
        let need = fields["data"].as_array().unwrap().iter().find(|field| field["name"] == "need").unwrap().clone();
        assert_eq!(need["label"]["en"], "Mine");

        // The way back of one of them, and forward again.
        api.post("/api/v1/meta/packs/second/revert", json!({})).await.expect(200);
        let shown = api.get(&path).await.expect(200);
        assert!(shown.get("motto").is_none() && shown["rank"] == 5);
        api.post("/api/v1/leads", json!({"name": "y"})).await.expect(201);
        api.post("/api/v1/meta/packs/second/revert", json!({})).await.expect(200);
        assert_eq!(api.get(&path).await.expect(200)["motto"], "m", "nothing was lost");
        api.post("/api/v1/meta/packs/crm/revert", json!({})).await.expect(422);
        api.post("/api/v1/meta/packs/nothing/revert", json!({})).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn ones_own_changes_are_taken_back() {
    for world in worlds() {
        let api = made(&world).await;
        let id = hotel(&api, "Балтия", json!({"city": "Казань"})).await;
        let record = format!("/api/v1/hotels/{id}");
        let fields = format!("{MODULES}/hotels/fields");
        api.patch(&format!("{fields}/city"), json!({"name": "town"})).await.expect(200);
        let packs = api.get("/api/v1/meta/packs").await.expect(200);
        let own = packs["data"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((own["name"].as_str(), own["version"].as_i64()), (Some("own"), Some(2)));
        assert_eq!(own["applied_by"], json!(world.admin_id.to_string()));
        assert_eq!(own["past"].as_array().unwrap().len(), 2);
        assert_eq!(own["past"][1]["version"], json!(null), "it was not there at first");
        let revert = "/api/v1/meta/packs/own/revert";
        let plan = api.post(&format!("{revert}?dry_run=true"), json!({})).await.expect(200);
        assert!(plan["steps"].as_array().unwrap().contains(&json!("hotels.town becomes city")), "{plan}");
        assert_eq!(api.get(&record).await.expect(200)["town"], "Казань");
        api.post(revert, json!({})).await.expect(200);
        assert_eq!(api.get(&record).await.expect(200)["city"], "Казань", "renamed back with its values");
        assert_eq!(names(&api, &format!("filter={}", escaped("city == \"Казань\""))).await, ["Балтия"]);
        api.post(revert, json!({})).await.expect(200);
        assert_eq!(api.get(&record).await.expect(200)["town"], "Казань");
        api.post(revert, json!({"to": own["past"][1]["number"]})).await.expect(200);
        api.get("/api/v1/hotels").await.refused(404, "no_such_module");
        api.post(revert, json!({})).await.expect(200);
        assert_eq!(api.get(&record).await.expect(200)["town"], "Казань", "the table was there all the time");
        api.post(revert, json!({"to": "first"})).await.faulty(&["to"]);
        api.post(revert, json!({"to": 123_456})).await.refused(404, "not_found");
    }
}

/// A pack that adds a field to leads, as a body of the API.
fn body(version: u32, field: &str) -> Value {
    let manifest = format!(
        "name = \"extra\"\nlabel = {{ ru = \"Ещё\", en = \"Extra\" }}\nversion = {version}\nrequires = [\"crm\"]\n"
    );
    let extension = format!("extends = \"leads\"\nfields = [ {{ name = \"{field}\", type = \"text\" }} ]\n");
    json!({"files": {"pack.toml": manifest, "modules/leads.toml": extension}})
}

#[tokio::test]
async fn a_pack_is_planned_applied_and_read_back_through_the_api() {
    const PACKS: &str = "/api/v1/meta/packs";
    for world in worlds() {
        let api = &world.admin;
        let plan = api.post(&format!("{PACKS}?dry_run=true"), body(1, "motto")).await.expect(200);
        assert_eq!((plan["name"].as_str(), plan["version"].as_i64()), (Some("extra"), Some(1)));
        assert_eq!(plan["files"][0], json!({"file": "modules/leads.toml", "change": "added"}));
        assert!(!plan["steps"].as_array().unwrap().is_empty(), "{plan}");
        api.get(&format!("{PACKS}/extra")).await.refused(404, "not_found");
        assert_eq!(api.post(PACKS, body(1, "motto")).await.expect(200), plan, "what was planned is done");
        let lead = api.post("/api/v1/leads", json!({"name": "x", "motto": "m"})).await.expect(201);
        assert_eq!(lead["motto"], "m");

        let shown = api.get(&format!("{PACKS}/extra")).await.expect(200);
        assert_eq!(shown["files"], body(1, "motto")["files"]);
        assert_eq!(shown["applied_by"], json!(world.admin_id.to_string()));
        let same = api.post(&format!("{PACKS}?dry_run=true"), json!({"files": shown["files"]})).await.expect(200);
        assert_eq!((&same["files"], &same["steps"]), (&json!([]), &json!([])));
        let next = api.post(&format!("{PACKS}?dry_run=true"), body(2, "slogan")).await.expect(200);
        let lines = next["files"][1]["lines"].as_array().unwrap();
        assert!(lines.contains(&json!("- version = 1")) && lines.contains(&json!("+ version = 2")), "{next}");

        let mut torn = body(2, "x");
        torn["files"]["modules/leads.toml"] = json!("extends = \"leads\"\nfields = 1 2\n");
        let told = api.post(PACKS, torn).await;
        told.faulty(&["files.modules/leads.toml"]);
        assert!(told.json["errors"][0]["message"].as_str().unwrap().contains("line 2"), "{}", told.text);
        api.post(PACKS, json!({"files": {"../pack.toml": ""}})).await.faulty(&["files.../pack.toml"]);
        api.post(PACKS, json!({"files": {"pack.toml": 1}})).await.faulty(&["files.pack.toml"]);
        api.post(PACKS, json!({})).await.faulty(&["files"]);
        api.post(PACKS, json!({"files": {}})).await.faulty(&["files.pack.toml"]);
        api.post(PACKS, json!({"file": {}})).await.faulty(&["file"]);
        let (_, salesperson) = world.user("sasha", "salesperson");
        salesperson.post(PACKS, body(2, "slogan")).await.refused(403, "missing_right");
        salesperson.get(&format!("{PACKS}/extra")).await.refused(403, "missing_right");
    }
}
