//! What can be told beforehand of taking something back: what has no way back, whatever happens, is not offered.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Record};
use store::{Done, Result, Stage, Touched, Work};

use super::{BOOKED, ISSUED, NOTED, money, orders, tickets};
use crate::App;

impl App {
    /// Those of the change sets in the story of `record` that have no way back, each with the code of the refusal. What may
    /// have one is not judged here: that it has changed since is for its undo to say.
    ///
    /// # Errors
    /// When the database fails.
    pub fn hopeless(
        &self,
        work: &mut Work<'_>,
        record: &Record,
        sets: &BTreeSet<Id>,
    ) -> Result<BTreeMap<Id, &'static str>> {
        if work.erasure_of(record)?.is_some() {
            return Ok(sets.iter().map(|set| (*set, "erased")).collect());
        }
        let empty = work.without_change(sets)?.into_iter().map(|set| (set, "nothing_to_undo"));
        // Anything else is brought back field by field.
        if record.module.service.is_none() && record.module.name != "messages" {
            return Ok(empty.collect());
        }
        let done = work.done_by(sets)?.into_iter();
        let refused = done.filter_map(|(set, done)| Some((set, refusal(record, &done)?)));
        Ok(refused.chain(empty).collect())
    }
}

fn refusal(record: &Record, done: &Done) -> Option<&'static str> {
    if done.is_service_made {
        return of_services(&done.touched);
    }
    let is_letter = record.module.name == "messages"
        && record.text("direction") == Some("out")
        && record.text("status") != Some("draft");
    let is_written = |touched: &Touched| {
        touched.id == record.id && matches!((touched.begin, touched.end), (Stage::Unmade | Stage::InUse, Stage::InUse))
    };
    (is_letter && done.touched.iter().all(is_written)).then_some(NOTED.code)
}

/// In the order in which the services are asked for the way back.
fn of_services(touched: &[Touched]) -> Option<&'static str> {
    let of = |module: &'static str| touched.iter().filter(move |touched| touched.module.name == module);
    if of("payments").any(|payment| payment.begin == Stage::Unmade) {
        return Some(BOOKED.code);
    }
    if of("orders").any(orders::moved) {
        return of("orders")
            .filter(|order| orders::moved(order))
            .find_map(|order| Some(orders::way(order).err()?.code));
    }
    if of("payments").next().is_some() {
        return of("payments").find_map(|payment| Some(money::way(payment).err()?.code));
    }
    if of("invoices").chain(of("contracts")).next().is_some() {
        return Some(ISSUED.code);
    }
    let mut moved = of("tickets").filter(|ticket| ticket.change("status").is_some()).peekable();
    if moved.peek().is_some() {
        return moved.find_map(|ticket| Some(tickets::way(ticket).err()?.code));
    }
    Some(NOTED.code)
}
