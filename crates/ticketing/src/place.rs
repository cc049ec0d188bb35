//! Placing an order: seats are reserved at the price of now.

use std::collections::BTreeMap;

use model::{Actor, Id, Money, Record, Value};
use serde_json::json;
use store::{Draft, Error, FieldError, Person, Result, Who, Work};

use crate::condition::by_field;
use crate::letter_data::Telling;
use crate::locks::Locks;
use crate::order::{Account, Order, Status, is_live, tickets_of};
use crate::request::{Wanted, WantedTicket};
use crate::sale::{Sale, TicketType};
use crate::seats::Taken;
use crate::waiting::next_look;
use crate::waiting_list::promised;
use crate::{InForce, LOOK_JOB, OrderRequest, Refusal, Shortage, Ticketing, codes};

/// Unpaid seats that one person may hold where the event does not say.
const PENDING_LIMIT: i64 = 50;

/// One seat that will be taken.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) kind: &'a TicketType,
    pub(crate) price: InForce,
    pub(crate) attendee: &'a Person,
}

impl Ticketing {
    /// Places an order: seats reserved, the buyer known as a contact or a lead, the letter with the sum on its way, the
    /// look for money due. An order of nothing but free tickets is paid at once.
    ///
    /// # Errors
    /// [`Error::Invalid`] with paths such as `tickets[0].attendee.email`; the refusals `sold_out`, `not_on_sale`,
    /// `too_many_pending`; [`Error::NotFound`] for an event that is not there.
    pub fn place(&self, work: &mut Work<'_>, request: &OrderRequest) -> Result<Record> {
        let is_public = matches!(work.actor(), Actor::Public);
        let may_create = is_public || work.grant(&*work.module("orders")?).create;
        if !may_create {
            return Err(Error::forbidden("create_forbidden", "your roles may not create orders"));
        }
        let wanted = request.validate(work.settings().reading().region)?;
        if let Some(channel) = &request.channel {
            let orders = work.module("orders")?;
            let is_known = orders.field("channel").is_some_and(|field| field.option(channel).is_some());
            if !is_known {
                return Err(Error::field("channel", "invalid_choice", "there is no such channel"));
            }
        }
        work.as_process(|work| self.place_wanted(work, request, &wanted, is_public)).map(|order| order.record)
    }

    fn place_wanted(
        &self,
        work: &mut Work<'_>,
        request: &OrderRequest,
        wanted: &Wanted,
        is_public: bool,
    ) -> Result<Order> {
        let people = wanted.tickets.iter().map(|ticket| &ticket.attendee).chain([&wanted.buyer]);
        let locks = Locks::default().people(people).event(request.event);
        let locks = locks.types(wanted.tickets.iter().map(|ticket| ticket.ticket_type));
        work.lock(&locks.keys())?;
        let who = work.who_is(&wanted.buyer)?;
        let sale = Sale::read(work, request.event)?;
        if is_public && (sale.event.deleted_at.is_some() || sale.event.text("status") == Some("draft")) {
            return Err(Error::not_found("events", request.event));
        }
        let lines = lines(&sale, &wanted.tickets)?;
        let mut taken = Taken::count(work, &[sale.event.id])?;
        if is_public {
            // Seats that have just come free belong to those who wait for them.
            taken = promised(work, &sale, taken)?;
        }
        seats_are_left(&sale, &taken, &lines)?;
        if is_public {
            within_limit(work, &sale, &wanted.buyer, lines.len())?;
        }
        let placing = Placing { request, wanted, sale: &sale, lines: &lines, who };
        let (order, tickets) = placing.reserve(work)?;
        if order.money.total.is_zero() {
            return self.settle(work, order, &sale, tickets, None);
        }
        self.tell(work, &Telling::new("order_received", &sale, &order, &tickets))?;
        Ok(order)
    }
}

/// An order about to be made, with everything judged that can be.
pub(crate) struct Placing<'a> {
    pub(crate) request: &'a OrderRequest,
    pub(crate) wanted: &'a Wanted,
    pub(crate) sale: &'a Sale,
    pub(crate) lines: &'a [Line<'a>],
    pub(crate) who: Who,
}

