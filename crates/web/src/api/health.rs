//! Whether the program lives and whether it can serve.

use axum::extract::State;
use axum::http::StatusCode;
use model::Actor;

use crate::state::Web;

pub(crate) async fn alive() -> &'static str {
    "ok"
}

pub(crate) async fn ready(State(web): State<Web>) -> (StatusCode, &'static str) {
    match web.app.workspace().read(Actor::System("readiness"), |work| work.has_users()).await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
