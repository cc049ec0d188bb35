//! A buyer's papers as PDF: tickets, one by its code or all, and the invoice.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use model::{Actor, Id, Locale};

use super::super::visitor::Guest;
use super::order::load;
use crate::problem::Problem;
use crate::state::Web;
use crate::ticket_file;

/// The invoice by which the order is paid.
pub(crate) async fn invoice(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let view = load(&web, &guest, token).await?;
    let invoice = view.invoice.ok_or_else(|| Problem::not_found("there is no invoice"))?;
    Ok(ticket_file::answer(web.app.invoice_pdf(Actor::System("buyer's link"), invoice.id).await?))
}

/// The file.
pub(crate) async fn pdf(
    State(web): State<Web>,
    guest: Guest,
    Path((token, code)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let view = load(&web, &guest, token).await?;
    let wanted = |code: &str, ticket: &&model::Record| match ticket.text("status") {
        Some("issued" | "checked_in") => code == "all" || ticket.text("code") == Some(code),
        _ => false,
    };
    let ids: BTreeSet<Id> =
        view.tickets.iter().filter(|ticket| wanted(&code, ticket)).map(|ticket| ticket.id).collect();
    if ids.is_empty() {
        return Err(Problem::not_found("there is no such ticket"));
    }
    let locale = view.order.text("locale").and_then(Locale::parse).unwrap_or(guest.locale);
    Ok(ticket_file::answer(web.app.tickets_pdf(Actor::System("buyer's link"), ids, locale).await?))
}
