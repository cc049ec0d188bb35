//! An event at a glance: seats, money, sales by ticket type and by day, the latest orders.

mod embed;
mod view;

use app::App;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::Markup;
use model::expr::Plan;
use model::rights::Scope;
use model::{Currency, Id, Money, Record, Value};
use store::{List, Result, Sort, Work};
use ticketing::{Seats, Tier};

use super::visitor::Visitor;
use crate::ui::frame::{Frame, knows_sold};
use crate::ui::{Lens, inputs};

pub(crate) use view::page;

/// Days of the chart.
const DAYS: i64 = 14;
/// Days that are shown though nothing was sold.
const WEEK: usize = 7;
/// Ticket types that are shown at most.
const TYPES: usize = 100;
/// Orders that are shown.
const ORDERS: usize = 8;

/// What the page shows.
pub(crate) struct View {
    frame: Frame,
    lens: Lens,
    event: Record,
    is_open: bool,
    /// Nothing for whoever sees no ticket types.
    types: Option<Vec<Offer>>,
    /// Nothing for whoever may not know how many are sold.
    seats: Option<Seats>,
    /// Money that came, and money that is waited for; nothing for whoever sees no orders or not their money.
    money: Option<(Money, Money)>,
    /// Orders that wait for money.
    waiting: i64,
    days: Vec<(Date, i64)>,
    orders: Vec<Record>,
    /// Who waits for seats, the first in line first.
    line: Vec<Record>,
    line_count: i64,
    order_count: i64,
    ticket_count: i64,
    public_url: Option<String>,
    makes_types: bool,
    /// Modules whose records of this event can be looked at.
    tabs: Vec<&'static str>,
}

/// A ticket type with its seats and its prices of now and next, as far as the visitor may know them.
struct Offer {
    id: Id,
    name: String,
    quota: Option<i64>,
    sold: Option<i64>,
    reserved: Option<i64>,
    available: Option<i64>,
    /// Nothing for whoever may not know prices; inside, nothing where none holds now.
    price: Option<Option<Money>>,
    next: Option<(jiff::Timestamp, Option<Money>)>,
}

impl View {
    /// The same, with a short message in the corner.
    pub(crate) fn with(mut self, toast: Option<Markup>) -> Self {
        self.frame.toast = toast;
        self
    }
}

/// The list of `module` whose `field` leads to `id`.
pub(crate) fn filtered(module: &str, field: &str, id: Id) -> String {
    format!("/{module}?filter={}", super::next::escaped(&format!("{field} == \"{id}\"")))
}

/// Reads the page.
pub(crate) fn read(app: &App, work: &mut Work<'_>, visitor: &Visitor, id: Id) -> Result<View> {
    let event = app.get(work, "events", id)?;
    let currency = inputs::currency(work, Some(id));
    let types = types(app, work, id, currency)?;
    let seats = if knows_sold(work) { Some(app.ticketing().availability(work, id)?.1) } else { None };
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, [&event])?;
    let (money, waiting) = money(work, id, currency)?;
    let (orders, order_count) = orders(app, work, id)?;
    lens.learn(work, &orders)?;
    let (line, line_count) = line(app, work, id)?;
    lens.learn(work, &line)?;
    let days = days(work, id, lens.today())?;
    let ticket_count = if sees(work, "tickets") { tickets(work, id)? } else { 0 };
    let is_open = event.deleted_at.is_none() && work.check_may_update("events", id).is_ok();
    let makes_types = work.module("ticket_types").is_ok_and(|module| work.grant(&module).create);
    let public_url = event.text("slug").map(|slug| app.ticketing().event_url(slug));
    let tabs = ["orders", "tickets", "ticket_types", "waiting_list", "participants"];
    let tabs = tabs.into_iter().filter(|name| sees(work, name)).collect();
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
        line,
        line_count,
        order_count,
        ticket_count,
        public_url,
        makes_types,
        tabs,
    })
}

