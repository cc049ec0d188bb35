//! What becomes of a field when a person is erased: as modules and fields are defined.

use std::collections::BTreeSet;

use model::field::{Field, FieldType};
use model::module::About;
use model::{Definitions, Id, Module, Record, Value};
use serde_json::Value as Json;

use super::reach::Tie;
use super::words::Needles;

/// What becomes of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// They stay.
    Stays,
    /// They go.
    Goes,
    /// The person goes out of them.
    IsCleaned,
}

/// What becomes of a field of a record with this tie.
pub(crate) fn fate(definitions: &Definitions, module: &Module, field: &Field, tie: Tie) -> Fate {
    let is_governed = definitions.process(&module.name).is_some_and(|process| process.field == field.name);
    let says_nothing = matches!(
        field.kind,
        FieldType::Link | FieldType::Links | FieldType::Record | FieldType::Person | FieldType::Choice
    );
    match tie {
        _ if !field.is_stored() || is_governed => Fate::Stays,
        // A link to somebody's file goes with the file.
        Tie::Person if says_nothing => Fate::Stays,
        Tie::Person => Fate::Goes,
        Tie::Theirs | Tie::Paper if field.is_personal() => Fate::Goes,
        Tie::Paper => Fate::Stays,
        // Papers of others stay as they are, but for what is personal in them.
        Tie::Named if module.about == Some(About::Paper) && !field.is_personal() => Fate::Stays,
        Tie::Theirs | Tie::Named if is_text(field.kind) => Fate::IsCleaned,
        Tie::Theirs | Tie::Named => Fate::Stays,
    }
}

/// The field that says who is reached by an address, by how both are called: `buyer_email` and `buyer_name`, `from` and
/// `from_name`.
fn name_beside<'m>(module: &'m Module, address: &str) -> Option<&'m Field> {
    let begin = ["email", "phone"].iter().find_map(|end| address.strip_suffix(end));
    let beside = begin.and_then(|begin| module.field(&format!("{begin}name")));
    beside.or_else(|| module.field(&format!("{address}_name"))).filter(|field| field.kind == FieldType::Text)
}

/// Whether a record has an address of the person under a name that may be theirs.
pub(super) fn is_reached_by(module: &Module, value: impl Fn(&Field) -> Json, needles: &Needles) -> bool {
    let is_theirs = |field: &Field| {
        let said = value(field);
        if !needles.is_address_in(&said) {
            return false;
        }
        let beside = match &said {
            Json::Object(map) => map.get("name").cloned(),
            _ => name_beside(module, &field.name).map(&value),
        };
        needles.fits(beside.as_ref().and_then(Json::as_str))
    };
    module.fields.iter().filter(|field| field.is_personal()).any(is_theirs)
}

/// The fields in which a record that is about something else calls the person beside an address of theirs.
pub(super) fn called_beside(record: &Record, needles: &Needles) -> BTreeSet<String> {
    let module = &record.module;
    let theirs = module
        .fields
        .iter()
        .filter(|field| field.is_address() && record.text(&field.name).is_some_and(|text| needles.is_address(text)));
    let beside = theirs.filter_map(|field| name_beside(module, &field.name)).filter(|field| field.personal);
    beside.map(|field| field.name.clone()).collect()
}

fn is_text(kind: FieldType) -> bool {
    use FieldType::{Address, Email, Json, LongText, MultiChoice, Phone, Text, Url};
    matches!(kind, Text | LongText | Email | Phone | Url | Address | Json | MultiChoice)
}

/// What a record's fields are to be, where that is other than what they are.
pub(crate) fn left(
    definitions: &Definitions,
    record: &Record,
    tie: Tie,
    needles: &Needles,
    called: &str,
) -> Vec<(String, Value)> {
    let module = &record.module;
    let beside = if tie == Tie::Named { called_beside(record, needles) } else { BTreeSet::new() };
    let new = |(at, field): (usize, &Field)| {
        let value = record.values.get(at)?;
        let new = match fate(definitions, module, field, tie) {
            Fate::Stays => return None,
            Fate::Goes if field.name == module.title && tie != Tie::Paper => {
                Value::Text(named(field, record.id, called))
            }
            Fate::Goes => Value::Null,
            Fate::IsCleaned if beside.contains(&field.name) && needles.fits(value.as_text()) => Value::Null,
            Fate::IsCleaned => cleaned(field, value, needles)?,
        };
        (new != *value).then(|| (field.name.clone(), new))
    };
    module.stored().filter_map(new).collect()
}

/// What names a record of somebody who was erased; no two share what may not be shared.
fn named(field: &Field, id: Id, called: &str) -> String {
    if field.unique { format!("{called} {id}") } else { called.to_owned() }
}

/// The value without the person; nothing where they are not in it. An address that is the person's has no rest.
fn cleaned(field: &Field, value: &Value, needles: &Needles) -> Option<Value> {
    Some(match value {
        Value::Text(text) if field.is_address() => needles.is_address(text).then_some(Value::Null)?,
        Value::Text(text) => Value::Text(needles.clean(text)?),
        Value::Json(json) => Value::Json(needles.clean_json(json)?),
        Value::List(texts) => {
            let cleaned: Vec<_> = texts.iter().map(|text| needles.clean(text)).collect();
            if cleaned.iter().all(Option::is_none) {
                return None;
            }
            let rest = cleaned.into_iter().zip(texts).filter(|(new, _)| new.is_none()).map(|(_, text)| text.clone());
            Value::List(rest.collect())
        }
        _ => return None,
    })
}

/// The same of one side of a field in the log.
pub(crate) fn cleaned_side(field: Option<&Field>, side: &Json, needles: &Needles) -> Option<Json> {
    if let (Json::String(text), true) = (side, field.is_some_and(Field::is_address)) {
        return needles.is_address(text).then_some(Json::Null);
    }
    let new = needles.clean_json(side)?;
    let is_list = field.is_some_and(|field| field.kind == FieldType::MultiChoice);
    Some(match side {
        Json::Array(items) if is_list => {
            items.iter().filter(|item| needles.clean_json(item).is_none()).cloned().collect()
        }
        _ => new,
    })
}
