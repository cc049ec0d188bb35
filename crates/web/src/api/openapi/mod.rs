//! `GET /api/v1/openapi.json`: the whole API as an OpenAPI 3.1 document, made from the workspace's modules as the caller
//! may see them. What is the same everywhere stands as text in `text/`; what depends on modules is added here.

mod fields;
mod operation;
mod problems;
mod records;
mod schemas;
mod surface;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;
use model::Actor;
use serde_json::{Map, Value, json};
use store::Knowledge;

use self::operation::Described;
use self::surface::Surface;
use super::ROUTES;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

const INFO: &str = include_str!("text/info.json");
const SCHEMAS: &str = include_str!("text/schemas.json");
const PARAMETERS: &str = include_str!("text/parameters.json");
const HEADERS: &str = include_str!("text/headers.json");
const OPERATIONS: &str = include_str!("text/operations.json");

/// How the routes begin that every module has.
const OF_MODULE: &str = "/api/v1/{module}";

pub(crate) async fn answer(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let document = document(&web.app.workspace().knowledge(), &caller.actor()).map_err(|error| {
        tracing::error!(%error, "the API cannot be described");
        Problem::internal()
    })?;
    Ok(Json(document))
}

/// The document for `actor`.
///
/// # Errors
/// When one of the texts is not of its form.
fn document(knowledge: &Knowledge, actor: &Actor) -> serde_json::Result<Value> {
    let mut document: Map<String, Value> = serde_json::from_str(INFO)?;
    let mut schemas: Map<String, Value> = serde_json::from_str(SCHEMAS)?;
    let mut paths = Map::new();
    let mut operations: Map<String, Value> = serde_json::from_str(OPERATIONS)?;
    let of_records = serde_json::from_str(records::OPERATIONS)?;
    let surfaces = Surface::all(&knowledge.definitions, actor)?;
    for route in ROUTES {
        if route.path.starts_with(OF_MODULE) {
            for surface in &surfaces {
                records::describe(&of_records, route, surface, &mut paths)?;
            }
        } else if let Some(text) = operations.remove(&key(route.method, route.path)) {
            let described: Described = serde_json::from_value(text)?;
            put(&mut paths, route.method, route.path, described.operation(route.method, route.path));
        }
    }
    for surface in &surfaces {
        schemas.extend(schemas::of(surface)?);
    }
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        tags.splice(0..0, surfaces.iter().map(Surface::tag));
    }
    let components = json!({
        "schemas": schemas,
        "parameters": serde_json::from_str::<Value>(PARAMETERS)?,
        "headers": serde_json::from_str::<Value>(HEADERS)?,
        "responses": problems::responses()?,
        "securitySchemes": {"bearer": {
            "type": "http", "scheme": "bearer",
            "description": "A token of a user (`plenary token create`); it has its user's rights unless scopes narrow it.",
        }},
    });
    document.insert("paths".to_owned(), Value::Object(paths));
    document.insert("components".to_owned(), components);
    Ok(Value::Object(document))
}

/// What an operation knows of what is asked of it.
pub(super) struct Known {
    /// The parameters that it takes in its query.
    pub(super) query: BTreeSet<String>,
    /// No token is needed.
    pub(super) public: bool,
}

/// What the operation under `method` (in small letters) at the route `path` knows, as it is described; nothing where it is
/// not.
pub(super) fn known(method: &str, path: &str) -> Option<&'static Known> {
    static ALL: LazyLock<BTreeMap<String, Known>> = LazyLock::new(|| {
        let read = |text| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
        let parameters = read(PARAMETERS);
        let in_query = |name: &Value| {
            let parameter = parameters.get(name.as_str()?)?;
            let is_it = parameter.get("in").and_then(Value::as_str) == Some("query");
            parameter.get("name").and_then(Value::as_str).filter(|_| is_it).map(str::to_owned)
        };
        let of = |described: &Value| {
            let named = described.get("parameters").and_then(Value::as_array);
            Known {
                query: named.into_iter().flatten().filter_map(in_query).collect(),
                public: described.get("public").and_then(Value::as_bool).unwrap_or_default(),
            }
        };
        let all = read(OPERATIONS).into_iter().chain(read(records::OPERATIONS));
        all.map(|(key, described)| (key, of(&described))).collect()
    });
    ALL.get(&key(method, path))
}

/// How a route is called in the texts.
fn key(method: &str, path: &str) -> String {
    format!("{method} {path}")
}

fn put(paths: &mut Map<String, Value>, method: &str, path: &str, operation: Value) {
    let item = paths.entry(path).or_insert_with(|| json!({}));
    if let Some(item) = item.as_object_mut() {
        item.insert(method.to_owned(), operation);
    }
}
