//! What must hold of events and ticket types before the ordinary write path keeps them.

use jiff::{SignedDuration, Span, Timestamp, Zoned};
use model::expr::Plan;
use model::value::read_duration;
use model::{Currency, Record, Value};
use store::{Draft, Error, FieldError, List, Result, Work};

use crate::condition::condition;
use crate::locks::Locks;
use crate::sale::currency;
use crate::{Ticketing, Tier, waiting_list};

/// Longer waits are a slip of the pen.
const LONGEST_DAYS: i64 = 366;

impl Ticketing {
    /// Checks a draft of an event or ticket type, and brings price tiers to the one form in which they are kept. `before`
    /// is the record that it changes. Quotas may go below what is sold: nothing is sold then until seats are free again.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong.
    pub fn check(&self, work: &mut Work<'_>, module: &str, draft: &mut Draft, before: Option<&Record>) -> Result<()> {
        // Decided behind the locks that orders take: nothing is sold meanwhile, and prices and currency stay together.
        let held = match (module, before) {
            ("events", Some(before)) => Locks::default().event(before.id),
            ("ticket_types", _) => {
                let now = before.and_then(|before| before.link("event"));
                let events = now.into_iter().chain(draft.values.get("event").and_then(Value::as_id));
                events.fold(Locks::default().types(before.map(|before| before.id)), Locks::event)
            }
            _ => Locks::default(),
        };
        work.lock(&held.keys())?;
        let errors = match module {
            "events" => work.as_process(|work| event(work, draft, before))?,
            "ticket_types" => work.as_process(|work| ticket_type(work, draft, before))?,
            waiting_list::MODULE => work.as_process(|work| entry(work, draft, before))?,
            _ => Vec::new(),
        };
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let event = match module {
            "events" => before.map(|before| before.id),
            "ticket_types" | waiting_list::MODULE => after(draft, before, "event").as_id(),
            _ => None,
        };
        let Some(event) = event else { return Ok(()) };
        if module == waiting_list::MODULE {
            return waiting_list::look_soon(work, event, event);
        }
        // A quota may have been raised, a sale opened: whoever waits is looked at after this is kept.
        work.as_process(|work| waiting_list::call(work, event))
    }
}

/// The value as it will be.
fn after<'a>(draft: &'a Draft, before: Option<&'a Record>, name: &str) -> &'a Value {
    draft.values.get(name).or_else(|| Some(before?.get(name))).unwrap_or(&Value::Null)
}

fn event(work: &mut Work<'_>, draft: &Draft, before: Option<&Record>) -> Result<Vec<FieldError>> {
    let mut errors = Vec::new();
    for name in ["payment_wait", "grace", "waiting_hold"] {
        errors.extend(wrong_wait(work, draft, name));
    }
    if let Some(slug) = draft.values.get("slug").and_then(Value::as_text)
        && !is_slug(slug)
    {
        errors.push(FieldError::new(
            "slug",
            "invalid_slug",
            "lower-case Latin letters, digits and hyphens, at most 60",
        ));
    }
    let days = [after(draft, before, "starts_on"), after(draft, before, "ends_on")].map(Value::as_date);
    if let [Some(first), Some(last)] = days
        && last < first
    {
        errors.push(FieldError::new("ends_on", "out_of_range", "an event does not end before it starts"));
    }
    if let Some(code) = draft.values.get("currency") {
        let new = match code.as_text() {
            None => Ok(work.settings().currency),
            Some(code) => Currency::parse(code),
        };
        match (new, before) {
            (Err(error), _) => errors.push(FieldError::new("currency", "invalid_currency", error.to_string())),
            (Ok(new), Some(before)) if new != currency(before, work.settings()) && sells(work, before)? => {
                let message = "the event has ticket types with prices in its present currency";
                errors.push(FieldError::new("currency", "in_use", message));
            }
            _ => {}
        }
    }
    errors.extend(negative(draft, "capacity", 0));
    errors.extend(negative(draft, "max_looks", 1));
    errors.extend(negative(draft, "max_pending_per_person", 1));
    Ok(errors)
}

