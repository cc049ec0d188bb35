//! Fields that are worked out when records are read, for a whole page at once.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Record, Value};
use store::{Result, Work};

use crate::condition::by_field;
use crate::sale::{Sale, TicketType, currency};
use crate::seats::Taken;
use crate::{Seats, Ticketing};

impl Ticketing {
    /// Fills the computed fields that the caller may see: of ticket types `price_now`, `sold`, `reserved`, `available`, of
    /// orders `public_url`. The records are of one module; other modules have nothing computed. Two queries at most.
    ///
    /// # Errors
    /// When the database fails.
    pub fn compute(&self, work: &mut Work<'_>, records: &mut [Record]) -> Result<()> {
        let Some(module) = records.first().map(|record| record.module.clone()) else { return Ok(()) };
        let mut filled = match module.name.as_str() {
            "ticket_types" => work.as_process(|work| types(work, records))?,
            "orders" => work.as_process(|work| self.links(work, records))?,
            _ => return Ok(()),
        };
        let hidden = work.grant(&module).hidden;
        for record in records {
            for (name, value) in filled.remove(&record.id).unwrap_or_default() {
                if !hidden.iter().any(|hidden| hidden == name) {
                    record.set(name, value);
                }
            }
        }
        Ok(())
    }

    /// The event's ticket types with what is left of each, and the seats of the event as a whole.
    ///
    /// # Errors
    /// [`store::Error::NotFound`].
    pub fn availability(&self, work: &mut Work<'_>, event: Id) -> Result<(Vec<(TicketType, Seats)>, Seats)> {
        work.as_process(|work| {
            let sale = Sale::read(work, event)?;
            let taken = Taken::count(work, &[event])?;
            let types = sale.types.iter().map(|kind| (kind.clone(), sale.seats(&taken, kind))).collect();
            Ok((types, taken.of_event(event, sale.capacity())))
        })
    }

    fn links(&self, work: &mut Work<'_>, orders: &[Record]) -> Result<Filled> {
        // The secret may be hidden from whoever read the records.
        let unread = orders.iter().filter(|order| order.text("token").is_none()).map(|order| order.id);
        let unread: Vec<_> = unread.collect();
        let mut tokens: BTreeMap<Id, String> =
            orders.iter().filter_map(|order| Some((order.id, order.text("token")?.to_owned()))).collect();
        let read = by_field(work, "orders", "id", unread)?;
        tokens.extend(read.iter().filter_map(|order| Some((order.id, order.text("token")?.to_owned()))));
        let link = |(id, token): (Id, String)| (id, vec![("public_url", Value::Text(self.order_url(&token)))]);
        Ok(tokens.into_iter().map(link).collect())
    }
}

type Filled = BTreeMap<Id, Vec<(&'static str, Value)>>;

fn types(work: &mut Work<'_>, records: &[Record]) -> Result<Filled> {
    let events: BTreeSet<Id> = records.iter().filter_map(|record| record.link("event")).collect();
    let events: Vec<Id> = events.into_iter().collect();
    let taken = Taken::count(work, &events)?;
    let events: BTreeMap<Id, Record> =
        by_field(work, "events", "id", events)?.into_iter().map(|event| (event.id, event)).collect();
    let mut filled = Filled::new();
    for record in records {
        let Some(event) = record.link("event").and_then(|event| events.get(&event)) else { continue };
        let kind = TicketType::of(record, currency(event, work.settings()));
        let seats = taken.of_type(kind.id, kind.quota, event.id, event.get("capacity").as_int());
        filled.insert(
            record.id,
            vec![
                ("price_now", kind.price(work.now()).map(|now| now.price).into()),
                ("sold", seats.sold.into()),
                ("reserved", seats.reserved.into()),
                ("available", seats.available.into()),
            ],
        );
    }
    Ok(filled)
}
