//! Users, for administrators.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use model::identity::email;
use model::rights::Capability;
use serde_json::{Map, Value, json};
use store::{Account, NewUser, Result, UserChange, Work};

use super::body::Body;
use crate::api::answer::{Reply, Write, data};
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
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
    write.run(&web, caller.actor(), run).await
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
    write.run(&web, caller.actor(), run).await
}

/// What makes the user that `map` describes; the password is hashed already.
pub(crate) async fn made(
    web: &Web,
    map: Map<String, Value>,
) -> Result<impl Fn(&mut Work<'_>) -> Result<Id> + Send + 'static + use<>, Problem> {
    let mut body = Body::new(map, &["email", "name", "roles", "teams", "locale", "password"]);
    for needed in ["email", "name", "roles", "password"] {
        if !body.has(needed) {
            body.wrong::<()>(needed, "required", "a user needs this");
        }
    }
    let address = body.text("email", true).and_then(|text| match email::normalise(&text) {
        Ok(address) => Some(String::from(address)),
        Err(error) => body.wrong("email", "invalid_email", error.to_string()),
    });
    let (name, roles, teams) = (body.text("name", true), body.texts("roles"), body.ids("teams"));
    let (locale, password_hash) = (body.locale("locale"), body.password(web, "password").await?);
    Ok(move |work: &mut Work<'_>| {
        body.check()?;
        let user = NewUser {
            email: address.clone().unwrap_or_default(),
            name: name.clone().unwrap_or_default(),
            password_hash: password_hash.clone().unwrap_or_default(),
            roles: roles.clone().unwrap_or_default(),
            locale: locale.unwrap_or(work.settings().locale),
        };
        let id = work.add_user(&user)?;
        if teams.is_some() {
            work.change_user(id, &UserChange { teams: teams.clone(), ..UserChange::default() })?;
        }
        Ok(id)
    })
}

/// What changes a user as `map` says; the password is hashed already.
pub(crate) async fn changed(
    web: &Web,
    id: Id,
    map: Map<String, Value>,
) -> Result<impl Fn(&mut Work<'_>) -> Result<()> + Send + 'static + use<>, Problem> {
    let mut body = Body::new(map, &["name", "roles", "teams", "locale", "active", "password"]);
    let change = UserChange {
        mail: None,
        name: body.text("name", true),
        roles: body.texts("roles"),
        teams: body.ids("teams"),
        locale: body.locale("locale"),
        active: body.flag("active"),
        password_hash: body.password(web, "password").await?,
    };
    Ok(move |work: &mut Work<'_>| {
        body.check()?;
        work.change_user(id, &change).map(|_| ())
    })
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
