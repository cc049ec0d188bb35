//! Surveys through HTTP, on both databases, with the sandbox's clock: sent, answered, counted, shaped.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first thing that is not there")]

mod answering;
mod counting;
mod files;
mod kinds;
mod pages;
mod sending;
mod shaping;
#[path = "../contract/world.rs"]
#[expect(dead_code, reason = "shared with the other tests of the contract")]
mod world;

use serde_json::{Value, json};

use world::Api;

const SURVEYS: &str = "/api/v1/meta/surveys";
const PUBLIC: &str = "/api/public/v1/surveys";

/// Moves the clock, and runs what is due.
async fn pass(api: &Api, time: &str) {
    api.post("/api/v1/sandbox/clock", json!({"advance": time})).await.expect(200);
}

/// A lost lead; answers its id.
async fn lost(api: &Api, name: &str) -> String {
    let email = format!("{}@example.org", name.to_lowercase());
    let lead = api.post("/api/v1/leads", json!({"name": name, "email": email})).await.expect(201);
    let id = lead["id"].as_str().unwrap().to_owned();
    let lose = format!("/api/v1/leads/{id}/transitions/lose");
    api.post(&lose, json!({"lost_reason": "Later"})).await.expect(200);
    id
}

/// Sends the decline survey about a lead; answers the record.
async fn send(api: &Api, lead: &str) -> Value {
    let body = json!({"survey": "decline", "about": {"module": "leads", "id": lead}});
    api.post("/api/v1/surveys/send", body).await.expect(200)
}

/// The letters to somebody.
async fn letters(api: &Api, to: &str) -> Vec<Value> {
    let page = api.get(&format!("/api/v1/sandbox/outbox?to={to}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

/// The secret of the link in the last letter to somebody.
async fn token(api: &Api, to: &str) -> String {
    let letters = letters(api, to).await;
    let text = letters.last().unwrap()["text"].as_str().unwrap().to_owned();
    let (_, rest) = text.split_once("/p/s/").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// The records of a module that fulfil a condition.
async fn found(api: &Api, module: &str, filter: &str) -> Vec<Value> {
    let filter: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let page = api.get(&format!("/api/v1/{module}?limit=500&sort=created_at&filter={filter}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}
