//! Money that was put on an order or taken off it.

use serde_json::{Value as Json, json};
use store::{Result, Touched, Work};

use super::{Refusal, is_back, present, press, still};
use crate::App;

/// Takes an assigned payment off again, or assigns again what was taken off, where that leads exactly back.
pub(super) fn take_back(app: &App, work: &mut Work<'_>, payment: &Touched) -> Result<()> {
    let was = present(work, payment)?;
    for field in ["allocations", "unallocated", "refunded", "order"] {
        still(payment, &was, field)?;
    }
    let (name, fields) = way(payment).map_err(|refusal| refusal.of("payments"))?;
    press(app, work, payment, name, fields)?;
    is_back(work, payment, &was, &["allocations", "unallocated", "refunded", "order", "status"])
}

/// The move that leads back; why there is none.
pub(super) fn way(payment: &Touched) -> std::result::Result<(&'static str, Json), Refusal> {
    let (before, after) = payment.change("allocations").unwrap_or((&Json::Null, &Json::Null));
    match (parts(before), parts(after)) {
        ([], [_, ..]) => Ok(("unassign", Json::Null)),
        ([part], []) => {
            let named = if part.get("order").is_some_and(|order| !order.is_null()) { "order" } else { "invoice" };
            Ok(("assign", json!({named: part.get(named), "amount": part.get("amount")})))
        }
        _ => Err(Refusal {
            code: "money_moves",
            how: "money goes back by its own operations: POST /payments/{id}/transitions/assign, …/unassign, …/refund",
        }),
    }
}

fn parts(allocations: &Json) -> &[Json] {
    allocations.as_array().map(Vec::as_slice).unwrap_or_default()
}
