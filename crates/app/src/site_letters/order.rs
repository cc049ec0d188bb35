//! An order as a letter of a site tells of it, in the form of the site's own door.

use model::Record;
use model::expr::Plan;
use model::identity::fold;
use model::site_letter::{Found, Order, SiteLetter, Ticket};
use serde_json::{Value as Json, json};
use store::{Error, FieldError, Result, Work};
use ticketing::{Offer, OrderRequest};

use super::no_event;
use crate::App;

/// Tickets of one line, and of an order, at most: whoever wants more orders as an organisation does.
const MOST: usize = 100;
/// How long the name of an event may be, in characters.
const LONGEST: usize = 200;

impl App {
    pub(super) fn order_of_site(&self, work: &mut Work<'_>, site: &SiteLetter, found: &[Found]) -> Result<Record> {
        let order = Order::of(found);
        let said = order.event.as_deref().or(site.event.as_deref());
        let Some(said) = said else {
            return Err(Error::Invalid(vec![FieldError::new("event", "required", "which event?")]));
        };
        let Some(event) = self.event_of_site(work, said)? else { return Err(Error::Invalid(vec![no_event()])) };
        let offers = self.ticketing().offers(work, event.id)?;
        let (mut tickets, mut faults) = (Vec::new(), Vec::new());
        for ticket in &order.tickets {
            // The door refuses so many: no more of them are made for it.
            if tickets.len() > MOST {
                break;
            }
            match wanted(ticket, &offers, tickets.len()) {
                Ok(mut of_line) => tickets.append(&mut of_line),
                Err(mut wrong) => faults.append(&mut wrong),
            }
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let body = json!({"buyer": order.buyer, "tickets": tickets, "source": {"site_letter": site.name}});
        let request = OrderRequest::from_json(event.id, &body)?;
        let request = OrderRequest { channel: Some("email".to_owned()), ..request };
        self.ticketing().place(work, &request)
    }

    /// The event of that address or name; drafts are known to nobody outside.
    fn event_of_site(&self, work: &mut Work<'_>, said: &str) -> Result<Option<Record>> {
        let said: String = said.trim().chars().take(LONGEST).collect();
        match self.ticketing().public_event(work, &said) {
            Ok(event) if event.deleted_at.is_none() => return Ok(Some(event)),
            Ok(_) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        let Ok(module) = work.module("events") else { return Ok(None) };
        let Ok(called) = Plan::field(&module, "name").and_then(|field| field.eq(said.as_str())) else {
            return Ok(None);
        };
        let found = work.as_process(|work| work.find("events", called))?;
        let is_told = |event: &Record| event.deleted_at.is_none() && event.text("status") != Some("draft");
        let mut found = found.into_iter().filter(is_told);
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => {
                let message = "several events are called so: give the address of one";
                Err(Error::Invalid(vec![FieldError::new("event", "site_letter_ambiguous", message)]))
            }
            (event, _) => Ok(event),
        }
    }
}

/// The tickets of a line as the door takes them, the first of which stands at `place`; who is named comes with the first.
fn wanted(ticket: &Ticket, offers: &[Offer], place: usize) -> Result<Vec<Json>, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut wrong = |part: &str, code: &str, message: String| {
        faults.push(FieldError::new(format!("tickets[{place}].{part}"), code, message));
    };
    let said = ticket.ticket_type.as_deref().unwrap_or_default();
    let key = fold(said);
    let mut called = offers.iter().filter(|offer| fold(&offer.kind.name) == key || offer.kind.id.to_string() == key);
    let kind = match (called.next(), called.next()) {
        (Some(_), Some(_)) => {
            wrong("ticket_type", "site_letter_ambiguous", format!("several ticket types are called {said:?}"));
            None
        }
        (Some(offer), None) => Some(offer.kind.id),
        (None, _) if said.is_empty() => {
            wrong("ticket_type", "required", "which ticket type?".to_owned());
            None
        }
        (None, _) => {
            wrong(
                "ticket_type",
                "site_letter_type",
                format!("the event has no ticket type {said:?}: give a word for it"),
            );
            None
        }
    };
    let count = ticket.quantity.as_deref().map_or(Some(1), count);
    match count {
        Some(count) if count > MOST => wrong("quantity", "out_of_range", format!("from 1 to {MOST} tickets")),
        None => wrong("quantity", "invalid_number", "a whole number is expected".to_owned()),
        Some(_) => {}
    }
    match (kind, count) {
        (Some(kind), Some(count)) if faults.is_empty() => {
            let attendee = |number: usize| if number == 0 { json!(ticket.attendee) } else { Json::Null };
            let one = |number: usize| json!({"ticket_type": kind.to_string(), "attendee": attendee(number)});
            Ok((0..count).map(one).collect())
        }
        _ => Err(faults),
    }
}

/// A count as sites write it: `2`, `2 шт.`, `x2`.
fn count(text: &str) -> Option<usize> {
    let mut numbers = text.split(|sign: char| !sign.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let number = numbers.next()?.parse().ok()?;
    let is_whole = numbers.next().is_none() && !text.contains('-');
    is_whole.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn a_count_is_one_number() {
        let counts = ["2", " 2 шт.", "x2", "0", "2.5", "-1", "two", "1 of 3", "99999999999999999999999"].map(count);
        assert_eq!(counts, [Some(2), Some(2), Some(2), Some(0), None, None, None, None, None]);
    }
}
