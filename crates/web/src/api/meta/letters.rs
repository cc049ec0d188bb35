//! What letters say: made, changed, looked at, deleted.

use app::shape::{WholeEdit, WholeKind, may_shape, version};
use app::{App, Sender, senders, variables};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use channels::letters::Rendered;
use model::letter::Letter;
use model::{Definitions, Locale};
use serde_json::{Value, json};
use store::Error;

use super::whole::Whole;
use crate::api::answer::{Write, data, etag};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// How letters are made, changed and deleted.
const WHOLE: Whole = Whole { kind: WholeKind::Letter, shown: named };

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
    let letter = named(&web.app, &definitions, &name).ok_or_else(|| no_letter(&name))?;
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
    let look = |(locale, look): &(Locale, Rendered)| {
        (locale.to_string(), json!({"subject": look.subject, "text": look.text, "html": look.html}))
    };
    Ok(Json(Value::Object(looks.iter().map(look).collect())))
}

pub(crate) async fn add(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = WholeEdit::New(write.object()?);
    WHOLE.shape(&web, caller.actor(), edit, write, query).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = WholeEdit::Change { name, body: write.object()? };
    WHOLE.shape(&web, caller.actor(), edit, write, query).await
}

pub(crate) async fn delete(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    WHOLE.shape(&web, caller.actor(), WholeEdit::Delete { name }, write, query).await
}

fn named(_: &App, definitions: &Definitions, name: &str) -> Option<Value> {
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
    let Letter { name, label, subject, text, formatted, marketing } = letter;
    json!({
        "name": name, "label": label, "subject": subject, "text": text, "formatted": formatted, "marketing": marketing,
        "pack": pack, "sent_by": sent_by,
    })
}

fn no_letter(name: &str) -> Error {
    Error::NotFound { module: "letters".to_owned(), id: name.to_owned() }
}