impl Placing<'_> {
    /// Makes the order and takes its seats. The caller holds the locks of the sale, and has counted behind them.
    pub(crate) fn reserve(self, work: &mut Work<'_>) -> Result<(Order, Vec<Record>)> {
        let Self { request, wanted, sale, lines, who } = self;
        let total = Money::checked_sum(sale.currency(work.settings()), lines.iter().map(|line| line.price.price));
        let total = total.ok_or_else(|| Error::field("tickets", "too_many", "the order is too large"))?;
        let (lead, contact, owner) = known(work, who, &wanted.buyer, request)?;
        let owner = owner.or_else(|| work.actor().id());
        let is_public = matches!(work.actor(), Actor::Public);
        let channel = request.channel.as_deref().unwrap_or(if is_public { "web_form" } else { "api" });
        let locale = request.locale.unwrap_or(work.settings().locale);
        let draft = Draft::new()
            .set("lead", lead)
            .set("contact", contact)
            .set("channel", channel)
            .set("locale", locale.tag())
            .set("source", request.source.clone());
        let owner = active(work, owner)?;
        let order = open_order(work, sale, &wanted.buyer, lines, total, draft.owned_by(owner))?;
        let tickets = seats(work, &order, lines)?;
        Ok((order, tickets))
    }
}

/// The owner, while they still work here.
pub(crate) fn active(work: &mut Work<'_>, owner: Option<Id>) -> Result<Option<Id>> {
    Ok(owner.map(|owner| work.user(owner)).transpose()?.flatten().map(|user| user.id))
}

