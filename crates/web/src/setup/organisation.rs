//! The organisation: its name, its defaults, its legal entities, its logo.

use axum::body::Bytes;
use jiff::tz::TimeZone;
use model::identity::email;
use model::requisites::LegalEntity;
use model::value::{LONG_TEXT_LIMIT, read_duration};
use model::working::WorkingTime;
use model::{Actor, Currency};
use serde_json::{Map, Value, json};
use store::{Origin, Settings, Work};

use super::body::Body;
use crate::blocking::blocking;
use crate::brand::Colour;
use crate::problem::Problem;
use crate::state::Web;

/// What an administrator changes.
const FIELDS: [&str; 17] = [
    "name",
    "time_zone",
    "currency",
    "locale",
    "sender",
    "payment_wait",
    "payment_terms",
    "prepayment_share",
    "price_asks",
    "rule_runs_kept",
    "calls_kept",
    "letter_wait",
    "letters_per_hour",
    "payment_instructions",
    "legal_entities",
    "accent",
    "working_time",
];
/// Values of `payment_terms`.
pub(crate) const TERMS: [&str; 3] = ["prepaid", "partial", "postpaid"];
/// Days for which something is kept at most: ten years.
const LONGEST_KEPT: i64 = 3_650;
/// Seconds for which a letter can be taken back at most.
const LONGEST_LETTER_WAIT: i64 = 3_600;
/// Letters that may go in an hour at most, where it is said at all.
const MOST_LETTERS: i64 = 1_000_000;
/// The most legal entities.
const ENTITIES: usize = 50;

/// Keeps a logo, or none from now on. The picture is among the files before the settings name it.
pub(crate) async fn keep_logo(
    web: &Web,
    actor: Actor,
    origin: &'static str,
    bytes: Option<Bytes>,
) -> Result<Settings, Problem> {
    app::shape::may_shape(&actor, &web.app.workspace().knowledge().definitions)?;
    let name = match bytes {
        None => None,
        Some(bytes) => {
            let app = web.app.clone();
            Some(blocking(move || app.keep_logo(&bytes)).await??)
        }
    };
    let write = move |work: &mut Work<'_>| {
        let name = name.clone();
        work.change_settings(|settings| {
            settings.logo = name;
            Ok(())
        })
    };
    Ok(web.app.workspace().write(actor, Origin::from(origin), write).await?.0)
}

/// The settings in the form of the API; the `whole` of them is for administrators.
pub(crate) fn shown(settings: &Settings, whole: bool) -> Value {
    let mut json = json!({
        "name": settings.name, "locale": settings.locale, "time_zone": settings.time_zone,
        "currency": settings.currency, "sandbox": settings.sandbox,
    });
    if let (true, Some(map)) = (whole, json.as_object_mut()) {
        map.insert("sender".to_owned(), json!(settings.sender));
        map.insert("payment_wait".to_owned(), json!(settings.payment_wait));
        map.insert("payment_terms".to_owned(), json!(settings.payment_terms));
        map.insert("prepayment_share".to_owned(), json!(settings.prepayment_share));
        map.insert("price_asks".to_owned(), json!(settings.price_asks));
        map.insert("rule_runs_kept".to_owned(), json!(settings.rule_runs_kept));
        map.insert("calls_kept".to_owned(), json!(settings.calls_kept));
        map.insert("letter_wait".to_owned(), json!(settings.letter_wait));
        map.insert("letters_per_hour".to_owned(), json!(settings.letters_per_hour));
        map.insert("payment_instructions".to_owned(), json!(settings.payment_instructions));
        map.insert("legal_entities".to_owned(), json!(settings.legal_entities));
        map.insert("accent".to_owned(), json!(settings.accent));
        map.insert("working_time".to_owned(), json!(settings.working_time));
        let logo = settings.logo.as_ref().map(|logo| format!("/assets/brand/{logo}"));
        map.insert("logo".to_owned(), json!(logo));
    }
    json
}

