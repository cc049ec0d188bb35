//! Tokens: one's own, for administrators everybody's.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};
use store::{Token, Work};

use super::answer::{Reply, Write, data};
use super::keys;
use super::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let tokens = web.app.workspace().read(caller.actor(), |work| work.tokens()).await?;
    Ok(Json(data(tokens.iter().map(shown).collect())))
}

pub(crate) async fn revoke(
    State(web): State<Web>,
    caller: Caller,
    Path(token): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id("tokens", &token)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        work.revoke_token(id)?;
        Ok(Reply::empty())
    };
    write.run(&web, caller.author(), run).await
}

fn shown(token: &Token) -> Value {
    json!({
        "id": token.id.to_string(), "user": token.user.to_string(), "name": token.name, "scopes": token.scopes,
        "created_at": token.created_at.to_string(),
    })
}
