//! Rules and lines through HTTP, on both databases, with the sandbox's clock: what sets them off, what they do, that they do it
//! once.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first thing that is not there")]

mod acting;
mod called;
mod calls;
mod clock;
mod consents;
mod eyes;
mod hooks;
mod later;
mod leadgen;
mod letters;
mod moves;
mod once;
mod paid;
mod requests;
mod shaping;
mod sorting;
mod texts;
mod trouble;
#[path = "../contract/world.rs"]
#[expect(dead_code, reason = "shared with the other tests of the contract")]
mod world;

use serde_json::{Value, json};

use world::Api;

const RULES: &str = "/api/v1/meta/rules";

/// Runs what is due.
async fn run(api: &Api) -> Value {
    api.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200)
}

/// Makes a rule.
async fn rule(api: &Api, name: &str, module: &str, when: Value, then: Value) -> Value {
    let body = json!({"name": name, "module": module, "when": when, "then": then});
    api.post(RULES, body).await.expect(201)
}

/// A new lead; answers its id.
async fn lead(api: &Api, fields: Value) -> String {
    api.post("/api/v1/leads", fields).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// The runs of a rule, newest first.
async fn runs(api: &Api, name: &str) -> Vec<Value> {
    api.get(&format!("{RULES}/{name}/runs")).await.expect(200)["data"].as_array().unwrap().clone()
}

/// How many runs of a rule ended so.
async fn ended(api: &Api, name: &str, state: &str) -> usize {
    runs(api, name).await.iter().filter(|run| run["state"] == state).count()
}

/// The records of a module that fulfil a condition.
async fn found(api: &Api, module: &str, filter: &str) -> Vec<Value> {
    let filter: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let page = api.get(&format!("/api/v1/{module}?limit=500&filter={filter}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}
