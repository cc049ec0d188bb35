//! The transitions of an order, by name (processes.md, 9). The table stands here in Rust: no configuration goes around it.

use model::rights::Capability;
use model::{Id, Record};
use serde_json::{Map, Value as Json};
use store::{Result, Work};

use crate::ending::Ending;
use crate::locks::Locks;
use crate::order::{Order, Status, tickets_of};
use crate::press::{not_from_here, press};
use crate::sale::Sale;
use crate::{Refusal, Ticketing};

impl Ticketing {
    /// A transition of an order: `annul`, `decline`, `cancel`, `revive` `{keep_price?}`, `refund` `{amount?}`. Other names
    /// in `fields` are fields of the order and kept.
    ///
    /// # Errors
    /// [`store::Error::NotFound`], [`store::Error::Forbidden`], [`store::Error::Invalid`], and the refusals.
    pub fn order_transition(
        &self,
        work: &mut Work<'_>,
        id: Id,
        name: &str,
        fields: &Map<String, Json>,
    ) -> Result<Record> {
        let seen = work.get("orders", id)?;
        let (options, from): (&[&str], &[Status]) = match name {
            "annul" => (&[], &[Status::Pending]),
            "cancel" => (&[], &[Status::Pending, Status::Paid]),
            "revive" => (&["keep_price"], &[Status::Annulled, Status::Cancelled]),
            "refund" => (&["amount"], &[Status::Paid, Status::Cancelled]),
            "decline" => return Err(Refusal::NothingToDecline.into()),
            _ => return Err(not_from_here(work, &seen, name)),
        };
        if matches!(name, "revive" | "refund") {
            work.require(Capability::ManageOrders)?;
        }
        self.lock_for(work, &seen, name)?;
        let record = press(work, "orders", id, name, fields, options)?;
        let order = Order::of(record)?;
        if !from.contains(&order.status) {
            return Err(not_from_here(work, &order.record, name));
        }
        let order = work.as_process(|work| {
            let sale = Sale::read(work, order.event()?)?;
            let tickets = tickets_of(work, id)?;
            match name {
                "annul" => self.end(work, order, &sale, tickets, Ending::annulled("by_staff")),
                "cancel" => self.end(work, order, &sale, tickets, Ending::cancelled("by_staff")),
                "revive" => self.revive(work, order, &sale, tickets, fields),
                _ => self.refund(work, order, &sale, tickets, fields),
            }
        })?;
        Ok(order.record)
    }

    /// What a transition needs to itself, taken in one call and in order: seats only where some are taken again.
    fn lock_for(&self, work: &mut Work<'_>, order: &Record, name: &str) -> Result<()> {
        let mut locks = Locks::default().order(order.id);
        if name == "revive" {
            let (order, tickets) = work.as_process(|work| {
                let order = Order::of(work.get("orders", order.id)?)?;
                let tickets = tickets_of(work, order.id())?;
                Ok::<_, store::Error>((order, tickets))
            })?;
            let event = order.event()?;
            let people: Vec<_> = tickets.iter().map(|ticket| crate::order::person(ticket, "attendee")).collect();
            let buyer = order.buyer();
            let types = tickets.iter().filter_map(|ticket| ticket.link("ticket_type"));
            locks = locks.people(people.iter().chain([&buyer])).event(event).types(types);
        }
        work.lock(&locks.keys())
    }
}
