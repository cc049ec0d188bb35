//! The sandbox's outbox.

use serde_json::Value;

use super::api::{Api, text};
use super::http::escaped;

/// A letter that would have been sent.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) id: String,
    pub(crate) template: String,
    pub(crate) to: String,
    /// The one thing that made it be sent.
    pub(crate) cause: String,
    pub(crate) message_id: String,
    /// Module and id of what it is about.
    pub(crate) about: (String, String),
    pub(crate) json: Value,
}

/// Every letter, oldest first; to one address, if one is given.
#[track_caller]
pub(crate) fn letters(api: &Api, to: Option<&str>) -> Vec<Letter> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let to = to.map(|to| format!("&to={}", escaped(to))).unwrap_or_default();
        let page =
            api.get(&format!("/api/v1/sandbox/outbox?{}", format!("{to}{cursor}").trim_start_matches('&'))).expect(200);
        all.extend(page["data"].as_array().unwrap().iter().map(letter));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={}", escaped(next)),
            None => return all,
        }
    }
}

fn letter(json: &Value) -> Letter {
    let word = |field: &str| text(json, field).to_owned();
    Letter {
        id: word("id"),
        template: word("template"),
        to: json["to"][0].as_str().unwrap_or_default().to_owned(),
        cause: word("cause"),
        message_id: word("message_id"),
        about: (text(&json["about"], "module").to_owned(), text(&json["about"], "id").to_owned()),
        json: json.clone(),
    }
}
