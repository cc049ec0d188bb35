//! Forms are data: made, changed, planned, taken back like everything of the workspace's own pack.

use serde_json::{Value, json};

use super::world::worlds;
use super::{FORMS, REQUEST, request};

fn form() -> Value {
    json!({"name": "visit", "label": "Your visit", "module": "leads", "consent": "I agree", "fields": [{"field": "name", "required": true}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_made_changed_and_deleted_by_whoever_administers() {
    for world in worlds() {
        let api = &world.admin;
        let (_, boris) = world.user("boris", "organiser");
        boris.post(FORMS, form()).await.refused(403, "missing_right");
        boris.get(FORMS).await.refused(403, "missing_right");
        assert!(api.post(&format!("{FORMS}?dry_run=true"), form()).await.expect(200).is_object());
        api.get(&format!("{FORMS}/visit")).await.refused(404, "not_found");
        let made = api.post(FORMS, form()).await.expect(201);
        assert_eq!((&made["pack"], &made["active"]), (&json!("own"), &json!(true)));
        assert_eq!(made["endpoint"], "http://127.0.0.1/api/public/v1/forms/visit");
        api.post(FORMS, form()).await.refused(409, "name_taken");
        api.patch(&format!("{FORMS}/visit"), json!({"name": "other"})).await.faulty(&["name"]);
        let draft = api.patch(&format!("{FORMS}/visit"), json!({"active": false})).await.expect(200);
        assert_eq!(draft["public_url"], json!(null));
        api.send("DELETE", &format!("{FORMS}/visit"), &[], None).await.expect(204);
        api.send("DELETE", &format!("{FORMS}/request"), &[], None).await.refused(409, "form_of_a_pack");
        let changed =
            api.patch(&format!("{FORMS}/request"), json!({"next": "https://site.example/thanks"})).await.expect(200);
        assert_eq!(changed["pack"], "own");
        let files = api.get("/api/v1/meta/packs/own").await.expect(200);
        assert!(files["files"]["forms/request.toml"].as_str().unwrap().contains("site.example"), "{files}");
        let taken = world.anybody().post(REQUEST, request("Anna")).await.expect(201);
        assert_eq!(taken["next"], "https://site.example/thanks");
        api.send("DELETE", &format!("{FORMS}/request"), &[], None).await.expect(204);
        assert_eq!(api.get(&format!("{FORMS}/request")).await.expect(200)["pack"], "crm");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_fill_in_is_told_by_its_path() {
    for world in worlds() {
        let api = &world.admin;
        for (field, place) in [
            (json!({"field": "nothing"}), "fields[1].field"),
            (json!({"field": "status"}), "fields[1].field"),
            (json!({"field": "converted_deal"}), "fields[1].field"),
            (json!({"field": "account"}), "fields[1].field"),
            (json!({"field": "consent", "file": true}), "fields[1].field"),
            (json!({"field": "brief", "file": true}), "fields[1].label"),
            (json!({"field": "email", "if": "nothing == 1"}), "fields[1].if"),
        ] {
            let mut form = form();
            form["fields"].as_array_mut().unwrap().push(field);
            api.post(FORMS, form).await.faulty(&[place]);
        }
        let with = |key: &str, value: Value| {
            let mut form = form();
            form[key] = value;
            form
        };
        api.post(FORMS, with("module", json!("orders"))).await.faulty(&["module"]);
        api.post(FORMS, with("consent", json!(null))).await.faulty(&["consent"]);
        api.post(FORMS, with("fields", json!([]))).await.faulty(&["fields"]);
        api.post(FORMS, with("next", json!("javascript:alert(1)"))).await.faulty(&["next"]);
        api.post(FORMS, with("values", json!({"readiness": "boiling"}))).await.faulty(&["values"]);
        api.post(FORMS, with("other", json!(1))).await.faulty(&["other"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_follows_its_module() {
    for world in worlds() {
        let api = &world.admin;
        api.post("/api/v1/meta/modules/leads/fields", json!({"name": "city", "type": "text"})).await.expect(201);
        let mut asks = form();
        let fields = json!([{"field": "name", "required": true}, {"field": "city"}, {"field": "need", "if": "city == \"Kazan\""}]);
        asks["fields"] = fields;
        api.post(FORMS, asks).await.expect(201);
        let field = "/api/v1/meta/modules/leads/fields/city";
        // A condition names it.
        let retired = api.send("DELETE", field, &[], None).await;
        assert!((400..500).contains(&retired.status), "{}", retired.text);
        api.patch(field, json!({"name": "town"})).await.expect(200);
        let form = api.get(&format!("{FORMS}/visit")).await.expect(200);
        assert_eq!(
            (&form["fields"][1]["field"], &form["fields"][2]["if"]),
            (&json!("town"), &json!("town == \"Kazan\""))
        );
        // What is retired is asked no more, and what every lead has to have is asked of everybody.
        api.patch("/api/v1/meta/modules/leads/fields/need", json!({"retired": true})).await.expect(200);
        api.patch("/api/v1/meta/modules/leads/fields/readiness", json!({"required": true})).await.expect(200);
        let site = world.anybody();
        let mut anna = json!({"name": "Anna", "email": "anna@example.org", "consent": true});
        site.post(REQUEST, anna.clone()).await.faulty(&["readiness"]);
        anna["readiness"] = json!("hot");
        site.post(REQUEST, anna.clone()).await.expect(201);
        anna["need"] = json!("A stand");
        site.post(REQUEST, anna).await.faulty(&["need"]);
    }
}
