//! What is taken from somebody is gone at their very next request, whichever program took it.

use serde_json::json;

use crate::world::{Api, World, worlds};

const LEADS: &str = "/api/v1/leads";

/// What somebody reads: a list, a record, and what takes several statements.
async fn addresses(world: &World) -> Vec<String> {
    let lead = world.admin.post(LEADS, json!({"name": "Anna", "email": "anna@example.org"})).await.expect(201);
    let lead = format!("{LEADS}/{}", lead["id"].as_str().unwrap());
    let tail = ["", "/timeline", "/history", "?expand=owner"].map(|tail| format!("{lead}{tail}"));
    let others = [LEADS.to_owned(), format!("{LEADS}?count=true"), "/api/v1/search?q=Anna".to_owned()];
    [others.to_vec(), tail.to_vec(), vec!["/api/v1/me".to_owned()]].concat()
}

/// Reads so often that whoever asks is known.
async fn settled(api: &Api, addresses: &[String]) {
    for _ in 0..3 {
        for address in addresses {
            api.get(address).await.expect(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_and_a_user() {
    for world in worlds() {
        let addresses = addresses(&world).await;
        let (_, second) = world.second_program();
        for (number, address) in addresses.iter().enumerate() {
            for (how, taker) in [("here", &world.admin), ("elsewhere", &second)] {
                let (id, anna) = world.user(&format!("anna{number}{how}"), "administrator");
                let other = world.with_token(&world.token(id, &format!("other{number}{how}"), &[]));
                settled(&anna, std::slice::from_ref(address)).await;
                settled(&other, std::slice::from_ref(address)).await;
                let tokens = anna.get("/api/v1/tokens").await.expect(200);
                let token = tokens["data"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|token| token["name"] == format!("anna{number}{how}"));
                let token = format!("/api/v1/tokens/{}", token.unwrap()["id"].as_str().unwrap());
                taker.send("DELETE", &token, &[], None).await.expect(204);
                anna.get(address).await.refused(401, "unauthenticated");
                other.get(address).await.expect(200);
                taker.patch(&format!("/api/v1/meta/users/{id}"), json!({"active": false})).await.expect(200);
                other.get(address).await.refused(401, "unauthenticated");
                other.get(address).await.refused(401, "unauthenticated");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role() {
    for world in worlds() {
        let addresses = addresses(&world).await;
        let lead = addresses.iter().find(|address| address.ends_with("/timeline")).unwrap();
        let (_, second) = world.second_program();
        let (id, anna) = world.user("anna", "administrator");
        let user = format!("/api/v1/meta/users/{id}");
        for taker in [&world.admin, &second] {
            settled(&anna, &addresses).await;
            taker.patch(&user, json!({"roles": ["door"]})).await.expect(200);
            anna.get(LEADS).await.refused(403, "read_forbidden");
            anna.get(lead).await.refused(404, "not_found");
            taker.patch(&user, json!({"roles": ["administrator"]})).await.expect(200);
            anna.get(LEADS).await.expect(200);
            taker.patch(&user, json!({"roles": ["door"]})).await.expect(200);
            anna.get(lead.trim_end_matches("/timeline")).await.refused(404, "not_found");
            assert_eq!(anna.get("/api/v1/search?q=Anna").await.expect(200)["data"], json!([]));
            taker.patch(&user, json!({"roles": ["administrator"]})).await.expect(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn misunderstandings_are_told_to_nobody_unknown() {
    for world in worlds() {
        let stranger = world.with_token("Bearer nobody");
        for address in
            ["leads?limit=x", "leads/nothing", "leads?nothing=1", "search?p=1", "leads/x/history?limit=0", "jobs/x"]
        {
            let address = format!("/api/v1/{address}");
            stranger.get(&address).await.refused(401, "unauthenticated");
            world.anybody().get(&address).await.refused(401, "unauthenticated");
            assert!([400, 404].contains(&world.admin.get(&address).await.status), "{address}");
        }
    }
}
