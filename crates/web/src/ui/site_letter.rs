//! What things of a letter of a site are called: those of an order, and fields of a module.

use model::{Locale, Module};

use super::Words;

/// What a letter says of an order, with the message that each is called by.
pub(crate) const THINGS: [(&str, &str); 9] = [
    ("event", "site-letters-to-event"),
    ("ticket_type", "site-letters-to-type"),
    ("quantity", "site-letters-to-quantity"),
    ("attendee_name", "site-letters-to-attendee"),
    ("attendee_email", "site-letters-to-attendee-email"),
    ("attendee_phone", "site-letters-to-attendee-phone"),
    ("buyer_name", "site-letters-to-buyer"),
    ("buyer_email", "site-letters-to-buyer-email"),
    ("buyer_phone", "site-letters-to-buyer-phone"),
];

/// What a thing is called.
pub(crate) fn called(l: Locale, module: &Module, to: &str) -> String {
    if module.name == "orders" {
        let known = THINGS.iter().find(|(thing, _)| *thing == to);
        return known.map_or_else(|| to.to_owned(), |(_, key)| l.say(key));
    }
    module.field(to).map_or_else(|| to.to_owned(), |field| field.called(l).to_owned())
}

/// What the text of a letter of a site is called.
pub(crate) const LETTER: &str = "site-letters-letter";

/// What a fault is about, such as `tickets[1].attendee.email`: the ticket by its number, and the thing.
pub(crate) fn place(l: Locale, module: &Module, field: &str) -> String {
    if field == "text" {
        return l.say(LETTER);
    }
    if module.name != "orders" {
        return called(l, module, field);
    }
    if let Some(part) = field.strip_prefix("buyer.") {
        return called(l, module, &format!("buyer_{part}"));
    }
    let Some((number, part)) = field.strip_prefix("tickets[").and_then(|rest| rest.split_once("].")) else {
        return if field == "tickets" { l.say("site-letters-tickets") } else { called(l, module, field) };
    };
    let to = part.strip_prefix("attendee.").map_or_else(|| part.to_owned(), |part| format!("attendee_{part}"));
    let number = number.parse::<i64>().unwrap_or_default().saturating_add(1);
    let thing = called(l, module, &to);
    l.say_with("site-letters-of-ticket", &[("number", number.into()), ("thing", thing.into())])
}
