//! Up to a thousand operations in one transaction under one change set.

use app::{App, Shape};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};
use store::{Error, FieldError, Result, Work};

use super::answer::{Reply, Write};
use super::keys;
use super::records::one;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// The most operations of one batch.
const LIMIT: usize = 1_000;

pub(crate) async fn batch(
    State(web): State<Web>,
    caller: Caller,
    Path(module): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let body = write.object()?;
    if let Some(unknown) = body.keys().find(|key| !["atomic", "operations"].contains(&key.as_str())) {
        return Err(Error::field(unknown, "unknown_field", "a batch has atomic and operations").into());
    }
    let atomic = match body.get("atomic") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(atomic)) => *atomic,
        Some(_) => return Err(Error::field("atomic", "invalid_type", "expected true or false").into()),
    };
    let operations = match body.get("operations") {
        Some(Value::Array(operations)) if operations.len() <= LIMIT => operations.clone(),
        Some(Value::Array(_)) => {
            return Err(Error::field("operations", "too_many", format!("at most {LIMIT} operations")).into());
        }
        _ => return Err(Error::field("operations", "required", "expected a list of operations").into()),
    };
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        work.module(&module)?;
        let mut results = Vec::with_capacity(operations.len());
        for (index, operation) in operations.iter().enumerate() {
            let done = if atomic {
                perform(&app, work, &module, operation).map_err(|error| at(error, index))
            } else {
                work.attempt(|work| perform(&app, work, &module, operation))
            };
            match done {
                Ok(result) => results.push(result),
                Err(error) if atomic => return Err(error),
                Err(error) => {
                    let problem = Problem::from(error);
                    results.push(json!({"status": problem.status.as_u16(), "error": problem.body()}));
                }
            }
        }
        Ok(Reply::new(StatusCode::OK, json!({"results": results})))
    };
    write.run(&web, caller.actor(), run).await
}

fn perform(app: &App, work: &mut Work<'_>, module: &str, operation: &Value) -> Result<Value> {
    if let Value::Object(operation) = operation {
        keys::known(operation, "", &["op", "id", "name", "fields"])?;
    }
    let text = |key: &str| operation.get(key).and_then(Value::as_str);
    let fields = match operation.get("fields") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(fields)) => fields.clone(),
        Some(_) => return Err(Error::field("fields", "invalid_type", "expected an object")),
    };
    let id = || {
        let wrong = || Error::field("id", "invalid_id", "this operation needs the id of a record");
        text("id").and_then(|id| id.parse().ok()).ok_or_else(wrong)
    };
    let (status, record) = match text("op") {
        Some("create") => {
            let (record, made) = app.create(work, module, &fields)?;
            (if made { 201 } else { 200 }, record)
        }
        Some("update") => (200, app.update(work, module, id()?, &fields, None)?),
        Some("delete") => {
            return work.delete(module, id()?, None).map(|record| json!({"status": 204, "id": record.id.to_string()}));
        }
        Some("transition") => {
            let name = text("name").ok_or_else(|| Error::field("name", "required", "which transition?"))?;
            (200, app.transition(work, module, id()?, name, &fields)?)
        }
        _ => return Err(Error::field("op", "invalid_choice", "one of create, update, delete, transition")),
    };
    let shown = one(work, &record, &Shape::default())?;
    Ok(json!({"status": status, "id": record.id.to_string(), "record": shown}))
}

/// Says in which operation a field is wrong.
fn at(error: Error, index: usize) -> Error {
    let place = format!("operations[{index}]");
    let inside = |errors: Vec<FieldError>| errors.into_iter().map(|error| error.inside(&place)).collect();
    match error {
        Error::Invalid(errors) => Error::Invalid(inside(errors)),
        Error::Conflict { code, message, errors } => Error::Conflict { code, message, errors: inside(errors) },
        other => other,
    }
}
