//! The timer of unpaid orders (processes.md, 2.5): remind and wait again, or free the seats.

use model::{Id, Record};
use store::{Draft, Error, Result, Work};

use crate::ending::Ending;
use crate::letter_data::Telling;
use crate::locks::Locks;
use crate::order::{Order, Status, is_live, tickets_of};
use crate::place::schedule;
use crate::sale::Sale;
use crate::waiting::{next_chase, next_look, release};
use crate::{Ticketing, Unsold};

/// What a look at an order came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing to do: it is not pending, or its time has not come.
    NotDue,
    /// The seats go, but only after the event's grace.
    Grace,
    /// The buyer was reminded; it waits again.
    Reminded,
    /// The price changed: the buyer is asked whether they agree to the new one.
    Asked,
    /// The seats are free.
    Annulled,
}

/// What is to be done with an order that was looked at.
enum Step {
    Remind,
    /// The tickets are out: what is due is a debt, and nothing is taken away.
    Chase,
    Ask,
    End(&'static str),
}

impl Ticketing {
    /// Takes turns on an order before the job of its look is taken off the queue, in the order in which everybody does.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub fn take_turn(&self, work: &mut Work<'_>, order: Id) -> Result<()> {
        work.lock(&Locks::default().order(order).keys())
    }

    /// Looks at an order whose time has come. Told twice, it does nothing the second time.
    ///
    /// # Errors
    /// When the database fails or the letter cannot be kept.
    pub fn look(&self, work: &mut Work<'_>, order: Id) -> Result<Look> {
        work.as_process(|work| {
            let order = match Order::hold(work, order) {
                Ok(order) => order,
                // Removed for good meanwhile: there is nothing to look at.
                Err(Error::NotFound { .. }) => return Ok(Look::NotDue),
                Err(error) => return Err(error),
            };
            let Some(due) = order.record.get("next_check_at").as_instant() else { return Ok(Look::NotDue) };
            if order.status != Status::Pending || order.record.deleted_at.is_some() {
                return Ok(Look::NotDue);
            }
            if work.now() < due {
                schedule(work, order.id(), due)?;
                return Ok(Look::NotDue);
            }
            let sale = Sale::read(work, order.event()?)?;
            let tickets = tickets_of(work, order.id())?;
            if order.is_offer() {
                // Money says more than a button.
                if !order.money.paid.is_zero() {
                    self.take_offer(work, &order)?;
                    return Ok(Look::Reminded);
                }
                self.end(work, order, &sale, tickets, Ending::annulled("not_taken"))?;
                return Ok(Look::Annulled);
            }
            let is_debt = order.is_group() && has_tickets_out(&tickets);
            let step = if is_debt { Step::Chase } else { step(work, &sale, &order, &tickets) };
            if !matches!(step, Step::End(_)) && waits_for_seller(work, &order)? {
                // Nobody can pay by an invoice that has not gone out.
                self.look_later(work, &order, &sale, &tickets, Draft::new())?;
                return Ok(Look::NotDue);
            }
            let reason = match step {
                Step::Remind => {
                    self.remind(work, &order, &sale, &tickets)?;
                    return Ok(Look::Reminded);
                }
                Step::Chase => {
                    self.chase(work, &order, &sale, &tickets)?;
                    return Ok(Look::Reminded);
                }
                Step::Ask => {
                    self.ask(work, order, &sale, tickets)?;
                    return Ok(Look::Asked);
                }
                Step::End(reason) => reason,
            };
            let release = release(work, &sale, due);
            if work.now() < release {
                schedule(work, order.id(), release)?;
                return Ok(Look::Grace);
            }
            self.end(work, order, &sale, tickets, Ending::annulled(reason))?;
            Ok(Look::Annulled)
        })
    }

    fn remind(&self, work: &mut Work<'_>, order: &Order, sale: &Sale, tickets: &[Record]) -> Result<()> {
        let reminders = order.record.get("reminders").as_int().unwrap_or(0) + 1;
        let order = self.wait_again(work, order, sale, tickets, Draft::new().set("reminders", reminders))?;
        let invoice = if order.is_group() { billing::current_invoice(work, order.id())? } else { None };
        self.tell(work, &Telling::new("order_reminder", sale, &order, tickets).invoice(invoice.as_ref()))
    }

