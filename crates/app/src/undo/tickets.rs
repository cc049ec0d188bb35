//! Tickets at the door, and those that were cancelled alone.

use serde_json::Value as Json;
use store::{Result, Touched, Work, by_operation};

use super::{is_back, present, press, still};
use crate::App;

/// Who was let in goes out again, and the other way round.
pub(super) fn take_back(app: &App, work: &mut Work<'_>, ticket: &Touched) -> Result<()> {
    let Some((before, after)) = ticket.change("status") else { return Ok(()) };
    let was = present(work, ticket)?;
    still(ticket, &was, "status")?;
    match (before.as_str().unwrap_or_default(), after.as_str().unwrap_or_default()) {
        ("issued", "checked_in") => press(app, work, ticket, "undo_check_in", Json::Null)?,
        ("checked_in", "issued") => press(app, work, ticket, "check_in", Json::Null)?,
        _ => {
            return Err(by_operation(
                "tickets",
                "ticket_cancelled",
                "a ticket that was cancelled alone does not come back: place an order for the seat (POST /orders)",
            ));
        }
    }
    is_back(work, ticket, &was, &["status"])
}
