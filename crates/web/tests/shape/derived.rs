//! What an administrator has worked out and what they forbid: roll-ups that a list is filtered and sorted by, and conditions
//! that records must fulfil.

use serde_json::{Value, json};

use super::world::worlds;
use super::{MODULES, escaped, hotel, made, names};

#[tokio::test]
async fn a_list_is_filtered_sorted_and_paged_by_a_roll_up() {
    for world in worlds() {
        let api = made(&world).await;
        let stays = json!({
            "name": "stays", "title": "guest",
            "fields": [
                {"name": "guest", "type": "text", "required": true},
                {"name": "hotel", "type": "link", "module": "hotels"},
                {"name": "nights", "type": "number"},
                {"name": "paid", "type": "checkbox"},
            ],
        });
        api.post(MODULES, stays).await.expect(201);
        let fields = format!("{MODULES}/hotels/fields");
        for (name, measure, filter) in
            [("guests", "count()", None), ("nights", "sum(nights)", None), ("owed", "sum(nights)", Some("!paid"))]
        {
            let field =
                json!({"name": name, "type": "roll_up", "via": "stays.hotel", "measure": measure, "filter": filter});
            api.post(&fields, field).await.expect(201);
        }
        for (name, stays) in [("Atlas", &[3, 4][..]), ("Baltia", &[10]), ("Cosmos", &[]), ("Delta", &[1, 1, 1])] {
            let hotel = hotel(&api, name, json!({})).await;
            for (number, nights) in stays.iter().enumerate() {
                let stay =
                    json!({"guest": format!("Guest {number}"), "hotel": hotel, "nights": nights, "paid": number == 0});
                api.post("/api/v1/stays", stay).await.expect(201);
            }
        }
        let filtered = |filter: &str| format!("sort=name&filter={}", escaped(filter));
        for (filter, expected) in [
            ("guests == 0", &["Cosmos"][..]),
            ("guests >= 2", &["Atlas", "Delta"]),
            ("nights > 5", &["Atlas", "Baltia"]),
            ("owed > 0 && guests < 3", &["Atlas"]),
            ("nights == guests * 10", &["Baltia"]),
        ] {
            assert_eq!(names(&api, &filtered(filter)).await, expected, "{filter}");
        }
        assert_eq!(names(&api, "sort=-guests,name").await, ["Delta", "Atlas", "Baltia", "Cosmos"]);
        assert_eq!(names(&api, "sort=guests,-name").await, ["Cosmos", "Baltia", "Atlas", "Delta"]);
        // Page after page in that order, each once.
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = api.get(&format!("/api/v1/hotels?sort=-guests,name&limit=1{cursor}")).await.expect(200);
            paged.extend(page["data"].as_array().unwrap().iter().map(|hotel| hotel["name"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={}", escaped(next));
        }
        assert_eq!(paged, ["Delta", "Atlas", "Baltia", "Cosmos"]);
        // What is worked out of the moment has another order on each page.
        let age = json!({"name": "age", "type": "formula", "expression": "now() - created_at"});
        api.post(&fields, age).await.expect(201);
        api.get("/api/v1/hotels?sort=age").await.refused(400, "invalid_sort");
        // It follows what it is worked out of.
        let stay = &api.get("/api/v1/stays?sort=-nights&limit=1").await.expect(200)["data"][0];
        let stay = format!("/api/v1/stays/{}", stay["id"].as_str().unwrap());
        api.send("DELETE", &stay, &[], None).await.expect(204);
        assert_eq!(names(&api, &filtered("guests == 0")).await, ["Baltia", "Cosmos"]);
        // Nobody sets it, and what it stands on stays.
        let hotels = api.get("/api/v1/hotels?limit=1").await.expect(200);
        let hotel = format!("/api/v1/hotels/{}", hotels["data"][0]["id"].as_str().unwrap());
        api.patch(&hotel, json!({"guests": 7})).await.faulty(&["guests"]);
    }
}

#[tokio::test]
async fn a_record_that_breaks_a_condition_of_its_module_is_refused() {
    for world in worlds() {
        let api = made(&world).await;
        let fields = format!("{MODULES}/hotels/fields");
        let stars = json!({"validation": "stars >= 1 && stars <= 5", "help": "One to five."});
        api.patch(&format!("{fields}/stars"), stars).await.expect(200);
        let closes = json!({"name": "closes", "type": "date", "validation": "!has(opens) || closes >= opens"});
        api.post(&fields, json!({"name": "opens", "type": "date"})).await.expect(201);
        api.post(&fields, closes).await.expect(201);
        for (fields, wrong) in [
            (json!({"stars": 0}), &["stars"][..]),
            (json!({"stars": 6}), &["stars"]),
            (json!({"opens": "2036-05-02", "closes": "2036-05-01"}), &["closes"]),
            (json!({"stars": 9, "opens": "2036-05-02", "closes": "2036-05-01"}), &["stars", "closes"]),
        ] {
            let mut body = json!({"name": "Baltia"});
            body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            api.post("/api/v1/hotels", body).await.faulty(wrong);
        }
        assert!(names(&api, "").await.is_empty());
        let id = hotel(&api, "Baltia", json!({"stars": 5, "opens": "2036-05-01", "closes": "2036-05-01"})).await;
        let record = format!("/api/v1/hotels/{id}");
        let before = api.get(&record).await.expect(200);
        api.patch(&record, json!({"stars": 6})).await.faulty(&["stars"]);
        api.patch(&record, json!({"closes": "2036-04-30"})).await.faulty(&["closes"]);
        let batch = json!({"operations": [{"op": "create", "fields": {"name": "Atlas", "stars": 7}}]});
        assert_eq!(api.post("/api/v1/hotels/batch", batch).await.status, 422);
        assert_eq!(api.get(&record).await.expect(200), before);
        assert_eq!(names(&api, "").await, ["Baltia"]);
        // The condition goes, and so does what it forbade.
        api.patch(&format!("{fields}/stars"), json!({"validation": null})).await.expect(200);
        api.patch(&record, json!({"stars": 6})).await.expect(200);
        assert_eq!(api.get(&record).await.expect(200)["stars"], Value::from(6));
    }
}