/// Takes over what is named in `map`.
pub(crate) fn apply(settings: &mut Settings, map: &Map<String, Value>) -> store::Result<()> {
    let mut body = Body::new(map.clone(), &FIELDS);
    if let Some(name) = body.text("name", true) {
        settings.name = name;
    }
    if let Some(zone) = body.text("time_zone", true) {
        match TimeZone::get(&zone) {
            Ok(_) => settings.time_zone = zone,
            Err(_) => {
                body.wrong::<()>("time_zone", "invalid_time_zone", "an IANA name, for instance Europe/Moscow");
            }
        }
    }
    if let Some(code) = body.text("currency", true) {
        match Currency::parse(&code) {
            Ok(currency) => settings.currency = currency,
            Err(error) => {
                body.wrong::<()>("currency", "invalid_currency", error.to_string());
            }
        }
    }
    if let Some(locale) = body.locale("locale") {
        settings.locale = locale;
    }
    // One that stays is not judged: a workspace begins with an address of this machine.
    if let Some(sender) = body.text("sender", true).filter(|sender| *sender != settings.sender) {
        match email::normalise(&sender) {
            Ok(sender) => settings.sender = sender.into(),
            Err(error) => {
                body.wrong::<()>("sender", "invalid_email", error.to_string());
            }
        }
    }
    if matches!(body.raw("payment_wait"), Some(Value::Null)) {
        settings.payment_wait = None;
    } else if let Some(wait) = body.text("payment_wait", true) {
        match read_duration(&wait) {
            Ok(span) if span.is_positive() => settings.payment_wait = Some(span.to_string()),
            _ => {
                body.wrong::<()>(
                    "payment_wait",
                    "invalid_duration",
                    "a duration is ISO 8601, for instance P1D or PT4H",
                );
            }
        }
    }
    terms(settings, &mut body);
    if let Some(days) = whole(&mut body, "rule_runs_kept", LONGEST_KEPT) {
        settings.rule_runs_kept = days;
    }
    if let Some(days) = whole(&mut body, "calls_kept", LONGEST_KEPT) {
        settings.calls_kept = days;
    }
    if let Some(seconds) = whole(&mut body, "letter_wait", LONGEST_LETTER_WAIT) {
        settings.letter_wait = seconds;
    }
    if let Some(letters) = whole(&mut body, "letters_per_hour", MOST_LETTERS) {
        settings.letters_per_hour = letters;
    }
    match body.raw("payment_instructions").cloned() {
        None => {}
        Some(Value::Null) => settings.payment_instructions.clear(),
        Some(Value::String(text)) if text.chars().count() <= LONG_TEXT_LIMIT && !text.contains('\0') => {
            settings.payment_instructions = text;
        }
        Some(_) => {
            body.wrong::<()>("payment_instructions", "invalid_text", "expected text in quotes");
        }
    }
    if matches!(body.raw("accent"), Some(Value::Null)) {
        settings.accent = None;
    } else if let Some(accent) = body.text("accent", true) {
        match Colour::parse(&accent) {
            Some(_) => settings.accent = Some(accent.to_lowercase()),
            None => {
                body.wrong::<()>("accent", "invalid_colour", "a colour is #rrggbb, for instance #3c58c9");
            }
        }
    }
    if let Some(working) = working_time(&mut body) {
        settings.working_time = working;
    }
    if let Some(entities) = entities(&mut body) {
        settings.legal_entities = entities;
    }
    body.check()
}

/// The working time, all of it anew; null is that of a new workspace.
fn working_time(body: &mut Body) -> Option<WorkingTime> {
    let value = body.raw("working_time").cloned()?;
    if value.is_null() {
        return Some(WorkingTime::default());
    }
    match serde_json::from_value::<WorkingTime>(value) {
        Ok(working) => {
            for (name, error) in working.faults() {
                body.wrong::<()>(&format!("working_time.{name}"), error.code, error.message);
            }
            Some(working)
        }
        Err(error) => body.wrong("working_time", "invalid_type", error.to_string()),
    }
}

/// When organisations pay, and how often they are asked about a new price.
fn terms(settings: &mut Settings, body: &mut Body) {
    if matches!(body.raw("payment_terms"), Some(Value::Null)) {
        settings.payment_terms = None;
    } else if let Some(name) = body.text("payment_terms", true) {
        if TERMS.contains(&name.as_str()) {
            settings.payment_terms = Some(name);
        } else {
            body.wrong::<()>("payment_terms", "invalid_choice", format!("one of {}, not {name:?}", TERMS.join(", ")));
        }
    }
    if let Some(share) = whole(body, "prepayment_share", 100) {
        settings.prepayment_share = share;
    }
    if let Some(asks) = whole(body, "price_asks", 10) {
        settings.price_asks = asks;
    }
}

/// A number from 1 to `most`, or none of it.
fn whole(body: &mut Body, key: &str, most: i64) -> Option<Option<i64>> {
    let number = match body.raw(key)? {
        Value::Null => return Some(None),
        json => json.as_i64().filter(|number| (1..=most).contains(number)),
    };
    number.map(Some).or_else(|| body.wrong(key, "out_of_range", format!("a whole number from 1 to {most}")))
}

/// The legal entities, all of them anew.
fn entities(body: &mut Body) -> Option<Vec<LegalEntity>> {
    let items = match body.raw("legal_entities").cloned()? {
        Value::Array(items) if items.len() <= ENTITIES => items,
        _ => return body.wrong("legal_entities", "invalid_type", format!("expected a list of at most {ENTITIES}")),
    };
    let read = |(index, item): (usize, &Value)| entity(body, item, &format!("legal_entities[{index}]"));
    Some(items.iter().enumerate().map(read).collect())
}

fn entity(body: &mut Body, item: &Value, place: &str) -> LegalEntity {
    let mut entity = LegalEntity::default();
    let Value::Object(map) = item else {
        body.wrong::<()>(place, "invalid_type", "expected an object");
        return entity;
    };
    for (name, value) in map {
        let field = format!("{place}.{name}");
        match (entity.field_mut(name), value) {
            (None, _) => {
                body.wrong::<()>(&field, "unknown_field", "a legal entity has no such field");
            }
            (Some(_), Value::Null) => {}
            (Some(kept), Value::String(text)) if !text.contains('\0') => *kept = text.trim().to_owned(),
            _ => {
                body.wrong::<()>(&field, "invalid_type", "expected text in quotes");
            }
        }
    }
    for (name, error) in entity.faults() {
        body.wrong::<()>(&format!("{place}.{name}"), error.code, error.message);
    }
    entity
}
