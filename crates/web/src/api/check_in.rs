//! The door: a ticket's code is shown, once.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};
use store::Error;
use ticketing::CheckIn;

use super::answer::{Reply, Write};
use super::keys;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

pub(crate) async fn check_in(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let body = write.object()?;
    let app = web.app.clone();
    let run = move |work: &mut store::Work<'_>| {
        let (code, point) = read(&body)?;
        Ok(answer(app.ticketing().check_in(work, &code, point.as_deref())?))
    };
    write.run(&web, caller.author(), run).await
}

/// The code that is shown and the door at which it is.
fn read(body: &Map<String, Value>) -> store::Result<(String, Option<String>)> {
    keys::known(body, "", &["code", "point"])?;
    let text = |key: &str| match body.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Error::field(key, "invalid_type", "expected text in quotes")),
    };
    let code = text("code")?.ok_or_else(|| Error::field("code", "required", "which ticket?"))?;
    Ok((code, text("point")?))
}

fn answer(result: CheckIn) -> Reply {
    let problem = |status: StatusCode, code: &str, detail: &str, more: Value| {
        let mut body = Problem::new(status, code, detail).body();
        if let (Some(map), Value::Object(more)) = (body.as_object_mut(), more) {
            map.extend(more);
        }
        Reply::new(status, body).with("content-type", "application/problem+json".to_owned())
    };
    match result {
        CheckIn::Admitted(ticket) => Reply::new(
            StatusCode::OK,
            json!({
                "ticket": ticket.id.to_string(), "code": ticket.text("code"), "attendee_name": ticket.text("attendee_name"),
                "status": ticket.text("status"), "checked_in_at": ticket.get("checked_in_at").to_json(),
            }),
        ),
        CheckIn::AlreadyCheckedIn { ticket, at, point } => problem(
            StatusCode::CONFLICT,
            "already_checked_in",
            "this ticket was already shown",
            json!({
                "ticket": ticket.id.to_string(), "checked_in_at": at.map(|at| at.to_string()), "point": point,
                "attendee_name": ticket.text("attendee_name"),
            }),
        ),
        CheckIn::Unknown => problem(StatusCode::NOT_FOUND, "not_found", "there is no ticket with this code", json!({})),
        CheckIn::Cancelled(_) => problem(StatusCode::GONE, "cancelled", "this ticket was cancelled", json!({})),
        CheckIn::NotPaid(_) => problem(StatusCode::CONFLICT, "not_paid", "this ticket is not paid yet", json!({})),
    }
}
