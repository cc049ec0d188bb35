//! Participants: who comes to an event. One card for one person and event, however many tickets they hold.

use model::identity::NameMatch;
use model::identity::name;
use model::{Id, Record};
use store::{Draft, Person, Result, Work};

use crate::buyer::Client;
use crate::condition::by_field;
use crate::order::{Order, person};

/// The cards that the tickets of one order need.
pub(crate) struct Participants {
    event: Id,
    client: Client,
    buyer: Person,
    known: Vec<Record>,
}

impl Participants {
    /// Reads the cards of the event that share an e-mail or phone with an attendee, or stand on the tickets already.
    pub(crate) fn read(
        work: &mut Work<'_>,
        event: Id,
        order: &Order,
        client: Client,
        tickets: &[Record],
    ) -> Result<Self> {
        let people: Vec<_> = tickets.iter().map(|ticket| person(ticket, "attendee")).collect();
        let emails: Vec<_> = people.iter().filter_map(|person| person.email.clone()).collect();
        let phones: Vec<_> = people.iter().filter_map(|person| person.phone.clone()).collect();
        let linked: Vec<_> = tickets.iter().filter_map(|ticket| ticket.link("participant")).collect();
        let mut known = by_field(work, "participants", "email", emails)?;
        known.extend(by_field(work, "participants", "phone", phones)?);
        known.extend(by_field(work, "participants", "account", [client.account])?);
        known.extend(by_field(work, "participants", "id", linked)?);
        // Asked for by the people alone: an event has many cards, a person few.
        known.retain(|card| card.link("event") == Some(event));
        Ok(Self { event, client, buyer: order.buyer(), known })
    }

    /// The card of a ticket's attendee, found or made; of the buyer while nobody is named.
    pub(crate) fn of(&mut self, work: &mut Work<'_>, ticket: &Record) -> Result<Id> {
        let named = person(ticket, "attendee");
        let attendee = if named.name.is_none() { self.buyer.clone() } else { named };
        if let Some(card) = self.known.iter().find(|card| is_same(&described(card), &attendee)) {
            let id = card.id;
            if card.text("status") == Some("cancelled") {
                work.update("participants", id, Draft::new().set("status", "registered"), None)?;
            }
            return Ok(id);
        }
        let is_buyer = attendee == self.buyer;
        let draft = Draft::new()
            .set("event", self.event)
            .set("name", attendee.name)
            .set("email", attendee.email)
            .set("phone", attendee.phone)
            .set("contact", is_buyer.then_some(self.client.contact))
            .set("account", self.client.account);
        let card = work.create("participants", draft)?;
        let id = card.id;
        self.known.push(card);
        Ok(id)
    }

    /// Brings a card in line with a ticket of the same person on which something was corrected.
    pub(crate) fn correct(&mut self, work: &mut Work<'_>, card: Id, ticket: &Record) -> Result<Id> {
        let named = person(ticket, "attendee");
        let draft = Draft::new().set("name", named.name).set("email", named.email).set("phone", named.phone);
        let card = work.update("participants", card, draft, None)?;
        let id = card.id;
        self.known.retain(|known| known.id != id);
        self.known.push(card);
        Ok(id)
    }
}

fn described(card: &Record) -> Person {
    let text = |name: &str| card.text(name).map(str::to_owned);
    Person { name: text("name"), email: text("email"), phone: text("phone") }
}

/// The same e-mail or phone under a name that does not contradict; where one of them has neither, the same name.
pub(crate) fn is_same(one: &Person, other: &Person) -> bool {
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let names = name::compare(one.name.as_deref(), other.name.as_deref());
    if same(&one.email, &other.email) || same(&one.phone, &other.phone) {
        return names != NameMatch::Contradicts;
    }
    let is_bare = |person: &Person| person.email.is_none() && person.phone.is_none();
    is_bare(one) && is_bare(other) && names == NameMatch::Same
}

/// Brings the state of a card in line with its tickets: attended, registered or cancelled.
pub(crate) fn follow_tickets(work: &mut Work<'_>, participant: Option<Id>) -> Result<()> {
    let Some(participant) = participant else { return Ok(()) };
    // Held before the tickets are read: two doors that let two tickets of one person in see each other's.
    work.hold_for_process("participants", participant)?;
    let tickets = by_field(work, "tickets", "participant", [participant])?;
    let any = |status: &str| tickets.iter().any(|ticket| ticket.text("status") == Some(status));
    let status = match (any("checked_in"), any("issued")) {
        (true, _) => "attended",
        (false, true) => "registered",
        (false, false) => "cancelled",
    };
    work.update("participants", participant, Draft::new().set("status", status), None)?;
    Ok(())
}
