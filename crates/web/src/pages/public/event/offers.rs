//! What an event sells at this moment.

use std::collections::BTreeMap;

use app::App;
use jiff::Timestamp;
use model::{Id, Money, Record};
use store::{Result, Work};
use ticketing::{Seats, Tier, Unsold};

/// Seats that one form offers at most.
const MOST: i64 = 20;
/// From so few seats on the visitor is told how many are left.
pub(super) const FEW: i64 = 20;

/// A ticket type for sale, or not.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) price: Option<Money>,
    /// When the price changes, and to what.
    pub(super) next: Option<(Timestamp, Option<Money>)>,
    /// Seats left; nothing where nothing limits them.
    pub(super) left: Option<i64>,
    /// Seats that may be ordered at once.
    pub(super) most: i64,
    /// The same, where the organiser's rule and not the seats sets it.
    pub(super) rule: Option<i64>,
    pub(super) state: State,
}

/// Whether it can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    SoldOut,
    NotYet(Timestamp),
    Closed,
}

impl State {
    fn of<T>(price: &std::result::Result<T, Unsold>, seats: Seats) -> Self {
        match (price, seats.available) {
            (Ok(_), Some(0)) => Self::SoldOut,
            (Ok(_), _) => Self::Open,
            (Err(Unsold::NotYet(from)), _) => Self::NotYet(*from),
            (Err(_), _) => Self::Closed,
        }
    }
}

/// Its ticket types, in the order the organiser gave them.
pub(super) fn of(app: &App, work: &mut Work<'_>, event: &Record) -> Result<Vec<Offer>> {
    let sold = app.ticketing().offers(work, event.id)?;
    let ids = sold.iter().map(|offer| offer.kind.id).collect();
    let records = work.as_process(|work| {
        let module = work.module("ticket_types")?;
        work.several(&module, &ids)
    })?;
    let records: BTreeMap<Id, Record> = records.into_iter().map(|record| (record.id, record)).collect();
    let now = work.now();
    let mut offers: Vec<(i64, Offer)> = Vec::new();
    for ticketing::Offer { kind, seats, price: sale } in sold {
        let record = records.get(&kind.id);
        let price = kind.price(now);
        let next = price.and_then(|price| price.until);
        let most = [seats.available, kind.max_per_order].into_iter().flatten().fold(MOST, i64::min);
        let offer = Offer {
            id: kind.id,
            description: record.and_then(|record| record.text("description")).map(str::to_owned),
            price: price.map(|price| price.price),
            next: next.map(|at| (at, Tier::in_force(&kind.tiers, at).map(|next| next.price))),
            left: seats.available,
            most,
            rule: kind.max_per_order.filter(|rule| *rule == most && seats.available.is_none_or(|left| left > most)),
            state: State::of(&sale, seats),
            name: kind.name,
        };
        offers.push((record.and_then(|record| record.get("position").as_int()).unwrap_or(0), offer));
    }
    offers.sort_by_key(|(position, _)| *position);
    Ok(offers.into_iter().map(|(_, offer)| offer).collect())
}
