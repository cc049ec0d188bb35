//! What letters read, made up: so that a template is tried before a workspace lives by it.

use model::Locale;
use serde_json::{Value as Json, json};

use crate::{PLACE, Ticketing};

/// The letters that orders, their money and their tickets cause.
pub const LETTERS: [&str; 17] = [
    "group_debt",
    "group_invoiced",
    "group_paid",
    "group_repriced",
    "group_tickets",
    "order_annulled",
    "order_cancelled",
    "order_offered",
    "order_overpaid",
    "order_paid",
    "order_part_paid",
    "order_received",
    "order_refunded",
    "order_reminder",
    "order_renamed",
    "ticket_issued",
    "waiting_joined",
];

/// Values of `reason`.
const REASONS: [&str; 10] = [
    "price_changed",
    "not_agreed",
    "sale_closed",
    "event_past",
    "not_paid",
    "declined",
    "not_taken",
    "seats_declined",
    "by_buyer",
    "by_staff",
];

impl Ticketing {
    /// Data as letters get it, everything there and everything missing that can be.
    #[must_use]
    pub fn letter_samples(locale: Locale) -> Vec<Json> {
        let (amount, day, name, kind) = match locale {
            Locale::Ru => {
                ("12\u{a0}500\u{a0}₽", "22 ноября 2026, 12:00 (по московскому времени)", "Анна Белова", "Стандарт")
            }
            Locale::En => ("£125", "22 November 2026, 12:00 (London time)", "Anna Belova", "Standard"),
        };
        let (event, dates, hall, pays) = match locale {
            Locale::Ru => ("Весенняя конференция", "13–14 декабря 2026", "Зал 1", "Переводом по реквизитам"),
            Locale::En => ("Spring Conference", "13–14 December 2026", "Hall 1", "By bank transfer"),
        };
        let ticket = |attendee: Option<&str>| json!({"type": kind, "attendee": attendee, "price": amount, "code": "K7W3P9XAK7W3"});
        let sample = |reason: &str, is_full: bool| {
            let filled = |text: &'static str| is_full.then_some(text);
            let paid = is_full.then_some(amount);
            let tickets = if is_full { vec![ticket(Some(name)), ticket(None)] } else { vec![ticket(None)] };
            json!({
                "organiser": "Plenary",
                "buyer": {"name": name},
                "event": {"name": event, "dates": dates, "venue": filled(hall), "url": "https://example.org/e/spring"},
                "order": {"number": "S-1", "total": amount, "paid": paid, "due": amount, "url": "https://example.org/p/o/x"},
                "tickets": tickets,
                "price_until": is_full.then_some(day),
                "check_at": day,
                "payment_instructions": filled(pays).unwrap_or_default(),
                "total_before": amount,
                "invoice": {"number": "17", "date": day},
                "reason": reason,
                "revived": !is_full,
                "attendees_told": usize::from(is_full),
            })
        };
        REASONS.into_iter().flat_map(|reason| [sample(reason, true), sample(reason, false)]).collect()
    }

    /// Data as this one of [`LETTERS`] gets it: whoever joins the waiting list has no order yet.
    #[must_use]
    pub fn samples_of(letter: &str, locale: Locale) -> Vec<Json> {
        if letter != PLACE {
            return Self::letter_samples(locale);
        }
        let named = |order: &Json| {
            json!({
                "organiser": order["organiser"],
                "buyer": order["buyer"],
                "event": order["event"],
                "waiting": {
                    "type": order["tickets"][0]["type"], "seats": 2, "place": 3, "url": "https://example.org/p/w/x",
                },
            })
        };
        Self::letter_samples(locale).iter().take(2).map(named).collect()
    }
}
