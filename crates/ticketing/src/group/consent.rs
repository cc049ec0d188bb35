//! A changed price: the order is priced anew, invoiced anew, and its buyer agrees or declines (processes.md, 3.4).

use model::{Money, Record};
use store::{Draft, Error, Result, Work};

use super::deal;
use super::invoice::is_issued;
use crate::ending::Ending;
use crate::letter_data::Telling;
use crate::order::{Order, Status, is_live, tickets_of};
use crate::sale::Sale;
use crate::ticket_transitions::release_surplus;
use crate::{Refusal, Ticketing};

impl Ticketing {
    /// Asks the buyer whether they agree to the price of now; what the order costs is the new price from here on.
    pub(crate) fn ask(&self, work: &mut Work<'_>, order: Order, sale: &Sale, tickets: Vec<Record>) -> Result<Order> {
        let before = order.money.total;
        let (mut order, tickets, is_new) = reprice(work, order, sale, tickets)?;
        let is_waiting = release_surplus(work, &mut order)?;
        let current = if is_new { None } else { billing::current_invoice(work, order.id())? };
        let invoice = match current {
            Some(invoice) => invoice,
            None => self.issue_invoice(work, &order, sale, &tickets, None)?,
        };
        if order.money.is_covered() {
            return self.settle(work, order, sale, tickets, is_waiting.then_some("overpaid"));
        }
        let mut draft = order.money.written(Status::Pending, Draft::new()).set("price_asks", order.price_asks() + 1);
        if is_waiting {
            draft = draft.set("needs_attention", true).set("attention_reason", "overpaid");
        }
        if !is_issued(&invoice) {
            let draft = draft.set("price_asks", order.price_asks());
            return self.look_later(work, &order, sale, &tickets, draft);
        }
        let order = self.wait_again(work, &order, sale, &tickets, draft)?;
        deal::lead_to(work, &order, "invoiced", Draft::new().set("amount", order.money.total))?;
        let before = is_new.then_some(before);
        self.tell(
            work,
            &Telling::new("group_repriced", sale, &order, &tickets).invoice(Some(&invoice)).before(before),
        )?;
        Ok(order)
    }

    /// The buyer agrees to the new price, or takes the seats that are held for them, by the link: the order waits for its
    /// money again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the refusal `nothing_to_agree`.
    pub fn buyer_agree(&self, work: &mut Work<'_>, token: &str) -> Result<Record> {
        let id = self.by_token(work, token)?.id;
        work.as_process(|work| {
            let order = asked(work, id, Refusal::NothingToAgree)?;
            if order.is_offer() {
                return Ok(self.take_offer(work, &order)?.record);
            }
            let sale = Sale::read(work, order.event()?)?;
            let tickets = tickets_of(work, id)?;
            Ok(self.wait_again(work, &order, &sale, &tickets, Draft::new().set("price_asks", 0))?.record)
        })
    }

    /// The buyer declines the new price or the seats by the link: the seats are free.
    ///
    /// # Errors
    /// [`Error::NotFound`]; the refusal `nothing_to_decline`.
    pub fn buyer_decline(&self, work: &mut Work<'_>, token: &str) -> Result<Record> {
        let id = self.by_token(work, token)?.id;
        work.as_process(|work| {
            let order = asked(work, id, Refusal::NothingToDecline)?;
            let sale = Sale::read(work, order.event()?)?;
            let tickets = tickets_of(work, id)?;
            let reason = if order.is_offer() { "seats_declined" } else { "declined" };
            Ok(self.end(work, order, &sale, tickets, Ending::declined(reason))?.record)
        })
    }

    /// Whether a new price waits for the buyer's answer.
    ///
    /// # Errors
    /// When the order cannot be read.
    pub fn waits_for_consent(&self, order: &Record) -> Result<bool> {
        let order = Order::of(order.clone())?;
        Ok(order.status == Status::Pending && order.price_asks() > 0)
    }
}

/// The order, held, while a new price or seats of the waiting list wait for its buyer.
fn asked(work: &mut Work<'_>, id: model::Id, refusal: Refusal) -> Result<Order> {
    let order = Order::hold(work, id)?;
    let waits = order.status == Status::Pending && (order.price_asks() > 0 || order.is_offer());
    if waits { Ok(order) } else { Err(refusal.into()) }
}

/// Gives every ticket that is sold for another price now that price; answers whether there was one.
fn reprice(
    work: &mut Work<'_>,
    mut order: Order,
    sale: &Sale,
    tickets: Vec<Record>,
) -> Result<(Order, Vec<Record>, bool)> {
    let (mut priced, mut is_new) = (Vec::with_capacity(tickets.len()), false);
    let mut total = Money::zero(order.money.total.currency);
    for mut ticket in tickets {
        if is_live(&ticket) {
            let kind = ticket.link("ticket_type").and_then(|kind| sale.ticket_type(kind));
            let now = kind.and_then(|kind| sale.offer(kind).ok()).map(|now| now.price);
            if let Some(now) = now.filter(|now| ticket.get("list_price").as_money() != Some(*now)) {
                let draft = Draft::new().set("price", now).set("list_price", now);
                ticket = work.update("tickets", ticket.id, draft, None)?;
                is_new = true;
            }
            let price = ticket.get("price").as_money().unwrap_or(Money::zero(total.currency));
            total = total
                .checked_add(price)
                .ok_or_else(|| Error::conflict("other_currency", "prices are in another currency now"))?;
        }
        priced.push(ticket);
    }
    order.money.total = total;
    Ok((order, priced, is_new))
}
