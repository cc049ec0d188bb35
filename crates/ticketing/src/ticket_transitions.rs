//! The transitions of one ticket: the door's, and its cancellation apart from its order.

use billing::Attention;
use model::rights::Capability;
use model::{Id, Money, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, Result, Work};

use crate::Ticketing;
use crate::door::admit;
use crate::ending::Ending;
use crate::order::{Order, Status, is_live, tickets_of};
use crate::participants::follow_tickets;
use crate::pay::{flag, hold_for_money, unflag_when_settled};
use crate::press::{not_from_here, press};
use crate::sale::Sale;
use crate::waiting_list::call;

impl Ticketing {
    /// A transition of a ticket: `check_in`, `undo_check_in`, `cancel` (alone: the order costs less by it).
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], and the refusals.
    pub fn ticket_transition(
        &self,
        work: &mut Work<'_>,
        id: Id,
        name: &str,
        fields: &Map<String, Json>,
    ) -> Result<Record> {
        let seen = work.get("tickets", id)?;
        match name {
            "check_in" => {
                work.require(Capability::CheckIn)?;
                let ticket = press(work, "tickets", id, name, fields, &[])?;
                self.expect(work, &ticket, name, "issued")?;
                work.as_process(|work| admit(work, &ticket, None))
            }
            "undo_check_in" => {
                work.require(Capability::CheckIn)?;
                let ticket = press(work, "tickets", id, name, fields, &[])?;
                self.expect(work, &ticket, name, "checked_in")?;
                work.as_process(|work| undo(work, id))
            }
            "cancel" => self.cancel_ticket(work, id, fields),
            _ => Err(not_from_here(work, &seen, name)),
        }
    }

    fn expect(&self, work: &Work<'_>, ticket: &Record, name: &str, state: &str) -> Result<()> {
        if ticket.text("status") == Some(state) { Ok(()) } else { Err(not_from_here(work, ticket, name)) }
    }

    /// One ticket goes, the others stay: the order's total is less by its price, and what was paid beyond that waits to be
    /// returned. The last ticket takes the order with it. Needs the right to change the ticket and the order.
    fn cancel_ticket(&self, work: &mut Work<'_>, id: Id, fields: &Map<String, Json>) -> Result<Record> {
        let order = work.as_process(|work| {
            let order = work.get("tickets", id)?.link("order");
            hold_for_money(work, order, None)
        })?;
        let order = order.ok_or_else(|| Error::not_found("tickets", id))?;
        work.update("orders", order.id(), Draft::new(), None)?;
        let ticket = press(work, "tickets", id, "cancel", fields, &[])?;
        let is_open = matches!(order.status, Status::Pending | Status::Paid);
        if !is_open || !matches!(ticket.text("status"), Some("reserved" | "issued")) {
            return Err(not_from_here(work, &ticket, "cancel"));
        }
        work.as_process(|work| {
            let sale = Sale::read(work, order.event()?)?;
            let tickets = tickets_of(work, order.id())?;
            if tickets.iter().filter(|ticket| is_live(ticket)).count() == 1 {
                self.end(work, order, &sale, tickets, Ending::cancelled("by_staff"))?;
                return work.get("tickets", id);
            }
            let draft = Draft::new().set("status", "cancelled").set("cancelled_alone", true);
            let ticket = work.update("tickets", id, draft, None)?;
            follow_tickets(work, ticket.link("participant"))?;
            self.shrink(work, order, &sale, &ticket)?;
            call(work, sale.event.id)?;
            Ok(ticket)
        })
    }

    fn shrink(&self, work: &mut Work<'_>, mut order: Order, sale: &Sale, ticket: &Record) -> Result<()> {
        let price = ticket.get("price").as_money().map_or(0, |price| price.minor);
        order.money.total.minor -= price;
        let is_waiting = release_surplus(work, &mut order)?;
        if order.status == Status::Pending && order.money.is_covered() {
            let tickets = tickets_of(work, order.id())?;
            self.settle(work, order, sale, tickets, is_waiting.then_some("overpaid"))?;
            return Ok(());
        }
        let mut order = order.write(work, order.money.written(order.status, Draft::new()))?;
        if is_waiting {
            order = flag(work, &order, "overpaid")?;
        }
        if order.is_group() && order.status == Status::Pending {
            let tickets = tickets_of(work, order.id())?;
            self.tell_invoice(work, &order, sale, &tickets)?;
        }
        Ok(())
    }
}

/// Takes off the order what is paid beyond its total; answers whether it waits for the order.
pub(crate) fn release_surplus(work: &mut Work<'_>, order: &mut Order) -> Result<bool> {
    let mut surplus = (order.money.paid.minor - order.money.total.minor).max(0);
    let (mut is_waiting, mut orphaned) = (false, Vec::new());
    for payment in order.money.payments.clone().into_iter().rev() {
        if surplus == 0 {
            break;
        }
        let limit = Some(Money::new(surplus, order.money.total.currency));
        let released = billing::release(work, payment, order.id(), limit, Attention::Overpaid)?;
        surplus -= released.amount.minor;
        order.money.debit(payment, released.amount, released.rest);
        is_waiting |= released.payment.link("order") == Some(order.id());
        orphaned.extend(released.orphaned);
    }
    orphaned.into_iter().try_for_each(|other| unflag_when_settled(work, other))?;
    Ok(is_waiting)
}

fn undo(work: &mut Work<'_>, id: Id) -> Result<Record> {
    let draft = Draft::new()
        .set("status", "issued")
        .set("checked_in_at", None::<jiff::Timestamp>)
        .set("checked_in_by", None::<Id>)
        .set("check_in_point", None::<&str>);
    let ticket = work.update("tickets", id, draft, None)?;
    follow_tickets(work, ticket.link("participant"))?;
    Ok(ticket)
}
