//! Values that fit a field, made up.

use model::field::{Field, FieldType, SetBy};
use model::{Definitions, Module};
use serde_json::{Map, Value as Json, json};

use crate::dice::Dice;
use crate::people::Person;

const WORDS: [&str; 8] = ["harbour", "lantern", "meadow", "orchard", "pepper", "quarry", "ribbon", "saddle"];

/// Whether whoever makes or changes a record may set the field.
pub(crate) fn is_set(field: &Field, module: &Module, definitions: &Definitions, is_new: bool) -> bool {
    let is_state = definitions.process(&module.name).is_some_and(|process| process.field == field.name);
    let is_open = field.set_by == SetBy::Anyone || (is_new && field.set_by == SetBy::Creation);
    field.is_stored() && is_open && !is_state && !field.secret && field.format.is_none()
}

/// A value of the field; nothing where none is at hand.
pub(crate) async fn value(dice: &mut Dice, person: &Person, field: &Field) -> Option<Json> {
    let word = format!("{} {}", dice.pick(&WORDS), dice.pick(&WORDS));
    let number = dice.below(100) + 1;
    Some(match field.kind {
        FieldType::Text | FieldType::LongText | FieldType::Address if field.unique => {
            json!(format!("{word} {}", dice.below(usize::MAX)))
        }
        FieldType::Text | FieldType::LongText | FieldType::Address => json!(word),
        FieldType::Number => json!(number.clamp(
            field.min.and_then(|min| usize::try_from(min).ok()).unwrap_or(1),
            field.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(100),
        )),
        FieldType::Decimal => json!(format!("{number}")),
        FieldType::Money => json!({"amount": format!("{number}.00"), "currency": "RUB"}),
        FieldType::Date => json!(format!("2036-0{}-1{}", 1 + number % 9, number % 10)),
        FieldType::Time => json!(format!("1{}:30:00", number % 10)),
        FieldType::Datetime => json!(format!("2036-0{}-1{}T09:00:00Z", 1 + number % 9, number % 10)),
        FieldType::Duration => json!(format!("P{number}D")),
        FieldType::Choice => json!(dice.pick(&field.options).value),
        FieldType::MultiChoice if field.open => json!([dice.pick(&WORDS)]),
        FieldType::MultiChoice => {
            let some: Vec<&String> =
                field.options.iter().filter(|_| dice.one_in(2)).map(|option| &option.value).collect();
            if some.is_empty() { json!([dice.pick(&field.options).value]) } else { json!(some) }
        }
        FieldType::Link | FieldType::Links => {
            let target = field.module.as_deref()?;
            let there = person.api.get(&format!("/api/v1/{target}?limit=5&fields=id&sort=-created_at")).await;
            let ids: Vec<Json> = there.json["data"].as_array()?.iter().map(|record| record["id"].clone()).collect();
            let id = ids.get(dice.below(ids.len().max(1)))?.clone();
            if field.kind == FieldType::Link { id } else { json!([id]) }
        }
        FieldType::Person => json!(person.id),
        FieldType::Email => json!(format!("someone{}@example.org", dice.below(1_000_000_000))),
        FieldType::Phone => json!(format!("+79{:09}", dice.below(1_000_000_000))),
        FieldType::Url => json!("https://example.org/"),
        FieldType::Checkbox => json!(number.is_multiple_of(2)),
        FieldType::Rating => json!(1 + number % 5),
        FieldType::Colour => json!("#336699"),
        FieldType::Json => json!({"number": number}),
        FieldType::Record | FieldType::File | FieldType::Formula | FieldType::RollUp => return None,
    })
}

/// A new record's fields: those that it must have, and some that it may.
pub(crate) async fn record(
    dice: &mut Dice,
    person: &Person,
    module: &Module,
    definitions: &Definitions,
) -> Map<String, Json> {
    let mut fields = Map::new();
    for field in module.fields.iter().filter(|field| is_set(field, module, definitions, true)) {
        let is_needed = field.required || !field.required_at.is_empty();
        if (is_needed || dice.one_in(3))
            && let Some(value) = value(dice, person, field).await
        {
            fields.insert(field.name.clone(), value);
        }
    }
    fields
}
