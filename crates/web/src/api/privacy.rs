//! A person's data: handed out whole, and erased.

use std::collections::BTreeMap;

use app::privacy::personal_data;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Record;
use serde_json::{Value, json};
use store::{Error, Reading, Tie, Work};

use super::answer::{Reply, Write};
use super::records::id;
use crate::caller::{Bearer, Caller};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;

/// Under this message is what the record of somebody who was erased is called.
pub(crate) const CALLED: &str = "erased-person";

/// All that is held of the person of a record.
pub(crate) async fn export(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = bearer.understood(&web, id(&module, &record)).await?;
    let data = bearer.read(&web, Reading::Several, move |work| personal_data(work, &module, id)).await?;
    let place = (header::CONTENT_DISPOSITION, format!("attachment; filename=\"personal-data-{id}.json\""));
    Ok(([place], Json(data)).into_response())
}

/// What erasing them would do.
pub(crate) async fn foresee(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let id = bearer.understood(&web, id(&module, &record)).await?;
    let app = web.app.clone();
    let read = move |work: &mut Work<'_>| {
        let foreseen = app.foresee_erasure(work, &module, id)?;
        let held: Vec<_> = foreseen.held.iter().map(|held| named(&held.record)).collect();
        let people: Vec<_> = foreseen.people.iter().map(named).collect();
        Ok(json!({
            "people": people, "shared": foreseen.shared, "records": counted(&foreseen.records), "held": held,
        }))
    };
    Ok(Json(bearer.read(&web, Reading::Several, read).await?))
}

fn named(record: &Record) -> Value {
    json!({"module": record.module.name, "id": record.id.to_string(), "title": record.title()})
}

fn counted(records: &BTreeMap<(String, Tie), usize>) -> Vec<Value> {
    let each = records.iter().rev();
    each.map(|((module, tie), count)| json!({"module": module, "is": tie.name(), "count": count})).collect()
}

/// Erases them.
pub(crate) async fn erase(
    State(web): State<Web>,
    caller: Caller,
    Path((module, record)): Path<(String, String)>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id(&module, &record)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        let reason = body.get("reason").and_then(Value::as_str).unwrap_or_default();
        if let Some(other) = body.keys().find(|key| *key != "reason") {
            return Err(Error::field(other, "unknown_field", "an erasure has nothing but a reason"));
        }
        let called = work.settings().locale.say(CALLED);
        let erased = app.erase(work, &module, id, reason, &called)?;
        let body = json!({
            "records": counted(&erased.records), "log_entries": erased.lines, "other_rows": erased.rows,
            "files": erased.files.len(), "shared": erased.shared,
        });
        Ok(Reply::new(StatusCode::OK, body))
    };
    write.run(&web, caller.author(), run).await
}
