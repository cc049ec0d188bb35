//! What a site's back end and a buyer with a link may do, without a token.

pub(crate) mod forms;
pub(crate) mod group;
pub(crate) mod waiting;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::{Actor, Record};
use serde_json::{Map, Value, json};
use store::{Result, Work};
use ticketing::{AttendeeRequest, OrderRequest};

use super::answer::{Reply, Write};
use super::keys;
use crate::caller::locale;
use crate::problem::Problem;
use crate::state::Web;

/// Places an order for an event that is on sale.
pub(crate) async fn place(State(web): State<Web>, Path(slug): Path<String>, write: Write) -> Result<Response, Problem> {
    let body = write.object()?;
    let language = locale(None, &write.headers, web.app.workspace().knowledge().settings.locale);
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        only_known(&body)?;
        let event = app.ticketing().public_event(work, &slug)?.id;
        let request = OrderRequest {
            channel: Some("api".to_owned()),
            locale: Some(language),
            ..OrderRequest::from_json(event, &Value::Object(body.clone()))?
        };
        let order = app.ticketing().place(work, &request)?;
        let shown = work.as_process(|work| order_json(&app, work, order))?;
        Ok(Reply::new(StatusCode::CREATED, shown))
    };
    write.run(&web, Actor::Public, run).await
}

/// Cancels an order by its link.
pub(crate) async fn cancel(
    State(web): State<Web>,
    Path(token): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, body) = (web.app.clone(), write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        let order = app.ticketing().buyer_cancel(work, &token)?;
        let shown = work.as_process(|work| order_json(&app, work, order))?;
        Ok(Reply::new(StatusCode::OK, shown))
    };
    write.run(&web, Actor::Public, run).await
}

/// Says who will come with the tickets of an order, by its link.
pub(crate) async fn name_attendees(
    State(web): State<Web>,
    Path(token): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let Value::Array(items) = &write.body else {
        return Err(Problem::bad_request("invalid_json", "the body is a JSON list"));
    };
    for (index, item) in items.iter().enumerate() {
        if let Value::Object(item) = item {
            keys::known(item, &format!("[{index}]."), &["ticket", "name", "email", "phone"])?;
        }
    }
    let attendees = AttendeeRequest::list(&write.body)?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        let order = app.ticketing().name_attendees(work, &token, &attendees)?;
        let shown = work.as_process(|work| order_json(&app, work, order))?;
        Ok(Reply::new(StatusCode::OK, shown))
    };
    write.run(&web, Actor::Public, run).await
}

fn order_json(app: &app::App, work: &mut Work<'_>, order: Record) -> Result<Value> {
    let tickets = app.ticketing().tickets_of(work, order.id)?;
    let tickets: Vec<_> = tickets
        .iter()
        .map(|ticket| json!({"code": ticket.text("code"), "status": ticket.text("status"), "attendee": ticket.text("attendee_name")}))
        .collect();
    Ok(json!({
        "number": order.text("number"), "status": order.text("status"), "total": order.get("total").to_json(),
        "paid": order.get("paid").to_json(), "due": order.get("due").to_json(),
        "public_url": order.text("token").map(|token| app.ticketing().order_url(token)), "tickets": tickets,
    }))
}

/// Refuses keys that mean nothing in an order.
fn only_known(body: &Map<String, Value>) -> Result<()> {
    const PERSON: [&str; 3] = ["name", "email", "phone"];
    let person = |json: Option<&Value>, place: &str| match json {
        Some(Value::Object(person)) => keys::known(person, place, &PERSON),
        _ => Ok(()),
    };
    keys::known(body, "", &["buyer", "tickets", "source"])?;
    person(body.get("buyer"), "buyer.")?;
    let tickets = body.get("tickets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, ticket) in tickets.iter().enumerate() {
        if let Value::Object(ticket) = ticket {
            keys::known(ticket, &format!("tickets[{index}]."), &["ticket_type", "attendee"])?;
            person(ticket.get("attendee"), &format!("tickets[{index}].attendee."))?;
        }
    }
    Ok(())
}
