//! Orders that wait already count their time anew when the timer of their process is of another length.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Record};
use store::{Draft, List, Result, Sort, Work};

use crate::Ticketing;
use crate::condition::by_field;
use crate::locks::Locks;
use crate::look::has_tickets_out;
use crate::order::{Order, Status, is_live};
use crate::place::schedule;
use crate::sale::Sale;
use crate::waiting::{PAYMENT_WAIT, look_after};

impl Ticketing {
    /// Counts the time of the next orders that wait anew, from their last letter; answers where the next turn begins. For
    /// the timer called `timer`; of others nobody waits.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retime(
        &self,
        work: &mut Work<'_>,
        timer: &str,
        cursor: Option<String>,
        limit: usize,
    ) -> Result<Option<String>> {
        // Where the organisation says how long, the process is not asked.
        if timer != PAYMENT_WAIT || work.settings().payment_wait.is_some() {
            return Ok(None);
        }
        work.as_process(|work| {
            let filter = work.filter("orders", &format!("status == {:?}", Status::Pending.name()))?;
            let sort = vec![Sort { field: "id".to_owned(), descending: true }];
            let page = work.list("orders", &List { filter: Some(filter), sort, limit, cursor, ..List::default() })?;
            let ids: BTreeSet<Id> = page.records.iter().map(|record| record.id).collect();
            let keys = ids.iter().fold(Locks::default(), |locks, id| locks.order(*id)).keys();
            work.lock(&keys)?;
            let mut sales = BTreeMap::new();
            let tickets = tickets_of_all(work, &ids)?;
            for id in &ids {
                recount(work, *id, &mut sales, tickets.get(id).map(Vec::as_slice).unwrap_or_default())?;
            }
            Ok(page.next)
        })
    }
}

/// The tickets of several orders, read together.
fn tickets_of_all(work: &mut Work<'_>, orders: &BTreeSet<Id>) -> Result<BTreeMap<Id, Vec<Record>>> {
    let mut all: BTreeMap<Id, Vec<Record>> = BTreeMap::new();
    for ticket in by_field(work, "tickets", "order", orders.iter().copied())? {
        if let Some(order) = ticket.link("order").filter(|_| is_live(&ticket)) {
            all.entry(order).or_default().push(ticket);
        }
    }
    Ok(all)
}

fn recount(work: &mut Work<'_>, id: Id, sales: &mut BTreeMap<Id, Sale>, tickets: &[Record]) -> Result<()> {
    let order = Order::of(work.hold_for_process("orders", id)?)?;
    let instant = |name: &str| order.record.get(name).as_instant();
    let (Some(due), Some(since)) = (instant("next_check_at"), instant("last_letter_at")) else { return Ok(()) };
    let is_debt = order.is_group() && has_tickets_out(tickets);
    if order.status != Status::Pending || order.record.deleted_at.is_some() || is_debt || order.is_offer() {
        return Ok(());
    }
    let event = order.event()?;
    if let Entry::Vacant(place) = sales.entry(event) {
        place.insert(Sale::read(work, event)?);
    }
    let Some(sale) = sales.get(&event) else { return Ok(()) };
    let kinds = tickets.iter().filter_map(|ticket| ticket.link("ticket_type"));
    let look = look_after(work, sale, kinds.filter_map(|kind| sale.ticket_type(kind)), since).max(work.now());
    // What is due already is looked at in its turn, and waits at most for the grace of its event.
    if look == due || look == work.now() && due <= work.now() {
        return Ok(());
    }
    schedule(work, id, look)?;
    order.write(work, Draft::new().set("next_check_at", look)).map(drop)
}
