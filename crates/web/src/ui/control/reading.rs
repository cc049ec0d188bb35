//! Values to the text of a control and back: dates in the workspace's zone, amounts with a comma or a point.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::field::FieldType;
use model::{Currency, Field, Value};
use serde_json::{Value as Json, json};
use store::{Error, FieldError};

use super::{duration, is_code, soon, tiers};
use crate::ui::typed::Typed;
use crate::ui::words::INVALID_JSON;

/// The text of a control that holds `value`.
pub(crate) fn input_text(field: &Field, value: &Value, zone: &TimeZone) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Time(time) => time.strftime("%H:%M").to_string(),
        Value::Instant(at) => zone.to_datetime(*at).strftime("%Y-%m-%dT%H:%M").to_string(),
        Value::Money(amount) => amount.amount_text(),
        Value::Id(id) => id.to_string(),
        Value::Record { module, id } => format!("{module}/{id}"),
        Value::List(chosen) => chosen.join("\n"),
        Value::Ids(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        Value::Json(json) if field.name == tiers::FIELD => tiers::tiers_text(json, zone),
        Value::Json(json) => format!("{json:#}"),
        other => match other.to_json() {
            Json::String(text) => text,
            json => json.to_string(),
        },
    }
}

/// What was typed into the control called `name`, in one text that [`input_text`] would write.
pub(crate) fn typed_text(field: &Field, name: &str, typed: &Typed) -> String {
    match field.kind {
        FieldType::MultiChoice if field.open => {
            let words = typed.text(name).split([',', '\n']).map(str::trim).filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join("\n")
        }
        FieldType::MultiChoice | FieldType::Links => {
            typed.all(name).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
        }
        FieldType::Checkbox => (typed.text(name) == "true").to_string(),
        FieldType::Datetime => soon::chosen(name, typed).unwrap_or_else(|| typed.text(name).to_owned()),
        FieldType::LongText => typed.get(name).unwrap_or_default().replace("\r\n", "\n"),
        FieldType::Json if field.name != tiers::FIELD => typed.text(name).replace("\r\n", "\n"),
        FieldType::Json => tiers::typed_text(name, typed),
        FieldType::Duration => duration::read(typed.text(name)),
        _ => typed.text(name).to_owned(),
    }
}

/// What the text of a control means, in the form of the API. What cannot be read is passed on as it is: the write path
/// says what is wrong with it.
pub(crate) fn to_json(field: &Field, text: &str, zone: &TimeZone, currency: Currency) -> Json {
    if text.is_empty() {
        return if field.kind == FieldType::Checkbox { json!(false) } else { Json::Null };
    }
    match field.kind {
        FieldType::Checkbox => json!(text == "true"),
        FieldType::Number | FieldType::Rating => {
            plain_number(text).parse::<i64>().map_or_else(|_| json!(text), |number| json!(number))
        }
        FieldType::Decimal => json!(plain_number(text)),
        FieldType::Money => json!({"amount": plain_number(text), "currency": currency.code()}),
        FieldType::Datetime => instant(text, zone).map_or_else(|| json!(text), |at| json!(at)),
        FieldType::MultiChoice | FieldType::Links => json!(text.lines().collect::<Vec<_>>()),
        FieldType::Record => match text.split_once('/') {
            Some((module, id)) => json!({"module": module, "id": id}),
            None => json!(text),
        },
        FieldType::Json if field.name != tiers::FIELD => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        FieldType::Json => tiers::to_json(text, zone, currency),
        _ => json!(text),
    }
}

