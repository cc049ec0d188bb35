//! The address of a user is corrected by administrators; on both databases.

use serde_json::json;

use crate::world::worlds;

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_corrected_by_administrators_and_is_one_persons() {
    for world in worlds() {
        let ((maria, api), (_, boris)) = (world.user("maira", "head_of_sales"), world.user("boris", "salesperson"));
        let at = format!("/api/v1/meta/users/{maria}");
        boris.patch(&at, json!({"email": "boris@example.org"})).await.refused(403, "missing_right");
        world.admin.patch(&at, json!({"email": "nowhere"})).await.faulty(&["email"]);
        let taken = world.admin.patch(&at, json!({"email": "Boris@example.org"})).await;
        assert_eq!((taken.status, &taken.json["errors"][0]["field"]), (409, &json!("email")), "{}", taken.text);
        let changed = world.admin.patch(&at, json!({"email": "Maria@Example.org"})).await.expect(200);
        assert_eq!((&changed["email"], &changed["name"]), (&json!("maria@example.org"), &json!("maira")));
        assert_eq!(api.get("/api/v1/me").await.expect(200)["email"], "maria@example.org", "nobody is sent away");
        // Colleagues call them by the new address.
        let lead = world.admin.post("/api/v1/leads", json!({"name": "Wanted"})).await.expect(201);
        let about = json!({"module": "leads", "id": lead["id"]});
        let said = json!({"text": "@maria@example.org look", "about": about});
        world.admin.post("/api/v1/comments", said).await.expect(201);
        assert_eq!(api.get("/api/v1/notifications").await.expect(200)["unread"], 1);
        // One's own address is the administrator's to change.
        api.patch("/api/v1/me", json!({"email": "other@example.org"})).await.faulty(&["email"]);
    }
}
