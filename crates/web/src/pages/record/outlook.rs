//! What a move will do that is not seen from its name: seats, letters, money. Also whether it would do anything at all.

use model::expr::Plan;
use model::process::Transition;
use model::rights::Scope;
use model::{Locale, Money, Record, Value, l10n};
use store::{List, Result, Work};

use crate::ui::Words;

/// Payments of one order that are looked at.
const PAYMENTS: usize = 100;

/// Whether the move could do anything: where nothing is left to assign or to return, it is not offered.
pub(super) fn has_effect(record: &Record, transition: &Transition) -> bool {
    let is_nothing = |name: &str| record.get(name).as_money().is_some_and(|amount| amount.is_zero());
    match (record.module.name.as_str(), transition.name.as_str()) {
        ("payments", "assign" | "refund") => !is_nothing("unallocated"),
        ("payments", "unassign") => {
            !matches!(record.get("allocations"), Value::Json(json) if json.as_array().is_some_and(Vec::is_empty))
        }
        _ => true,
    }
}

/// What the move will do, in words for whoever is about to make it.
pub(super) fn of(work: &mut Work<'_>, l: Locale, record: &Record, transition: &Transition) -> Result<Option<String>> {
    let told = |key: &str, amount: Money| l.say_with(key, &[("amount", l10n::money(l, amount).into())]);
    let words = match (record.module.name.as_str(), transition.name.as_str()) {
        ("orders", "annul") => l.say("will-annul"),
        ("orders", "cancel") => match held(work, record)?.filter(|amount| amount.minor > 0) {
            Some(amount) => told("will-cancel-paid", amount),
            None => l.say("will-cancel"),
        },
        ("orders", "revive") => l.say("will-revive"),
        ("orders", "refund") => match held(work, record)?.filter(|amount| amount.minor > 0) {
            Some(amount) => told("will-refund", amount),
            None => return Ok(None),
        },
        ("payments", "refund") => match record.get("unallocated").as_money() {
            Some(amount) => told("will-return", amount),
            None => return Ok(None),
        },
        ("payments", "unassign") => l.say("will-unassign"),
        ("tickets", "cancel") => l.say("will-cancel-ticket"),
        _ => return Ok(None),
    };
    Ok(Some(words))
}

/// The money of an order that could be returned: what pays for it, and what waits for it. Nothing where the reader may
/// not know.
fn held(work: &mut Work<'_>, order: &Record) -> Result<Option<Money>> {
    let Some(paid) = order.get("paid").as_money() else { return Ok(None) };
    let module = work.module("payments")?;
    let grant = work.grant(&module);
    if grant.read != Scope::All || grant.hidden.iter().any(|hidden| hidden == "unallocated") {
        return Ok(None);
    }
    let Ok(filter) = Plan::field(&module, "order").and_then(|link| link.eq(order.id)) else { return Ok(None) };
    let list = List { filter: Some(filter), limit: PAYMENTS, ..List::default() };
    let payments = work.list("payments", &list)?.records;
    let waiting = payments.iter().filter_map(|payment| payment.get("unallocated").as_money());
    Ok(waiting.filter(|amount| amount.currency == paid.currency).try_fold(paid, Money::checked_add))
}