    /// Whoever has the tickets and has not paid is reminded of it.
    fn chase(&self, work: &mut Work<'_>, order: &Order, sale: &Sale, tickets: &[Record]) -> Result<()> {
        let reminders = order.record.get("reminders").as_int().unwrap_or(0) + 1;
        let order = self.wait_again(work, order, sale, tickets, Draft::new().set("reminders", reminders))?;
        let invoice = billing::current_invoice(work, order.id())?;
        self.tell(work, &Telling::new("group_debt", sale, &order, tickets).invoice(invoice.as_ref()))
    }

    /// A letter is about to go out: `payment_wait` begins anew. Writes `draft` along.
    pub(crate) fn wait_again(
        &self,
        work: &mut Work<'_>,
        order: &Order,
        sale: &Sale,
        tickets: &[Record],
        draft: Draft,
    ) -> Result<Order> {
        self.look_later(work, order, sale, tickets, draft.set("last_letter_at", work.now()))
    }

    /// The order is looked at when `payment_wait` has gone by again.
    pub(crate) fn look_later(
        &self,
        work: &mut Work<'_>,
        order: &Order,
        sale: &Sale,
        tickets: &[Record],
        draft: Draft,
    ) -> Result<Order> {
        let kinds = tickets.iter().filter(|ticket| is_live(ticket)).filter_map(|ticket| ticket.link("ticket_type"));
        let look = if order.is_group() && has_tickets_out(tickets) {
            next_chase(work)
        } else {
            next_look(work, sale, kinds.filter_map(|kind| sale.ticket_type(kind)))
        };
        schedule(work, order.id(), look)?;
        order.write(work, draft.set("next_check_at", look))
    }
}

/// Whether tickets went out.
pub(crate) fn has_tickets_out(tickets: &[Record]) -> bool {
    tickets.iter().any(|ticket| matches!(ticket.text("status"), Some("issued" | "checked_in")))
}

/// Whether an organisation has not been invoiced because nobody has said who sells.
fn waits_for_seller(work: &mut Work<'_>, order: &Order) -> Result<bool> {
    Ok(order.is_group()
        && work.settings().legal_entities.is_empty()
        && billing::current_invoice(work, order.id())?.is_none())
}

/// A private person orders again at the new price; an organisation is asked, so often as the event says.
fn step(work: &Work<'_>, sale: &Sale, order: &Order, tickets: &[Record]) -> Step {
    let reason = reason_to_end(sale, order, tickets);
    let waits = order.price_asks() > 0 && reason.is_none();
    match reason {
        Some(PRICE_CHANGED) | None if order.is_group() && (waits || reason.is_some()) => {
            if order.price_asks() < most_asks(work, sale) { Step::Ask } else { Step::End("not_agreed") }
        }
        Some(reason) => Step::End(reason),
        None => Step::Remind,
    }
}

/// How often a buyer is asked to agree to a new price: as the event says, else the workspace, else twice.
fn most_asks(work: &Work<'_>, sale: &Sale) -> i64 {
    sale.event.get("price_asks").as_int().or(work.settings().price_asks).unwrap_or(2)
}

const PRICE_CHANGED: &str = "price_changed";

/// Why the seats of an unpaid order go; nothing while every ticket is still sold for the price it was taken at.
fn reason_to_end(sale: &Sale, order: &Order, tickets: &[Record]) -> Option<&'static str> {
    let mut reason = None;
    for ticket in tickets.iter().filter(|ticket| is_live(ticket)) {
        let offer = match ticket.link("ticket_type").and_then(|kind| sale.ticket_type(kind)) {
            Some(kind) => sale.offer(kind),
            // The type is in the bin.
            None => Err(Unsold::Closed),
        };
        match offer {
            Err(Unsold::Past) => return Some("event_past"),
            Err(_) => reason = Some("sale_closed"),
            Ok(now) if ticket.get("list_price").as_money() != Some(now.price) => {
                reason = reason.or(Some(PRICE_CHANGED))
            }
            Ok(_) => {}
        }
    }
    let looks = order.record.get("reminders").as_int().unwrap_or(0) + 1;
    let is_last = sale.event.get("max_looks").as_int().is_some_and(|most| looks >= most);
    reason.or_else(|| is_last.then_some("not_paid"))
}
