//! Rehearsal: the clock that can be moved and the letters that were not sent.

use app::rehearsal::Move;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use channels::outbox::{self, Attachment};
use model::value::{read_duration, read_instant};
use model::{Actor, Locale, Record, Value as Field};
use serde_json::{Value, json};
use store::{Error, FieldError};

use super::answer::Write;
use super::list_query::pairs;
use super::records::id;
use super::tickets::file;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// The most letters of one answer.
const LIMIT: usize = 500;

pub(crate) async fn clock(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    web.app.check_rehearsal(&caller.actor())?;
    Ok(Json(json!({"now": web.app.workspace().clock().now().to_string()})))
}

pub(crate) async fn move_clock(State(web): State<Web>, caller: Caller, write: Write) -> Result<Json<Value>, Problem> {
    let body = write.object()?;
    let text = |key: &str| body.get(key).map(|value| value.as_str().unwrap_or_default());
    let wrong = |field: &str, error| Error::Invalid(vec![FieldError::of(field, error)]);
    let by = match (text("advance"), text("to"), body.len()) {
        (Some(advance), None, 1) => Move::Advance(read_duration(advance).map_err(|error| wrong("advance", error))?),
        (None, Some(to), 1) => Move::To(read_instant(to).map_err(|error| wrong("to", error))?),
        _ => {
            let how = "send either {\"advance\":\"P1D\"} or {\"to\":\"2027-04-13T09:00:00Z\"}";
            return Err(Error::field("advance", "required", how).into());
        }
    };
    let moved = web.app.move_clock(&caller.actor(), by).await?;
    Ok(Json(json!({"now": moved.now.to_string(), "done": moved.done})))
}

pub(crate) async fn outbox(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(raw): RawQuery,
) -> Result<Json<Value>, Problem> {
    web.app.check_rehearsal(&caller.actor())?;
    let (mut to, mut cursor) = (None, None);
    for (name, value) in pairs(raw.as_deref())? {
        match name.as_str() {
            "to" => to = Some(value.trim().to_lowercase()),
            "cursor" => cursor = Some(value),
            _ => return Err(Problem::bad_request("unknown_parameter", format!("there is no parameter {name:?}"))),
        }
    }
    let actor = Actor::System("outbox");
    let read = move |work: &mut store::Work<'_>| outbox::list(work, to.as_deref(), LIMIT, cursor.clone());
    let page = web.app.workspace().read(actor, read).await?;
    let mut letters = Vec::with_capacity(page.records.len());
    for letter in &page.records {
        letters.push(shown(&web, letter).await?);
    }
    Ok(Json(json!({"data": letters, "next_cursor": page.next})))
}

async fn shown(web: &Web, letter: &Record) -> Result<Value, Problem> {
    let mut files = Vec::new();
    for (index, attachment) in attachments(letter).into_iter().enumerate() {
        let drawn = draw(web, letter, index, &attachment).await?;
        files.push(json!({
            "name": drawn.name, "content_type": attachment.content_type, "size": drawn.bytes.len(),
            "url": format!("/api/v1/sandbox/outbox/{}/attachments/{index}", letter.id),
        }));
    }
    let to: Vec<_> = letter.text("to").into_iter().collect();
    Ok(json!({
        "id": letter.id.to_string(), "at": letter.created_at.to_string(), "channel": letter.text("channel"),
        "from": letter.text("from"), "to": to, "subject": letter.text("subject"), "text": letter.text("text"),
        "html": letter.text("html"), "attachments": files, "about": letter.get("about").to_json(),
        "template": letter.text("template"), "cause": letter.text("cause"), "status": letter.text("status"),
        "message_id": letter.text("message_id"),
    }))
}

pub(crate) async fn attachment(
    State(web): State<Web>,
    caller: Caller,
    Path((letter, index)): Path<(String, usize)>,
) -> Result<Response, Problem> {
    web.app.check_rehearsal(&caller.actor())?;
    let id = id("messages", &letter)?;
    let letter = web.app.workspace().read(Actor::System("outbox"), move |work| work.get("messages", id)).await?;
    let attachment = attachments(&letter).into_iter().nth(index);
    let attachment = attachment.ok_or_else(|| Problem::not_found("the letter has no such attachment"))?;
    Ok(file(draw(&web, &letter, index, &attachment).await?))
}

async fn draw(web: &Web, letter: &Record, index: usize, attachment: &Attachment) -> Result<app::TicketFile, Problem> {
    let locale = letter.text("locale").and_then(Locale::parse).unwrap_or_default();
    // A ticket that was cancelled since is no longer drawn: its letter stands here with an empty file.
    match web.app.attachment(letter.id, index, attachment, locale).await {
        Err(app::TicketFileError::Store(Error::Conflict { .. })) => {
            Ok(app::TicketFile { name: attachment.name.clone(), bytes: Vec::new() })
        }
        drawn => Ok(drawn?),
    }
}

fn attachments(letter: &Record) -> Vec<Attachment> {
    match letter.get("attachments") {
        Field::Json(json) => serde_json::from_value(json.clone()).unwrap_or_default(),
        _ => Vec::new(),
    }
}
