//! The organisation over the API.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::rights::Capability;
use serde_json::Value;
use store::Work;

use crate::api::answer::{Reply, Write};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::organisation::{apply, keep_logo, shown};
use crate::state::Web;

/// What everybody who works here may know; the rest is for administrators.
pub(crate) async fn read(State(web): State<Web>, caller: Caller) -> Json<Value> {
    let knowledge = web.app.workspace().knowledge();
    let administers = caller.actor().can(&knowledge.definitions, Capability::Administer);
    Json(shown(&knowledge.settings, administers))
}

/// Changes what is named.
pub(crate) async fn change(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let map = write.object()?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let settings = work.change_settings(|settings| apply(settings, &map))?;
        app.issue_waiting_invoices(work, &settings)?;
        Ok(Reply::new(StatusCode::OK, shown(&settings, true)))
    };
    write.run(&web, caller.author(), run).await
}

/// Takes a logo: the bytes of a picture.
pub(crate) async fn put_logo(State(web): State<Web>, caller: Caller, bytes: Bytes) -> Result<Response, Problem> {
    let settings = keep_logo(&web, caller.actor(), "api", Some(bytes)).await?;
    Ok(Json(shown(&settings, true)).into_response())
}

/// Goes on without a logo.
pub(crate) async fn remove_logo(State(web): State<Web>, caller: Caller) -> Result<Response, Problem> {
    keep_logo(&web, caller.actor(), "api", None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
