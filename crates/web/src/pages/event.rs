//! An event at a glance: seats, money, sales by ticket type and by day, the latest orders.

mod view;

use app::App;
use jiff::ToSpan;
use jiff::civil::Date;
use model::expr::Plan;
use model::rights::Scope;
use model::{Currency, Id, Money, Record, Value};
use store::{List, Measure, Result, Sort, Work};
use ticketing::{Seats, TicketType, Tier};

use super::visitor::Visitor;
use crate::ui::frame::Frame;
use crate::ui::{Lens, inputs};

pub(crate) use view::page;

/// Days of the chart.
const DAYS: i64 = 14;
/// Days that are shown though nothing was sold.
const WEEK: usize = 7;
/// Orders that are shown.
const ORDERS: usize = 8;
/// Amounts are summed in ten-thousandths, whatever the currency.
const SUM_DIGITS: u8 = 4;

/// What the page shows.
pub(crate) struct View {
    frame: Frame,
    lens: Lens,
    event: Record,
    is_open: bool,
    types: Vec<Offer>,
    seats: Seats,
    /// Money that came, and money that is waited for; nothing for whoever sees no orders.
    money: Option<(Money, Money)>,
    /// Orders that wait for money.
    waiting: i64,
    days: Vec<(Date, i64)>,
    orders: Vec<Record>,
    order_count: i64,
    public_url: Option<String>,
    makes_types: bool,
}

/// A ticket type with its seats and its prices of now and next.
struct Offer {
    kind: TicketType,
    seats: Seats,
    price: Option<Money>,
    next: Option<(jiff::Timestamp, Option<Money>)>,
}

/// The list of `module` whose `field` leads to `id`.
pub(crate) fn filtered(module: &str, field: &str, id: Id) -> String {
    format!("/{module}?filter={}", super::next::escaped(&format!("{field} == \"{id}\"")))
}

/// Reads the page.
pub(crate) fn read(app: &App, work: &mut Work<'_>, visitor: &Visitor, id: Id) -> Result<View> {
    let event = app.get(work, "events", id)?;
    let currency = inputs::currency(work, Some(id));
    let (types, seats) = app.ticketing().availability(work, id)?;
    let now = work.now();
    let types = types.into_iter().map(|(kind, seats)| offer(kind, seats, now)).collect();
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, [&event])?;
    let (money, waiting) = money(work, id, currency)?;
    let (orders, order_count) = orders(app, work, id)?;
    lens.learn(work, &orders)?;
    let days = days(work, id, lens.today())?;
    let is_open = event.deleted_at.is_none() && work.check_may_update("events", id).is_ok();
    let makes_types = work.module("ticket_types").is_ok_and(|module| work.grant(&module).create);
    let public_url = event.text("slug").map(|slug| app.ticketing().event_url(slug));
    let frame = Frame::read(work, visitor)?;
    Ok(View {
        frame,
        lens,
        event,
        is_open,
        types,
        seats,
        money,
        waiting,
        days,
        orders,
        order_count,
        public_url,
        makes_types,
    })
}

fn offer(kind: TicketType, seats: Seats, now: jiff::Timestamp) -> Offer {
    let price = kind.price(now);
    let next = price
        .and_then(|price| price.until)
        .map(|until| (until, Tier::in_force(&kind.tiers, until).map(|next| next.price)));
    Offer { price: price.map(|price| price.price), next, seats, kind }
}

fn sees(work: &Work<'_>, module: &str) -> bool {
    work.module(module).is_ok_and(|module| work.grant(&module).read != Scope::None)
}

fn of_event(work: &Work<'_>, module: &str, event: Id) -> Result<Option<Plan>> {
    let module = work.module(module)?;
    Ok(Plan::field(&module, "event").and_then(|link| link.eq(event)).ok())
}

fn money(work: &mut Work<'_>, event: Id, currency: Currency) -> Result<(Option<(Money, Money)>, i64)> {
    if !sees(work, "orders") {
        return Ok((None, 0));
    }
    let filter = of_event(work, "orders", event)?;
    let measures = [Measure::Count, Measure::Sum("paid".to_owned()), Measure::Sum("due".to_owned())];
    let (mut paid, mut due, mut waiting) = (0, 0, 0);
    for group in work.aggregate("orders", filter, &["status"], &measures)? {
        let measure = |index: usize| group.measures.get(index).copied().unwrap_or(0);
        paid += measure(1);
        if matches!(group.group.first(), Some(Value::Text(status)) if status == "pending") {
            waiting += measure(0);
            due += measure(2);
        }
    }
    let unit = 10_i64.pow(u32::from(SUM_DIGITS.saturating_sub(currency.digits())));
    let amount = |sum: i64| Money::new(sum / unit, currency);
    Ok((Some((amount(paid), amount(due))), waiting))
}

fn orders(app: &App, work: &mut Work<'_>, event: Id) -> Result<(Vec<Record>, i64)> {
    if !sees(work, "orders") {
        return Ok((Vec::new(), 0));
    }
    let sort = vec![Sort { field: "id".to_owned(), descending: true }];
    let list = List { filter: of_event(work, "orders", event)?, sort, limit: ORDERS, ..List::default() };
    Ok((app.list(work, "orders", &list)?.records, work.count("orders", &list, Some(9_999))?))
}

/// Tickets taken on each of the last days, those that were cancelled since left out.
fn days(work: &mut Work<'_>, event: Id, today: Date) -> Result<Vec<(Date, i64)>> {
    if !sees(work, "tickets") {
        return Ok(Vec::new());
    }
    let zone = work.settings().zone();
    let start = |day: Date| day.to_zoned(zone.clone()).map(|start| start.timestamp()).ok();
    let mut days = Vec::new();
    for back in (0..DAYS).rev() {
        let Ok(day) = today.checked_sub(back.days()) else { continue };
        let (Some(from), Some(until)) = (start(day), day.tomorrow().ok().and_then(start)) else { continue };
        let text = format!(
            "event == \"{event}\" && status != \"cancelled\" && created_at >= \"{from}\" && created_at < \"{until}\""
        );
        let list = List { filter: Some(work.filter("tickets", &text)?), ..List::default() };
        days.push((day, work.count("tickets", &list, None)?));
    }
    // Before the sale began there is nothing to see; a week is shown in any case.
    let quiet = days.iter().take_while(|(_, count)| *count == 0).count();
    days.drain(..quiet.min(days.len().saturating_sub(WEEK)));
    Ok(days)
}