/// Makes the order, with the look for its money on the queue; `draft` says the rest.
pub(crate) fn open_order(
    work: &mut Work<'_>,
    sale: &Sale,
    buyer: &Person,
    lines: &[Line<'_>],
    total: Money,
    draft: Draft,
) -> Result<Order> {
    let look = next_look(work, sale, lines.iter().map(|line| line.kind));
    let money = Account { total, paid: Money::zero(total.currency), payments: Vec::new() };
    let draft = draft
        .set("event", sale.event.id)
        .set("status", Status::Pending.name())
        .set("buyer_name", buyer.name.clone())
        .set("buyer_email", buyer.email.clone())
        .set("buyer_phone", buyer.phone.clone())
        .set("token", codes::token()?)
        .set("next_check_at", look)
        .set("last_letter_at", work.now())
        .set("number", codes::order_number(work, &sale.event)?);
    let order = Order::of(work.create("orders", money.written(Status::Pending, draft))?)?;
    schedule(work, order.id(), look)?;
    Ok(order)
}

/// Puts the next look at an order on the queue; an earlier or later one is moved.
pub(crate) fn schedule(work: &mut Work<'_>, order: Id, at: jiff::Timestamp) -> Result<()> {
    work.enqueue(LOOK_JOB, Some(&look_key(order)), at, json!({ "order": order }))
}

/// The key of an order's look.
pub(crate) fn look_key(order: Id) -> String {
    format!("{LOOK_JOB}:{order}")
}

fn lines<'a>(sale: &'a Sale, tickets: &'a [WantedTicket]) -> Result<Vec<Line<'a>>> {
    let (mut lines, mut errors, mut unsold) = (Vec::new(), Vec::new(), Vec::new());
    let mut counts = BTreeMap::<Id, i64>::new();
    for (index, ticket) in tickets.iter().enumerate() {
        let field = || format!("tickets[{index}].ticket_type");
        let Some(kind) = sale.ticket_type(ticket.ticket_type) else {
            errors.push(FieldError::new(field(), "not_found", "the event has no such ticket type"));
            continue;
        };
        let count = counts.entry(kind.id).or_default();
        *count += 1;
        if kind.max_per_order.is_some_and(|limit| *count > limit) {
            let message = format!("at most {} of {} in one order", kind.max_per_order.unwrap_or_default(), kind.name);
            errors.push(FieldError::new(field(), "max_per_order", message));
        }
        match sale.offer(kind) {
            Ok(price) => lines.push(Line { kind, price, attendee: &ticket.attendee }),
            Err(why) => unsold.push((field(), why)),
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    if unsold.is_empty() { Ok(lines) } else { Err(Refusal::NotOnSale(unsold).into()) }
}

/// Fails where fewer seats are left than are asked for.
pub(crate) fn seats_are_left(sale: &Sale, taken: &Taken, lines: &[Line<'_>]) -> Result<()> {
    let mut wanted = Vec::<(&TicketType, usize, i64)>::new();
    for (index, line) in lines.iter().enumerate() {
        match wanted.iter_mut().find(|(kind, ..)| kind.id == line.kind.id) {
            Some((.., count)) => *count += 1,
            None => wanted.push((line.kind, index, 1)),
        }
    }
    let all = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let of_event = taken.of_event(sale.event.id, sale.capacity()).available;
    let too_many_for_event = of_event.is_some_and(|left| left < all);
    let short = wanted.into_iter().filter_map(|(kind, index, wanted)| {
        let left = sale.seats(taken, kind).available?;
        let shortage = || Shortage {
            ticket_type: kind.id,
            name: kind.name.clone(),
            wanted,
            left,
            field: format!("tickets[{index}].ticket_type"),
        };
        (left < wanted || too_many_for_event).then(shortage)
    });
    let short: Vec<_> = short.collect();
    if short.is_empty() { Ok(()) } else { Err(Refusal::SoldOut(short).into()) }
}

/// Checks again whether seats are left for tickets of these types (one entry a ticket), behind the locks of the event.
pub(crate) fn seats_for(work: &mut Work<'_>, sale: &Sale, types: &[Id]) -> Result<()> {
    let nobody = Person::default();
    let zero = InForce { price: Money::zero(sale.currency(work.settings())), until: None };
    let kinds = types.iter().filter_map(|id| sale.ticket_type(*id));
    let lines: Vec<_> = kinds.map(|kind| Line { kind, price: zero, attendee: &nobody }).collect();
    let taken = Taken::count(work, &[sale.event.id])?;
    seats_are_left(sale, &taken, &lines)
}

fn within_limit(work: &mut Work<'_>, sale: &Sale, buyer: &Person, wanted: usize) -> Result<()> {
    let limit = sale.event.get("max_pending_per_person").as_int().unwrap_or(PENDING_LIMIT);
    let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
    // Asked for by the person alone: they have few orders, an event and a state have many.
    let mut orders = by_field(work, "orders", "buyer_email", buyer.email.clone())?;
    orders.extend(by_field(work, "orders", "buyer_phone", buyer.phone.clone())?);
    orders.sort_by_key(|order| order.id);
    orders.dedup_by_key(|order| order.id);
    // What costs nothing is never unpaid: its seats count for as long as they are taken.
    let is_free = |order: &Record| order.get("total").as_money().is_some_and(Money::is_zero);
    let holds = |order: &Record| {
        let takes = match order.text("status") {
            Some("pending") => true,
            Some("paid") => is_free(order),
            _ => false,
        };
        takes && order.link("event") == Some(sale.event.id)
    };
    let mut held = 0;
    for order in orders.into_iter().filter(holds) {
        let tickets = tickets_of(work, order.id)?;
        held += i64::try_from(tickets.iter().filter(|ticket| is_live(ticket)).count()).unwrap_or(i64::MAX);
    }
    if held + wanted > limit { Err(Refusal::TooManyPending { held, wanted, limit }.into()) } else { Ok(()) }
}

type Links = (Option<Id>, Option<Id>, Option<Id>);

/// Lead, contact and owner of an order for this buyer: whoever is known, else a new lead.
fn known(work: &mut Work<'_>, who: Who, buyer: &Person, request: &OrderRequest) -> Result<Links> {
    match who {
        Who::Known(record) if record.module.name == "contacts" => Ok((None, Some(record.id), record.owner)),
        Who::Known(lead) => {
            if matches!(lead.text("status"), Some("lost" | "disqualified")) {
                work.update("leads", lead.id, Draft::new().set("status", "new"), None)?;
            }
            Ok((Some(lead.id), lead.link("converted_contact"), lead.owner))
        }
        Who::New(duplicates) => {
            let doubts: Vec<_> = duplicates.iter().map(|(id, why)| json!({"id": id, "reason": why.code()})).collect();
            let utm = request.source.as_ref().and_then(|source| source.get("utm_source")).and_then(|utm| utm.as_str());
            let draft = Draft::new()
                .set("name", buyer.name.clone())
                .set("email", buyer.email.clone())
                .set("phone", buyer.phone.clone())
                .set("source", utm.map(|utm| utm.chars().take(200).collect::<String>()))
                .set("possible_duplicates", if doubts.is_empty() { Value::Null } else { Value::Json(json!(doubts)) });
            let lead = work.create("leads", draft)?;
            Ok((Some(lead.id), None, None))
        }
    }
}

/// Takes the seats of an order.
pub(crate) fn seats(work: &mut Work<'_>, order: &Order, lines: &[Line<'_>]) -> Result<Vec<Record>> {
    let mut tickets = Vec::with_capacity(lines.len());
    for (line, position) in lines.iter().zip(1_i64..) {
        let draft = Draft::new()
            .set("code", codes::ticket_code()?)
            .set("order", order.id())
            .set("event", order.event()?)
            .set("ticket_type", line.kind.id)
            .set("position", position)
            .set("price", line.price.price)
            .set("list_price", line.price.price)
            .set("status", "reserved")
            .set("attendee_name", line.attendee.name.clone())
            .set("attendee_email", line.attendee.email.clone())
            .set("attendee_phone", line.attendee.phone.clone());
        tickets.push(work.create("tickets", draft)?);
    }
    Ok(tickets)
}
