//! The buyer says who will come: names on tickets change until the event's day for it (processes.md, 3.5).

use model::identity::phone::Region;
use model::{Id, Record};
use store::{Draft, Error, FieldError, Person, Result, Work};

use crate::attendees::{Named, judge};
use crate::codes::ticket_code;
use crate::letter_data::Telling;
use crate::locks::Locks;
use crate::order::{Order, Status, person, tickets_of};
use crate::participants::{Participants, follow_tickets, is_same};
use crate::request::missing;
use crate::sale::Sale;
use crate::{AttendeeRequest, PersonRequest, Refusal, Ticketing};

/// A ticket, and who will come with it now.
struct Naming {
    place: String,
    ticket: Record,
    person: Person,
}

impl Ticketing {
    /// The buyer names attendees by the link: all of them or none. An issued ticket that passes to another person gets a
    /// new code, and its old one lets nobody in; a corrected name, or a new address of the same person, leaves the code.
    /// What is printed anew is sent to the buyer, and to the attendee a copy. What does not change is not written.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] with paths such as `[0].email`; the refusals `names_closed`, `ticket_fixed`,
    /// `invalid_transition`.
    pub fn name_attendees(&self, work: &mut Work<'_>, token: &str, requests: &[AttendeeRequest]) -> Result<Record> {
        let id = self.by_token(work, token)?.id;
        let (named, errors) = judge(requests, work.settings().reading().region)?;
        work.as_process(|work| {
            lock_people(work, id, named.iter().map(|named| &named.person))?;
            let order = Order::hold(work, id)?;
            let sale = Sale::read(work, order.event()?)?;
            refuse_closed(&order, &sale)?;
            let namings = namings(tickets_of(work, id)?, named, errors)?;
            let changed = changed(work, namings)?;
            self.rename(work, &order, &sale, changed)?;
            Ok(order.record)
        })
    }

    /// Staff change a ticket. Who will come with it changes as when the buyer names them: with the participant, the code
    /// and the letters, also after the day until which buyers may.
    ///
    /// # Errors
    /// As [`Work::update`]; [`Error::Invalid`] with paths such as `attendee_email`; the refusals `ticket_fixed`,
    /// `invalid_transition`.
    pub fn change_ticket(
        &self,
        work: &mut Work<'_>,
        id: Id,
        mut draft: Draft,
        expected: Option<i64>,
    ) -> Result<Record> {
        let ticket = work.as_process(|work| work.get("tickets", id))?;
        let named: Vec<_> = NAMED.into_iter().filter(|field| draft.values.contains_key(*field)).collect();
        let (false, Some(order)) = (named.is_empty(), ticket.link("order")) else {
            return work.update("tickets", id, draft, expected);
        };
        let grant = work.grant(&ticket.module);
        let is_locked = |field: &&str| grant.read_only.iter().chain(&grant.hidden).any(|locked| locked == field);
        if named.iter().any(is_locked) {
            // Refused field by field, as on every other record.
            return work.update("tickets", id, draft, expected);
        }
        let mut after = ticket.clone();
        for field in NAMED {
            if let Some(value) = draft.values.remove(field) {
                after.set(field, value);
            }
        }
        let attendee = staff_named(&after, work.settings().reading().region)?;
        work.as_process(|work| lock_people(work, order, [&attendee]))?;
        let held = work.as_process(|work| Order::hold(work, order))?;
        // Asks whether they may change the ticket, and whether it is still the one they saw.
        work.update("tickets", id, draft, expected)?;
        work.as_process(|work| {
            if !matches!(held.status, Status::Pending | Status::Paid) {
                let state = held.status.name().to_owned();
                return Err(Refusal::InvalidTransition { name: "rename".to_owned(), state, allowed: Vec::new() }.into());
            }
            let sale = Sale::read(work, held.event()?)?;
            let naming =
                Naming { place: "attendee_name".to_owned(), ticket: work.get("tickets", id)?, person: attendee };
            let changed = changed(work, vec![naming])?;
            self.rename(work, &held, &sale, changed)?;
            work.get("tickets", id)
        })
    }

