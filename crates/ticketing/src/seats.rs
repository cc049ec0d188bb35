//! Seats: counted, never stored.

use std::collections::BTreeMap;

use model::expr::Plan;
use model::{Id, Value};
use store::{Result, Work};

use crate::condition::condition;

/// What is left of a ticket type, or of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    /// Tickets issued and checked in.
    pub sold: i64,
    /// Tickets reserved.
    pub reserved: i64,
    /// Seats left, never below zero; nothing where neither quota nor capacity is set.
    pub available: Option<i64>,
}

impl Seats {
    /// Seats that are not free.
    #[must_use]
    pub fn taken(self) -> i64 {
        self.sold + self.reserved
    }

    fn left(self, of: Option<i64>) -> Option<i64> {
        of.map(|of| (of - self.taken()).max(0))
    }
}

/// Seats taken in some events.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    by_type: BTreeMap<Id, Seats>,
    by_event: BTreeMap<Id, Seats>,
}

impl Taken {
    /// Counts in one query. To decide by the answer, call it behind the locks of the events.
    pub(crate) fn count(work: &mut Work<'_>, events: &[Id]) -> Result<Self> {
        let filter = condition(work, "tickets", |tickets| {
            let states = Plan::field(tickets, "status")?.one_of(["reserved", "issued", "checked_in"])?;
            Ok(Plan::field(tickets, "event")?.one_of(events.iter().copied())?.and(states))
        })?;
        let mut taken = Self::default();
        for group in work.counts("tickets", Some(filter), &["event", "ticket_type", "status"])? {
            let [Value::Id(event), Value::Id(kind), Value::Text(status)] = &group.group[..] else { continue };
            for seats in [taken.by_event.entry(*event).or_default(), taken.by_type.entry(*kind).or_default()] {
                if status == "reserved" {
                    seats.reserved += group.count;
                } else {
                    seats.sold += group.count;
                }
            }
        }
        Ok(taken)
    }

    /// Counts seats as reserved that are spoken for.
    pub(crate) fn hold(&mut self, event: Id, kind: Id, seats: i64) {
        self.by_event.entry(event).or_default().reserved += seats;
        self.by_type.entry(kind).or_default().reserved += seats;
    }

    /// Seats of a ticket type: the smaller of what its quota and its event's capacity leave.
    pub(crate) fn of_type(&self, kind: Id, quota: Option<i64>, event: Id, capacity: Option<i64>) -> Seats {
        let seats = self.by_type.get(&kind).copied().unwrap_or_default();
        let of_event = self.by_event.get(&event).copied().unwrap_or_default();
        let available = [seats.left(quota), of_event.left(capacity)].into_iter().flatten().min();
        Seats { available, ..seats }
    }

    /// Seats of an event.
    pub(crate) fn of_event(&self, event: Id, capacity: Option<i64>) -> Seats {
        let seats = self.by_event.get(&event).copied().unwrap_or_default();
        Seats { available: seats.left(capacity), ..seats }
    }
}
