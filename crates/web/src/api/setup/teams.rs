//! Teams, for administrators.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use model::rights::Capability;
use serde_json::{Value, json};
use store::{Result, Team, Work};

use crate::api::answer::{Reply, Write, data};
use crate::api::keys;
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::teams::{changed, made};
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let read = |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        work.teams()
    };
    let teams = web.app.workspace().read(caller.actor(), read).await?;
    Ok(Json(data(teams.iter().map(shown).collect())))
}

pub(crate) async fn create(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let make = made(write.object()?);
    let run = move |work: &mut Work<'_>| {
        let id = make(work)?;
        answer(work, id, StatusCode::CREATED)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(team): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let id = id("teams", &team)?;
    let change = changed(id, write.object()?);
    let run = move |work: &mut Work<'_>| {
        change(work)?;
        answer(work, id, StatusCode::OK)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path(team): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id("teams", &team)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        work.delete_team(id)?;
        Ok(Reply::empty())
    };
    write.run(&web, caller.author(), run).await
}

fn answer(work: &mut Work<'_>, id: Id, status: StatusCode) -> Result<Reply> {
    let team = work.team(id)?;
    Ok(Reply::new(status, shown(&team)))
}

fn shown(team: &Team) -> Value {
    let members: Vec<_> = team.members.iter().map(ToString::to_string).collect();
    json!({"id": team.id.to_string(), "name": team.name, "members": members})
}