/// The event's ticket types under the visitor's rights.
fn types(app: &App, work: &mut Work<'_>, event: Id, currency: Currency) -> Result<Option<Vec<Offer>>> {
    if !sees(work, "ticket_types") {
        return Ok(None);
    }
    let hidden = work.grant(&*work.module("ticket_types")?).hidden;
    let knows_price = !hidden.iter().any(|name| name == "price_now");
    let sort = vec![Sort { field: "id".to_owned(), descending: false }];
    let list = List { filter: of_event(work, "ticket_types", event)?, sort, limit: TYPES, ..List::default() };
    let (records, now) = (app.list(work, "ticket_types", &list)?.records, work.now());
    let offer = |record: &Record| {
        let number = |name: &str| record.get(name).as_int();
        let tiers = match record.get("price_tiers") {
            Value::Json(json) if knows_price => Tier::read(json, currency).unwrap_or_default(),
            _ => Vec::new(),
        };
        let until = Tier::in_force(&tiers, now).and_then(|price| price.until);
        Offer {
            id: record.id,
            name: record.title(),
            quota: number("quota"),
            sold: number("sold"),
            reserved: number("reserved"),
            available: number("available"),
            price: knows_price.then(|| record.get("price_now").as_money()),
            next: until.map(|until| (until, Tier::in_force(&tiers, until).map(|next| next.price))),
        }
    };
    Ok(Some(records.iter().map(offer).collect()))
}

fn sees(work: &Work<'_>, module: &str) -> bool {
    work.module(module).is_ok_and(|module| work.grant(&module).read != Scope::None)
}

fn of_event(work: &Work<'_>, module: &str, event: Id) -> Result<Option<Plan>> {
    let module = work.module(module)?;
    Ok(Plan::field(&module, "event").and_then(|link| link.eq(event)).ok())
}

fn money(work: &mut Work<'_>, event: Id, currency: Currency) -> Result<(Option<(Money, Money)>, i64)> {
    let hidden = work.module("orders").map(|orders| work.grant(&orders).hidden).unwrap_or_default();
    if !sees(work, "orders") || ["status", "paid", "due"].iter().any(|name| hidden.iter().any(|it| it == name)) {
        return Ok((None, 0));
    }
    let filter = of_event(work, "orders", event)?;
    let list = List { filter, group: Some("status".to_owned()), ..List::default() };
    let (mut paid, mut due, mut waiting) = (0, 0, 0);
    for group in work.totals("orders", &list, &["paid", "due"])? {
        let sum = |name: &str| {
            let sums = group.totals.get(name).into_iter().flatten().filter_map(|total| total.sum.as_money());
            sums.filter(|sum| sum.currency == currency).map(|sum| sum.minor).sum::<i64>()
        };
        paid += sum("paid");
        if matches!(&group.value, Some(Value::Text(status)) if status == "pending") {
            waiting += group.count;
            due += sum("due");
        }
    }
    let amount = |minor: i64| Money::new(minor, currency);
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

/// Who waits for seats of the event or is offered some.
fn line(app: &App, work: &mut Work<'_>, event: Id) -> Result<(Vec<Record>, i64)> {
    if !sees(work, "waiting_list") {
        return Ok((Vec::new(), 0));
    }
    let open = format!("event == \"{event}\" && status in [\"waiting\", \"offered\"]");
    let filter = Some(work.filter("waiting_list", &open)?);
    let sort = vec![Sort { field: "id".to_owned(), descending: false }];
    let list = List { filter, sort, limit: ORDERS, ..List::default() };
    Ok((app.list(work, "waiting_list", &list)?.records, work.count("waiting_list", &list, Some(9_999))?))
}

/// Tickets of the event, as many as its list has.
fn tickets(work: &mut Work<'_>, event: Id) -> Result<i64> {
    let list = List { filter: of_event(work, "tickets", event)?, ..List::default() };
    work.count("tickets", &list, Some(9_999))
}

/// Tickets taken on each of the last days, those that were cancelled since left out.
fn days(work: &mut Work<'_>, event: Id, today: Date) -> Result<Vec<(Date, i64)>> {
    if !sees(work, "tickets") || !knows_sold(work) {
        return Ok(Vec::new());
    }
    let zone = work.settings().zone();
    let start = |day: &Date| day.to_zoned(zone.clone()).map(|start| start.timestamp()).ok();
    // A day more than is shown: each ends where the next one begins.
    let shown: Vec<Date> = (-1..DAYS).rev().filter_map(|back| today.checked_sub(back.days()).ok()).collect();
    let bounds: Vec<_> = shown.iter().filter_map(start).collect();
    let filter = work.filter("tickets", &format!("event == \"{event}\" && status != \"cancelled\""))?;
    let counts = work.made_between("tickets", Some(filter), &bounds)?;
    let mut days: Vec<(Date, i64)> = shown.into_iter().zip(counts).collect();
    // Before the sale began there is nothing to see; a week is shown in any case.
    let quiet = days.iter().take_while(|(_, count)| *count == 0).count();
    days.drain(..quiet.min(days.len().saturating_sub(WEEK)));
    Ok(days)
}
