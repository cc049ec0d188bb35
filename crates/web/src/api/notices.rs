//! What one is told of, and which records one follows.

use app::notices::{Told, inbox};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use serde_json::{Map, Value, json};
use store::{Error, Inbox, MailChoice, Reading, Work};

use super::answer::{Reply, Write};
use super::keys;
use super::records::id;
use crate::caller::{Bearer, Caller};
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

pub(crate) async fn list(
    State(web): State<Web>,
    bearer: Bearer,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let asked = bearer.understood(&web, asked(query.as_deref())).await?;
    let limit = asked.limit;
    let read = move |work: &mut Work<'_>| {
        let told = inbox(work, &Inbox { limit: limit + 1, ..asked.clone() })?;
        let letters = work.actor().id().map(|me| work.account(me)).transpose()?.map(|account| account.mail);
        Ok((told, work.unread_notices()?, letters.unwrap_or_default()))
    };
    let (mut told, unread, letters) = bearer.read(&web, Reading::Several, read).await?;
    let is_more = told.len() > limit;
    told.truncate(limit);
    let next = told.last().filter(|_| is_more).map(|last| last.notice.id.to_string());
    Ok(Json(shown(&told, next, unread, letters)))
}

fn shown(told: &[Told], next: Option<String>, unread: i64, letters: MailChoice) -> Value {
    let data: Vec<_> = told.iter().map(one).collect();
    json!({"data": data, "next_cursor": next, "unread": unread, "letters": letters.name()})
}

fn one(told: &Told) -> Value {
    let notice = &told.notice;
    let id = |id: Option<Id>| id.map(|id| id.to_string());
    json!({
        "id": notice.id.to_string(), "kind": notice.kind.name(), "at": notice.at.to_string(),
        "read_at": notice.read_at.map(|at| at.to_string()), "actor": id(notice.actor),
        "about": {"module": notice.module, "id": notice.record.to_string()}, "title": told.title,
        "comment": id(notice.comment), "text": told.text,
        "from": notice.stages.as_ref().map(|(from, _)| from), "to": notice.stages.as_ref().map(|(_, to)| to),
        "others": notice.others, "rule": notice.rule,
    })
}

fn asked(query: Option<&str>) -> Result<Inbox, Problem> {
    let mut inbox = Inbox { limit: 50, ..Inbox::default() };
    for (name, value) in pairs(query)? {
        let wrong = |what: &str| Problem::bad_request("invalid_parameter", format!("{name} {what}"));
        match (name.as_str(), value.as_str()) {
            ("unread", "true" | "1") => inbox.unread = true,
            ("unread", "false" | "0" | "") => inbox.unread = false,
            ("unread", _) => return Err(wrong("is true or false")),
            ("limit", text) => {
                let limit = text.parse().ok().filter(|limit| (1..=500).contains(limit));
                inbox.limit = limit.ok_or_else(|| wrong("is a number from 1 to 500"))?;
            }
            ("cursor", "") => {}
            ("cursor", text) => {
                let other = |_| Problem::bad_request("invalid_cursor", "the cursor is of another list");
                inbox.before = Some(text.parse().map_err(other)?);
            }
            _ => {}
        }
    }
    Ok(inbox)
}

pub(crate) async fn read(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let body = write.object()?;
    let run = move |work: &mut Work<'_>| {
        let ids = named(&body)?;
        let read = work.mark_read(ids.as_deref())?;
        Ok(Reply::new(StatusCode::OK, json!({"read": read})))
    };
    write.run(&web, caller.author(), run).await
}

/// The ids in a body; nothing where it says all of them.
fn named(body: &Map<String, Value>) -> store::Result<Option<Vec<Id>>> {
    keys::known(body, "", &["ids", "all"])?;
    match (body.get("ids"), body.get("all")) {
        (None | Some(Value::Null), Some(Value::Bool(true))) => Ok(None),
        (Some(Value::Array(ids)), None | Some(Value::Null | Value::Bool(false))) if ids.len() <= 500 => {
            let read = |(place, id): (usize, &Value)| {
                let wrong = || Error::field(format!("ids[{place}]"), "invalid_id", "an id is a UUID in quotes");
                id.as_str().and_then(|id| id.parse().ok()).ok_or_else(wrong)
            };
            ids.iter().enumerate().map(read).collect::<store::Result<_>>().map(Some)
        }
        _ => Err(Error::field("ids", "required", "either ids, a list of at most 500, or all: true")),
    }
}

pub(crate) async fn following(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let id = bearer.understood(&web, id(&module, &record)).await?;
    Ok(Json(bearer.read(&web, Reading::Several, move |work| followed(work, &module, id)).await?))
}

pub(crate) async fn follow(
    State(web): State<Web>,
    caller: Caller,
    Path((module, record)): Path<(String, String)>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id(&module, &record)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &["follow"])?;
        let wanted = body.get("follow").and_then(Value::as_bool);
        let wanted = wanted.ok_or_else(|| Error::field("follow", "invalid_type", "expected true or false"))?;
        work.follow(&module, id, wanted)?;
        Ok(Reply::new(StatusCode::OK, followed(work, &module, id)?))
    };
    write.run(&web, caller.author(), run).await
}

fn followed(work: &mut Work<'_>, module: &str, id: Id) -> store::Result<Value> {
    let record = work.get(module, id)?;
    let (follow, followers) = work.following(&record)?;
    Ok(json!({"follow": follow, "followers": followers}))
}
