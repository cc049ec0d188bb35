//! Giving the money of an order back.

use billing::Balance;
use model::{Id, Money, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, Result, Work};

use crate::ending::cancel_tickets;
use crate::letter_data::Telling;
use crate::order::{Order, Status, waiting_money};
use crate::pay::unflag_when_settled;
use crate::place::look_key;
use crate::sale::{Sale, read_money};
use crate::{Refusal, Ticketing};

/// Money of an order that can be given back: on the order, or waiting for it.
struct Part {
    payment: Id,
    on_order: Money,
    waiting: Money,
}

impl Ticketing {
    /// Gives back everything (then the order is refunded and its tickets are void) or `amount` (then its state stays and
    /// `paid` is less by it).
    pub(crate) fn refund(
        &self,
        work: &mut Work<'_>,
        order: Order,
        sale: &Sale,
        tickets: Vec<Record>,
        fields: &Map<String, Json>,
    ) -> Result<Order> {
        let currency = order.money.total.currency;
        let parts = parts(work, &order)?;
        let all = parts.iter().map(|part| part.on_order.minor + part.waiting.minor).sum();
        if all == 0 {
            return Err(Refusal::NothingToRefund.into());
        }
        let asked = fields.get("amount").filter(|json| !json.is_null());
        let asked = asked.map(|json| read_money("amount", json, currency)).transpose()?;
        match asked {
            Some(amount) if amount.currency != currency => {
                return Err(Error::field("amount", "other_currency", format!("the order is in {currency}")));
            }
            Some(amount) if amount.minor <= 0 => {
                return Err(Error::field("amount", "out_of_range", "an amount above zero is expected"));
            }
            Some(amount) if amount.minor > all => {
                return Err(Refusal::TooMuchToRefund(Money::new(all, currency)).into());
            }
            _ => {}
        }
        let wanted = asked.map_or(all, |amount| amount.minor);
        let order = give_back(work, order, parts, wanted)?;
        if wanted < all {
            let order = order.write(work, order.money.written(order.status, Draft::new()))?;
            unflag_when_settled(work, order.id())?;
            return Order::of(work.get("orders", order.id())?);
        }
        let tickets = if order.status == Status::Paid { cancel_tickets(work, tickets)? } else { tickets };
        let draft = Draft::new()
            .set("status", Status::Refunded.name())
            .set("last_letter_at", work.now())
            .set("needs_attention", false)
            .set("attention_reason", None::<&str>);
        let order = order.write(work, order.money.written(Status::Refunded, draft))?;
        work.dequeue(&look_key(order.id()))?;
        let returned = Money::new(all, currency);
        self.tell(work, &Telling::new("order_refunded", sale, &order, &tickets).paid(returned))?;
        Ok(order)
    }
}

fn parts(work: &mut Work<'_>, order: &Order) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for payment in &order.money.payments {
        let balance = Balance::of(&work.hold_for_process("payments", *payment)?)?;
        let waiting = Money::zero(balance.amount().currency);
        parts.push(Part { payment: *payment, on_order: balance.allocated_to(order.id()), waiting });
    }
    for (payment, balance) in waiting_money(work, order.id())? {
        if balance.amount().currency != order.money.total.currency {
            continue;
        }
        match parts.iter_mut().find(|part| part.payment == payment.id) {
            Some(part) => part.waiting = balance.unallocated(),
            None => parts.push(Part {
                payment: payment.id,
                on_order: Money::zero(balance.amount().currency),
                waiting: balance.unallocated(),
            }),
        }
    }
    Ok(parts)
}

/// Gives back `wanted` minor units: first what waits, then what is on the order, the latest payment first.
fn give_back(work: &mut Work<'_>, mut order: Order, parts: Vec<Part>, mut wanted: i64) -> Result<Order> {
    let mut plan: Vec<(Part, i64, i64)> = parts.into_iter().rev().map(|part| (part, 0, 0)).collect();
    for (part, waiting, _) in &mut plan {
        *waiting = part.waiting.minor.min(wanted);
        wanted -= *waiting;
    }
    for (part, _, released) in &mut plan {
        *released = part.on_order.minor.min(wanted);
        wanted -= *released;
    }
    for (part, waiting, released) in plan.into_iter().filter(|(_, waiting, released)| waiting + released > 0) {
        let money = |minor| Money::new(minor, order.money.total.currency);
        let payment = work.hold_for_process("payments", part.payment)?;
        billing::rebalance(work, part.payment, payment.link("order"), None, |balance| {
            balance.release(order.id(), Some(money(released)));
            balance.refund(money(waiting + released))
        })?;
        let rest = money(part.on_order.minor - released);
        let released = money(released);
        order.money.debit(part.payment, released, rest);
    }
    Ok(order)
}
