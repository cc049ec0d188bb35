//! The past of records: timelines, the life of a field, change sets and the way back; and how jobs go.

use app::timeline::{Entry, Kind, timeline};
use app::{Shape, present};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::{Id, Record};
use serde_json::{Map, Value, json};
use store::{ChangeEntry, Conflict, Conflicts, Course, Error, Reading, Undo, Work};

use super::answer::{Reply, Write};
use super::keys;
use super::records::id;
use crate::caller::{Bearer, Caller};
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// Entries of a timeline where nobody says how many.
const LIMIT: usize = 200;
/// Changes of a change set where nobody says how many.
const OF_A_SET: usize = 200;
/// Changes of a history where nobody says how many.
const CHANGES: usize = 50;

pub(crate) async fn of_record(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let asked = id(&module, &record).and_then(|id| Ok((id, of_timeline(query.as_deref())?)));
    let (id, (cursor, limit)) = bearer.understood(&web, asked).await?;
    let read = move |work: &mut Work<'_>| {
        let page = timeline(work, &module, id, Kind::Any, (cursor.as_deref(), limit))?;
        let entries = page.entries.iter().map(|entry| shown(work, entry)).collect::<store::Result<Vec<_>>>()?;
        Ok(json!({"data": entries, "next_cursor": page.next}))
    };
    Ok(Json(bearer.read(&web, Reading::Several, read).await?))
}

/// Where a timeline goes on, and how much of it is asked for.
fn of_timeline(query: Option<&str>) -> Result<(Option<String>, usize), Problem> {
    let (mut cursor, mut limit) = (None, LIMIT);
    for (name, value) in pairs(query)? {
        match name.as_str() {
            "limit" => limit = limited(&value)?,
            "cursor" => cursor = Some(value).filter(|text| !text.is_empty()),
            _ => {}
        }
    }
    Ok((cursor, limit))
}

fn limited(value: &str) -> Result<usize, Problem> {
    let number = value.parse().ok().filter(|limit| (1..=500).contains(limit));
    number.ok_or_else(|| Problem::bad_request("invalid_parameter", "limit is a number from 1 to 500"))
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
        "undoes": change.undoes.map(|id| id.to_string()), "undone_by": change.undone_by.map(|id| id.to_string()),
        "actor": change.actor.map(|id| id.to_string()), "source": change.source, "reason": change.reason,
        "operation": change.operation, "version": change.version, "fields": fields,
    })
}

pub(crate) async fn change_set(
    State(web): State<Web>,
    bearer: Bearer,
    Path(set): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let asked = id("change_sets", &set).and_then(|id| Ok((id, of_set(query.as_deref())?)));
    let (id, (after, limit)) = bearer.understood(&web, asked).await?;
    Ok(Json(bearer.read(&web, Reading::Several, move |work| set_json(work, id, after, limit)).await?))
}

/// Behind which place of the log a page of a change set begins, and how much of it is asked for.
fn of_set(query: Option<&str>) -> Result<(i64, usize), Problem> {
    let (mut after, mut limit) = (0, OF_A_SET);
    for (name, value) in pairs(query)? {
        match name.as_str() {
            "limit" => limit = limited(&value)?,
            "cursor" if value.is_empty() => {}
            "cursor" => after = place(&value)?,
            _ => {}
        }
    }
    Ok((after, limit))
}

/// The place in the log that a cursor names.
fn place(cursor: &str) -> Result<i64, Problem> {
    let place = cursor.parse::<i64>().ok().filter(|place| *place > 0);
    place.ok_or_else(|| Problem::bad_request("invalid_cursor", "the cursor is of another list"))
}

/// A page of a change set, as far as the caller may see it.
fn set_json(work: &mut Work<'_>, id: Id, after: i64, limit: usize) -> store::Result<Value> {
    let set = work.seen_change_set(id)?;
    let found = work.change_set_changes(id, after, limit)?;
    let changes: Vec<_> = found
        .changes
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
    let text = |id: Option<Id>| id.map(|id| id.to_string());
    Ok(json!({
        "id": id.to_string(), "at": set.at.to_string(), "actor": text(set.actor), "source": set.source,
        "reason": set.reason, "undoes": text(set.undoes), "undone_by": text(set.undone_by), "changes": changes,
        "next_cursor": found.next.map(|place| place.to_string()),
    }))
}

/// Takes a change set back.
pub(crate) async fn undo(
    State(web): State<Web>,
    caller: Caller,
    Path(set): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id("change_sets", &set)?, write.object()?);
    let run = move |work: &mut Work<'_>| match app.undo(work, id, choice(&body)?)? {
        Undo::Done(new) => Ok(Reply::new(StatusCode::OK, set_json(work, new, 0, OF_A_SET)?)),
        Undo::Conflicts(conflicts) => Ok(changed_since(&conflicts)),
        Undo::UnderWay(course) => Ok(Reply::new(StatusCode::ACCEPTED, course_json(&course))),
    };
    write.run(&web, caller.author(), run).await
}

