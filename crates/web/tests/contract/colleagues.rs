//! What users and teams are called: at most so long, and no two teams the same to the eye.

use serde_json::json;

use crate::world::worlds;

const USERS: &str = "/api/v1/meta/users";
const TEAMS: &str = "/api/v1/meta/teams";

#[tokio::test(flavor = "multi_thread")]
async fn names_are_bounded() {
    for world in worlds() {
        let api = &world.admin;
        let (fits, long) = ("ы".repeat(200), "ы".repeat(201));
        let user = |name: &str| json!({"email": "anna@example.org", "name": name, "roles": ["salesperson"], "password": "a long password"});
        let refused = api.post(USERS, user(&long)).await;
        refused.faulty(&["name"]);
        assert_eq!(refused.json["errors"][0]["code"], "too_long");
        let anna = api.post(USERS, user(&fits)).await.expect(201)["id"].as_str().unwrap().to_owned();
        api.patch(&format!("{USERS}/{anna}"), json!({"name": long})).await.faulty(&["name"]);
        api.patch("/api/v1/me", json!({"name": long})).await.faulty(&["name"]);
        api.post(TEAMS, json!({"name": long})).await.faulty(&["name"]);
        let team = api.post(TEAMS, json!({"name": fits})).await.expect(201)["id"].as_str().unwrap().to_owned();
        api.patch(&format!("{TEAMS}/{team}"), json!({"name": long})).await.faulty(&["name"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_are_told_apart_by_more_than_large_letters() {
    for world in worlds() {
        let api = &world.admin;
        let team =
            api.post(TEAMS, json!({"name": "Отдел продаж"})).await.expect(201)["id"].as_str().unwrap().to_owned();
        for same in ["Отдел продаж", "отдел ПРОДАЖ"] {
            api.post(TEAMS, json!({"name": same})).await.refused(409, "duplicate");
        }
        let other = api.post(TEAMS, json!({"name": "Партнёры"})).await.expect(201)["id"].as_str().unwrap().to_owned();
        api.patch(&format!("{TEAMS}/{other}"), json!({"name": "ОТДЕЛ продаж"})).await.refused(409, "duplicate");
        // Its own letters may be made larger.
        let renamed = api.patch(&format!("{TEAMS}/{team}"), json!({"name": "ОТДЕЛ ПРОДАЖ"})).await.expect(200);
        assert_eq!(renamed["name"], "ОТДЕЛ ПРОДАЖ");
        assert_eq!(api.get(TEAMS).await.expect(200)["data"].as_array().unwrap().len(), 2);
    }
}
