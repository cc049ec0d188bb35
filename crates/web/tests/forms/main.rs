//! Forms of sites through HTTP, on both databases: taken in by every kind of body, on the page, set aside, shaped.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first thing that is not there")]

mod files;
mod filling;
mod pages;
mod shaping;
mod strange;
#[path = "../contract/world.rs"]
#[expect(dead_code, reason = "shared with the other tests of the contract")]
mod world;

use serde_json::{Value, json};

use world::{Answer, Api};

const FORMS: &str = "/api/v1/meta/forms";
const REQUEST: &str = "/api/public/v1/forms/request";

/// What somebody says by the form that ships.
fn request(name: &str) -> Value {
    let email = format!("{}@example.org", name.to_lowercase());
    json!({"name": name, "email": email, "need": "A stand", "consent": true})
}

/// Sends a body of that kind, as a site does.
async fn sent(who: &Api, path: &str, kind: &str, body: impl Into<axum::body::Body>) -> Answer {
    who.call("POST", path, &[("content-type", kind), ("accept-language", "en")], body).await
}

/// A form with texts and files, as browsers send it.
async fn parts(who: &Api, path: &str, texts: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, text) in texts {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes());
    }
    for (control, name, bytes) in files {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{control}\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    let kind = ("content-type", "multipart/form-data; boundary=x");
    who.call("POST", path, &[kind, ("sec-fetch-site", "same-origin"), ("accept-language", "en")], body).await
}

/// The records of a module that fulfil a condition, the first first.
async fn found(api: &Api, module: &str, filter: &str) -> Vec<Value> {
    let filter: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let page = api.get(&format!("/api/v1/{module}?limit=500&sort=created_at&filter={filter}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

/// What came by a form.
async fn came(api: &Api, form: &str) -> Vec<Value> {
    found(api, "messages", &format!("form == \"{form}\"")).await
}

/// A form of ours about cases or leads, with a condition and a file.
async fn stand(api: &Api, more: Value) {
    let mut form = json!({
        "name": "stand", "label": {"ru": "Стенд", "en": "A stand"}, "module": "leads",
        "consent": {"ru": "Согласен", "en": "I agree"}, "thanks": {"ru": "Спасибо!", "en": "Thanks!"},
        "values": {"readiness": "warm"},
        "fields": [
            {"field": "name", "required": true},
            {"field": "email", "required": true},
            {"field": "company"},
            {"field": "need", "required": true, "if": "has(company)", "label": {"ru": "Что нужно компании?", "en": "What does the company need?"}},
            {"field": "brief", "file": true, "label": {"ru": "Бриф", "en": "The brief"}},
        ],
    });
    for (key, value) in more.as_object().unwrap() {
        form[key] = value.clone();
    }
    api.post(FORMS, form).await.expect(201);
}
