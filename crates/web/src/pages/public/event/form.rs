//! What was typed into the order form, what is wrong with it, and the order it asks for.

use std::collections::BTreeMap;

use model::identity::{email, phone};
use model::{Id, Locale};
use serde_json::{Map, Value as Json, json};
use store::FieldError;
use ticketing::{OrderRequest, PersonRequest, TicketRequest};

use super::offers::{Offer, State};
use crate::problem::Problem;
use crate::ui::Words;
use crate::ui::typed::Typed;

/// Name of the control that no person sees.
pub(super) const TRAP: &str = "website";

/// The form.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) typed: Typed,
    /// Types of the tickets asked for, one entry a ticket, with its number among its type.
    tickets: Vec<(Id, usize)>,
    /// Names of controls with what is wrong, in words.
    pub(super) errors: BTreeMap<String, String>,
    /// What is wrong with the whole.
    pub(super) faults: Vec<String>,
}

impl Sheet {
    pub(super) fn new(typed: Typed) -> Self {
        Self { typed, tickets: Vec::new(), errors: BTreeMap::new(), faults: Vec::new() }
    }

    /// Reads how many tickets are asked for.
    pub(super) fn steps(&mut self, offers: &[Offer]) {
        let wanted = |offer: &Offer| self.typed.text(&count_name(offer.id)).parse::<usize>().unwrap_or(0);
        let most = |offer: &Offer| usize::try_from(offer.most).unwrap_or(0);
        let open = offers.iter().filter(|offer| offer.state == State::Open);
        self.tickets =
            open.flat_map(|offer| (0..wanted(offer).min(most(offer))).map(move |number| (offer.id, number))).collect();
    }

    /// Robots fill in everything.
    pub(super) fn is_robot(&self) -> bool {
        !self.typed.text(TRAP).is_empty()
    }

    pub(super) fn is_wrong(&self) -> bool {
        !self.errors.is_empty() || !self.faults.is_empty()
    }

    /// Whether the second page is shown: several tickets, and nobody was asked yet who will come.
    pub(super) fn asks_for_attendees(&self) -> bool {
        self.tickets.len() > 1 && !self.typed.has("attendees")
    }

    /// Whether one goes back from the second page to the number of tickets.
    pub(super) fn is_back(&self) -> bool {
        self.typed.has("back")
    }

    /// Whether names of attendees are on the page.
    pub(super) fn has_attendees(&self) -> bool {
        self.tickets.len() > 1 && !self.is_back() && (self.typed.has("attendees") || !self.is_wrong())
    }

    /// The tickets asked for.
    pub(super) fn tickets(&self) -> &[(Id, usize)] {
        &self.tickets
    }

    /// Everything that is seen without placing the order.
    pub(super) fn judge(&mut self, locale: Locale, offers: &[Offer]) {
        if self.tickets.is_empty() {
            self.faults.push(locale.say(if offers.iter().any(|offer| offer.state == State::Open) {
                "choose-tickets"
            } else {
                "nothing-on-sale"
            }));
        }
        for name in ["buyer_name", "buyer_email"] {
            if self.typed.text(name).is_empty() {
                self.errors.insert(name.to_owned(), locale.say("error-required"));
            }
        }
        let email_text = self.typed.text("buyer_email").to_owned();
        if !email_text.is_empty() && email::normalise(&email_text).is_err() {
            self.errors.insert("buyer_email".to_owned(), locale.say("error-invalid_email"));
        }
        let phone_text = self.typed.text("buyer_phone").to_owned();
        if !phone_text.is_empty() && phone::normalise(&phone_text, phone::Region::default()).is_err() {
            self.errors.insert("buyer_phone".to_owned(), locale.say("error-invalid_phone"));
        }
        if self.typed.text("consent") != "yes" {
            self.errors.insert("consent".to_owned(), locale.say("consent-needed"));
        }
    }

