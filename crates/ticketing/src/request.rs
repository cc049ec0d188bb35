//! What somebody asks for: checked and normalised before it meets the database.

use model::identity::name::names_a_page;
use model::identity::phone::Region;
use model::identity::{email, phone};
use model::{Id, Locale};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, Person, Result};

/// Tickets in one order at most.
const TICKETS_LIMIT: usize = 100;
/// Bytes of the source's JSON at most.
const SOURCE_LIMIT: usize = 4_000;
/// Characters of a name at most.
const NAME_LIMIT: usize = 200;

/// Somebody as they were typed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRequest {
    /// Full name.
    pub name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Phone, as people write it.
    pub phone: Option<String>,
}

/// One ticket asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketRequest {
    /// Id of the ticket type.
    pub ticket_type: String,
    /// Who will come; the buyer where nobody is named.
    pub attendee: Option<PersonRequest>,
}

/// An order asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderRequest {
    /// The event.
    pub event: Id,
    /// Who orders.
    pub buyer: PersonRequest,
    /// What.
    pub tickets: Vec<TicketRequest>,
    /// Value of `orders.channel`; `web_form` for the public and `api` for others where nothing is said.
    pub channel: Option<String>,
    /// Language of letters and tickets; the workspace's where nothing is said.
    pub locale: Option<Locale>,
    /// UTM marks and the like.
    pub source: Option<Json>,
}

/// An order asked for that may enter the process.
pub(crate) struct Wanted {
    pub(crate) buyer: Person,
    pub(crate) tickets: Vec<WantedTicket>,
}

/// One of its tickets.
pub(crate) struct WantedTicket {
    pub(crate) ticket_type: Id,
    pub(crate) attendee: Person,
}

impl OrderRequest {
    /// Reads the body of the public endpoint: `{buyer: {name, email, phone}, tickets: [{ticket_type, attendee}], source}`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is not of this form.
    pub fn from_json(event: Id, body: &Json) -> Result<Self> {
        let mut errors = Vec::new();
        let object = body.as_object().ok_or_else(|| Error::field("body", "invalid_type", "expected an object"))?;
        let buyer = read_person(object.get("buyer"), "buyer", &mut errors).unwrap_or_default();
        let mut tickets = Vec::new();
        match object.get("tickets") {
            None | Some(Json::Null) => {}
            Some(Json::Array(items)) => {
                for (index, item) in items.iter().enumerate().take(TICKETS_LIMIT + 1) {
                    let attendee =
                        read_person(item.get("attendee"), &format!("tickets[{index}].attendee"), &mut errors);
                    let ticket_type = item.get("ticket_type").and_then(Json::as_str).unwrap_or_default().to_owned();
                    tickets.push(TicketRequest { ticket_type, attendee });
                }
            }
            Some(_) => errors.push(FieldError::new("tickets", "invalid_type", "expected a list")),
        }
        let source = object.get("source").filter(|source| is_keepable(source)).cloned();
        if errors.is_empty() {
            Ok(Self { event, buyer, tickets, channel: None, locale: None, source })
        } else {
            Err(Error::Invalid(errors))
        }
    }

    /// Everything that can be judged without the database.
    pub(crate) fn validate(&self, region: Region) -> Result<Wanted> {
        let mut errors = Vec::new();
        let buyer = person(&self.buyer, "buyer", region, &mut errors);
        for (field, text) in [("buyer.name", &self.buyer.name), ("buyer.email", &self.buyer.email)] {
            if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
                missing(&mut errors, field);
            }
        }
        match self.tickets.len() {
            0 => errors.push(FieldError::new("tickets", "required", "an order is for at least one ticket")),
            1..=TICKETS_LIMIT => {}
            _ => {
                let message = format!("at most {TICKETS_LIMIT} tickets in one order");
                return Err(Error::field("tickets", "too_many", message));
            }
        }
        let mut tickets = Vec::new();
        for (index, ticket) in self.tickets.iter().enumerate() {
            let path = format!("tickets[{index}]");
            let attendee = attendee(ticket, &buyer, &path, region, &mut errors);
            match ticket.ticket_type.trim().parse::<Id>() {
                Ok(ticket_type) => tickets.push(WantedTicket { ticket_type, attendee }),
                Err(_) if ticket.ticket_type.trim().is_empty() => missing(&mut errors, &format!("{path}.ticket_type")),
                Err(_) => {
                    errors.push(FieldError::new(
                        format!("{path}.ticket_type"),
                        "invalid_id",
                        "the id of a ticket type is a UUID",
                    ));
                }
            }
        }
        if errors.is_empty() { Ok(Wanted { buyer, tickets }) } else { Err(Error::Invalid(errors)) }
    }
}