/// Whether what was typed can be read at all, where the write path would take it for something else: a text that was to be
/// JSON would be kept as a text.
///
/// # Errors
/// [`Error::Invalid`] with the line where it is wrong.
pub(crate) fn readable<'f>(fields: impl IntoIterator<Item = &'f Field>, typed: &Typed) -> store::Result<()> {
    let fault = |field: &Field| {
        let text = typed_text(field, &field.name, typed);
        let wrong = serde_json::from_str::<Json>(&text).err().filter(|_| !text.is_empty())?;
        Some(FieldError::new(&field.name, INVALID_JSON, wrong.line().to_string()))
    };
    let faults: Vec<_> = fields.into_iter().filter(|field| is_code(field)).filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Reads both spellings of a control.
pub(crate) fn read(field: &Field, name: &str, typed: &Typed, zone: &TimeZone, currency: Currency) -> Json {
    to_json(field, &typed_text(field, name, typed), zone, currency)
}

/// `15 000,50` → `15000.50`; letters are kept, to be refused.
pub(super) fn plain_number(text: &str) -> String {
    let digits: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let sign = ['₽', '$', '€', '£'];
    digits.trim_end_matches(sign).trim_start_matches(sign).replace(',', ".").replace('\u{2212}', "-")
}

/// `2026-11-21T14:20` in the zone, as an instant of the API.
pub(super) fn instant(text: &str, zone: &TimeZone) -> Option<String> {
    let local: DateTime = text.parse().ok()?;
    let at = zone.to_zoned(local).ok()?.timestamp();
    Some(at.to_string())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use model::field::FieldType;
    use model::{Currency, Field, Locale, Value};
    use serde_json::json;
    use store::Error;

    use super::{input_text, readable, to_json};
    use crate::ui::Words;
    use crate::ui::typed::Typed;

    fn read(kind: FieldType, text: &str) -> serde_json::Value {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        to_json(&Field::new("some", kind), text, &zone, Currency::RUB)
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let rubles = |amount: &str| json!({"amount": amount, "currency": "RUB"});
        assert_eq!(read(FieldType::Money, "15 000,50"), rubles("15000.50"));
        assert_eq!(read(FieldType::Money, "15\u{a0}000 ₽"), rubles("15000"));
        assert_eq!(read(FieldType::Number, "1 200"), json!(1200));
        assert_eq!(read(FieldType::Number, "много"), json!("много"));
        assert_eq!(read(FieldType::Number, ""), json!(null));
    }

    #[test]
    fn json_is_written_out_and_told_by_its_line_where_it_is_none() {
        let field = Field::new("some", FieldType::Json);
        let value = Value::Json(json!({"a": [1, "ё"]}));
        let text = input_text(&field, &value, &TimeZone::UTC);
        assert_eq!(text, "{\n  \"a\": [\n    1,\n    \"ё\"\n  ]\n}");
        assert_eq!(read(FieldType::Json, &text), json!({"a": [1, "ё"]}));
        assert_eq!(input_text(&field, &Value::Json(json!("a text")), &TimeZone::UTC), "\"a text\"");
        let typed = |text: &str| {
            let mut typed = Typed::default();
            typed.set("some", text);
            readable([&field], &typed)
        };
        assert!(typed(&text).is_ok() && typed("").is_ok());
        let Err(Error::Invalid(faults)) = typed("{\r\n  \"a\": 1,\r\n  b\r\n}") else { panic!("this is no JSON") };
        assert_eq!((faults[0].field.as_str(), faults[0].message.as_str()), ("some", "3"));
        assert_eq!(Locale::En.error(&faults[0]), "This is not JSON: see line 3.");
    }

    #[test]
    fn what_a_record_is_about_is_one_text() {
        let id = "01890000-0000-7000-8000-000000000001";
        let json = read(FieldType::Record, &format!("leads/{id}"));
        assert_eq!(json, json!({"module": "leads", "id": id}));
        let field = Field::new("about", FieldType::Record);
        let value = Value::read(&field, &json, model::value::Reading::default()).unwrap();
        assert_eq!(input_text(&field, &value, &TimeZone::UTC), format!("leads/{id}"));
        assert_eq!(read(FieldType::Record, "leads"), json!("leads"), "what cannot be read is told by the write path");
    }

    #[test]
    fn times_are_those_of_the_workspace_and_come_back_as_typed() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let instant = read(FieldType::Datetime, "2026-11-21T14:20");
        assert_eq!(instant, json!("2026-11-21T11:20:00Z"));
        let field = Field::new("some", FieldType::Datetime);
        let value = Value::read(&field, &instant, model::value::Reading::default()).unwrap();
        assert_eq!(input_text(&field, &value, &zone), "2026-11-21T14:20");
    }
}
