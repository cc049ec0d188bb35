//! The data of `ticket.typ`: what a ticket says, already worded and formatted for its reader.

use std::collections::BTreeMap;

use serde::Serialize;

/// The tickets of one order: a page for each.
///
/// Every text is printed as it stands, so dates, prices and numbers come formatted in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketDocument {
    /// Language of the reader (`ru`, `en`): hyphenation, and what screen readers are told.
    pub language: String,
    /// The organiser's colour as `#rrggbb`; anything else gives Plenary's indigo.
    pub accent: String,
    /// Who holds the event.
    pub organiser: String,
    /// The event.
    pub event: Event,
    /// Number of the order, e.g. `JV27-00533`.
    pub order_number: String,
    /// The buyer's page of the order, where names are changed.
    pub order_url: Option<String>,
    /// Last day on which a name can be changed, e.g. `10 апреля 2027`; none: names stay.
    pub rename_until: Option<String>,
    /// Whom to ask.
    pub contact: Contact,
    /// The tickets, in the order of their pages.
    pub tickets: Vec<Ticket>,
    /// The fixed texts, from `ticket.ru.toml` or `ticket.en.toml` beside the template.
    pub labels: BTreeMap<String, String>,
}

/// The event as its ticket names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Full name.
    pub name: String,
    /// Days, e.g. `13–14 апреля 2027`.
    pub dates: String,
    /// Opening of the doors and the like, e.g. `Регистрация с 9:00, начало в 10:00`.
    pub times: Option<String>,
    /// Where: the city and the house, or that it is online.
    pub venue: String,
    /// Postal address of the venue.
    pub address: Option<String>,
    /// How to get there and in, in the organiser's words, a paragraph to a line; replaces the text of the
    /// label `entry_text`.
    pub directions: Option<String>,
}

/// Whom the holder asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// A person or a desk.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone, formatted.
    pub phone: Option<String>,
}

/// One ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ticket {
    /// The ticket's code: printed, and the whole content of the QR code.
    pub code: String,
    /// Whose ticket; none while nobody is named.
    pub attendee: Option<String>,
    /// Where the attendee works.
    pub company: Option<String>,
    /// Name of the ticket type.
    pub ticket_type: String,
    /// Price paid, e.g. `10 000 ₽`; none: not shown.
    pub price: Option<String>,
}
