//! Two roles together give no more than each gives on its own records.

use serde_json::json;

use crate::world::worlds;

#[tokio::test(flavor = "multi_thread")]
async fn the_fields_of_one_role_stay_with_its_records() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        let event = world.admin.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
        let (_, other) = world.user("other", "salesperson");
        let order = json!({
            "event": event, "buyer_name": "Anna Secret", "buyer_email": "secret@example.org",
            "tickets": [{"ticket_type": kind, "attendee": {"name": "Anna Secret", "email": "secret@example.org"}}],
        });
        let order = other.post("/api/v1/orders", order).await.expect(201);
        let id = order["id"].as_str().unwrap();
        let tickets = format!("/api/v1/tickets?filter=order%20%3D%3D%20%22{id}%22");
        let ticket = world.admin.get(&tickets).await.expect(200)["data"][0].clone();
        assert_eq!(ticket["attendee_email"], "secret@example.org");
        let address = format!("/api/v1/tickets/{}", ticket["id"].as_str().unwrap());

        let (both_id, both) = world.user("both", "door");
        let roles = json!({"roles": ["door", "salesperson"]});
        world.admin.patch(&format!("/api/v1/meta/users/{both_id}"), roles).await.expect(200);
        let seen = both.get(&tickets).await.expect(200)["data"][0].clone();
        assert_eq!(seen["attendee_name"], "Anna Secret", "the door sees whose ticket it is");
        for hidden in ["attendee_email", "attendee_phone", "price", "list_price"] {
            assert!(seen.get(hidden).is_none(), "{hidden}: {seen}");
        }
        assert!(both.get(&address).await.expect(200).get("attendee_email").is_none());
        let timeline = both.get(&format!("{address}/timeline")).await;
        assert!(!timeline.text.contains("secret@example.org"), "{}", timeline.text);
        for change in [json!({"attendee_email": "evil@example.org"}), json!({"attendee_name": "Eve"})] {
            assert_eq!(both.patch(&address, change).await.status, 422);
        }
        both.get("/api/v1/tickets?sort=price").await.refused(400, "invalid_sort");
        let found = both.get("/api/v1/tickets?filter=attendee_email%20%3D%3D%20%22secret%40example.org%22").await;
        assert_eq!(found.json["data"].as_array().map_or(0, Vec::len), 0, "{}", found.text);
        // What neither role reads stays unread.
        both.get(&format!("/api/v1/orders/{id}")).await.refused(404, "not_found");
    }
}
