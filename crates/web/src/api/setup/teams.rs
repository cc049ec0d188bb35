//! Teams, for administrators.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use model::rights::Capability;
use serde_json::{Value, json};
use store::{Error, Result, Team, Work};

use crate::api::answer::{Reply, Write, data};
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::body::Body;
use crate::state::Web;

const FIELDS: [&str; 2] = ["name", "members"];

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let read = |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        work.teams()
    };
    let teams = web.app.workspace().read(caller.actor(), read).await?;
    Ok(Json(data(teams.iter().map(shown).collect())))
}

pub(crate) async fn create(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let map = write.object()?;
    let run = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let mut body = Body::new(map.clone(), &FIELDS);
        if !body.has("name") {
            body.wrong::<()>("name", "required", "a team has a name");
        }
        let (name, members) = (body.text("name", true), body.ids("members"));
        body.check()?;
        let id = work.add_team(&name.unwrap_or_default())?;
        if let Some(members) = &members {
            work.set_members(id, members)?;
        }
        answer(work, id, StatusCode::CREATED)
    };
    write.run(&web, caller.actor(), run).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(team): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, map) = (id("teams", &team)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let mut body = Body::new(map.clone(), &FIELDS);
        let (name, members) = (body.text("name", true), body.ids("members"));
        body.check()?;
        if let Some(name) = &name {
            work.rename_team(id, name)?;
        }
        if let Some(members) = &members {
            work.set_members(id, members)?;
        }
        answer(work, id, StatusCode::OK)
    };
    write.run(&web, caller.actor(), run).await
}

fn answer(work: &mut Work<'_>, id: Id, status: StatusCode) -> Result<Reply> {
    let team = work.teams()?.into_iter().find(|team| team.id == id);
    let team = team.ok_or_else(|| Error::not_found("teams", id))?;
    Ok(Reply::new(status, shown(&team)))
}

fn shown(team: &Team) -> Value {
    let members: Vec<_> = team.members.iter().map(ToString::to_string).collect();
    json!({"id": team.id.to_string(), "name": team.name, "members": members})
}
