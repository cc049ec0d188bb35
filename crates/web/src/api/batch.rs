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
/// The most where a typed service does the work, which counts seats and money under its locks …
const SERVICE_LIMIT: usize = 100;
/// … and the most tickets of their orders: everybody who buys waits meanwhile.
const TICKETS: usize = 500;

pub(crate) async fn batch(
    State(web): State<Web>,
    caller: Caller,
    Path(module): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let body = write.object()?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        work.module(&module)?;
        let (atomic, operations) = read(&body)?;
        check_effort(&app, work, &module, operations)?;
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
    write.run(&web, caller.author(), run).await
}

/// Whether all or nothing, and what.
fn read(body: &Map<String, Value>) -> Result<(bool, &[Value])> {
    if let Some(unknown) = body.keys().find(|key| !["atomic", "operations"].contains(&key.as_str())) {
        return Err(Error::field(unknown, "unknown_field", "a batch has atomic and operations"));
    }
    let atomic = match body.get("atomic") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(atomic)) => *atomic,
        Some(_) => return Err(Error::field("atomic", "invalid_type", "expected true or false")),
    };
    let operations = match body.get("operations") {
        Some(Value::Array(operations)) if operations.len() <= LIMIT => &operations[..],
        Some(Value::Array(_)) => {
            return Err(Error::field("operations", "too_many", format!("at most {LIMIT} operations")));
        }
        _ => return Err(Error::field("operations", "required", "expected a list of operations")),
    };
    Ok((atomic, operations))
}

/// Refuses what would keep everybody else waiting.
fn check_effort(app: &App, work: &mut Work<'_>, module: &str, operations: &[Value]) -> Result<()> {
    let too_many = |message: String| Err(Error::field("operations", "too_many", message));
    if work.module(module)?.service.is_none() {
        return Ok(());
    }
    if operations.len() > SERVICE_LIMIT {
        return too_many(format!("at most {SERVICE_LIMIT} operations on {module}"));
    }
    let mut tickets = 0;
    for operation in operations {
        let named = operation.pointer("/fields/tickets").and_then(Value::as_array).map_or(0, Vec::len);
        let order = operation.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let present = match order.filter(|_| module == "orders") {
            Some(order) => app.ticketing().tickets_of(work, order)?.len(),
            None => 0,
        };
        tickets += named.max(present);
        if tickets > TICKETS {
            return too_many(format!("at most {TICKETS} tickets in the orders of one batch"));
        }
    }
    Ok(())
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
            return app
                .delete(work, module, id()?, None)
                .map(|record| json!({"status": 204, "id": record.id.to_string()}));
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
