//! What letters say: made, changed, looked at, deleted.

use app::shape::{LetterEdit, may_shape, version};
use app::{Sender, senders, variables};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use channels::letters::Rendered;
use model::letter::Letter;
use model::{Actor, Definitions, Locale};
use serde_json::{Value, json};
use store::Error;

use super::shape::{is_dry_run, plan};
use crate::api::answer::{Reply, Write, data, etag, if_match};
use crate::blocking::blocking;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<impl IntoResponse, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    may_shape(&caller.actor(), &definitions)?;
    let letters = definitions.letters().map(|(letter, pack)| shown(&definitions, letter, pack)).collect();
    Ok(([(header::ETAG, etag(version(&definitions)))], Json(data(letters))))
}

pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    may_shape(&caller.actor(), &definitions)?;
    let letter = named(&definitions, &name).ok_or_else(|| no_letter(&name))?;
    Ok(([(header::ETAG, etag(version(&definitions)))], Json(letter)))
}

/// How the letter would look, with the properties in the body in place of its own.
pub(crate) async fn preview(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    write: Write,
) -> Result<Json<Value>, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    may_shape(&caller.actor(), &definitions)?;
    let mut body = write.object()?;
    let is_full = match body.remove("known") {
        None | Some(Value::Null) => true,
        Some(Value::String(known)) if known == "all" => true,
        Some(Value::String(known)) if known == "least" => false,
        Some(_) => return Err(Error::field("known", "invalid_choice", "one of all, least").into()),
    };
    let letter = web.app.read_letter(&definitions, &name, &body)?;
    let looks = web.app.preview_letter(&letter, is_full)?;
    let look =
        |(locale, look): &(Locale, Rendered)| (locale.to_string(), json!({"subject": look.subject, "text": look.text}));
    Ok(Json(Value::Object(looks.iter().map(look).collect())))
}

pub(crate) async fn add(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = LetterEdit::New(write.object()?);
    shape(&web, caller.actor(), edit, write, query, StatusCode::CREATED).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(letter): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = LetterEdit::Change { letter, body: write.object()? };
    shape(&web, caller.actor(), edit, write, query, StatusCode::OK).await
}

pub(crate) async fn delete(
    State(web): State<Web>,
    caller: Caller,
    Path(letter): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    shape(&web, caller.actor(), LetterEdit::Delete { letter }, write, query, StatusCode::NO_CONTENT).await
}

async fn shape(
    web: &Web,
    actor: Actor,
    edit: LetterEdit,
    write: Write,
    query: Option<String>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (dry_run, expected) = (is_dry_run(query.as_deref())?, if_match(&write.headers)?);
    let (app, by) = (web.app.clone(), actor.clone());
    let done = || async move {
        let (name, reshaped) = blocking(move || app.shape_letter(&by, edit, expected, dry_run)).await??;
        if dry_run {
            return Ok(Reply::new(StatusCode::OK, plan(&reshaped)));
        }
        let letter = named(&reshaped.definitions, &name);
        let is_gone = status == StatusCode::NO_CONTENT;
        let reply = if is_gone { Reply::empty() } else { Reply::new(status, letter.unwrap_or_default()) };
        Ok(reply.with("etag", etag(version(&reshaped.definitions))))
    };
    write.run_long(web, actor, done).await
}

fn named(definitions: &Definitions, name: &str) -> Option<Value> {
    let letter = definitions.letter(name)?;
    let mut json = shown(definitions, letter, definitions.letter_pack(name).unwrap_or_default());
    let example = |(name, example): (String, String)| json!({"name": name, "example": example});
    let variables: Vec<Value> = variables(definitions, name, Locale::En).into_iter().map(example).collect();
    if let Some(map) = json.as_object_mut() {
        map.insert("variables".to_owned(), json!(variables));
    }
    Some(json)
}

fn shown(definitions: &Definitions, letter: &Letter, pack: &str) -> Value {
    let sender = |sender: &Sender| match sender {
        Sender::Orders => json!({"kind": "orders", "name": null}),
        Sender::Notices => json!({"kind": "notices", "name": null}),
        Sender::Papers => json!({"kind": "papers", "name": null}),
        Sender::Rule(name) => json!({"kind": "rule", "name": name}),
        Sender::Survey(name) => json!({"kind": "survey", "name": name}),
    };
    let sent_by: Vec<Value> = senders(definitions, &letter.name).iter().map(sender).collect();
    let Letter { name, label, subject, text } = letter;
    json!({"name": name, "label": label, "subject": subject, "text": text, "pack": pack, "sent_by": sent_by})
}

fn no_letter(name: &str) -> Error {
    Error::NotFound { module: "letters".to_owned(), id: name.to_owned() }
}
