//! Who the caller is and what they may do.

use app::App;
use axum::Json;
use axum::extract::State;
use model::{Actor, User};
use serde_json::{Value, json};
use store::{Menu, Work};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

pub(crate) async fn me(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let own = web.app.workspace().read(caller.actor(), own).await?;
    Ok(Json(shown(&web.app, caller.user, &own)))
}

/// What users set for themselves alone.
pub(super) fn own(work: &mut Work<'_>) -> store::Result<(Menu, String)> {
    Ok((work.menu()?, work.signature()?))
}

/// A user as they see themselves.
pub(super) fn shown(app: &App, user: User, (menu, signature): &(Menu, String)) -> Value {
    let knowledge = app.workspace().knowledge();
    let actor = Actor::User(Box::new(user.clone()));
    let rights: serde_json::Map<String, Value> = knowledge
        .definitions
        .modules()
        .map(|module| (module.name.clone(), json!(actor.grant(&knowledge.definitions, &module.name))))
        .collect();
    json!({
        "id": user.id.to_string(), "name": user.name, "email": user.email, "roles": user.roles,
        "locale": user.locale, "scopes": user.scopes, "rights": rights, "menu": menu,
        "signature": signature,
    })
}
