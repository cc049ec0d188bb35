//! Doors for programs outside: the address of a rule that is called, and those of lines.

mod line;
pub(super) mod messages;
pub(super) mod requests;
pub(super) mod telephone;

use app::hooks::Call;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::Actor;
use serde_json::{Value, json};
use store::{Origin, Work};

use super::answer::Write;
use crate::problem::Problem;
use crate::state::Web;

/// Takes a call and answers at once; the rule runs after that. Whoever does not know the address, or one that is no more,
/// learns nothing.
pub(crate) async fn call(
    State(web): State<Web>,
    Path(secret): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, key) = (web.app.clone(), write.key().map(str::to_owned));
    let body = if write.body.is_null() { json!({}) } else { write.body };
    let take = move |work: &mut Work<'_>| app.take_call(work, &secret, key.as_deref(), &body);
    let (taken, _) = web.app.workspace().write(Actor::Public, Origin::from("hook"), take).await?;
    match taken {
        Call::Taken(id) => {
            let answer: Value = json!({"id": id.to_string()});
            Ok((StatusCode::ACCEPTED, axum::Json(answer)).into_response())
        }
        Call::Unknown => Err(Problem::not_found("no rule is called at this address")),
        Call::TooOften => {
            let detail = "this address is called too often: wait a little";
            Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail))
        }
    }
}
