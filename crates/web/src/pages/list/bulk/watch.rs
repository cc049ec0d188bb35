//! How far one's act on many records is, asked by the page that waits for it, and the button that stops it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::Locale;
use serde_json::{Value, json};

use crate::acting::Ended;
use crate::pages::errors::sentence;
use crate::pages::undo;
use crate::pages::visitor::Visitor;
use crate::state::Web;
use crate::ui::Words;

/// Where it is asked.
pub(crate) const ACT: &str = "/me/act";
/// Where it is stopped.
pub(crate) const STOP: &str = "/me/act/stop";

/// How far it is, or how one ended that nobody waited for; nothing where there is neither.
pub(crate) async fn watch(State(web): State<Web>, visitor: Visitor) -> Response {
    // Whoever looks through somebody's eyes is not told instead of them.
    if visitor.looker.is_some() {
        return StatusCode::NO_CONTENT.into_response();
    }
    if let Some(progress) = web.acting.progress(visitor.user.id) {
        let (done, all) = progress.done_of();
        return Json(json!({"done": done, "all": all})).into_response();
    }
    match web.acting.ended(visitor.user.id) {
        Some(ended) => Json(json!({"ended": told(visitor.locale, &ended)})).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// The message about its end, with the way back.
fn told(l: Locale, ended: &Ended) -> Value {
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let counts = [("done", number(ended.done).into()), ("failed", number(ended.refused).into())];
    let (tone, text) = if ended.is_whole {
        ("good", super::said(l, ended.operation, number(ended.done)))
    } else {
        let why = ended.why.as_ref().map(|why| format!(" {}", sentence(l, why))).unwrap_or_default();
        ("warn", l.say_with("bulk-partly-text", &counts) + &why)
    };
    json!({"text": text, "tone": tone, "undo": ended.set.map(|set| undo::told(l, set))})
}

/// Lets it end with the turn that is under way: what was done stands, and the page that waits for it says how much.
pub(crate) async fn stop(State(web): State<Web>, visitor: Visitor) -> StatusCode {
    if let Some(progress) = web.acting.progress(visitor.user.id) {
        progress.stop();
    }
    StatusCode::NO_CONTENT
}
