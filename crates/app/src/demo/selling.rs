//! One order from a site to wherever it comes.

use std::sync::Arc;

use billing::{Method, NewPayment};
use jiff::Timestamp;
use model::expr::Plan;
use model::{Actor, Id, Money};
use serde_json::{Map, json};
use store::{Error, Result};
use ticketing::{OrderRequest, TicketRequest};

use super::cast::{BUYERS, below, person};
use super::stage::Stage;
use super::story::Story;

/// What becomes of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Paid within a day.
    Paid,
    /// Paid after a reminder.
    PaidLate,
    /// Nobody ever pays.
    Forgotten,
    /// Half of it comes.
    PartPaid,
    /// More comes than was asked for.
    Overpaid,
    /// The buyer cancels before paying.
    Cancelled,
    /// Paid, cancelled by staff; the money waits.
    CancelledPaid,
    /// Paid and given back.
    Refunded,
    /// The money comes when the seats are free again.
    TooLate,
    /// The same, and staff bring the order back.
    Revived,
}

impl Outcome {
    /// By turns, so that there is some of everything whatever the dice say.
    pub(super) fn of(index: usize) -> Self {
        match index % 48 {
            3 | 15 | 27 | 39 => Self::PaidLate,
            5 | 19 | 33 | 43 => Self::Forgotten,
            7 => Self::PartPaid,
            8 => Self::Overpaid,
            10 | 34 => Self::Cancelled,
            12 => Self::CancelledPaid,
            16 | 40 => Self::Refunded,
            18 => Self::TooLate,
            22 => Self::Revived,
            _ => Self::Paid,
        }
    }
}

impl Outcome {
    /// Of a small sample: everything has come to its end.
    pub(super) fn of_sample(index: usize) -> Self {
        match index % 8 {
            3 => Self::Cancelled,
            6 => Self::Overpaid,
            _ => Self::Paid,
        }
    }
}

/// Who buys what, and how it goes.
#[derive(Clone, Debug)]
pub(super) struct Purchase {
    pub(super) event: Id,
    /// The ticket that is wished, then those that are taken where it is sold out.
    pub(super) kinds: Vec<Id>,
    pub(super) count: usize,
    /// Number of the buyer.
    pub(super) buyer: usize,
    pub(super) outcome: Outcome,
    /// When the event took place, where it did.
    pub(super) held: Option<i64>,
}

/// What a payer says of a payment.
struct Sum {
    order: Id,
    payer: Option<String>,
    purpose: String,
}

/// Places the order, and plans what follows.
pub(super) fn order(stage: &mut Stage<'_>, at: Timestamp, story: &Arc<Story>, purchase: Purchase) -> Result<()> {
    let guests = (0..purchase.count).map(|guest| person(story, (purchase.buyer + 31 * guest) % BUYERS));
    let guests: Vec<_> = guests.collect();
    let source = story.sources.get(below(stage, story.sources.len()));
    let tickets = |kind: &Id| {
        let ticket = |guest| TicketRequest { ticket_type: kind.to_string(), attendee: Some(guest) };
        guests.iter().cloned().map(ticket).collect()
    };
    let mut request = OrderRequest {
        event: purchase.event,
        buyer: person(story, purchase.buyer),
        tickets: Vec::new(),
        channel: Some("web_form".to_owned()),
        locale: Some(stage.locale),
        source: Some(json!({"utm_source": source})),
    };
    let app = stage.app.clone();
    let mut placed = None;
    for kind in &purchase.kinds {
        request.tickets = tickets(kind);
        let place = |work: &mut store::Work<'_>| work.attempt(|work| app.ticketing().place(work, &request));
        match stage.work(at, &Actor::Public, "public", place) {
            Ok(order) => placed = Some(order),
            // Sold out: another ticket will do.
            Err(Error::Conflict { .. }) => continue,
            Err(error) => return Err(error),
        }
        break;
    }
    let Some(order) = placed else { return Ok(()) };
    let number = order.text("number").unwrap_or_default();
    let sum =
        Sum { order: order.id, payer: request.buyer.name.clone(), purpose: format!("{} {number}", story.purpose) };
    let (order, total) = (order.id, order.get("total").as_money());
    let Some(total) = total else { return Ok(()) };
    let share = |percent: i64| Money::new(total.minor / 100 * percent, total.currency);
    let (soon, days) = (1 + hours(below(stage, 20)), |days: i64| days * 24);
    match purchase.outcome {
        Outcome::Paid => paid(stage, at, soon, &sum, total),
        Outcome::PaidLate => paid(stage, at, days(2) + soon, &sum, total),
        Outcome::Forgotten => {}
        Outcome::PartPaid => paid(stage, at, soon, &sum, share(50)),
        Outcome::Overpaid => paid(stage, at, soon, &sum, share(110)),
        Outcome::Cancelled => pressed(stage, at, soon, "organiser", order, "cancel"),
        Outcome::CancelledPaid => {
            paid(stage, at, soon, &sum, total);
            pressed(stage, at, days(3), "organiser", order, "cancel");
        }
        Outcome::Refunded => {
            paid(stage, at, soon, &sum, total);
            pressed(stage, at, days(2), "organiser", order, "cancel");
            pressed(stage, at, days(3), "accountant", order, "refund");
        }
        Outcome::TooLate => paid(stage, at, days(11), &sum, total),
        Outcome::Revived => {
            paid(stage, at, days(11), &sum, total);
            pressed(stage, at, days(12), "organiser", order, "revive");
        }
    }
    if let Some(day) = purchase.held {
        settled(stage, at, order);
        let at = stage.day(day);
        let door = story.door.clone();
        // Some who paid stay at home.
        if below(stage, 12) > 0 {
            stage.plan(at, move |stage, at| admit(stage, at, order, &door));
        }
    }
    Ok(())
}

