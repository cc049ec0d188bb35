//! Letters of sites: how they are known and read, made, changed, deleted, tried out.

use app::App;
use app::shape::{WholeEdit, WholeKind, version};
use app::site_letters::{Tried, WouldBe};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use model::rights::Capability;
use model::{Definitions, Money, Value as Kept};
use serde_json::{Value, json};
use store::{Error, Work};

use super::whole::Whole;
use crate::api::answer::{Write, data, etag};
use crate::api::keys;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// How letters of sites are made, changed and deleted.
const WHOLE: Whole = Whole { kind: WholeKind::SiteLetter, shown: named };

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<impl IntoResponse, Problem> {
    let tag = etag(version(&web.app.workspace().knowledge().definitions));
    let read = |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let names: Vec<String> = work.definitions().site_letters().map(|(letter, _)| letter.name.clone()).collect();
        Ok(names.iter().filter_map(|name| shown(work.definitions(), name)).collect::<Vec<_>>())
    };
    Ok(([(header::ETAG, tag)], Json(data(web.app.workspace().read(caller.actor(), read).await?))))
}

pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let tag = etag(version(&web.app.workspace().knowledge().definitions));
    let read = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let none = || Error::NotFound { module: "site_letters".to_owned(), id: name.clone() };
        shown(work.definitions(), &name).ok_or_else(none)
    };
    Ok(([(header::ETAG, tag)], Json(web.app.workspace().read(caller.actor(), read).await?)))
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

/// What would be made of a letter; nothing is kept.
pub(crate) async fn attempt(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    write: Write,
) -> Result<Json<Value>, Problem> {
    let body = write.object()?;
    keys::known(&body, "", &["text"])?;
    let Some(text) = body.get("text").and_then(Value::as_str) else {
        return Err(Error::field("text", "required", "the text of a letter, or its HTML").into());
    };
    let tried = web.app.try_site_letter(caller.actor(), name, text).await?;
    Ok(Json(told(&tried)))
}

fn named(_: &App, definitions: &Definitions, name: &str) -> Option<Value> {
    shown(definitions, name)
}

fn shown(definitions: &Definitions, name: &str) -> Option<Value> {
    let mut json = json!(**definitions.site_letter(name)?);
    let pack = definitions.site_letter_pack(name).unwrap_or_default();
    if let Some(map) = json.as_object_mut() {
        map.insert("pack".to_owned(), json!(pack));
    }
    Some(json)
}

fn told(tried: &Tried) -> Value {
    let found = tried.found.iter().map(|it| json!({"to": it.to, "label": it.label, "value": it.value}));
    let faults = tried.faults.iter().map(|it| json!({"field": it.field, "code": it.code, "message": it.message}));
    json!({
        "found": found.collect::<Vec<_>>(), "made": tried.made.as_ref().map(made),
        "errors": faults.collect::<Vec<_>>(),
    })
}

fn made(would: &WouldBe) -> Value {
    let money = |money: Option<Money>| money.map_or(Value::Null, |money| Kept::Money(money).to_json());
    let tickets = would.tickets.iter().map(
        |ticket| json!({"ticket_type": ticket.ticket_type, "price": money(ticket.price), "attendee": ticket.attendee}),
    );
    let fields = would.fields.iter().map(|(name, value)| (name.clone(), value.to_json()));
    json!({
        "module": would.module, "title": would.title, "fields": fields.collect::<serde_json::Map<_, _>>(),
        "total": money(would.total), "tickets": tickets.collect::<Vec<_>>(),
    })
}