    /// Whether the buyer of an order may change names on its tickets now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn takes_names(&self, work: &mut Work<'_>, order: &Record) -> Result<bool> {
        let order = Order::of(order.clone())?;
        work.as_process(|work| Ok(refuse_closed(&order, &Sale::read(work, order.event()?)?).is_ok()))
    }

    fn rename(&self, work: &mut Work<'_>, order: &Order, sale: &Sale, namings: Vec<Naming>) -> Result<()> {
        let (mut issued, mut printed) = (Vec::new(), Vec::new());
        for Naming { ticket, person: attendee, .. } in namings {
            let before = person(&ticket, "attendee");
            let is_issued = ticket.text("status") == Some("issued");
            let passes_on = is_issued && !is_same(&before, &attendee);
            let is_printed = passes_on || before.name != attendee.name || before.email != attendee.email;
            let mut draft = Draft::new()
                .set("attendee_name", attendee.name)
                .set("attendee_email", attendee.email)
                .set("attendee_phone", attendee.phone);
            if passes_on {
                draft = draft.set("former_code", ticket.text("code")).set("code", ticket_code()?);
            }
            let ticket = work.update("tickets", ticket.id, draft, None)?;
            if is_issued {
                issued.push((ticket, passes_on, is_printed));
            }
        }
        if issued.is_empty() {
            return Ok(());
        }
        let client = self.make_client(work, order)?;
        let tickets: Vec<_> = issued.iter().map(|(ticket, ..)| ticket.clone()).collect();
        let mut participants = Participants::read(work, sale.event.id, order, client, &tickets)?;
        for (ticket, passes_on, is_printed) in issued {
            let before = ticket.link("participant");
            let card = match before {
                Some(card) if !passes_on => participants.correct(work, card, &ticket)?,
                _ => participants.of(work, &ticket)?,
            };
            let ticket = work.update("tickets", ticket.id, Draft::new().set("participant", card), None)?;
            follow_tickets(work, before.filter(|before| *before != card))?;
            if is_printed {
                printed.push(ticket);
            }
        }
        self.tell_names(work, order, sale, &printed)
    }

    fn tell_names(&self, work: &mut Work<'_>, order: &Order, sale: &Sale, printed: &[Record]) -> Result<()> {
        if printed.is_empty() {
            return Ok(());
        }
        // The order itself does not change by it: the change set is what causes the letter.
        let change = work.change_set().map(|id| id.to_string()).unwrap_or_default();
        let cause = format!("orders/{}/{change}/renamed", order.id());
        self.tell(work, &Telling::new("order_renamed", sale, order, printed).with_tickets().cause(cause))?;
        let buyer = order.buyer();
        for ticket in printed.iter().filter(|ticket| ticket.text("attendee_email") != buyer.email.as_deref()) {
            self.tell_attendee(work, sale, order, ticket)?;
        }
        Ok(())
    }
}

/// Fields of a ticket that say who will come.
const NAMED: [&str; 3] = ["attendee_name", "attendee_email", "attendee_phone"];

/// Who will come, as staff wrote it; nobody where everything was emptied.
fn staff_named(ticket: &Record, region: Region) -> Result<Person> {
    let given = person(ticket, "attendee");
    let request = PersonRequest { name: given.name, email: given.email, phone: given.phone };
    let mut errors = Vec::new();
    let named = crate::request::person(&request, "attendee", region, &mut errors);
    if named.name.is_none() && named != Person::default() && errors.is_empty() {
        missing(&mut errors, "attendee.name");
    }
    if errors.is_empty() {
        return Ok(named);
    }
    errors.iter_mut().for_each(|error| error.field = error.field.replace('.', "_"));
    Err(Error::Invalid(errors))
}

/// Takes turns on an order and on everybody who has to do with it, those who are to be named among them.
fn lock_people<'p>(work: &mut Work<'_>, order: Id, named: impl IntoIterator<Item = &'p Person>) -> Result<()> {
    let mut people: Vec<_> = tickets_of(work, order)?.iter().map(|ticket| person(ticket, "attendee")).collect();
    people.extend(named.into_iter().cloned());
    people.push(person(&work.get("orders", order)?, "buyer"));
    work.lock(&Locks::default().people(&people).order(order).keys())
}

fn refuse_closed(order: &Order, sale: &Sale) -> Result<(), Refusal> {
    if !matches!(order.status, Status::Pending | Status::Paid) {
        let state = order.status.name().to_owned();
        return Err(Refusal::InvalidTransition { name: "rename".to_owned(), state, allowed: Vec::new() });
    }
    if sale.takes_names() { Ok(()) } else { Err(Refusal::NamesClosed) }
}

/// The tickets that the request means; `errors` were found before.
fn namings(tickets: Vec<Record>, named: Vec<Named>, mut errors: Vec<FieldError>) -> Result<Vec<Naming>> {
    let mut namings = Vec::with_capacity(named.len());
    for Named { place, code, person } in named {
        match tickets.iter().find(|ticket| ticket.text("code") == Some(code.as_str())) {
            Some(ticket) => namings.push(Naming { place, ticket: ticket.clone(), person }),
            None if code.is_empty() => {}
            None => {
                let message = "the order has no ticket with this code";
                errors.push(FieldError::new(format!("{place}.ticket"), "not_found", message));
            }
        }
    }
    if errors.is_empty() { Ok(namings) } else { Err(Error::Invalid(errors)) }
}

/// Those that change something; they must still be changeable. Held and read again: the door does not wait for the lock of
/// the order.
fn changed(work: &mut Work<'_>, namings: Vec<Naming>) -> Result<Vec<Naming>> {
    let (mut changed, mut fixed) = (Vec::new(), Vec::new());
    for naming in namings {
        let ticket = work.hold_for_process("tickets", naming.ticket.id)?;
        if person(&ticket, "attendee") == naming.person {
            continue;
        }
        match ticket.text("status") {
            Some("reserved" | "issued") => changed.push(Naming { ticket, ..naming }),
            status => fixed.push((format!("{}.ticket", naming.place), status.unwrap_or_default().to_owned())),
        }
    }
    if fixed.is_empty() { Ok(changed) } else { Err(Refusal::TicketFixed(fixed).into()) }
}
