//! Money that was put on an order or taken off it.

use serde_json::{Value as Json, json};
use store::{Result, Touched, Work, by_operation};

use super::{is_back, present, press, still};
use crate::App;

/// Takes an assigned payment off again, or assigns again what was taken off, where that leads exactly back.
pub(super) fn take_back(app: &App, work: &mut Work<'_>, payment: &Touched) -> Result<()> {
    let was = present(work, payment)?;
    for field in ["allocations", "unallocated", "refunded", "order"] {
        still(payment, &was, field)?;
    }
    let (before, after) = payment.change("allocations").unwrap_or((&Json::Null, &Json::Null));
    match (parts(before), parts(after)) {
        ([], [_, ..]) => press(app, work, payment, "unassign", Json::Null)?,
        ([part], []) => {
            press(app, work, payment, "assign", json!({"order": part.get("order"), "amount": part.get("amount")}))?;
        }
        _ => {
            return Err(by_operation(
                "payments",
                "money_moves",
                "money goes back by its own operations: POST /payments/{id}/transitions/assign, …/unassign, …/refund",
            ));
        }
    }
    is_back(work, payment, &was, &["allocations", "unallocated", "refunded", "order", "status"])
}

fn parts(allocations: &Json) -> &[Json] {
    allocations.as_array().map(Vec::as_slice).unwrap_or_default()
}
