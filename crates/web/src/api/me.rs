//! Who the caller is and what they may do.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::state::Web;

pub(crate) async fn me(State(web): State<Web>, caller: Caller) -> Json<Value> {
    let knowledge = web.app.workspace().knowledge();
    let actor = caller.actor();
    let rights: serde_json::Map<String, Value> = knowledge
        .definitions
        .modules()
        .map(|module| (module.name.clone(), json!(actor.grant(&knowledge.definitions, &module.name))))
        .collect();
    let user = caller.0;
    Json(json!({
        "id": user.id.to_string(), "name": user.name, "email": user.email, "roles": user.roles,
        "locale": user.locale, "scopes": user.scopes, "rights": rights,
    }))
}
