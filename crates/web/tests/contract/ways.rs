//! Ways that are closed: what undo does not open again, and what a refusal says to whom.

use serde_json::{Value, json};

use crate::world::{Answer, Api, worlds};

const DEALS: &str = "/api/v1/deals";

/// A sponsorship that waits for its contract; answers its address.
async fn closing(api: &Api, event: &Value) -> String {
    let amount = json!({"amount": "300000.00", "currency": "RUB"});
    let deal = json!({"name": "Ромашка", "pipeline": "sponsorship", "event": event, "amount": amount});
    let deal = api.post(DEALS, deal).await.expect(201);
    let deal = format!("{DEALS}/{}", deal["id"].as_str().unwrap());
    api.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
    let documents = api.get("/api/v1/deal_documents").await.expect(200);
    for paper in documents["data"].as_array().unwrap() {
        api.receive(paper["id"].as_str().unwrap()).await;
    }
    for _ in 0..3 {
        moved(api, &deal, "advance").await;
    }
    deal
}

async fn moved(api: &Api, record: &str, name: &str) -> String {
    let moved = api.post(&format!("{record}/transitions/{name}"), json!({})).await;
    let set = moved.headers["change-set"].to_str().unwrap().to_owned();
    moved.expect(200);
    set
}

async fn undo(api: &Api, set: &str, body: Value) -> Answer {
    api.post(&format!("/api/v1/undo/{set}"), body).await
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.json["errors"].as_array().into_iter().flatten();
    let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    errors.map(|error| (text(error, "field"), text(error, "code"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_not_won_again_by_undo_once_its_condition_does_not_hold() {
    for world in worlds() {
        let api = &world.admin;
        let ticket = world.event("spring").await;
        let event = api.get(&format!("/api/v1/ticket_types/{ticket}")).await.expect(200)["event"].clone();
        let deal = closing(api, &event).await;
        api.patch(&deal, json!({"contract_signed_on": "2036-05-01"})).await.expect(200);
        let won = moved(api, &deal, "win").await;
        let back = undo(api, &won, json!({})).await.expect(200)["id"].as_str().unwrap().to_owned();
        api.patch(&deal, json!({"contract_signed_on": null})).await.expect(200);
        let id = deal.rsplit('/').next().unwrap();
        for choice in [json!({}), json!({"conflicts": "overwrite"}), json!({"conflicts": "keep"})] {
            let refused = undo(api, &back, choice).await;
            refused.refused(409, "undo_conflict");
            assert_eq!(faults(&refused), [(format!("deals/{id}.contract_signed_on"), "unmet".to_owned())]);
        }
        assert_ne!(api.get(&deal).await.expect(200)["stage"], "won");
        // With the condition it goes through: the control.
        api.patch(&deal, json!({"contract_signed_on": "2036-05-02"})).await.expect(200);
        undo(api, &back, json!({})).await.expect(200);
        assert_eq!(api.get(&deal).await.expect(200)["stage"], "won");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_brings_nothing_back_into_a_stage_out_of_use() {
    for world in worlds() {
        let api = &world.admin;
        let lead = json!({"name": "Анна", "phone": "+79211234567", "company": "Ромашка", "need": "Стенд"});
        let lead = api.post("/api/v1/leads", lead).await.expect(201);
        let lead = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
        moved(api, &lead, "contact").await;
        let left = moved(api, &lead, "qualify").await;
        let process = "/api/v1/meta/processes/leads";
        api.patch(process, json!({"states": {"contacted": {"retired": true}}})).await.expect(200);
        let refused = undo(api, &left, json!({})).await;
        refused.refused(409, "undo_conflict");
        assert_eq!(faults(&refused).first().unwrap().1, "state_retired");
        assert_eq!(api.get(&lead).await.expect(200)["status"], "qualified");
        api.patch(process, json!({"states": {"contacted": {"retired": false}}})).await.expect(200);
        undo(api, &left, json!({})).await.expect(200);
        assert_eq!(api.get(&lead).await.expect(200)["status"], "contacted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_move_tells_nobody_where_a_record_stands_who_does_not_see_it() {
    for world in worlds() {
        let hidden = json!({"read": "all", "update": "all", "create": true, "hidden": ["status"]});
        world
            .admin
            .post("/api/v1/meta/roles", json!({"name": "blind", "modules": {"leads": hidden}}))
            .await
            .expect(201);
        let (_, blind) = world.user("bea", "blind");
        let lead = world.admin.post("/api/v1/leads", json!({"name": "Анна"})).await.expect(201);
        let lead = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
        let qualify = format!("{lead}/transitions/qualify");
        let seen = world.admin.post(&qualify, json!({})).await;
        seen.refused(409, "invalid_transition");
        assert!(seen.text.contains("\\\"new\\\"") && seen.text.contains("contact"), "the control: {}", seen.text);
        let refused = blind.post(&qualify, json!({})).await;
        refused.refused(409, "invalid_transition");
        assert!(!refused.text.contains("new") && !refused.text.contains("contact"), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_its_own_fields_close_says_so() {
    for world in worlds() {
        let api = &world.admin;
        let ticket = world.event("spring").await;
        let event = api.get(&format!("/api/v1/ticket_types/{ticket}")).await.expect(200)["event"].clone();
        let deal = closing(api, &event).await;
        api.patch(&deal, json!({"contract_signed_on": "2036-05-01"})).await.expect(200);
        let refused = api.post(&format!("{deal}/transitions/win"), json!({"contract_signed_on": null})).await;
        refused.refused(409, "invalid_transition");
        assert_eq!(
            faults(&refused),
            [("contract_signed_on".to_owned(), "unmet".to_owned())],
            "none is said to be open"
        );
        assert!(!refused.text.contains("not open"), "{}", refused.text);
    }
}