    /// The order.
    pub(super) fn request(&self, event: Id, locale: Locale) -> OrderRequest {
        let filled = |name: &str| Some(self.typed.text(name).to_owned()).filter(|text| !text.is_empty());
        let ticket = |(kind, number): &(Id, usize)| {
            let part = |part: &str| filled(&attendee_name(*kind, *number, part));
            let attendee = PersonRequest { name: part("name"), email: part("email"), phone: None };
            let is_named = attendee != PersonRequest::default();
            TicketRequest { ticket_type: kind.to_string(), attendee: is_named.then_some(attendee) }
        };
        let source: Map<String, Json> =
            marks(&self.typed).map(|(name, value)| (name.to_owned(), json!(value))).collect();
        OrderRequest {
            event,
            buyer: PersonRequest {
                name: filled("buyer_name"),
                email: filled("buyer_email"),
                phone: filled("buyer_phone"),
            },
            tickets: self.tickets.iter().map(ticket).collect(),
            channel: None,
            locale: Some(locale),
            source: (!source.is_empty()).then_some(Json::Object(source)),
        }
    }

    /// Puts what the service refused beside the controls it speaks of.
    pub(super) fn refused(&mut self, locale: Locale, offers: &[Offer], problem: &Problem) {
        self.steps(offers);
        // The service counts the tickets as they were asked for, whatever is left of them now.
        let asked: Vec<(Id, usize)> = offers
            .iter()
            .flat_map(|offer| {
                let count = self.typed.text(&count_name(offer.id)).parse::<usize>().unwrap_or(0).min(100);
                (0..count).map(move |number| (offer.id, number))
            })
            .collect();
        for error in &problem.errors {
            match control(&asked, error) {
                Some(name) => {
                    self.errors.entry(name).or_insert_with(|| locale.error(error));
                }
                None => self.faults.push(locale.error(error)),
            }
        }
        if problem.errors.is_empty() || problem.status == axum::http::StatusCode::CONFLICT {
            self.faults.push(locale.refusal(&problem.code, &problem.detail));
        }
    }
}

/// The control that a path of the request belongs to.
fn control(tickets: &[(Id, usize)], error: &FieldError) -> Option<String> {
    if let Some(part) = error.field.strip_prefix("buyer.") {
        return Some(format!("buyer_{part}"));
    }
    let (index, rest) = error.field.strip_prefix("tickets[")?.split_once(']')?;
    let (kind, number) = tickets.get(index.parse::<usize>().ok()?)?;
    match rest.strip_prefix(".attendee.") {
        Some(part) => Some(attendee_name(*kind, *number, part)),
        None => Some(count_name(*kind)),
    }
}

/// Where the visitor came from: marks of advertising.
pub(super) fn marks(typed: &Typed) -> impl Iterator<Item = (&str, String)> {
    let marks =
        typed.pairs().iter().filter(|(name, value)| name.starts_with("utm_") && name.len() <= 40 && !value.is_empty());
    marks.take(8).map(|(name, value)| (name.as_str(), value.chars().take(200).collect()))
}

/// The control of how many tickets of a type.
pub(super) fn count_name(kind: Id) -> String {
    format!("count.{kind}")
}

/// A control of who will come.
pub(super) fn attendee_name(kind: Id, number: usize, part: &str) -> String {
    format!("attendee.{kind}.{number}.{part}")
}

#[cfg(test)]
mod tests {
    use model::Id;
    use store::FieldError;

    use super::{attendee_name, control, count_name};

    #[test]
    fn paths_of_the_request_lead_to_controls() {
        let (one, two) = (Id::new(), Id::new());
        let tickets = [(one, 0), (one, 1), (two, 0)];
        let of = |path: &str| control(&tickets, &FieldError::new(path, "required", ""));
        assert_eq!(of("buyer.email").as_deref(), Some("buyer_email"));
        assert_eq!(of("tickets[1].attendee.email"), Some(attendee_name(one, 1, "email")));
        assert_eq!(of("tickets[2].ticket_type"), Some(count_name(two)));
        assert_eq!(of("tickets[9].ticket_type"), None);
        assert_eq!(of("tickets"), None);
    }
}