fn attendee(
    ticket: &TicketRequest,
    buyer: &Person,
    path: &str,
    region: Region,
    errors: &mut Vec<FieldError>,
) -> Person {
    let path = format!("{path}.attendee");
    let given = ticket.attendee.clone().unwrap_or_default();
    let found = errors.len();
    let attendee = person(&given, &path, region, errors);
    if attendee == Person::default() && errors.len() == found {
        return buyer.clone();
    }
    if attendee.name.is_none() && errors.len() == found {
        missing(errors, &format!("{path}.name"));
    }
    attendee
}

pub(crate) fn person(given: &PersonRequest, path: &str, region: Region, errors: &mut Vec<FieldError>) -> Person {
    let filled =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut wrong =
        |name: &str, code: &str, message: String| errors.push(FieldError::new(format!("{path}.{name}"), code, message));
    let name = filled(&given.name).and_then(|name| match clean_name(&name) {
        Ok(name) => Some(name),
        Err((code, message)) => {
            wrong("name", code, message.to_owned());
            None
        }
    });
    let email = filled(&given.email).and_then(|text| match email::normalise(&text) {
        Ok(email) => Some(String::from(email)),
        Err(error) => {
            wrong("email", "invalid_email", error.to_string());
            None
        }
    });
    let phone = filled(&given.phone).and_then(|text| match phone::normalise(&text, region) {
        Ok(phone) => Some(String::from(phone)),
        Err(error) => {
            wrong("phone", "invalid_phone", error.to_string());
            None
        }
    });
    Person { name, email, phone }
}

/// Blanks collapsed; something that can be called by.
fn clean_name(name: &str) -> Result<String, (&'static str, &'static str)> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > NAME_LIMIT {
        return Err(("too_long", "a name has at most 200 characters"));
    }
    if name.chars().any(char::is_control) || !name.chars().any(char::is_alphabetic) {
        return Err(("invalid_name", "a name has letters"));
    }
    // Letters to strangers greet by this name: it carries no address of a page.
    if names_a_page(&name) {
        return Err(("invalid_name", "a name is not an address of a page"));
    }
    Ok(name)
}

/// UTM marks are small; what is no such thing is left out and harms nobody.
fn is_keepable(source: &Json) -> bool {
    let text = source.to_string();
    source.is_object() && text.len() <= SOURCE_LIMIT && !text.contains("\\u0000")
}

pub(crate) fn missing(errors: &mut Vec<FieldError>, field: &str) {
    errors.push(FieldError::new(field, "required", "this must be filled"));
}

pub(crate) fn read_person(json: Option<&Json>, path: &str, errors: &mut Vec<FieldError>) -> Option<PersonRequest> {
    let object: &Map<String, Json> = match json? {
        Json::Null => return None,
        Json::Object(object) => object,
        _ => {
            errors.push(FieldError::new(path, "invalid_type", "expected {name, email, phone}"));
            return None;
        }
    };
    let mut text = |name: &str| match object.get(name) {
        None | Some(Json::Null) => None,
        Some(Json::String(text)) => Some(text.clone()),
        Some(_) => {
            errors.push(FieldError::new(format!("{path}.{name}"), "invalid_type", "expected text in quotes"));
            None
        }
    };
    Some(PersonRequest { name: text("name"), email: text("email"), phone: text("phone") })
}
