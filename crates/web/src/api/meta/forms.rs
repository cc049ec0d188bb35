//! Forms of sites: made, changed, deleted.

use app::forms::came;
use app::shape::{FormEdit, version};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::form::Form;
use model::rights::Capability;
use model::{Actor, Definitions};
use serde_json::{Value, json};
use store::{Error, Work};

use super::shape::{is_dry_run, plan};
use crate::api::answer::{Reply, Write, data, etag, if_match};
use crate::blocking::blocking;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

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
        let (received, set_aside) = came(work, &name)?;
        shown["requests"] = json!({"received": received, "set_aside": set_aside});
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
    let edit = FormEdit::New(write.object()?);
    shape(&web, caller.actor(), edit, write, query, StatusCode::CREATED).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(form): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = FormEdit::Change { form, body: write.object()? };
    shape(&web, caller.actor(), edit, write, query, StatusCode::OK).await
}

pub(crate) async fn delete(
    State(web): State<Web>,
    caller: Caller,
    Path(form): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    shape(&web, caller.actor(), FormEdit::Delete { form }, write, query, StatusCode::NO_CONTENT).await
}

async fn shape(
    web: &Web,
    actor: Actor,
    edit: FormEdit,
    write: Write,
    query: Option<String>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (dry_run, expected) = (is_dry_run(query.as_deref())?, if_match(&write.headers)?);
    let (app, by) = (web.app.clone(), actor.clone());
    let done = || async move {
        let shaping = app.clone();
        let (name, reshaped) = blocking(move || shaping.shape_form(&by, edit, expected, dry_run)).await??;
        if dry_run {
            return Ok(Reply::new(StatusCode::OK, plan(&reshaped)));
        }
        let form = named(&app, &reshaped.definitions, &name);
        let is_gone = status == StatusCode::NO_CONTENT;
        let reply = if is_gone { Reply::empty() } else { Reply::new(status, form.unwrap_or_default()) };
        Ok(reply.with("etag", etag(version(&reshaped.definitions))))
    };
    write.run_long(web, actor, done).await
}

fn named(app: &app::App, definitions: &Definitions, name: &str) -> Option<Value> {
    let form = definitions.form(name)?;
    Some(shown(app, form, definitions.form_pack(name).unwrap_or_default()))
}

fn shown(app: &app::App, form: &Form, pack: &str) -> Value {
    let mut json = json!(form);
    if let Some(map) = json.as_object_mut() {
        map.insert("pack".to_owned(), json!(pack));
        map.insert("public_url".to_owned(), json!(form.active.then(|| app.form_url(&form.name))));
        map.insert("endpoint".to_owned(), json!(form.active.then(|| app.form_endpoint(&form.name))));
    }
    json
}
