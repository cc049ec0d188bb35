//! Notices that were read long ago are removed; what is unread stays.

use serde_json::json;

use crate::world::{Api, World, worlds};

/// Gives Boris a lead.
async fn hand_over(world: &World, to: &str) {
    world.admin.post("/api/v1/leads", json!({"name": "Anna", "owner": to})).await.expect(201);
}

/// Boris' notices: which there are, and which of them he has read.
async fn notices(api: &Api) -> Vec<(String, bool)> {
    let data = api.get("/api/v1/notifications").await.expect(200)["data"].clone();
    let one = |notice: &serde_json::Value| (notice["id"].as_str().unwrap().to_owned(), !notice["read_at"].is_null());
    data.as_array().unwrap().iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_three_months_ago_is_removed() {
    for world in worlds() {
        let (boris, api) = world.user("boris", "salesperson");
        let boris = boris.to_string();
        hand_over(&world, &boris).await;
        let read = notices(&api).await[0].0.clone();
        api.post("/api/v1/notifications/read", json!({"ids": [read]})).await.expect(200);
        hand_over(&world, &boris).await;
        let unread = notices(&api).await[0].0.clone();
        let later = |days: &str| world.admin.post("/api/v1/sandbox/clock", json!({"advance": days.to_owned()}));
        later("P89D").await.expect(200);
        hand_over(&world, &boris).await;
        let young = notices(&api).await[0].0.clone();
        api.post("/api/v1/notifications/read", json!({"ids": [young]})).await.expect(200);
        assert_eq!(notices(&api).await, [(young.clone(), true), (unread.clone(), false), (read, true)]);
        later("P2D").await.expect(200);
        hand_over(&world, &boris).await;
        let new = notices(&api).await[0].0.clone();
        api.post("/api/v1/notifications/read", json!({"ids": [new]})).await.expect(200);
        assert_eq!(notices(&api).await, [(new, true), (young, true), (unread, false)]);
    }
}
