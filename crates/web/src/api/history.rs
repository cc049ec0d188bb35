//! The past of records: timelines, change sets; and how jobs go.

use app::timeline::{Entry, timeline};
use app::{Shape, present};
use axum::Json;
use axum::extract::{Path, State};
use model::Record;
use serde_json::{Value, json};
use store::{ChangeEntry, Error, Work};

use super::answer::data;
use super::list_query::ListQuery;
use super::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// The most entries of a timeline.
const LIMIT: usize = 200;

pub(crate) async fn of_record(
    State(web): State<Web>,
    caller: Caller,
    Path((module, record)): Path<(String, String)>,
    _query: ListQuery,
) -> Result<Json<Value>, Problem> {
    let id = id(&module, &record)?;
    let entries = web.app.workspace().read(caller.actor(), move |work| {
        timeline(work, &module, id, LIMIT)?.iter().map(|entry| shown(work, entry)).collect::<store::Result<Vec<_>>>()
    });
    Ok(Json(data(entries.await?)))
}

fn shown(work: &mut Work<'_>, entry: &Entry) -> store::Result<Value> {
    match entry {
        Entry::Change(change) => Ok(change_json(change)),
        Entry::About(record) => about(work, record),
    }
}

fn about(work: &mut Work<'_>, record: &Record) -> store::Result<Value> {
    let shown = present(work, std::slice::from_ref(record), &Shape::default())?;
    Ok(json!({
        "kind": record.module.name, "at": record.created_at.to_string(), "title": record.title(),
        "record": shown.into_iter().next(),
    }))
}

fn change_json(change: &ChangeEntry) -> Value {
    let fields: Vec<_> = change
        .fields
        .iter()
        .map(|field| json!({"field": field.field, "before": field.before, "after": field.after}))
        .collect();
    json!({
        "kind": "change", "at": change.at.to_string(), "change_set": change.change_set.to_string(),
        "actor": change.actor.map(|id| id.to_string()), "source": change.source, "reason": change.reason,
        "operation": change.operation, "version": change.version, "fields": fields,
    })
}

pub(crate) async fn change_set(
    State(web): State<Web>,
    caller: Caller,
    Path(set): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = id("change_sets", &set)?;
    let found = web.app.workspace().read(caller.actor(), move |work| work.change_set_changes(id)).await?;
    if found.is_empty() {
        return Err(Error::not_found("change_sets", id).into());
    }
    let changes: Vec<_> = found
        .iter()
        .map(|((module, record), change)| {
            let mut json = change_json(change);
            if let Some(map) = json.as_object_mut() {
                map.insert("module".to_owned(), json!(module));
                map.insert("id".to_owned(), json!(record.to_string()));
            }
            json
        })
        .collect();
    Ok(Json(json!({"id": id.to_string(), "changes": changes})))
}

pub(crate) async fn job(
    State(web): State<Web>,
    caller: Caller,
    Path(job): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = id("jobs", &job)?;
    let found = web
        .app
        .workspace()
        .read(caller.actor(), move |work| {
            work.require(model::rights::Capability::Administer)?;
            work.job(id)
        })
        .await?;
    // A job that is no longer on the queue is done.
    let job = found.ok_or_else(|| Error::not_found("jobs", id))?;
    let state = if job.attempts > 0 { "failing" } else { "waiting" };
    Ok(Json(json!({
        "id": job.id.to_string(), "kind": job.kind, "state": state, "due_at": job.due_at.to_string(),
        "attempts": job.attempts, "done": 0, "total": 1, "errors": job.error.into_iter().collect::<Vec<_>>(),
    })))
}
