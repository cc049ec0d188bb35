//! The waiting list of an event: who asked for seats when none were left is offered them, in turn, as they come free.
//!
//! What is offered is an ordinary unpaid order with a deadline of its own, made behind the locks of the sale: there is no
//! second kind of seat that is not free, and nothing to count but tickets.

use model::expr::Plan;
use model::{Actor, Id, Locale, Record};
use serde_json::{Value as Json, json};
use store::{Draft, Error, FieldError, List, Person, Result, Sort, Work};

use crate::condition::{by_field, condition};
use crate::letter_data::Telling;
use crate::locks::Locks;
use crate::order::{Order, Status, tickets_of};
use crate::place::{Line, Placing, schedule, seats_are_left};
use crate::request::{Wanted, missing, person};
use crate::sale::{Sale, TicketType};
use crate::seats::Taken;
use crate::waiting::offer_until;
use crate::{LINE_JOB, OrderRequest, PersonRequest, Refusal, Ticketing};

/// The module of its entries.
pub(crate) const MODULE: &str = "waiting_list";
/// Entries that are looked at in one turn.
const AT_ONCE: usize = 100;
/// Seats that one entry asks for at most.
const MOST: i64 = 100;

/// Somebody who would take seats if there were any.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitingRequest {
    /// The event.
    pub event: Id,
    /// Id of the ticket type.
    pub ticket_type: String,
    /// How many seats; one where nothing is said.
    pub seats: Option<i64>,
    /// Who.
    pub person: PersonRequest,
    /// Language of letters; the workspace's where nothing is said.
    pub locale: Option<Locale>,
}

impl WaitingRequest {
    /// Reads the body of the public endpoint: `{ticket_type, seats, name, email, phone}`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is not of this form.
    pub fn from_json(event: Id, body: &Json) -> Result<Self> {
        let mut errors = Vec::new();
        let mut text = |name: &str| match body.get(name) {
            None | Some(Json::Null) => None,
            Some(Json::String(text)) => Some(text.clone()),
            Some(_) => {
                errors.push(FieldError::new(name, "invalid_type", "expected text in quotes"));
                None
            }
        };
        let ticket_type = text("ticket_type").unwrap_or_default();
        let person = PersonRequest { name: text("name"), email: text("email"), phone: text("phone") };
        let seats = match body.get("seats") {
            None | Some(Json::Null) => None,
            Some(json) => {
                let seats = json.as_i64();
                if seats.is_none() {
                    errors.push(FieldError::new("seats", "invalid_type", "expected a whole number"));
                }
                seats
            }
        };
        if errors.is_empty() {
            Ok(Self { event, ticket_type, seats, person, locale: None })
        } else {
            Err(Error::Invalid(errors))
        }
    }
}

/// Whose turn it is: entries that are waiting and would fit, behind the locks of the sale.
pub struct WaitingTurn(Vec<Record>);

