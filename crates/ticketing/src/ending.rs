//! Orders that end: seats free again, money that was on them unallocated or given back.

use billing::Attention;
use model::Record;
use store::{Draft, Error, Result, Work};

use crate::letter_data::Telling;
use crate::order::{Order, Status, is_live};
use crate::participants::follow_tickets;
use crate::pay::unflag_when_settled;
use crate::place::look_key;
use crate::sale::Sale;
use crate::waiting_list::{call, follow, taken_over};
use crate::{Refusal, Ticketing};

/// How an order ends with its money kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    status: Status,
    /// The move that it is.
    step: &'static str,
    /// Value of `orders.end_reason`.
    reason: &'static str,
    template: &'static str,
    money: Attention,
    /// Value of `orders.attention_reason` where there is money.
    attention: &'static str,
}

impl Ending {
    pub(crate) fn annulled(reason: &'static str) -> Self {
        Self {
            status: Status::Annulled,
            step: "annul",
            reason,
            template: "order_annulled",
            money: Attention::PartPaidAnnulled,
            attention: "part_paid_annulled",
        }
    }

    /// The buyer declined what was offered.
    pub(crate) fn declined(reason: &'static str) -> Self {
        Self { step: "decline", ..Self::annulled(reason) }
    }

    pub(crate) fn cancelled(reason: &'static str) -> Self {
        Self {
            status: Status::Cancelled,
            step: "cancel",
            reason,
            template: "order_cancelled",
            money: Attention::OrderEnded,
            attention: "paid_cancelled",
        }
    }
}

impl Ticketing {
    /// Ends an order: its tickets are cancelled, what was paid becomes unallocated, the buyer is told.
    pub(crate) fn end(
        &self,
        work: &mut Work<'_>,
        order: Order,
        sale: &Sale,
        tickets: Vec<Record>,
        ending: Ending,
    ) -> Result<Order> {
        let tickets = cancel_tickets(work, tickets)?;
        let came = order.money.paid;
        let mut money = order.money.clone();
        let (mut is_waiting, mut orphaned) = (false, Vec::new());
        for payment in order.money.payments.clone() {
            let released = billing::release(work, payment, order.id(), None, ending.money)?;
            money.debit(payment, released.amount, released.rest);
            is_waiting |= released.payment.link("order") == Some(order.id());
            orphaned.extend(released.orphaned);
        }
        let mut draft = Draft::new()
            .set("status", ending.status.name())
            .set("end_reason", ending.reason)
            .set("price_asks", 0)
            .set("next_check_at", None::<jiff::Timestamp>)
            .set("last_letter_at", work.now());
        if is_waiting {
            draft = draft.set("needs_attention", true).set("attention_reason", ending.attention);
        }
        follow(work, &order, if ending.reason == "not_taken" { "missed" } else { "left" })?;
        let draft = taken_over(&order, draft);
        work.makes(&order.record, ending.step);
        let order = order.write(work, money.written(ending.status, draft))?;
        work.dequeue(&look_key(order.id()))?;
        orphaned.into_iter().try_for_each(|other| unflag_when_settled(work, other))?;
        if order.is_group() {
            self.group_ended(work, &order, ending.reason)?;
        }
        self.tell(work, &Telling::new(ending.template, sale, &order, &tickets).paid(came).reason(ending.reason))?;
        Ok(order)
    }
}

/// Cancels the live tickets of an order that ends.
///
/// # Errors
/// `checked_in`: who came in cannot be un-admitted by money.
pub(crate) fn cancel_tickets(work: &mut Work<'_>, tickets: Vec<Record>) -> Result<Vec<Record>> {
    // Held and read again: the door does not wait for the lock of the order.
    let held = tickets.into_iter().map(|ticket| work.hold_for_process("tickets", ticket.id));
    let tickets = held.collect::<Result<Vec<_>>>()?;
    if let Some(inside) = tickets.iter().find(|ticket| ticket.text("status") == Some("checked_in")) {
        return Err(Error::from(Refusal::CheckedIn(inside.text("code").unwrap_or_default().to_owned())));
    }
    let mut cancelled = Vec::with_capacity(tickets.len());
    for ticket in tickets {
        if is_live(&ticket) {
            work.makes(&ticket, "cancelled");
        }
        cancelled.push(work.update("tickets", ticket.id, Draft::new().set("status", "cancelled"), None)?);
    }
    let mut cards: Vec<_> = cancelled.iter().filter_map(|ticket| ticket.link("participant")).collect();
    cards.sort_unstable();
    cards.dedup();
    for card in cards {
        follow_tickets(work, Some(card))?;
    }
    let mut events: Vec<_> = cancelled.iter().filter_map(|ticket| ticket.link("event")).collect();
    events.dedup();
    events.into_iter().try_for_each(|event| call(work, event))?;
    Ok(cancelled)
}
