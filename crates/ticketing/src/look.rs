//! The timer of unpaid orders (processes.md, 2.5): remind and wait again, or free the seats.

use model::{Id, Record};
use store::{Draft, Error, Result, Work};

use crate::ending::Ending;
use crate::letter_data::Telling;
use crate::locks::Locks;
use crate::order::{Order, Status, is_live, tickets_of};
use crate::place::schedule;
use crate::sale::Sale;
use crate::waiting::{next_look, release};
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
    /// The seats are free.
    Annulled,
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
            let Some(reason) = reason_to_end(&sale, &order, &tickets) else {
                self.remind(work, &order, &sale, &tickets)?;
                return Ok(Look::Reminded);
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
        self.tell(work, &Telling::new("order_reminder", sale, &order, tickets))
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
        let kinds = tickets.iter().filter(|ticket| is_live(ticket)).filter_map(|ticket| ticket.link("ticket_type"));
        let look = next_look(work, sale, kinds.filter_map(|kind| sale.ticket_type(kind)));
        schedule(work, order.id(), look)?;
        order.write(work, draft.set("next_check_at", look).set("last_letter_at", work.now()))
    }
}

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
                reason = reason.or(Some("price_changed"))
            }
            Ok(_) => {}
        }
    }
    let looks = order.record.get("reminders").as_int().unwrap_or(0) + 1;
    let is_last = sale.event.get("max_looks").as_int().is_some_and(|most| looks >= most);
    reason.or_else(|| is_last.then_some("not_paid"))
}
