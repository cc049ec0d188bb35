//! Changing modules and fields while the workspace runs: what is asked for, and how it is answered.

use app::App;
use app::shape::{Change, Shaped, version};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::definitions::Definitions;
use model::{Actor, Module};
use serde_json::{Map, Value, json};
use store::shape::{Follow, Followed, Reshaped};
use store::{Error, Result as Done};

use super::{rehearsal, shown};
use crate::api::answer::{Reply, Write, etag, if_match};
use crate::blocking::blocking;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::pairs;
use crate::setup::trial::Trial;
use crate::state::Web;

type Answer = Result<Response, Problem>;

pub(crate) async fn add_module(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    write: Write,
) -> Answer {
    let change = Change::NewModule(write.object()?);
    shape(&web, caller.actor(), change, write, query, StatusCode::CREATED).await
}

pub(crate) async fn change_module(
    State(web): State<Web>,
    caller: Caller,
    Path(module): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Answer {
    let change = Change::Module { module, body: write.object()? };
    shape(&web, caller.actor(), change, write, query, StatusCode::OK).await
}

pub(crate) async fn add_field(
    State(web): State<Web>,
    caller: Caller,
    Path(module): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Answer {
    let change = Change::NewField { module, body: write.object()? };
    shape(&web, caller.actor(), change, write, query, StatusCode::CREATED).await
}

pub(crate) async fn change_field(
    State(web): State<Web>,
    caller: Caller,
    Path((module, field)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Answer {
    let change = Change::Field { module, field, body: write.object()? };
    shape(&web, caller.actor(), change, write, query, StatusCode::OK).await
}

pub(crate) async fn retire_field(
    State(web): State<Web>,
    caller: Caller,
    Path((module, field)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Answer {
    let body = Map::from_iter([("retired".to_owned(), json!(true))]);
    let change = Change::Field { module, field, body };
    shape(&web, caller.actor(), change, write, query, StatusCode::NO_CONTENT).await
}

/// The fields of a module; for those who shape it, the retired ones too.
pub(crate) async fn fields(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let actor = caller.actor();
    let may_shape = app::shape::may_shape(&actor, &definitions).is_ok();
    let module = readable(&definitions, &actor, &name, may_shape)?;
    let hidden = actor.grant(&definitions, &module.name).hidden;
    let retired = module.retired_fields.iter().filter(|_| may_shape);
    let fields = module.fields.iter().chain(retired).filter(|field| !hidden.contains(&field.name));
    let data: Vec<_> = fields.map(|field| json!(field)).collect();
    Ok(([(header::ETAG, etag(version(&definitions)))], Json(json!({"data": data}))))
}

/// The module, if the caller may know of it.
pub(super) fn readable<'d>(definitions: &'d Definitions, actor: &Actor, name: &str, retired: bool) -> Done<&'d Module> {
    let out_of_use = || definitions.retired_modules().find(|module| retired && module.name == name);
    let module = definitions.module(name).or_else(out_of_use).ok_or_else(|| Error::NoModule(name.to_owned()))?;
    if actor.grant(definitions, &module.name).read == model::rights::Scope::None {
        return Err(Error::NoModule(module.name.clone()));
    }
    Ok(module)
}

async fn shape(
    web: &Web,
    actor: Actor,
    change: Change,
    write: Write,
    query: Option<String>,
    status: StatusCode,
) -> Answer {
    let (trial, expected) = (Trial::asked(query.as_deref())?, if_match(&write.headers)?);
    if let Trial::Rehearse(ahead) = trial {
        let by = actor.clone();
        let change = move |app: &App| app.shape(&by, change, expected, false).map(drop);
        return rehearsal::answer(web, actor, ahead, write, change).await;
    }
    let dry_run = matches!(trial, Trial::Plan);
    let (app, by, reader) = (web.app.clone(), actor.clone(), actor.clone());
    let done = || async move {
        let shaped = blocking(move || app.shape(&by, change, expected, dry_run)).await??;
        if dry_run {
            return Ok(Reply::new(StatusCode::OK, with_followed(plan(&shaped.reshaped), &shaped)));
        }
        let reply =
            if status == StatusCode::NO_CONTENT { Reply::empty() } else { Reply::new(status, told(&shaped, &reader)) };
        let reply = reply.with("etag", etag(version(&shaped.reshaped.definitions)));
        let place = format!("/api/v1/meta/modules/{}", shaped.module);
        Ok(match (&shaped.field, status) {
            (None, StatusCode::CREATED) => reply.with("location", place),
            (Some(field), StatusCode::CREATED) => reply.with("location", format!("{place}/fields/{field}")),
            _ => reply,
        })
    };
    write.run_long(web, actor, done).await
}

/// The module or field as it is now.
fn told(shaped: &Shaped, actor: &Actor) -> Value {
    let definitions = &shaped.reshaped.definitions;
    let retired = || definitions.retired_modules().find(|module| module.name == shaped.module);
    let Some(module) = definitions.module(&shaped.module).or_else(retired) else { return Value::Null };
    match &shaped.field {
        None => shown(module, &actor.grant(definitions, &module.name).hidden, definitions),
        Some(name) => {
            let mut fields = module.fields.iter().chain(&module.retired_fields);
            fields.find(|field| field.name == *name).map(|field| json!(field)).unwrap_or_default()
        }
    }
}

/// What would be done.
pub(super) fn plan(reshaped: &Reshaped) -> Value {
    let steps: Vec<_> = reshaped.plan.steps.iter().map(ToString::to_string).collect();
    let touches = reshaped.touches;
    let mut json = json!({"steps": steps, "touches": {"records": touches.records, "empty": touches.empty}});
    if let (false, Some(map)) = (reshaped.followed.is_empty(), json.as_object_mut()) {
        map.insert("follows".to_owned(), reshaped.followed.iter().map(follows).collect());
    }
    json
}

/// The same with the expressions that follow a field which is called otherwise.
fn with_followed(mut json: Value, shaped: &Shaped) -> Value {
    let told = |it: &app::shape::Followed| json!({"place": it.place, "before": it.before, "after": it.after});
    if let (false, Some(map)) = (shaped.followed.is_empty(), json.as_object_mut()) {
        map.insert("expressions".to_owned(), shaped.followed.iter().map(told).collect());
    }
    json
}

/// What records in flight make of it.
fn follows(followed: &Followed) -> Value {
    let records = followed.records;
    match &followed.follow {
        Follow::Move { module, from, to } => json!({"module": module, "from": from, "to": to, "records": records}),
        Follow::Timer { module, timer } => json!({"module": module, "timer": timer, "records": records}),
        Follow::Stay { module, rule } => json!({"module": module, "rule": rule, "records": records}),
    }
}

/// Whether it is only to be told what would be done.
pub(super) fn is_dry_run(query: Option<&str>) -> Result<bool, Problem> {
    let mut dry_run = false;
    for (name, value) in pairs(query)? {
        match (name.as_str(), value.as_str()) {
            ("dry_run", "true") => dry_run = true,
            ("dry_run", "false") => {}
            _ => {
                return Err(Problem::bad_request("unknown_parameter", format!("there is no parameter {name}={value}")));
            }
        }
    }
    Ok(dry_run)
}
