//! Lines, for administrators: who tells of calls and carries messages, where, and whose extension is whose.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use serde_json::{Map, Value, json};
use store::{Line, Work};

use crate::api::answer::{Reply, Write, data};
use crate::api::keys;
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::lines::{changed, made};
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let lines = web.app.workspace().read(caller.actor(), |work| work.lines()).await?;
    Ok(Json(data(lines.iter().map(|line| shown(&web.app, line)).collect())))
}

pub(crate) async fn create(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let (make, app) = (made(web.app.clone(), write.object()?), web.app.clone());
    let run = move |work: &mut Work<'_>| {
        let id = make(work)?;
        answer(&app, work, id, StatusCode::CREATED)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(line): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let id = id("lines", &line)?;
    let (change, app) = (changed(web.app.clone(), id, write.object()?), web.app.clone());
    let run = move |work: &mut Work<'_>| {
        change(work)?;
        answer(&app, work, id, StatusCode::OK)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path(line): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id("lines", &line)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        work.delete_line(id)?;
        Ok(Reply::empty())
    };
    write.run(&web, caller.author(), run).await
}

/// Tells the bot of a line where it tells of what is written to it.
pub(crate) async fn connect(
    State(web): State<Web>,
    caller: Caller,
    Path(line): Path<String>,
    write: Write,
) -> Result<Json<Value>, Problem> {
    let id = id("lines", &line)?;
    keys::known(&write.object()?, "", &[])?;
    let wrong = web.app.connect_line(caller.actor(), id).await?;
    Ok(Json(json!({"connected": wrong.is_none(), "answer": wrong})))
}

fn answer(app: &app::App, work: &mut Work<'_>, id: Id, status: StatusCode) -> store::Result<Reply> {
    let line = work.line(id)?;
    Ok(Reply::new(status, shown(app, &line)))
}

fn shown(app: &app::App, line: &Line) -> Value {
    let setup = &line.setup;
    let extensions: Map<_, _> =
        setup.extensions.iter().map(|(extension, user)| (extension.clone(), json!(user.to_string()))).collect();
    json!({
        "id": line.id.to_string(), "name": setup.name, "kind": setup.kind, "account": setup.account,
        "sender": setup.sender, "address": setup.url, "body": setup.body,
        "extensions": extensions, "active": setup.active,
        "url": app.line_url(line.id), "messages_url": app.message_url(line.id),
    })
}
