//! The questionnaire of a group order as it was filled in: judged by itself, before it meets the database.

use billing::Requisites;
use model::Id;
use model::requisites::{Beside, Format};
use serde_json::{Map, Value as Json};
use store::FieldError;

use super::request::{company_name, filled};
use crate::request::missing;

/// Tickets in one group order at most.
const GROUP_LIMIT: i64 = 500;
/// As many people may be named at once.
pub(crate) const ATTENDEES_LIMIT: usize = 500;
/// Lines at most.
const LINES_LIMIT: usize = 50;
/// Characters of an address at most.
const ADDRESS_LIMIT: usize = 500;

/// The questions that an order is made of, by key.
const QUESTIONS: [&str; 9] =
    ["lines", "name", "country", "inn", "kpp", "address", "bik", "bank_account", "corr_account"];

/// Answers that may enter the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Questionnaire {
    /// What is ordered.
    pub(super) lines: Vec<QuestionnaireLine>,
    /// Who pays.
    pub(super) buyer: Requisites,
}

/// So many tickets of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QuestionnaireLine {
    /// Its place among the answers.
    pub(super) place: usize,
    /// The type.
    pub(super) ticket_type: Id,
    /// How many.
    pub(super) quantity: i64,
}

impl Questionnaire {
    /// Reads answers by key, with every fault by key, such as `lines[0].quantity`; `country` is that of the account where
    /// nothing is said.
    pub(super) fn judge(answers: &Map<String, Json>, country: &str) -> (Self, Vec<FieldError>) {
        let mut errors = Vec::new();
        let unknown = answers.keys().filter(|key| !QUESTIONS.contains(&key.as_str()));
        errors.extend(unknown.map(|key| FieldError::new(key, "unknown_field", format!("there is no {key:?} here"))));
        let lines = lines(answers.get("lines"), &mut errors);
        let buyer = buyer(answers, country, &mut errors);
        (Self { lines, buyer }, errors)
    }
}

fn lines(answer: Option<&Json>, errors: &mut Vec<FieldError>) -> Vec<QuestionnaireLine> {
    let items = match answer {
        None | Some(Json::Null) => &[],
        Some(Json::Array(items)) => items.as_slice(),
        Some(_) => {
            errors.push(FieldError::new("lines", "invalid_type", "expected a list of {ticket_type, quantity}"));
            return Vec::new();
        }
    };
    if items.is_empty() {
        errors.push(FieldError::new("lines", "required", "an order is for at least one ticket"));
    }
    if items.len() > LINES_LIMIT {
        errors.push(FieldError::new("lines", "too_many", format!("at most {LINES_LIMIT} lines")));
        return Vec::new();
    }
    let mut lines = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let kind = item.get("ticket_type").and_then(Json::as_str).unwrap_or_default().trim();
        let ticket_type = kind.parse::<Id>();
        if kind.is_empty() {
            missing(errors, &format!("lines[{index}].ticket_type"));
        } else if ticket_type.is_err() {
            let message = "the id of a ticket type is a UUID";
            errors.push(FieldError::new(format!("lines[{index}].ticket_type"), "invalid_id", message));
        }
        let field = format!("lines[{index}].quantity");
        // Forms send text.
        let quantity = match item.get("quantity") {
            None | Some(Json::Null) => {
                missing(errors, &field);
                continue;
            }
            Some(Json::String(text)) => text.trim().parse().ok(),
            Some(json) => json.as_i64(),
        };
        match (quantity, ticket_type) {
            (Some(quantity @ 1..=GROUP_LIMIT), Ok(ticket_type)) => {
                lines.push(QuestionnaireLine { place: index, ticket_type, quantity });
            }
            (Some(1..=GROUP_LIMIT), Err(_)) => {}
            (Some(_), _) => {
                errors.push(FieldError::new(field, "out_of_range", format!("from 1 to {GROUP_LIMIT} tickets")));
            }
            (None, _) => errors.push(FieldError::new(field, "invalid_number", "a whole number is expected")),
        }
    }
    if lines.iter().map(|line| line.quantity).sum::<i64>() > GROUP_LIMIT {
        let message = format!("at most {GROUP_LIMIT} tickets in one order");
        errors.push(FieldError::new("lines", "too_many", message));
    }
    lines
}

fn buyer(answers: &Map<String, Json>, country: &str, errors: &mut Vec<FieldError>) -> Requisites {
    let mut text = |key: &str| match answers.get(key) {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => filled(Some(text)).unwrap_or_default(),
        Some(_) => {
            errors.push(FieldError::new(key, "invalid_type", "expected text in quotes"));
            String::new()
        }
    };
    let named = text("country").to_uppercase();
    let number = |text: String| text.replace([' ', '-'], "");
    let buyer = Requisites {
        name: text("name"),
        country: if named.is_empty() { country.to_owned() } else { named },
        inn: number(text("inn")),
        kpp: number(text("kpp")),
        address: text("address"),
        bik: number(text("bik")),
        bank_account: number(text("bank_account")),
        corr_account: number(text("corr_account")),
        ..Requisites::default()
    };
    company_name(Some(&buyer.name), "name", errors);
    let is_russian = buyer.country == "RU";
    // Whoever has ten digits is a legal entity.
    let asked = [("inn", true), ("kpp", is_russian && buyer.inn.len() == 10), ("address", true)];
    let bank = [("bik", !(buyer.bank_account.is_empty() && buyer.corr_account.is_empty()) && is_russian)];
    for (key, _) in asked.into_iter().chain(bank).filter(|(_, is_asked)| *is_asked) {
        if value(&buyer, key).is_empty() && errors.iter().all(|error| error.field != key) {
            missing(errors, key);
        }
    }
    if buyer.address.chars().count() > ADDRESS_LIMIT {
        errors.push(FieldError::new("address", "too_long", format!("at most {ADDRESS_LIMIT} characters")));
    }
    let formats = [
        ("country", Format::Country),
        ("inn", if is_russian { Format::Inn } else { Format::TaxId }),
        ("kpp", Format::Kpp),
        ("bik", Format::Bik),
        ("bank_account", Format::BankAccount),
        ("corr_account", Format::CorrAccount),
    ];
    let has_bik = Format::Bik.check(&buyer.bik, Beside::default()).is_ok();
    let beside = Beside { country: Some(&buyer.country), bik: has_bik.then_some(buyer.bik.as_str()) };
    for (key, format) in formats {
        let text = value(&buyer, key);
        if let (false, Err(error)) = (text.is_empty(), format.check(text, beside)) {
            errors.push(FieldError::of(key, error));
        }
    }
    if is_russian && buyer.inn.len() == 12 && !buyer.kpp.is_empty() {
        errors.push(FieldError::new("kpp", "invalid_kpp", "a sole proprietor has no KPP"));
    }
    buyer
}

/// What is wrong with answers by themselves: requisites that contradict each other, numbers that cannot be.
#[must_use]
pub fn questionnaire_faults(answers: &Map<String, Json>) -> Vec<FieldError> {
    Questionnaire::judge(answers, "RU").1
}

/// The answer to a question about the buyer.
pub(super) fn value<'b>(buyer: &'b Requisites, key: &str) -> &'b str {
    match key {
        "name" => &buyer.name,
        "country" => &buyer.country,
        "inn" => &buyer.inn,
        "kpp" => &buyer.kpp,
        "address" => &buyer.address,
        "bik" => &buyer.bik,
        "bank_account" => &buyer.bank_account,
        "corr_account" => &buyer.corr_account,
        _ => "",
    }
}
