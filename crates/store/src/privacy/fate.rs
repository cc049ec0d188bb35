//! What becomes of a field when a person is erased: as modules and fields are defined.

use model::field::{Field, FieldType};
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
        Tie::Theirs | Tie::Named if is_text(field.kind) => Fate::IsCleaned,
        Tie::Theirs | Tie::Named => Fate::Stays,
    }
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
    let new = |(at, field): (usize, &Field)| {
        let value = record.values.get(at)?;
        let new = match fate(definitions, module, field, tie) {
            Fate::Stays => return None,
            Fate::Goes if field.name == module.title && tie != Tie::Paper => {
                Value::Text(named(field, record.id, called))
            }
            Fate::Goes => Value::Null,
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
        Value::Text(text) if field.is_address() => needles.clean(text).map(|_| Value::Null)?,
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
    let new = needles.clean_json(side)?;
    let is_list = field.is_some_and(|field| field.kind == FieldType::MultiChoice);
    Some(match (side, new) {
        (Json::String(_), _) if field.is_some_and(Field::is_address) => Json::Null,
        (Json::Array(items), _) if is_list => {
            items.iter().filter(|item| needles.clean_json(item).is_none()).cloned().collect()
        }
        (_, new) => new,
    })
}