fn ticket_type(work: &mut Work<'_>, draft: &mut Draft, before: Option<&Record>) -> Result<Vec<FieldError>> {
    let mut errors = Vec::new();
    errors.extend(wrong_wait(work, draft, "payment_wait"));
    errors.extend(negative(draft, "quota", 0));
    errors.extend(negative(draft, "max_per_order", 1));
    let instants = [after(draft, before, "sale_from"), after(draft, before, "sale_until")].map(Value::as_instant);
    if let [Some(from), Some(until)] = instants
        && until <= from
    {
        errors.push(FieldError::new("sale_until", "out_of_range", "a sale ends after it begins"));
    }
    let event = after(draft, before, "event").as_id();
    let moved = before.filter(|before| event != before.link("event"));
    if let Some(before) = moved {
        let sold = condition(work, "tickets", |tickets| Plan::field(tickets, "ticket_type")?.eq(before.id))?;
        if work.count("tickets", &List { filter: Some(sold), ..List::default() }, Some(1))? > 0 {
            errors.push(FieldError::new("event", "in_use", "tickets of this type are ordered for its present event"));
        }
    }
    // An event that is not there is the write path's to refuse.
    let event = event.and_then(|event| work.get("events", event).ok());
    if let (Some(event), true) = (event, moved.is_some() || draft.values.contains_key("price_tiers"))
        && let Value::Json(json) = after(draft, before, "price_tiers")
    {
        match Tier::read(json, currency(&event, work.settings())) {
            Ok(tiers) => drop(draft.values.insert("price_tiers".to_owned(), Value::Json(Tier::to_json(&tiers)))),
            Err(wrong) => errors.extend(wrong),
        }
    }
    Ok(errors)
}

/// Somebody waits for what the event sells.
fn entry(work: &mut Work<'_>, draft: &Draft, before: Option<&Record>) -> Result<Vec<FieldError>> {
    let mut errors: Vec<_> = negative(draft, "seats", 1).into_iter().collect();
    let event = after(draft, before, "event").as_id();
    let kind = after(draft, before, "ticket_type").as_id();
    let kind = kind.and_then(|kind| work.get("ticket_types", kind).ok());
    // What is not there is the write path's to refuse.
    if let (Some(event), Some(kind)) = (event, kind)
        && kind.link("event") != Some(event)
    {
        errors.push(FieldError::new("ticket_type", "not_found", "the event has no such ticket type"));
    }
    Ok(errors)
}

fn sells(work: &mut Work<'_>, event: &Record) -> Result<bool> {
    let types = condition(work, "ticket_types", |types| Plan::field(types, "event")?.eq(event.id))?;
    Ok(work.count("ticket_types", &List { filter: Some(types), ..List::default() }, Some(1))? > 0)
}

fn negative(draft: &Draft, name: &str, least: i64) -> Option<FieldError> {
    let number = draft.values.get(name)?.as_int()?;
    (number < least).then(|| FieldError::new(name, "out_of_range", format!("at least {least}")))
}

/// A minute at least (an order is not looked at all the time), a year at most; a grace may be nothing.
fn wrong_wait(work: &Work<'_>, draft: &Draft, name: &str) -> Option<FieldError> {
    let text = draft.values.get(name)?.as_text()?;
    let least = if name == "grace" { SignedDuration::ZERO } else { SignedDuration::from_mins(1) };
    let length = read_duration(text).ok().and_then(|span| length(work.now(), span));
    let fits = length.is_some_and(|length| length >= least && length <= SignedDuration::from_hours(LONGEST_DAYS * 24));
    (!fits).then(|| FieldError::new(name, "out_of_range", "between a minute and a year, such as P1D or PT4H"))
}

fn length(now: Timestamp, span: Span) -> Option<SignedDuration> {
    let start: Zoned = now.to_zoned(jiff::tz::TimeZone::UTC);
    Some(start.checked_add(span).ok()?.timestamp().duration_since(now))
}

fn is_slug(slug: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=60).contains(&slug.len()) && slug.bytes().all(allowed) && !slug.starts_with('-') && !slug.ends_with('-')
}
