//! What an event sells at this moment.

use std::collections::BTreeMap;

use app::App;
use jiff::Timestamp;
use model::expr::Plan;
use model::{Id, Money, Record};
use store::{Error, Result, Work};
use ticketing::Tier;

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

/// The event with this address that the public may know of.
pub(super) fn event(work: &mut Work<'_>, slug: &str) -> Result<Record> {
    let missing = || Error::NotFound { module: "events".to_owned(), id: slug.to_owned() };
    work.as_process(|work| {
        let module = work.module("events").map_err(|_| missing())?;
        let wanted = Plan::field(&module, "slug").and_then(|field| field.eq(slug)).map_err(|_| missing())?;
        let found = work.find("events", wanted)?;
        found.into_iter().find(|event| event.text("status") != Some("draft")).ok_or_else(missing)
    })
}

/// Its ticket types, in the order the organiser gave them.
pub(super) fn of(app: &App, work: &mut Work<'_>, event: &Record) -> Result<Vec<Offer>> {
    let (types, _) = app.ticketing().availability(work, event.id)?;
    let ids = types.iter().map(|(kind, _)| kind.id).collect();
    let records = work.as_process(|work| {
        let module = work.module("ticket_types")?;
        work.several(&module, &ids)
    })?;
    let records: BTreeMap<Id, Record> = records.into_iter().map(|record| (record.id, record)).collect();
    let (now, is_open) = (work.now(), is_on_sale(work, event));
    let mut offers: Vec<(i64, Offer)> = Vec::new();
    for (kind, seats) in types {
        let record = records.get(&kind.id);
        let price = kind.price(now);
        let next = price.and_then(|price| price.until);
        let state = match (kind.sale_from, kind.sale_until, seats.available) {
            _ if !is_open || price.is_none() => State::Closed,
            (Some(from), ..) if now < from => State::NotYet(from),
            (_, Some(until), _) if until <= now => State::Closed,
            (.., Some(0)) => State::SoldOut,
            _ => State::Open,
        };
        let most = [seats.available, kind.max_per_order].into_iter().flatten().fold(MOST, i64::min);
        let offer = Offer {
            id: kind.id,
            description: record.and_then(|record| record.text("description")).map(str::to_owned),
            price: price.map(|price| price.price),
            next: next.map(|at| (at, Tier::in_force(&kind.tiers, at).map(|next| next.price))),
            left: seats.available,
            most,
            state,
            name: kind.name,
        };
        offers.push((record.and_then(|record| record.get("position").as_int()).unwrap_or(0), offer));
    }
    offers.sort_by_key(|(position, _)| *position);
    Ok(offers.into_iter().map(|(_, offer)| offer).collect())
}

fn is_on_sale(work: &Work<'_>, event: &Record) -> bool {
    let last = event.get("ends_on").as_date().or_else(|| event.get("starts_on").as_date());
    let today = work.settings().zone().to_datetime(work.now()).date();
    event.text("status") == Some("on_sale") && last.is_none_or(|last| today <= last)
}
