//! Tickets at the door, and those that were cancelled alone.

use serde_json::Value as Json;
use store::{Result, Touched, Work};

use super::{Refusal, is_back, present, press, still};
use crate::App;

/// Who was let in goes out again, and the other way round.
pub(super) fn take_back(app: &App, work: &mut Work<'_>, ticket: &Touched) -> Result<()> {
    if ticket.change("status").is_none() {
        return Ok(());
    }
    let was = present(work, ticket)?;
    still(ticket, &was, "status")?;
    let name = way(ticket).map_err(|refusal| refusal.of("tickets"))?;
    press(app, work, ticket, name, Json::Null)?;
    is_back(work, ticket, &was, &["status"])
}

/// The move that leads back from a change of its status; why there is none.
pub(super) fn way(ticket: &Touched) -> std::result::Result<&'static str, Refusal> {
    let (before, after) = ticket.change("status").unwrap_or((&Json::Null, &Json::Null));
    match (before.as_str().unwrap_or_default(), after.as_str().unwrap_or_default()) {
        ("issued", "checked_in") => Ok("undo_check_in"),
        ("checked_in", "issued") => Ok("check_in"),
        _ => Err(Refusal {
            code: "ticket_cancelled",
            how: "a ticket that was cancelled alone does not come back: place an order for the seat (POST /orders)",
        }),
    }
}
