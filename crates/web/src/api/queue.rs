//! The inbox, and what is taken in for others.

use app::queue::{MESSAGES, Way};
use app::rejected::{Intake, REJECTED, Taken};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};
use store::{Error, Work};

use super::answer::{Reply, Write};
use super::keys;
use super::records::{id, stands};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// Makes something of a message.
pub(crate) async fn sort(
    State(web): State<Web>,
    caller: Caller,
    Path(message): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id(MESSAGES, &message)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        let message = app.sort(work, id, &Way::read(&body)?)?;
        stands(work, &message)
    };
    write.run(&web, caller.author(), run).await
}

/// Takes a request in that a mailbox, a form or a file brought.
pub(crate) async fn intake(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let (app, body) = (web.app.clone(), write.object()?);
    let run = move |work: &mut Work<'_>| {
        let (status, key, module, id) = match app.take_in(work, &Intake::read(&body)?)? {
            Taken::Made(module, id) => (StatusCode::CREATED, "made", module, id),
            Taken::Kept(record) => (StatusCode::ACCEPTED, "rejected", record.module.name.clone(), record.id),
        };
        Ok(Reply::new(status, json!({key: {"module": module, "id": id.to_string()}})))
    };
    write.run(&web, caller.author(), run).await
}

/// Makes what a rejected request should have made.
pub(crate) async fn resubmit(
    State(web): State<Web>,
    caller: Caller,
    Path(request): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id(REJECTED, &request)?, write.object()?);
    web.app.fetch_rejected(caller.actor(), id).await?;
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &["fields"])?;
        let (request, _) = app.resubmit(work, id, &fields(&body)?)?;
        stands(work, &request)
    };
    write.run(&web, caller.author(), run).await
}

fn fields(body: &Map<String, Value>) -> store::Result<Map<String, Value>> {
    match body.get("fields") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(fields)) => Ok(fields.clone()),
        Some(_) => Err(Error::field("fields", "invalid_type", "expected fields by name")),
    }
}
