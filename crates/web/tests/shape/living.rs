//! A module that was made at run time is a module like any other.

use serde_json::json;

use super::world::worlds;
use super::{MODULES, escaped, hotel, hotels, made, names};

#[tokio::test]
async fn a_module_is_lived_in_at_once() {
    for world in worlds() {
        let plan = world.admin.post(&format!("{MODULES}?dry_run=true"), hotels()).await.expect(200);
        assert!(plan["steps"].as_array().unwrap().contains(&json!("new table hotels")), "{plan}");
        assert_eq!(plan["touches"], json!({"records": 0, "empty": 0}));
        world.admin.get("/api/v1/hotels").await.refused(404, "no_such_module");

        let answer = world.admin.post(MODULES, hotels()).await;
        assert_eq!(answer.headers["location"], "/api/v1/meta/modules/hotels");
        assert_eq!(answer.headers["etag"], "\"1\"");
        let module = answer.expect(201);
        assert_eq!(
            module["fields"][4]["options"][0],
            json!({"value": "breakfast", "label": {"ru": "Breakfast", "en": "Breakfast"}})
        );
        let api = &world.admin;
        let event =
            api.post("/api/v1/events", json!({"name": "Harbour", "slug": "h", "starts_on": "2036-05-10"})).await;
        let event = event.expect(201);
        let more = json!({"stars": 4, "city": "Казань", "board": "full", "event": event["id"]});
        let baltia = hotel(api, "Балтия", more).await;
        let atlas = hotel(api, "Атлас", json!({"stars": 3, "city": "Москва"})).await;

        assert_eq!(names(api, "sort=-stars").await, ["Балтия", "Атлас"]);
        assert_eq!(names(api, &format!("filter={}", escaped("stars > 3 && city == \"Казань\""))).await, ["Балтия"]);
        assert_eq!(names(api, &format!("filter={}", escaped("event.name == \"Harbour\""))).await, ["Балтия"]);
        assert_eq!(names(api, &format!("q={}", escaped("казани"))).await, ["Балтия"], "by the form of a word");
        let found = api.get(&format!("/api/v1/search?q={}", escaped("атлас"))).await.expect(200);
        assert_eq!(found["data"][0]["module"], "hotels");

        let operations = json!({"operations": [
            {"op": "create", "fields": {"name": "Волга"}},
            {"op": "update", "id": atlas, "fields": {"stars": 5}},
            {"op": "delete", "id": baltia},
        ]});
        api.post("/api/v1/hotels/batch", operations).await.expect(200);
        assert_eq!(names(api, "sort=name").await, ["Атлас", "Волга"]);
        api.post(&format!("/api/v1/hotels/{baltia}/restore"), json!({})).await.expect(200);

        let document = api.get("/api/v1/openapi.json").await.expect(200);
        assert_eq!(document["components"]["schemas"]["hotels_create"]["required"], json!(["name"]));
        assert!(document["paths"]["/api/v1/hotels/{id}"]["patch"].is_object());
        let listed = api.get(MODULES).await.expect(200);
        assert!(listed["data"].as_array().unwrap().iter().any(|module| module["name"] == "hotels"));

        // Whoever reads every module reads this one; whoever reads some does not.
        let (_, organiser) = world.user("olga", "organiser");
        organiser.get("/api/v1/hotels").await.expect(200);
        let (_, door) = world.user("dora", "door");
        door.get("/api/v1/hotels").await.refused(403, "read_forbidden");
        assert!(door.get("/api/v1/openapi.json").await.expect(200)["components"]["schemas"]["hotels_record"].is_null());
    }
}

