//! Orders that moved: placed, ended, brought back.

use serde_json::{Value as Json, json};
use store::{Result, Stage, Touched, Work, by_operation};

use super::{is_back, present, press, still};
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
    if order.begin == Stage::Unmade {
        return press(app, work, order, "cancel", Json::Null);
    }
    let (before, after) = order.change("status").unwrap_or((&Json::Null, &Json::Null));
    match (before.as_str().unwrap_or_default(), after.as_str().unwrap_or_default()) {
        ("pending" | "paid", "annulled" | "cancelled") => {
            press(app, work, order, "revive", json!({"keep_price": true}))?
        }
        ("annulled", "pending") => press(app, work, order, "annul", Json::Null)?,
        ("cancelled", "pending" | "paid") => press(app, work, order, "cancel", Json::Null)?,
        ("pending", "paid") => {
            return Err(by_operation(
                "orders",
                "order_paid_by_money",
                "an order is paid by its money: cancel it or return the money (POST /orders/{id}/transitions/cancel, …/refund)",
            ));
        }
        (_, "refunded") => {
            return Err(by_operation(
                "orders",
                "money_returned",
                "returned money is not taken back: book it as a payment when it comes again (POST /payments)",
            ));
        }
        _ => {
            return Err(by_operation(
                "orders",
                "order_moved_on",
                "this move of an order has no way back: place a new order (POST /orders)",
            ));
        }
    }
    is_back(work, order, &was, &["status", "total", "paid"])
}
