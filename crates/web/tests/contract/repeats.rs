//! The same key and request get the first answer, be it a refusal; nobody meets somebody else's key.

use serde_json::json;

use crate::world::worlds;

fn order(kind: &str, count: usize) -> serde_json::Value {
    let tickets: Vec<_> = (0..count).map(|_| json!({"ticket_type": kind})).collect();
    json!({"buyer": {"name": "Boris Lane", "email": "boris@example.org"}, "tickets": tickets})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_given_again_though_the_world_has_changed() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        let (path, api) = ("/api/public/v1/events/harbour/orders", world.anybody());
        let refused = api.post_once("k", path, order(&kind, 11)).await;
        refused.refused(409, "sold_out");
        world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 100})).await.expect(200);
        let event = world.admin.get("/api/v1/events").await.expect(200)["data"][0]["id"].as_str().unwrap().to_owned();
        world.admin.patch(&format!("/api/v1/events/{event}"), json!({"capacity": 100})).await.expect(200);
        let again = api.post_once("k", path, order(&kind, 11)).await;
        assert_eq!((again.status, &again.text), (409, &refused.text));
        api.post_once("k", path, order(&kind, 1)).await.refused(422, "validation_failed");
        api.post_once("k2", path, order(&kind, 1)).await.expect(201);
        assert_eq!(world.admin.get("/api/v1/orders?count=exact").await.expect(200)["total"], 1);

        // What is wrong with the body is the answer to that body.
        api.post_once("k3", path, json!({"bayer": {}})).await.refused(422, "validation_failed");
        let other = api.post_once("k3", path, order(&kind, 1)).await;
        assert_eq!(other.json["errors"][0]["code"], "idempotency_mismatch", "{}", other.text);
        for (path, wrong) in
            [("/api/v1/check-in", json!({"kode": "x"})), ("/api/v1/leads/batch", json!({"operations": 1}))]
        {
            let first = world.admin.post_once("k4", path, wrong.clone()).await;
            first.refused(422, "validation_failed");
            assert_eq!(world.admin.post_once("k4", path, wrong).await.text, first.text);
            let other = world.admin.post_once("k4", path, json!({"x": 1})).await;
            assert_eq!(other.json["errors"][0]["code"], "idempotency_mismatch", "{path}");
            world
                .workspace
                .db()
                .write_blocking(|tx| tx.execute(&store::db::Sql::new("delete from idempotency")))
                .unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refused_request_did_is_taken_back() {
    for world in worlds() {
        let batch = json!({"operations": [{"op": "create", "fields": {"name": "Kept?"}}, {"op": "create", "fields": {"email": "x"}}]});
        for _ in 0..2 {
            let answer = world.admin.post_once("b", "/api/v1/leads/batch", batch.clone()).await;
            answer.refused(422, "validation_failed");
            assert!(answer.headers.get("change-set").is_none(), "{}", answer.text);
        }
        assert_eq!(world.admin.get("/api/v1/leads").await.expect(200)["data"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_right_is_no_answer_for_good() {
    for world in worlds() {
        let (id, api) = world.user("late", "door");
        let lead = json!({"name": "Anna"});
        api.post_once("k", "/api/v1/leads", lead.clone()).await.refused(403, "create_forbidden");
        world.admin.patch(&format!("/api/v1/meta/users/{id}"), json!({"roles": ["salesperson"]})).await.expect(200);
        let made = api.post_once("k", "/api/v1/leads", lead.clone()).await.expect(201);
        assert_eq!(api.post_once("k", "/api/v1/leads", lead).await.expect(201), made);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_meet_by_their_keys() {
    for world in worlds() {
        let (one, two) = (world.event("one").await, world.event("two").await);
        let mut api = world.anybody();
        let path = |slug: &str| format!("/api/public/v1/events/{slug}/orders");
        let first = api.post_once("1", &path("one"), order(&one, 1)).await.expect(201);
        let second = api.post_once("1", &path("two"), order(&two, 1)).await.expect(201);
        assert_ne!(first["number"], second["number"]);
        api.from = 7;
        let third = api.post_once("1", &path("one"), order(&one, 2)).await.expect(201);
        assert_ne!(first["number"], third["number"]);
        api.from = 1;
        assert_eq!(api.post_once("1", &path("one"), order(&one, 1)).await.expect(201), first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_moves_once_under_a_key() {
    for world in worlds() {
        let (path, day) = ("/api/v1/sandbox/clock", json!({"advance": "P1D"}));
        let first = world.admin.post_once("c", path, day.clone()).await.expect(200);
        assert_eq!(world.admin.post_once("c", path, day.clone()).await.expect(200), first);
        world.admin.post_once("c", path, json!({"advance": "P2D"})).await.refused(422, "validation_failed");
        let moved: jiff::Timestamp = first["now"].as_str().unwrap().parse().unwrap();
        let ahead = world.workspace.clock().now().duration_since(moved);
        assert!(ahead < jiff::SignedDuration::from_hours(1), "{ahead}");
        let wrong = json!({"advance": "-P1D"});
        let refused = world.admin.post_once("d", path, wrong.clone()).await;
        refused.refused(422, "validation_failed");
        assert_eq!(world.admin.post_once("d", path, wrong).await.text, refused.text);
        world.admin.post(path, day).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_only_asks_what_would_happen_changes_nothing() {
    for world in worlds() {
        let api = &world.admin;
        let lead = api.post("/api/v1/leads", json!({"name": "Anna"})).await.expect(201);
        let path = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
        let unknown = async |method: &str, path: &str, body: serde_json::Value| {
            let answer = api.send(method, &format!("{path}?dry_run=true"), &[], Some(body)).await;
            answer.refused(400, "unknown_parameter");
        };
        unknown("POST", "/api/v1/leads", json!({"name": "Boris"})).await;
        unknown("POST", "/api/v1/leads/batch", json!({"operations": [{"op": "create", "fields": {"name": "Boris"}}]}))
            .await;
        unknown("PATCH", &path, json!({"name": "Boris"})).await;
        unknown("POST", &format!("{path}/erase"), json!({"reason": "x"})).await;
        unknown("POST", &format!("{path}/transitions/take"), json!({})).await;
        unknown("POST", "/api/v1/payments", json!({"amount": {"amount": "1.00", "currency": "RUB"}})).await;
        api.send("DELETE", &format!("{path}?dry_run=true"), &[], None).await.refused(400, "unknown_parameter");
        let all = api.get("/api/v1/leads").await.expect(200);
        assert_eq!((all["data"].as_array().unwrap().len(), &all["data"][0]["name"]), (1, &json!("Anna")), "{all}");
    }
}