fn hours(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(0)
}

fn paid(stage: &mut Stage<'_>, at: Timestamp, hours: i64, sum: &Sum, amount: Money) {
    let at = stage.hours_after(at, hours);
    let method = if below(stage, 3) == 0 { Method::Bank } else { Method::Card };
    let mut request = NewPayment { method, payer_name: sum.payer.clone(), ..NewPayment::of(amount, sum.order) };
    if method == Method::Bank {
        request.purpose = Some(sum.purpose.clone());
        request.reference = Some((100 + below(stage, 900)).to_string());
    }
    stage.plan(at, move |stage, at| {
        let accountant = stage.cast.with_role("accountant");
        let app = stage.app.clone();
        stage.work(at, &accountant, "interface", |work| app.ticketing().book_payment(work, &request).map(drop))
    });
}

/// Money of a conference that is over waits for nobody: what is too much of it has been given back.
fn settled(stage: &mut Stage<'_>, at: Timestamp, order: Id) {
    let at = stage.hours_after(at, 20 * 24);
    stage.plan(at, move |stage, at| {
        let accountant = stage.cast.with_role("accountant");
        let app = stage.app.clone();
        stage.work(at, &accountant, "interface", |work| {
            let payments = work.module("payments")?;
            let of_order = Plan::field(&payments, "order").and_then(|field| field.eq(order));
            let Ok(of_order) = of_order else { return Ok(()) };
            for payment in work.find("payments", of_order)? {
                if payment.get("unallocated").as_money().is_some_and(|rest| !rest.is_zero()) {
                    app.transition(work, "payments", payment.id, "refund", &Map::new())?;
                }
            }
            Ok(())
        })
    });
}

/// A move by whoever has the role; it is left out where the order has gone another way meanwhile.
fn pressed(stage: &mut Stage<'_>, at: Timestamp, hours: i64, role: &'static str, order: Id, name: &'static str) {
    let at = stage.hours_after(at, hours);
    stage.plan(at, move |stage, at| {
        let actor = stage.cast.with_role(role);
        let app = stage.app.clone();
        let fields = if name == "revive" { json!({"keep_price": true}) } else { json!({}) };
        let fields = fields.as_object().cloned().unwrap_or_default();
        let pressed = stage.work(at, &actor, "interface", |work| {
            work.attempt(|work| app.transition(work, "orders", order, name, &fields).map(drop))
        });
        match pressed {
            Err(Error::Conflict { .. }) => Ok(()),
            other => other,
        }
    });
}

fn admit(stage: &mut Stage<'_>, at: Timestamp, order: Id, point: &str) -> Result<()> {
    let door = stage.cast.with_role("door");
    let app = stage.app.clone();
    stage.work(at, &door, "interface", |work| {
        for ticket in app.ticketing().tickets_of(work, order)? {
            if ticket.text("status") == Some("issued") {
                app.ticketing().check_in(work, ticket.text("code").unwrap_or_default(), Some(point))?;
            }
        }
        Ok(())
    })
}