impl Ticketing {
    /// Takes somebody into the waiting list. Whoever waits for the type already, or is offered seats of it, stays where they
    /// are, and nobody is told so: an address says nothing of its owner.
    ///
    /// # Errors
    /// [`Error::Invalid`]; the refusals `not_on_sale` and `seats_left`; [`Error::NotFound`] for an event that is not there.
    pub fn join_waiting_list(&self, work: &mut Work<'_>, request: &WaitingRequest) -> Result<()> {
        let mut errors = Vec::new();
        let who = person(&request.person, "", work.settings().reading().region, &mut errors);
        for error in &mut errors {
            error.field = error.field.trim_start_matches('.').to_owned();
        }
        for (field, text) in [("name", &request.person.name), ("email", &request.person.email)] {
            if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
                missing(&mut errors, field);
            }
        }
        let seats = request.seats.unwrap_or(1);
        if !(1..=MOST).contains(&seats) {
            errors.push(FieldError::new("seats", "out_of_range", format!("between 1 and {MOST}")));
        }
        let kind = request.ticket_type.trim().parse::<Id>();
        if kind.is_err() {
            errors.push(FieldError::new("ticket_type", "invalid_id", "the id of a ticket type is a UUID"));
        }
        let (Ok(kind), true) = (kind, errors.is_empty()) else { return Err(Error::Invalid(errors)) };
        let is_public = matches!(work.actor(), Actor::Public);
        work.as_process(|work| {
            work.lock(&Locks::default().people([&who]).event(request.event).types([kind]).keys())?;
            let sale = Sale::read(work, request.event)?;
            if is_public && (sale.event.deleted_at.is_some() || sale.event.text("status") == Some("draft")) {
                return Err(Error::not_found("events", request.event));
            }
            let unknown = || Error::field("ticket_type", "not_found", "the event has no such ticket type");
            let kind = sale.ticket_type(kind).ok_or_else(unknown)?;
            if let Err(why) = sale.offer(kind) {
                return Err(Refusal::NotOnSale(vec![("ticket_type".to_owned(), why)]).into());
            }
            let most = [kind.max_per_order, kind.quota, sale.capacity()].into_iter().flatten();
            // What is closed for now may be opened again.
            let most = most.filter(|most| *most > 0).min();
            if let Some(most) = most.filter(|most| seats > *most) {
                return Err(Error::field("seats", "too_many", format!("at most {most} of {} at once", kind.name)));
            }
            if is_known(work, &who, kind.id)? {
                return Ok(());
            }
            let taken = Taken::count(work, &[sale.event.id])?;
            let taken = promised(work, &sale, taken)?;
            if fits(&sale, &taken, kind, seats) {
                return Err(Refusal::SeatsLeft.into());
            }
            let locale = request.locale.unwrap_or(work.settings().locale);
            let draft = self
                .waiting_link(work)?
                .set("event", sale.event.id)
                .set("ticket_type", kind.id)
                .set("seats", seats)
                .set("name", who.name.clone())
                .set("email", who.email.clone())
                .set("phone", who.phone.clone())
                .set("locale", locale.tag());
            let entry = work.create(MODULE, draft)?;
            self.tell_place(work, entry.id)?;
            look_soon(work, sale.event.id, entry.id)
        })
    }

    /// Finds out whose turn it is, and takes turns on the sale before the job is taken off the queue: whoever frees seats
    /// puts it there behind the same locks.
    ///
    /// # Errors
    /// When the locks cannot be had in time.
    pub fn waiting_turn(&self, work: &mut Work<'_>, event: Id) -> Result<WaitingTurn> {
        work.as_process(|work| {
            let sale = match Sale::read(work, event) {
                Ok(sale) => sale,
                Err(Error::NotFound { .. }) => return Ok(WaitingTurn(Vec::new())),
                Err(error) => return Err(error),
            };
            // What is free is only a hint here; it is counted again behind the locks.
            let taken = Taken::count(work, &[event])?;
            let fitting = fitting(work, &sale, &taken)?;
            let people: Vec<_> = fitting.iter().map(person_of).collect();
            let types: Vec<_> = fitting.iter().filter_map(|entry| entry.link("ticket_type")).collect();
            work.lock(&Locks::default().people(&people).event(event).types(types).keys())?;
            Ok(WaitingTurn(fitting))
        })
    }

    /// Offers the seats that are free to those whose turn it is: to the first in line that fits, and so on. Told twice, it
    /// does nothing the second time.
    ///
    /// # Errors
    /// When the database fails or a letter cannot be kept.
    pub fn offer_seats(&self, work: &mut Work<'_>, event: Id, turn: WaitingTurn) -> Result<usize> {
        if turn.0.is_empty() {
            return Ok(0);
        }
        work.as_process(|work| {
            let sale = Sale::read(work, event)?;
            let mut taken = Taken::count(work, &[event])?;
            let mut offered = 0;
            for seen in turn.0 {
                let entry = match work.hold_for_process(MODULE, seen.id) {
                    Ok(entry) => entry,
                    Err(Error::NotFound { .. }) => continue,
                    Err(error) => return Err(error),
                };
                // Whoever became somebody else meanwhile is not locked: they have their turn with the next job.
                let is_same =
                    person_of(&entry) == person_of(&seen) && entry.link("ticket_type") == seen.link("ticket_type");
                if !is_waiting(&entry) || !is_same {
                    continue;
                }
                let (kind, seats) = (wanted(&sale, &entry), seats_of(&entry));
                let Some(kind) = kind.filter(|kind| fits(&sale, &taken, kind, seats)) else { continue };
                self.offer_to(work, &sale, &entry, kind, seats)?;
                taken.hold(event, kind.id, seats);
                offered += 1;
            }
            if offered > 0 {
                call(work, event)?;
            }
            Ok(offered)
        })
    }

    fn offer_to(&self, work: &mut Work<'_>, sale: &Sale, entry: &Record, kind: &TicketType, seats: i64) -> Result<()> {
        let price = sale.offer(kind).map_err(|why| Refusal::NotOnSale(vec![("ticket_type".to_owned(), why)]))?;
        let buyer = person_of(entry);
        let lines: Vec<_> = (0..seats).map(|_| Line { kind, price, attendee: &buyer }).collect();
        // The one count that every sale passes.
        seats_are_left(sale, &Taken::count(work, &[sale.event.id])?, &lines)?;
        let request = OrderRequest {
            event: sale.event.id,
            buyer: PersonRequest::default(),
            tickets: Vec::new(),
            channel: Some(MODULE.to_owned()),
            locale: entry.text("locale").and_then(Locale::parse),
            source: None,
        };
        let wanted = Wanted { buyer: buyer.clone(), tickets: Vec::new() };
        let who = work.who_is(&buyer)?;
        let until = offer_until(work, sale);
        let (order, tickets) =
            Placing { request: &request, wanted: &wanted, sale, lines: &lines, who }.reserve(work)?;
        schedule(work, order.id(), until)?;
        let order = order.write(work, Draft::new().set("next_check_at", until).set("offered_until", until))?;
        let draft = Draft::new().set("status", "offered").set("order", order.id()).set("offered_until", until);
        work.update(MODULE, entry.id, draft, None)?;
        self.tell(work, &Telling::new("order_offered", sale, &order, &tickets))
    }

    /// The seats that an order holds for somebody in line are taken: it waits for its money like any other.
    pub(crate) fn take_offer(&self, work: &mut Work<'_>, order: &Order) -> Result<Order> {
        let sale = Sale::read(work, order.event()?)?;
        let tickets = tickets_of(work, order.id())?;
        if order.money.is_covered() {
            return self.settle(work, order.clone(), &sale, tickets, None);
        }
        follow(work, order, "taken")?;
        let order = self.wait_again(work, order, &sale, &tickets, taken_over(order, Draft::new()))?;
        self.tell(work, &Telling::new("order_received", &sale, &order, &tickets))?;
        Ok(order)
    }

    /// Whether seats are held for somebody of the waiting list who has not answered yet, and until when.
    ///
    /// # Errors
    /// When the order cannot be read.
    pub fn offered_until(&self, order: &Record) -> Result<Option<jiff::Timestamp>> {
        let order = Order::of(order.clone())?;
        Ok(order.is_offer().then(|| order.record.get("offered_until").as_instant()).flatten())
    }
}