#[tokio::test]
async fn only_administrators_shape() {
    for world in worlds() {
        made(&world).await;
        for role in ["organiser", "salesperson", "door"] {
            let (_, user) = world.user(role, role);
            user.post(MODULES, json!({"name": "boats"})).await.refused(403, "missing_right");
            user.patch(&format!("{MODULES}/hotels"), json!({"menu": false})).await.refused(403, "missing_right");
            let fields = format!("{MODULES}/hotels/fields");
            user.post(&fields, json!({"name": "x", "type": "text"})).await.refused(403, "missing_right");
            user.patch(&format!("{fields}/city"), json!({"retired": true})).await.refused(403, "missing_right");
            user.send("DELETE", &format!("{fields}/city"), &[], None).await.refused(403, "missing_right");
            user.get("/api/v1/meta/packs").await.refused(403, "missing_right");
            user.post("/api/v1/meta/packs/own/revert", json!({})).await.refused(403, "missing_right");
        }
        let roles = json!({"name": "boats", "rights": {"door": {"read": "all"}}});
        world.admin.post(MODULES, roles).await.expect(201);
        let (_, door) = world.user("dora", "door");
        door.get("/api/v1/boats").await.expect(200);
        door.post("/api/v1/boats", json!({"name": "x"})).await.refused(403, "create_forbidden");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_told_by_its_place() {
    for world in worlds() {
        let api = made(&world).await;
        let module = |fields: serde_json::Value| json!({"name": "boats", "fields": fields});
        for (body, field) in [
            (json!({}), "name"),
            (json!({"name": 7}), "name"),
            (json!({"name": "boats", "service": "ticketing"}), "service"),
            (json!({"name": "boats", "menu": "yes"}), "menu"),
            (json!({"name": "boats", "label": {"de": "Boote"}}), "label"),
            (json!({"name": "boats", "title": "nothing"}), "modules/boats.toml"),
            (json!({"name": "Boats"}), "name"),
            (json!({"name": "search"}), "name"),
            (json!({"name": "packs_past"}), "modules/packs_past.toml"),
            (module(json!(["name"])), "fields[0]"),
            (module(json!([{"name": "name", "type": "text"}, {"type": "text"}])), "fields[1].name"),
            (module(json!([{"name": "name", "type": "text"}, {"name": "x", "type": "texts"}])), "fields[1].type"),
            (module(json!([{"name": "name", "type": "text"}, {"name": "x", "type": "choice"}])), "fields[1].options"),
            (module(json!([{"name": "name", "type": "text"}, {"name": "x", "type": "link"}])), "fields[1].module"),
            (module(json!([{"name": "name", "type": "text"}, {"name": "name", "type": "text"}])), "fields[1].name"),
            (module(json!([{"name": "name", "type": "text"}, {"name": "id", "type": "text"}])), "fields[1].name"),
            (module(json!([{"name": "name", "type": "text", "secret": true}])), "fields[0].secret"),
            (
                module(json!([{"name": "name", "type": "text"}, {"name": "n", "type": "number", "default": "x"}])),
                "fields[1].default",
            ),
            (module(json!([{"name": "name", "type": "text", "validation": "name >"}])), "fields[0].validation"),
            (
                module(
                    json!([{"name": "name", "type": "text"}, {"name": "f", "type": "formula", "expression": "nme"}]),
                ),
                "fields[1].expression",
            ),
        ] {
            api.post(MODULES, body.clone()).await.faulty(&[field]);
            api.post(&format!("{MODULES}?dry_run=true"), body).await.faulty(&[field]);
        }
        api.post(MODULES, hotels()).await.refused(409, "duplicate");
        api.post(MODULES, json!({"name": "leads"})).await.refused(409, "duplicate");
        let fields = format!("{MODULES}/hotels/fields");
        api.post(&fields, json!({"name": "city", "type": "text"})).await.refused(409, "duplicate");
        api.post(&fields, json!({"name": "x", "type": "formula", "expression": "x + 1"})).await.faulty(&["expression"]);
        api.patch(&format!("{fields}/stars"), json!({"type": "text"})).await.faulty(&["type"]);
        api.patch(&format!("{fields}/stars"), json!({"required": "yes"})).await.faulty(&["required"]);
        api.patch(&format!("{fields}/name"), json!({"retired": true})).await.faulty(&["retired"]);
        api.patch(&format!("{fields}/nothing"), json!({"required": true})).await.refused(404, "not_found");
        api.patch(&format!("{MODULES}/boats"), json!({"menu": true})).await.refused(404, "no_such_module");
        api.post(&format!("{fields}?dry=1"), json!({"name": "x", "type": "text"}))
            .await
            .refused(400, "unknown_parameter");
        // Nothing of all this was kept.
        assert_eq!(api.get(&format!("{MODULES}/hotels")).await.headers["etag"], "\"1\"");
    }
}
