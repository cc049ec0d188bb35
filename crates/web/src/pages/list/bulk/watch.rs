//! How far one's act on many records is, asked by the page that waits for it, and the button that stops it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::pages::visitor::Visitor;
use crate::state::Web;

/// Where it is asked.
pub(crate) const ACT: &str = "/me/act";
/// Where it is stopped.
pub(crate) const STOP: &str = "/me/act/stop";

/// How far it is; nothing where none is under way.
pub(crate) async fn watch(State(web): State<Web>, visitor: Visitor) -> Response {
    match web.acting.progress(visitor.user.id) {
        Some(progress) => {
            let (done, all) = progress.done_of();
            Json(json!({"done": done, "all": all})).into_response()
        }
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Lets it end with the turn that is under way: what was done stands, and the page that waits for it says how much.
pub(crate) async fn stop(State(web): State<Web>, visitor: Visitor) -> StatusCode {
    if let Some(progress) = web.acting.progress(visitor.user.id) {
        progress.stop();
    }
    StatusCode::NO_CONTENT
}
