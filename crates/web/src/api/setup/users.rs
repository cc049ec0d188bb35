//! Users, for administrators.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use model::rights::Capability;
use serde_json::{Value, json};
use store::{Account, Result, Work};

use crate::api::answer::{Reply, Write, data};
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::users::{changed, made};
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let read = |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        work.accounts()?.iter().map(|account| shown(work, account)).collect::<Result<Vec<_>>>()
    };
    Ok(Json(data(web.app.workspace().read(caller.actor(), read).await?)))
}

pub(crate) async fn create(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    administers(&web, &caller)?;
    let make = made(&web, write.object()?).await?;
    let run = move |work: &mut Work<'_>| {
        let id = make(work)?;
        answer(work, id, StatusCode::CREATED)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(user): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    administers(&web, &caller)?;
    let id = id("users", &user)?;
    let change = changed(&web, id, write.object()?).await?;
    let run = move |work: &mut Work<'_>| {
        change(work)?;
        answer(work, id, StatusCode::OK)
    };
    write.run(&web, caller.author(), run).await
}

/// Judged before a password is hashed: that takes a core for a while.
fn administers(web: &Web, caller: &Caller) -> Result<(), Problem> {
    if caller.actor().can(&web.app.workspace().knowledge().definitions, Capability::Administer) {
        return Ok(());
    }
    Err(store::Error::forbidden("missing_right", "only administrators manage users").into())
}

fn answer(work: &mut Work<'_>, id: Id, status: StatusCode) -> Result<Reply> {
    let account = work.account(id)?;
    Ok(Reply::new(status, shown(work, &account)?))
}

fn shown(work: &mut Work<'_>, account: &Account) -> Result<Value> {
    Ok(json!({
        "id": account.id.to_string(), "email": account.email, "name": account.name, "roles": account.roles,
        "teams": work.teams_of(account.id)?.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "locale": account.locale, "active": account.active, "created_at": account.created_at.to_string(),
    }))
}
