//! The conferences: announced, sold, held.

use std::sync::Arc;

use jiff::Timestamp;
use model::expr::Plan;
use model::{Actor, Id};
use serde_json::{Map, Value, json};
use store::Result;

use super::cast::{BUYERS, below};
use super::doing::with;
use super::selling::{self, Outcome, Purchase};
use super::stage::Stage;
use super::story::{Event, Story, TicketType};

/// Plans every conference.
pub(super) fn plan(stage: &mut Stage<'_>, story: &Story) -> Result<()> {
    let story = Arc::new(story.clone());
    for event in story.events.clone() {
        let (story, at) = (story.clone(), stage.midnight(event.announced));
        stage.plan(at, move |stage, at| announce(stage, at, &story, &event));
    }
    Ok(())
}

fn announce(stage: &mut Stage<'_>, at: Timestamp, story: &Arc<Story>, event: &Event) -> Result<()> {
    let organiser = stage.cast.with_role("organiser");
    let date = |days: i64| stage.midnight(days).to_zoned(stage.zone.clone()).date().to_string();
    let fields = json!({
        "name": event.name, "slug": event.slug, "venue": event.venue, "address": event.address, "times": event.times,
        "organiser_note": event.note, "accent": event.accent, "capacity": event.capacity, "kind": stage.kind,
        "status": "on_sale", "starts_on": date(event.starts_in), "ends_on": date(event.starts_in + event.days - 1),
        "payment_wait": "P2D", "grace": "PT2H", "max_looks": 5, "contact_email": story.sender,
        "owner": organiser.id(),
    });
    let id = stage.make(at, &organiser, "events", with(Map::new(), &fields))?;
    let mut types = Vec::new();
    for (position, kind) in event.types.iter().enumerate() {
        let fields = ticket_type(stage, id, position, kind);
        types.push(stage.make(at, &organiser, "ticket_types", fields)?);
    }
    sell(stage, story, event, id, &types);
    if event.starts_in < 0 {
        let over = stage.midnight(event.starts_in + event.days);
        stage.plan(over, move |stage, at| {
            let app = stage.app.clone();
            let past = with(Map::new(), &json!({"status": "past"}));
            stage.work(at, &organiser, "interface", |work| app.update(work, "events", id, &past, None).map(drop))
        });
    }
    Ok(())
}

fn ticket_type(stage: &Stage<'_>, event: Id, position: usize, kind: &TicketType) -> Map<String, Value> {
    let mut from = None;
    let mut tiers = Vec::new();
    for tier in &kind.tiers {
        let until = tier.until_in.map(|days| stage.midnight(days).to_string());
        let price = json!({"amount": tier.price, "currency": stage.currency()});
        tiers.push(json!({"price": price, "from": from, "until": until}));
        from = until;
    }
    let fields = json!({
        "event": event, "name": kind.name, "description": kind.description, "position": position, "quota": kind.quota,
        "max_per_order": kind.max_per_order, "price_tiers": tiers,
    });
    with(Map::new(), &fields)
}

/// Spreads the orders over the days of the sale.
fn sell(stage: &mut Stage<'_>, story: &Arc<Story>, event: &Event, id: Id, types: &[Id]) {
    let is_sample = stage.door.is_some();
    // What is ordered last in a sample is paid by now: nothing in it waits for anything.
    let last = event.starts_in.min(0) - if event.starts_in < 0 || is_sample { 3 } else { 0 };
    for index in 0..usize::try_from(event.orders).unwrap_or(0) {
        let span = usize::try_from(last - event.announced).unwrap_or(1);
        let day = event.announced + 1 + i64::try_from(below(stage, span)).unwrap_or(0);
        // What would come later today has come by now: there are as many orders at every hour.
        let at = stage.day(day).min(stage.now);
        let kind = match below(stage, 10) {
            0..=6 => 0,
            7 | 8 => types.len().saturating_sub(1),
            _ => 1,
        };
        let wished = types.get(kind).copied();
        let others = types.iter().copied().filter(|other| Some(*other) != wished);
        let kinds = wished.into_iter().chain(others).collect();
        let purchase = Purchase {
            event: id,
            kinds,
            count: [1, 1, 1, 2, 1, 3, 1, 2].get(below(stage, 8)).copied().unwrap_or(1),
            buyer: below(stage, BUYERS),
            outcome: if is_sample { Outcome::of_sample(index) } else { Outcome::of(index) },
            held: (event.starts_in < 0).then_some(event.starts_in),
        };
        let story = story.clone();
        stage.plan(at, move |stage, at| selling::order(stage, at, &story, purchase));
    }
}

impl Stage<'_> {
    /// The conference that is on sale and comes last.
    pub(super) fn on_sale(&mut self, at: Timestamp) -> Result<Option<Id>> {
        self.work(at, &Actor::System("demo"), "read", |work| {
            let Ok(events) = work.module("events") else { return Ok(None) };
            let on_sale = Plan::field(&events, "status").and_then(|status| status.eq("on_sale"));
            let Ok(on_sale) = on_sale else { return Ok(None) };
            Ok(work.find("events", on_sale)?.last().map(|event| event.id))
        })
    }
}