impl Order {
    /// Whether it holds seats for somebody in line who has not answered yet.
    pub(crate) fn is_offer(&self) -> bool {
        self.status == Status::Pending && !self.record.get("offered_until").is_null()
    }
}

/// The draft, and that nothing is offered any more where something was.
pub(crate) fn taken_over(order: &Order, draft: Draft) -> Draft {
    if order.is_offer() { draft.set("offered_until", None::<jiff::Timestamp>) } else { draft }
}

/// The entry of an order that was offered follows it.
pub(crate) fn follow(work: &mut Work<'_>, order: &Order, status: &str) -> Result<()> {
    if !order.is_offer() {
        return Ok(());
    }
    for entry in by_field(work, MODULE, "order", [order.id()])? {
        if entry.text("status") == Some("offered") {
            work.update(MODULE, entry.id, Draft::new().set("status", status), None)?;
        }
    }
    Ok(())
}

/// Seats of the event may have come free: whoever is in line has their turn after this work.
pub(crate) fn call(work: &mut Work<'_>, event: Id) -> Result<()> {
    let Some(filter) = waiting(work, event)? else { return Ok(()) };
    if work.count(MODULE, &List { filter: Some(filter), ..List::default() }, Some(1))? == 0 {
        return Ok(());
    }
    work.enqueue(LINE_JOB, Some(&format!("{LINE_JOB}:{event}")), work.now(), json!({ "event": event }))
}

