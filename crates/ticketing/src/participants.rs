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
        if let Some(card) = self.known.iter().find(|card| is_same(card, &attendee)) {
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
}

/// The same e-mail or phone under a name that does not contradict; where one of them has neither, the same name.
fn is_same(card: &Record, attendee: &Person) -> bool {
    let same = |field: &str, value: &Option<String>| value.is_some() && card.text(field) == value.as_deref();
    let names = name::compare(card.text("name"), attendee.name.as_deref());
    if same("email", &attendee.email) || same("phone", &attendee.phone) {
        return names != NameMatch::Contradicts;
    }
    let is_bare = attendee.email.is_none() && attendee.phone.is_none();
    is_bare && card.text("email").is_none() && card.text("phone").is_none() && names == NameMatch::Same
}

/// Brings the state of a card in line with its tickets: attended, registered or cancelled.
pub(crate) fn follow_tickets(work: &mut Work<'_>, participant: Option<Id>) -> Result<()> {
    let Some(participant) = participant else { return Ok(()) };
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
