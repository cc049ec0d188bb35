//! Rehearsal: the clock that can be moved and the letters that were not sent.

use app::TicketFileError;
use app::rehearsal::Move;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use channels::outbox;
use model::value::{read_duration, read_instant};
use model::{Actor, Record};
use serde_json::{Map, Value, json};
use store::{Error, FieldError, Work};

use super::answer::{Reply, Write};
use super::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;
use crate::ticket_file;

/// The most letters of one answer.
const LIMIT: usize = 500;

pub(crate) async fn clock(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    web.app.check_rehearsal(&caller.actor())?;
    Ok(Json(json!({"now": web.app.workspace().clock().now().to_string()})))
}

pub(crate) async fn move_clock(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let body = write.object()?;
    let actor = caller.actor();
    // One after the other, so that a repeat waits for the first one's answer.
    let _turn = web.rehearsal.lock().await;
    write.run_long(&web, actor.clone(), || moved(&web, &actor, &body)).await
}

async fn moved(web: &Web, actor: &Actor, body: &Map<String, Value>) -> Result<Reply, Problem> {
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
    let moved = web.app.move_clock(actor, by).await?;
    Ok(Reply::new(StatusCode::OK, json!({"now": moved.now.to_string(), "done": moved.done})))
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
            _ => {}
        }
    }
    let read = move |work: &mut Work<'_>| {
        let mut page = work.as_process(|work| outbox::list(work, to.as_deref(), LIMIT, cursor.clone()))?;
        let letters = std::mem::take(&mut page.records).into_iter();
        page.records = letters.map(|letter| work.as_seen(letter)).collect::<store::Result<_>>()?;
        Ok(page)
    };
    let page = web.app.workspace().read(caller.actor(), read).await?;
    let mut letters = Vec::with_capacity(page.records.len());
    for letter in &page.records {
        letters.push(shown(&web, letter)?);
    }
    Ok(Json(json!({"data": letters, "next_cursor": page.next})))
}

fn shown(web: &Web, letter: &Record) -> Result<Value, Problem> {
    let mut files = Vec::new();
    for (index, attachment) in outbox::attachments(letter).into_iter().enumerate() {
        // Drawn when it is sent or fetched: a list of letters would otherwise draw them all.
        let size = web.app.attachment_size(letter.id, index).map_err(TicketFileError::from)?;
        files.push(json!({
            "name": attachment.name, "content_type": attachment.content_type, "size": size,
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
    let read = move |work: &mut Work<'_>| {
        let letter = work.as_process(|work| work.get("messages", id))?;
        work.as_seen(letter)
    };
    let letter = web.app.workspace().read(caller.actor(), read).await?;
    let attachment = outbox::attachments(&letter).into_iter().nth(index);
    let attachment = attachment.ok_or_else(|| Problem::not_found("the letter has no such attachment"))?;
    Ok(ticket_file::answer(web.app.attachment(letter.id, index, &attachment).await?))
}