/// Whoever frees seats at this very moment does not see yet that somebody waits: it is looked once more when they are done.
pub(crate) fn look_soon(work: &mut Work<'_>, event: Id, entry: Id) -> Result<()> {
    let soon = work.now().saturating_add(jiff::SignedDuration::from_mins(1)).unwrap_or(jiff::Timestamp::MAX);
    work.enqueue(LINE_JOB, Some(&format!("{LINE_JOB}:{event}:{entry}")), soon, json!({ "event": event }))
}

/// What is taken, and what those in line will be offered of the rest: strangers do not get past them.
pub(crate) fn promised(work: &mut Work<'_>, sale: &Sale, mut taken: Taken) -> Result<Taken> {
    for entry in fitting(work, sale, &taken)? {
        let (kind, seats) = (wanted(sale, &entry), seats_of(&entry));
        if let Some(kind) = kind.filter(|kind| fits(sale, &taken, kind, seats)) {
            taken.hold(sale.event.id, kind.id, seats);
        }
    }
    Ok(taken)
}

/// The first entries of the line that each would fit if it were alone.
fn fitting(work: &mut Work<'_>, sale: &Sale, taken: &Taken) -> Result<Vec<Record>> {
    let is_open = |kind: &&TicketType| sale.offer(kind).is_ok() && fits(sale, taken, kind, 1);
    let open: Vec<&TicketType> = sale.types.iter().filter(is_open).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let Some(waiting) = waiting(work, sale.event.id)? else { return Ok(Vec::new()) };
    let mut plan: Option<Plan> = None;
    for kind in open {
        let left = sale.seats(taken, kind).available.unwrap_or(MOST);
        let one = condition(work, MODULE, |module| {
            let of_kind = Plan::field(module, "ticket_type")?.eq(kind.id)?;
            Ok(of_kind.and(Plan::field(module, "seats")?.at_most(left)?))
        })?;
        plan = Some(match plan {
            Some(plan) => plan.or(one),
            None => one,
        });
    }
    let filter = plan.map(|plan| waiting.and(plan));
    let sort = vec![Sort { field: "id".to_owned(), descending: false }];
    Ok(work.list(MODULE, &List { filter, sort, limit: AT_ONCE, ..List::default() })?.records)
}

/// Who waits for the event; nothing where the workspace keeps no such list.
fn waiting(work: &mut Work<'_>, event: Id) -> Result<Option<Plan>> {
    if work.module(MODULE).is_err() {
        return Ok(None);
    }
    condition(work, MODULE, |module| {
        let status = Plan::field(module, "status")?.eq("waiting")?;
        Ok(Plan::field(module, "event")?.eq(event)?.and(status))
    })
    .map(Some)
}

fn fits(sale: &Sale, taken: &Taken, kind: &TicketType, seats: i64) -> bool {
    sale.seats(taken, kind).available.is_none_or(|left| left >= seats)
}

fn wanted<'a>(sale: &'a Sale, entry: &Record) -> Option<&'a TicketType> {
    entry.link("ticket_type").and_then(|kind| sale.ticket_type(kind)).filter(|kind| sale.offer(kind).is_ok())
}

pub(crate) fn seats_of(entry: &Record) -> i64 {
    entry.get("seats").as_int().unwrap_or(1).clamp(1, MOST)
}

pub(crate) fn is_waiting(entry: &Record) -> bool {
    entry.text("status") == Some("waiting") && entry.deleted_at.is_none()
}

fn person_of(entry: &Record) -> Person {
    let text = |name: &str| entry.text(name).map(str::to_owned);
    Person { name: text("name"), email: text("email"), phone: text("phone") }
}

/// Whether the address waits for this type, or is offered seats of it.
fn is_known(work: &mut Work<'_>, who: &Person, kind: Id) -> Result<bool> {
    let entries = by_field(work, MODULE, "email", who.email.clone())?;
    let is_open = |entry: &Record| matches!(entry.text("status"), Some("waiting" | "offered"));
    Ok(entries.iter().any(|entry| is_open(entry) && entry.link("ticket_type") == Some(kind)))
}
