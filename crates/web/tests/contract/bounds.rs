//! Nobody can make the program do more than a request is worth, or get answers kept where others read them.

use serde_json::{Value, json};

use crate::world::{Api, worlds};

const ORDERS: &str = "/api/public/v1/events/harbour/orders";

/// An object of so many keys that nobody knows.
fn keys(count: usize) -> Value {
    (0..count).map(|number| (format!("k{number}"), json!(0))).collect::<serde_json::Map<_, _>>().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_bounded_before_a_tree_is_made_of_them() {
    for world in worlds() {
        world.event("harbour").await;
        let (api, anybody) = (&world.admin, world.anybody());
        anybody.post(ORDERS, keys(800_000)).await.refused(413, "too_large");
        anybody.post(ORDERS, keys(2_001)).await.refused(413, "too_large");
        anybody.post(ORDERS, json!({"source": "x".repeat(64 * 1024)})).await.refused(413, "too_large");
        api.post("/api/v1/leads", keys(10_001)).await.refused(413, "too_large");
        api.post("/api/v1/leads", json!({"name": "x".repeat(3_000_000)})).await.refused(413, "too_large");
        let deep = (0..70).fold(json!(1), |inside, _| json!([inside]));
        api.post("/api/v1/leads", json!({"name": deep})).await.refused(400, "invalid_json");
        let operation = json!({"op": "create", "fields": {"name": "Anna"}});
        let batch = json!({"operations": vec![operation; 1_000]});
        api.post("/api/v1/leads/batch", batch).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_faults_some_are_told() {
    for world in worlds() {
        for (api, path, count) in [(&world.admin, "/api/v1/leads", 9_000), (&world.admin, "/api/v1/check-in", 9_000)] {
            let answer = api.send("POST", path, &[("accept-language", "en")], Some(keys(count))).await;
            answer.refused(422, "validation_failed");
            assert_eq!(answer.json["errors"].as_array().unwrap().len(), 20, "{path}");
            assert!(answer.text.len() < 10_000, "{path}: {} bytes", answer.text.len());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_leaves_the_others_their_turn() {
    for world in worlds() {
        let (kind, api) = (world.event("harbour").await, &world.admin);
        let event = api.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
        let order = |tickets: usize, buyer: usize| {
            json!({"op": "create", "fields": {
                "event": event, "buyer_name": "Boris Lane", "buyer_email": format!("b{buyer}@example.org"),
                "tickets": vec![json!({"ticket_type": kind}); tickets],
            }})
        };
        let batch =
            async |operations: Vec<Value>| api.post("/api/v1/orders/batch", json!({"operations": operations})).await;
        for operations in
            [(0..6).map(|buyer| order(100, buyer)).collect(), (0..101).map(|buyer| order(1, buyer)).collect::<Vec<_>>()]
        {
            let answer = batch(operations).await;
            answer.faulty(&["operations"]);
            assert_eq!(answer.json["errors"][0]["code"], "too_many", "{}", answer.text);
        }
        let made = batch(vec![order(5, 1), order(5, 2)]).await.expect(200);
        // Moves count the tickets that are there.
        let cancel = json!({"op": "transition", "name": "cancel", "id": made["results"][0]["id"]});
        batch(vec![cancel.clone(); 101]).await.faulty(&["operations"]);
        batch(vec![cancel]).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_when_to_come_again() {
    for world in worlds() {
        let real = world.in_earnest(5);
        let knock = |api: Api| async move { api.send("GET", "/e/harbour", &[("accept", "text/html")], None).await };
        let mut last = knock(real.clone()).await;
        for _ in 0..20 {
            last = knock(real.clone()).await;
        }
        assert_eq!(last.status, 429);
        assert!(last.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(last.headers.contains_key("retry-after"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_not_kept_on_the_way() {
    for world in worlds() {
        world.event("harbour").await;
        for path in ["/api/v1/leads", "/api/v1/me", "/sign-in", "/leads", "/p/o/none"] {
            let answer = world.admin.get(path).await;
            assert_eq!(answer.headers["cache-control"], "private, no-store", "{path} {}", answer.status);
        }
        assert!(!world.admin.get("/e/harbour").await.headers.contains_key("cache-control"));
    }
}
