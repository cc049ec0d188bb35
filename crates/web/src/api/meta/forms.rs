//! Forms of sites: made, changed, deleted.

use app::App;
use app::forms::{came, dropped};
use app::shape::{WholeEdit, WholeKind, version};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use model::Definitions;
use model::form::Form;
use model::rights::Capability;
use serde_json::{Value, json};
use store::{Error, Work};

use super::whole::Whole;
use crate::api::answer::{Write, data, etag};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// How forms are made, changed and deleted.
const WHOLE: Whole = Whole { kind: WholeKind::Form, shown: named };

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<impl IntoResponse, Problem> {
    let tag = etag(version(&web.app.workspace().knowledge().definitions));
    let (app, read) = (web.app.clone(), web.app.workspace());
    let read = read.read(caller.actor(), move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        Ok(work.definitions().forms().map(|(form, pack)| shown(&app, form, pack)).collect::<Vec<_>>())
    });
    Ok(([(header::ETAG, tag)], Json(data(read.await?))))
}

pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let tag = etag(version(&web.app.workspace().knowledge().definitions));
    let app = web.app.clone();
    let read = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let none = || Error::NotFound { module: "forms".to_owned(), id: name.clone() };
        let mut shown = named(&app, work.definitions(), &name).ok_or_else(none)?;
        let (received, set_aside) = came(work, std::slice::from_ref(&name))?.pop().unwrap_or_default();
        shown["requests"] = json!({"received": received, "set_aside": set_aside, "dropped": dropped(work, &name)?});
        Ok(shown)
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

fn named(app: &App, definitions: &Definitions, name: &str) -> Option<Value> {
    let form = definitions.form(name)?;
    Some(shown(app, form, definitions.form_pack(name).unwrap_or_default()))
}

fn shown(app: &App, form: &Form, pack: &str) -> Value {
    let mut json = json!(form);
    if let Some(map) = json.as_object_mut() {
        map.insert("pack".to_owned(), json!(pack));
        map.insert("public_url".to_owned(), json!(form.active.then(|| app.form_url(&form.name))));
        map.insert("endpoint".to_owned(), json!(form.active.then(|| app.form_endpoint(&form.name))));
    }
    json
}
