//! Orders that moved: placed, ended, brought back.

use serde_json::{Value as Json, json};
use store::{Result, Stage, Touched, Work};

use super::{Refusal, is_back, present, press, still};
use crate::App;

/// Whether the change set placed the order or moved it.
pub(super) fn moved(order: &Touched) -> bool {
    order.begin == Stage::Unmade || order.change("status").is_some()
}

/// Moves the order back: what was placed is cancelled, what had ended is revived at its old price while seats are left.
/// Its money has to be back too, or nothing is.
pub(super) fn take_back(app: &App, work: &mut Work<'_>, order: &Touched) -> Result<()> {
    if !moved(order) {
        return Ok(());
    }
    let was = present(work, order)?;
    still(order, &was, "status")?;
    let (name, fields) = way(order).map_err(|refusal| refusal.of("orders"))?;
    press(app, work, order, name, fields)?;
    if order.begin == Stage::Unmade {
        return Ok(());
    }
    is_back(work, order, &was, &["status", "total", "paid"])
}

/// The move that leads back; why there is none.
pub(super) fn way(order: &Touched) -> std::result::Result<(&'static str, Json), Refusal> {
    if order.begin == Stage::Unmade {
        // Its invoice is on its way, and so are seats, a deal and letters: that is not taken back by a press.
        let is_invoiced = order.change("group").is_some_and(|(_, group)| group == &Json::Bool(true));
        let refusal = Refusal {
            code: "order_invoiced",
            how: "an organisation's order has an invoice: cancel it (POST /orders/{id}/transitions/cancel)",
        };
        return if is_invoiced { Err(refusal) } else { Ok(("cancel", Json::Null)) };
    }
    let (before, after) = order.change("status").unwrap_or((&Json::Null, &Json::Null));
    match (before.as_str().unwrap_or_default(), after.as_str().unwrap_or_default()) {
        ("pending" | "paid", "annulled" | "cancelled") => Ok(("revive", json!({"keep_price": true}))),
        ("annulled", "pending") => Ok(("annul", Json::Null)),
        ("cancelled", "pending" | "paid") => Ok(("cancel", Json::Null)),
        ("pending", "paid") => Err(Refusal {
            code: "order_paid_by_money",
            how: "an order is paid by its money: cancel it or return the money (POST /orders/{id}/transitions/cancel, …/refund)",
        }),
        (_, "refunded") => Err(Refusal {
            code: "money_returned",
            how: "returned money is not taken back: book it as a payment when it comes again (POST /payments)",
        }),
        _ => Err(Refusal {
            code: "order_moved_on",
            how: "this move of an order has no way back: place a new order (POST /orders)",
        }),
    }
}
