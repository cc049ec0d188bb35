//! The answers that are errors, one by status, with the codes that may stand in them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::operation::{header, reference};

const PROBLEMS: &str = include_str!("text/problems.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Status {
    says: String,
    /// What each code means.
    codes: BTreeMap<String, String>,
    #[serde(default)]
    headers: Vec<String>,
}

/// The component responses.
pub(super) fn responses() -> serde_json::Result<Map<String, Value>> {
    let statuses: BTreeMap<String, Status> = serde_json::from_str(PROBLEMS)?;
    Ok(statuses.into_iter().map(|(number, status)| (number, response(&status))).collect())
}

fn response(status: &Status) -> Value {
    let lines = status.codes.iter().map(|(code, meaning)| format!("- `{code}`: {meaning}"));
    let description = format!("{}\n\n{}", status.says, lines.collect::<Vec<_>>().join("\n"));
    let codes: Vec<_> = status.codes.keys().collect();
    let schema = json!({"allOf": [
        reference("schemas", "Problem"),
        {"properties": {"code": {"type": "string", "examples": codes}}},
    ]});
    let headers: Map<_, _> = status.headers.iter().map(|name| (header(name), reference("headers", name))).collect();
    let mut response = json!({"description": description, "content": {"application/problem+json": {"schema": schema}}});
    if let (Some(map), false) = (response.as_object_mut(), headers.is_empty()) {
        map.insert("headers".to_owned(), Value::Object(headers));
    }
    response
}