/// How far the undo of a large change set is.
pub(crate) async fn course(
    State(web): State<Web>,
    bearer: Bearer,
    Path(set): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = bearer.understood(&web, id("change_sets", &set)).await?;
    let course = bearer.read(&web, Reading::One, move |work| work.undo_course(id)).await?;
    let course = course.ok_or_else(|| Error::not_found("change_sets", id))?;
    Ok(Json(course_json(&course)))
}

fn course_json(course: &Course) -> Value {
    let left = course
        .left()
        .iter()
        .map(|left| json!({"module": left.module, "id": left.record.to_string(), "code": left.code}));
    json!({
        "id": course.set.to_string(), "state": course.phase.name(), "done": course.done, "total": course.total,
        "choice": course.choice.name(), "undone_by": course.undone_by.map(|id| id.to_string()),
        "change_sets": course.change_sets().map(|id| id.to_string()).collect::<Vec<_>>(),
        "begun_at": course.begun_at.to_string(),
        "conflicts": course.conflicts().iter().map(conflict_json).collect::<Vec<_>>(),
        "undone_count": course.undone_count(), "kept_count": course.kept_count(),
        "left": left.collect::<Vec<_>>(), "left_count": course.left_count(),
        "refusal": course.refusal().map(|(code, detail)| json!({"code": code, "detail": detail})),
    })
}

fn choice(body: &Map<String, Value>) -> store::Result<Conflicts> {
    keys::known(body, "", &["conflicts"])?;
    match body.get("conflicts") {
        None | Some(Value::Null) => Ok(Conflicts::Refuse),
        Some(word) => word
            .as_str()
            .and_then(Conflicts::parse)
            .ok_or_else(|| Error::field("conflicts", "invalid_choice", "one of refuse, keep, overwrite")),
    }
}

fn changed_since(conflicts: &[Conflict]) -> Reply {
    let problem = Problem::new(StatusCode::CONFLICT, "undo_conflict", "what this change left has changed since");
    let mut body = problem.body();
    let place = |it: &Conflict| format!("{}/{}.{}", it.module, it.record, it.field);
    let errors = conflicts.iter().map(|it| {
        json!({"field": place(it), "code": "changed_since", "message": format!("{} instead of {}", it.now, it.after)})
    });
    let (errors, told): (Vec<_>, Vec<_>) = (errors.collect(), conflicts.iter().map(conflict_json).collect());
    if let Some(map) = body.as_object_mut() {
        map.insert("errors".to_owned(), Value::Array(errors));
        map.insert("conflicts".to_owned(), Value::Array(told));
    }
    Reply::new(StatusCode::CONFLICT, body).with("content-type", "application/problem+json".to_owned())
}

fn conflict_json(it: &Conflict) -> Value {
    let changed = it.changed.as_ref().map(|changed| {
        json!({
            "change_set": changed.change_set.to_string(), "at": changed.at.to_string(),
            "actor": changed.actor.map(|id| id.to_string()), "source": changed.source,
        })
    });
    json!({
        "module": it.module, "id": it.record.to_string(), "field": it.field, "before": it.before, "after": it.after,
        "now": it.now, "changed": changed,
    })
}

/// The changes of a record one by one, of all its fields or of one.
pub(crate) async fn of_field(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let asked = id(&module, &record).and_then(|id| Ok((id, asked(query.as_deref())?)));
    let (id, Asked { field, limit, before }) = bearer.understood(&web, asked).await?;
    let read = move |work: &mut Work<'_>| {
        let module = work.module(&module)?;
        work.field_history(&module, id, field.as_deref(), before, limit + 1)
    };
    let mut entries = bearer.read(&web, Reading::Several, read).await?;
    let is_more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| is_more).map(|last| last.sequence.to_string());
    Ok(Json(json!({"data": entries.iter().map(change_json).collect::<Vec<_>>(), "next_cursor": next})))
}

/// What is asked of a history.
struct Asked {
    field: Option<String>,
    limit: usize,
    /// Only entries before this place.
    before: Option<i64>,
}

fn asked(query: Option<&str>) -> Result<Asked, Problem> {
    let (mut field, mut limit, mut before) = (None, CHANGES, None);
    for (name, value) in pairs(query)? {
        match name.as_str() {
            "field" => field = Some(value),
            "limit" => limit = limited(&value)?,
            "cursor" if value.is_empty() => {}
            "cursor" => before = Some(place(&value)?),
            _ => {}
        }
    }
    Ok(Asked { field, limit, before })
}

pub(crate) async fn job(
    State(web): State<Web>,
    bearer: Bearer,
    Path(job): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = bearer.understood(&web, id("jobs", &job)).await?;
    let read = move |work: &mut Work<'_>| {
        work.require(model::rights::Capability::Administer)?;
        work.job(id)
    };
    let found = bearer.read(&web, Reading::One, read).await?;
    // A job that is no longer on the queue is done.
    let job = found.ok_or_else(|| Error::not_found("jobs", id))?;
    let state = if job.attempts > 0 { "failing" } else { "waiting" };
    Ok(Json(json!({
        "id": job.id.to_string(), "kind": job.kind, "state": state, "due_at": job.due_at.to_string(),
        "attempts": job.attempts, "done": 0, "total": 1, "errors": job.error.into_iter().collect::<Vec<_>>(),
    })))
}
