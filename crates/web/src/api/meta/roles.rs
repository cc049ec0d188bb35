//! Roles: what each may do, made and changed by administrators.

use app::shape::{RoleEdit, Seen, version};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Actor;
use serde_json::json;

use super::shape::{is_dry_run, plan};
use crate::api::answer::{Reply, Write, data, etag, if_match};
use crate::blocking::blocking;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, _caller: Caller) -> impl IntoResponse {
    let definitions = web.app.workspace().knowledge().definitions;
    let roles = definitions.roles().map(|role| json!(**role)).collect();
    ([(header::ETAG, etag(version(&definitions)))], Json(data(roles)))
}

pub(crate) async fn add(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = RoleEdit::New(write.object()?);
    shape(&web, caller.actor(), edit, write, query, StatusCode::CREATED).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(role): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = RoleEdit::Change { role, body: write.object()?, seen: Seen::new() };
    shape(&web, caller.actor(), edit, write, query, StatusCode::OK).await
}

/// Deletes a role of the workspace's own; `move_to` names the role that those who have it are given.
pub(crate) async fn delete(
    State(web): State<Web>,
    caller: Caller,
    Path(role): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let (mut move_to, mut rest) = (None, Vec::new());
    for (name, value) in pairs(query.as_deref())? {
        if name == "move_to" { move_to = Some(value) } else { rest.push((name, value)) }
    }
    let rest = serde_urlencoded::to_string(rest).ok();
    let edit = RoleEdit::Delete { role, move_to };
    shape(&web, caller.actor(), edit, write, rest, StatusCode::NO_CONTENT).await
}

async fn shape(
    web: &Web,
    actor: Actor,
    edit: RoleEdit,
    write: Write,
    query: Option<String>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (dry_run, expected) = (is_dry_run(query.as_deref())?, if_match(&write.headers)?);
    let (app, by) = (web.app.clone(), actor.clone());
    let done = || async move {
        let (name, reshaped) = blocking(move || app.shape_role(&by, edit, expected, dry_run)).await??;
        if dry_run {
            return Ok(Reply::new(StatusCode::OK, plan(&reshaped)));
        }
        let role = reshaped.definitions.role(&name).map(|role| json!(**role)).unwrap_or_default();
        let reply = if status == StatusCode::NO_CONTENT { Reply::empty() } else { Reply::new(status, role) };
        Ok(reply.with("etag", etag(version(&reshaped.definitions))))
    };
    write.run_long(web, actor, done).await
}
