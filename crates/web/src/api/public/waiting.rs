//! Waiting for seats of an event that has none left.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Actor;
use serde_json::{Value, json};
use store::Work;
use ticketing::WaitingRequest;

use super::super::answer::{Reply, Write};
use super::super::keys;
use crate::caller::locale;
use crate::problem::Problem;
use crate::state::Web;

/// Takes somebody into the waiting list.
pub(crate) async fn join(State(web): State<Web>, Path(slug): Path<String>, write: Write) -> Result<Response, Problem> {
    let body = write.object()?;
    let language = locale(None, &write.headers, web.app.workspace().knowledge().settings.locale);
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &["ticket_type", "seats", "name", "email", "phone"])?;
        let event = app.ticketing().public_event(work, &slug)?.id;
        let request = WaitingRequest::from_json(event, &Value::Object(body.clone()))?;
        app.ticketing().join_waiting_list(work, &WaitingRequest { locale: Some(language), ..request })?;
        // The same whoever asks: an address says nothing of its owner.
        Ok(Reply::new(StatusCode::CREATED, json!({"status": "waiting"})))
    };
    write.run(&web, Actor::Public, run).await
}
