//! The page of an order for its buyer: what happened, what is next and by when, how to pay, the tickets.

pub(crate) mod consent;
pub(crate) mod names;
mod view;

use std::collections::BTreeMap;

use app::App;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use model::{Actor, Id, Record};
use store::{Error, Origin, Result, Work};

use super::super::visitor::Guest;
use super::{Head, private};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::{Lens, Words};

/// What the page shows.
pub(super) struct View {
    lens: Lens,
    head: Head,
    pub(super) event: Record,
    pub(super) order: Record,
    pub(super) tickets: Vec<Record>,
    /// Names of ticket types.
    types: BTreeMap<Id, String>,
    instructions: String,
    token: String,
    /// Whether names on tickets may change now.
    takes_names: bool,
    /// Whether a new price waits for the buyer.
    waits_for_consent: bool,
    /// Until when seats of the waiting list are held for an answer.
    offered_until: Option<jiff::Timestamp>,
    /// The invoice by which it is paid.
    pub(super) invoice: Option<Record>,
}

impl View {
    fn status(&self) -> &str {
        self.order.text("status").unwrap_or_default()
    }

    /// Whether there is a ticket whose name the buyer may change.
    fn can_be_renamed(&self) -> bool {
        let may_change = |ticket: &Record| matches!(ticket.text("status"), Some("reserved" | "issued"));
        self.takes_names && self.tickets.iter().any(may_change)
    }

    /// Whether the buyer may cancel by the link.
    fn can_be_cancelled(&self) -> bool {
        let lets_paid = self.event.get("buyer_cancels_paid").is_true();
        match self.status() {
            "pending" => true,
            "paid" => lets_paid && self.tickets.iter().all(|ticket| ticket.text("status") != Some("checked_in")),
            _ => false,
        }
    }
}

/// The page.
pub(crate) async fn page(State(web): State<Web>, guest: Guest, Path(token): Path<String>) -> Result<Response, Problem> {
    let view = load(&web, &guest, token).await?;
    Ok(private(&guest, view::page(&view, &guest)))
}

/// What is said in a frame of another site when the order is placed: its page opens in a window of its own, where nobody
/// can lay anything over its buttons.
pub(crate) async fn placed(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let view = load(&web, &guest, token).await?;
    Ok(private(&guest, view::placed(&view, &guest)))
}

/// Asks whether the order is really to be cancelled.
pub(crate) async fn ask_cancel(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let view = load(&web, &guest, token).await?;
    if !view.can_be_cancelled() {
        return Ok(Redirect::to(&format!("/p/o/{}", view.token)).into_response());
    }
    Ok(private(&guest, view::ask_cancel(&view, &guest, None)))
}

/// Cancels the order.
pub(crate) async fn cancel(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let (app, secret) = (web.app.clone(), token.clone());
    let write = move |work: &mut Work<'_>| app.ticketing().buyer_cancel(work, &secret).map(|_| ());
    match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
        Ok(_) => Ok(Redirect::to(&format!("/p/o/{token}")).into_response()),
        Err(error @ Error::Conflict { .. }) => {
            let problem = Problem::from(error);
            let text = guest.locale.refusal(&problem.code, &problem.detail);
            let view = load(&web, &guest, token).await?;
            let page: Markup = view::ask_cancel(&view, &guest, Some(&text));
            Ok((StatusCode::CONFLICT, private(&guest, page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the order behind a link.
pub(super) async fn load(web: &Web, guest: &Guest, token: String) -> Result<View, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| read(&app, work, locale, &token);
    Ok(web.app.workspace().read(Actor::Public, read).await?)
}

fn read(app: &App, work: &mut Work<'_>, locale: model::Locale, token: &str) -> Result<View> {
    let order = app.ticketing().by_token(work, token)?;
    let tickets = app.ticketing().tickets_of(work, order.id)?;
    let kinds = tickets.iter().filter_map(|ticket| ticket.link("ticket_type")).collect();
    let event = order.link("event").ok_or_else(|| Error::not_found("events", order.id))?;
    let (event, types) =
        work.as_process(|work| Ok::<_, Error>((work.get("events", event)?, work.titles("ticket_types", &kinds)?)))?;
    let takes_names = app.ticketing().takes_names(work, &order)?;
    let waits_for_consent = app.ticketing().waits_for_consent(&order)?;
    let offered_until = app.ticketing().offered_until(&order)?;
    let is_group = order.get("group").is_true();
    let invoice = if is_group { app.ticketing().current_invoice(work, order.id)? } else { None };
    let settings = work.settings().clone();
    let head = Head::of(locale, &settings, &event);
    let instructions = settings.payment_instructions.clone();
    let (lens, token) = (Lens::of(work, locale), token.to_owned());
    Ok(View {
        lens,
        head,
        event,
        order,
        tickets,
        types,
        instructions,
        token,
        takes_names,
        waits_for_consent,
        offered_until,
        invoice,
    })
}
