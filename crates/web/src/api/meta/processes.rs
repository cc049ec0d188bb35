//! Processes: what states, moves and timers there are, made and changed by administrators while records run through them.

use app::App;
use app::shape::{OwnFlow, ProcessEdit, may_shape, version};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::process::Process;
use model::rights::Scope;
use model::{Actor, Definitions};
use serde_json::{Value, json};

use super::rehearsal;
use super::shape::plan;
use crate::api::answer::{Reply, Write, data, etag, if_match};
use crate::blocking::blocking;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::trial::Trial;
use crate::state::Web;

/// A process without the fields that the caller may not see; nothing where they do not read the module.
fn seen(process: &Process, actor: &Actor, definitions: &Definitions) -> Option<Process> {
    let grant = actor.grant(definitions, &process.module);
    let mut seen = process.clone();
    let steps = seen.transitions.iter_mut().chain(&mut seen.retired_transitions);
    steps.for_each(|step| {
        step.asks.retain(|name| !grant.hidden.contains(name));
        step.stamps.retain(|name| !grant.hidden.contains(name));
    });
    (grant.read != Scope::None).then_some(seen)
}

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> impl IntoResponse {
    let definitions = web.app.workspace().knowledge().definitions;
    let actor = caller.actor();
    let readable = definitions.processes().filter_map(|process| seen(process, &actor, &definitions));
    let readable = readable.map(|process| json!(process)).collect();
    ([(header::ETAG, etag(version(&definitions)))], Json(data(readable)))
}

/// One process; for those who shape it with what is out of use and what is their own.
pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let actor = caller.actor();
    let none = || Problem::not_found(format!("there is no process {name:?}"));
    let process = definitions.process_named(&name).ok_or_else(none)?;
    let process = seen(process, &actor, &definitions).ok_or_else(none)?;
    let mut json = json!(process);
    if may_shape(&actor, &definitions).is_ok() {
        let (app, of) = (web.app.clone(), name.clone());
        let own = blocking(move || app.own_flow(&of)).await??;
        with_more(&mut json, &process, &own, &definitions);
    }
    Ok(([(header::ETAG, etag(version(&definitions)))], Json(json)))
}

/// What administrators are told besides.
fn with_more(json: &mut Value, process: &Process, own: &OwnFlow, definitions: &Definitions) {
    let Some(map) = json.as_object_mut() else { return };
    let is_fixed = definitions.module(&process.module).is_some_and(|module| module.service.is_some());
    let steps = process.transitions.iter().chain(&process.retired_transitions).filter(|step| own.owns(step));
    let states = process.states.iter().filter(|state| own.owns_state(&state.name));
    let own = json!({
        "process": own.is_process,
        "states": states.map(|state| &state.name).collect::<Vec<_>>(),
        "transitions": steps.map(|step| &step.key).collect::<Vec<_>>(),
    });
    map.insert("fixed".to_owned(), json!(is_fixed));
    map.insert("retired_transitions".to_owned(), json!(process.retired_transitions));
    map.insert("own".to_owned(), own);
}

pub(crate) async fn add(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = ProcessEdit::New(write.object()?);
    shape(&web, caller.actor(), edit, write, query, StatusCode::CREATED).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(process): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = ProcessEdit::Change { process, body: write.object()? };
    shape(&web, caller.actor(), edit, write, query, StatusCode::OK).await
}

async fn shape(
    web: &Web,
    actor: Actor,
    edit: ProcessEdit,
    write: Write,
    query: Option<String>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (trial, expected) = (Trial::asked(query.as_deref())?, if_match(&write.headers)?);
    if let Trial::Rehearse(ahead) = trial {
        let by = actor.clone();
        let change = move |app: &App| app.shape_process(&by, edit, expected, false).map(drop);
        return rehearsal::answer(web, actor, ahead, write, change).await;
    }
    let dry_run = matches!(trial, Trial::Plan);
    let (app, by, reader) = (web.app.clone(), actor.clone(), actor.clone());
    let done = || async move {
        let (name, reshaped) = blocking(move || app.shape_process(&by, edit, expected, dry_run)).await??;
        if dry_run {
            return Ok(Reply::new(StatusCode::OK, plan(&reshaped)));
        }
        let definitions = &reshaped.definitions;
        let process = definitions.process_named(&name).and_then(|process| seen(process, &reader, definitions));
        let reply = Reply::new(status, json!(process)).with("etag", etag(version(definitions)));
        Ok(match status {
            StatusCode::CREATED => reply.with("location", format!("/api/v1/meta/processes/{name}")),
            _ => reply,
        })
    };
    write.run_long(web, actor, done).await
}
