//! Tokens are seen and revoked by whoever they are of, and by administrators.

use serde_json::json;

use crate::world::worlds;

const TOKENS: &str = "/api/v1/tokens";

#[tokio::test(flavor = "multi_thread")]
async fn are_listed_and_revoked() {
    for world in worlds() {
        let (anna_id, anna) = world.user("anna", "salesperson");
        let (_, boris) = world.user("boris", "salesperson");
        let lost = world.with_token(&world.token(anna_id, "lost", &[]));
        let listed = anna.get(TOKENS).await.expect(200);
        let own = listed["data"].as_array().unwrap();
        assert_eq!(own.len(), 2, "{listed}");
        assert!(
            own.iter().all(|token| token["user"] == anna_id.to_string()) && !listed.to_string().contains("plenary_")
        );
        let of = |name: &str| {
            let token = own.iter().find(|token| token["name"] == name).unwrap();
            format!("{TOKENS}/{}", token["id"].as_str().unwrap())
        };
        assert_eq!(world.admin.get(TOKENS).await.expect(200)["data"].as_array().unwrap().len(), 4);

        boris.send("DELETE", &of("lost"), &[], None).await.refused(404, "not_found");
        lost.get("/api/v1/me").await.expect(200);
        anna.send("DELETE", &of("lost"), &[], None).await.expect(204);
        lost.get("/api/v1/me").await.refused(401, "unauthenticated");
        anna.send("DELETE", &of("lost"), &[], None).await.refused(404, "not_found");
        world.admin.send("DELETE", &of("anna"), &[], None).await.expect(204);
        anna.get("/api/v1/me").await.refused(401, "unauthenticated");

        let narrowed = world.with_token(&world.token(anna_id, "narrowed", &["write"]));
        narrowed.get(TOKENS).await.refused(403, "missing_right");
        world.anybody().get(TOKENS).await.refused(401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_reset_revokes_them() {
    for world in worlds() {
        let (id, anna) = world.user("anna", "salesperson");
        let user = format!("/api/v1/meta/users/{id}");
        world.admin.patch(&user, json!({"name": "Anna B."})).await.expect(200);
        anna.get("/api/v1/me").await.expect(200);
        world.admin.patch(&user, json!({"password": "a new password"})).await.expect(200);
        anna.get("/api/v1/me").await.refused(401, "unauthenticated");
    }
}
