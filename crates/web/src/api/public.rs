//! What a site's back end and a buyer with a link may do, without a token.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::expr::Plan;
use model::{Actor, Id, Record};
use serde_json::{Map, Value, json};
use store::{Error, Result, Work};
use ticketing::OrderRequest;

use super::answer::{Reply, Write};
use super::keys;
use crate::caller::locale;
use crate::problem::Problem;
use crate::state::Web;

/// Places an order for an event that is on sale.
pub(crate) async fn place(State(web): State<Web>, Path(slug): Path<String>, write: Write) -> Result<Response, Problem> {
    let body = write.object()?;
    only_known(&body)?;
    let language = locale(None, &write.headers, web.app.workspace().knowledge().settings.locale);
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        let event = event_by_slug(work, &slug)?;
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
    keys::known(&write.object()?, "", &[])?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        let order = app.ticketing().buyer_cancel(work, &token)?;
        let shown = work.as_process(|work| order_json(&app, work, order))?;
        Ok(Reply::new(StatusCode::OK, shown))
    };
    write.run(&web, Actor::Public, run).await
}

/// The event with this slug, as far as the public may know of it.
fn event_by_slug(work: &mut Work<'_>, slug: &str) -> Result<Id> {
    work.as_process(|work| {
        let module = work.module("events")?;
        let missing = || Error::NotFound { module: "events".to_owned(), id: slug.to_owned() };
        let wanted = Plan::field(&module, "slug").and_then(|plan| plan.eq(slug)).map_err(|_| missing())?;
        let event = work.find("events", wanted)?.into_iter().find(|event| event.text("status") != Some("draft"));
        event.map(|event| event.id).ok_or_else(missing)
    })
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
