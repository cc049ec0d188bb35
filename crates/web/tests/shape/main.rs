//! Modules and fields made, changed, renamed and retired while the program runs, through HTTP, on both databases.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first thing that is not there")]

mod changing;
mod derived;
mod divided;
mod letters;
mod links;
mod living;
mod packs;
mod processes;
mod rehearsed;
mod standing;
mod usable;
mod views;
#[path = "../contract/world.rs"]
#[expect(dead_code, reason = "shared with the other tests of the contract")]
mod world;

use serde_json::{Value, json};

use world::{Api, World};

const MODULES: &str = "/api/v1/meta/modules";

/// Hotels for speakers: the module that the tests make.
fn hotels() -> Value {
    json!({
        "name": "hotels", "label": {"ru": "Гостиницы", "en": "Hotels"}, "title": "name",
        "fields": [
            {"name": "name", "type": "text", "label": {"ru": "Название", "en": "Name"}, "required": true},
            {"name": "stars", "type": "number"},
            {"name": "city", "type": "text"},
            {"name": "price", "type": "money"},
            {"name": "board", "type": "choice", "options": ["breakfast", {"value": "full", "label": "Full board"}]},
            {"name": "event", "type": "link", "module": "events"},
        ],
    })
}

async fn made(world: &World) -> Api {
    world.admin.post(MODULES, hotels()).await.expect(201);
    world.admin.clone()
}

async fn hotel(api: &Api, name: &str, more: Value) -> String {
    let mut body = json!({"name": name});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    api.post("/api/v1/hotels", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// Names of the records of a list.
async fn names(api: &Api, query: &str) -> Vec<String> {
    let page = api.get(&format!("/api/v1/hotels?{query}")).await.expect(200);
    page["data"].as_array().unwrap().iter().map(|hotel| hotel["name"].as_str().unwrap().to_owned()).collect()
}

/// Text as a part of an address.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
