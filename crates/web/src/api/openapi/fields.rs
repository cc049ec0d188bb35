//! The schema of one field's value.

use model::field::{Field, FieldType, SetBy};
use model::value::{LINKS_LIMIT, LONG_TEXT_LIMIT, TAG_LIMIT, TAGS_LIMIT, TEXT_LIMIT};
use model::{Locale, Module};
use serde_json::{Value, json};

use super::operation::reference;

/// Fields of JSON whose form is known.
const FORMS: [(&str, &str, &str); 2] =
    [("ticket_types", "price_tiers", "PriceTiers"), ("payments", "allocations", "Allocations")];

/// Which way a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Out,
    In,
}

/// The value as it is given.
pub(super) fn read(module: &Module, field: &Field) -> Value {
    let mut schema = value(&module.name, field, Way::Out);
    if matches!(field.kind, FieldType::Link | FieldType::File | FieldType::Person) {
        schema = json!({"anyOf": [schema, reference("schemas", "Expanded")]});
    }
    if field.kind == FieldType::Links {
        schema = json!({"anyOf": [schema, {"type": "array", "items": nullable(reference("schemas", "Expanded"))}]});
    }
    if !field.required || module.is_veiled(&field.name) {
        schema = nullable(schema);
    }
    if !field.is_stored() || field.set_by == SetBy::Process {
        schema = with(schema, "readOnly", json!(true));
    }
    about(schema, field)
}

/// The value as it is taken.
pub(super) fn written(module: &str, field: &Field) -> Value {
    let schema = value(module, field, Way::In);
    let schema = if field.required { schema } else { nullable(schema) };
    let schema = match &field.default {
        Some(default) => with(schema, "default", default.clone()),
        None => schema,
    };
    about(schema, field)
}

fn value(module: &str, field: &Field, way: Way) -> Value {
    let text = |limit: usize| json!({"type": "string", "maxLength": limit});
    let format = |format: &str| json!({"type": "string", "format": format});
    match field.read_as() {
        FieldType::Text | FieldType::Address => text(TEXT_LIMIT),
        FieldType::LongText => text(LONG_TEXT_LIMIT),
        FieldType::Number => bounded(field),
        FieldType::Decimal => decimal(field.scale, way),
        FieldType::Money => reference("schemas", if way == Way::Out { "Money" } else { "MoneyInput" }),
        FieldType::Date => format("date"),
        FieldType::Time => {
            json!({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$", "examples": ["09:00"]})
        }
        FieldType::Datetime => format("date-time"),
        FieldType::Duration => format("duration"),
        FieldType::Choice => json!({"type": "string", "enum": options(field)}),
        FieldType::MultiChoice if field.open => {
            json!({"type": "array", "items": text(TAG_LIMIT), "maxItems": TAGS_LIMIT})
        }
        FieldType::MultiChoice => json!({"type": "array", "items": {"type": "string", "enum": options(field)}}),
        FieldType::Link | FieldType::File | FieldType::Person => reference("schemas", "Id"),
        FieldType::Links if way == Way::Out => {
            json!({"type": "array", "items": reference("schemas", "Id"), "minItems": 1, "maxItems": LINKS_LIMIT, "uniqueItems": true})
        }
        FieldType::Links => json!({"type": "array", "items": reference("schemas", "Id"), "maxItems": LINKS_LIMIT}),
        FieldType::Record => reference("schemas", "RecordLink"),
        FieldType::Email if way == Way::Out => format("email"),
        FieldType::Phone if way == Way::Out => json!({"type": "string", "pattern": "^\\+[0-9]{4,15}$"}),
        FieldType::Email | FieldType::Phone => text(TEXT_LIMIT),
        FieldType::Url => format("uri"),
        FieldType::Checkbox => json!({"type": "boolean"}),
        FieldType::Rating => json!({"type": "integer", "minimum": 1, "maximum": 5}),
        FieldType::Colour => json!({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}),
        FieldType::Json | FieldType::Formula | FieldType::RollUp => {
            let known = FORMS.iter().find(|(of, name, _)| *of == module && *name == field.name);
            known.map_or_else(|| json!({}), |(_, _, form)| reference("schemas", form))
        }
    }
}

fn decimal(scale: u8, way: Way) -> Value {
    let digits = format!("^-?[0-9]+(\\.[0-9]{{0,{scale}}})?$");
    let kinds = if way == Way::Out { json!("string") } else { json!(["string", "integer"]) };
    json!({"type": kinds, "pattern": digits, "examples": ["12.50"]})
}

fn bounded(field: &Field) -> Value {
    let schema = json!({"type": "integer", "format": "int64"});
    let bound = |schema, name, bound: Option<i64>| match bound {
        Some(bound) => with(schema, name, json!(bound)),
        None => schema,
    };
    bound(bound(schema, "minimum", field.min), "maximum", field.max)
}

fn options(field: &Field) -> Vec<&str> {
    field.options.iter().map(|option| option.value.as_str()).collect()
}

/// The schema, or null.
pub(super) fn nullable(schema: Value) -> Value {
    if let Some(Value::Array(kinds)) = schema.get("anyOf") {
        let kinds = [&kinds[..], &[json!({"type": "null"})]].concat();
        return json!({"anyOf": kinds});
    }
    let Value::Object(mut map) = schema else { return schema };
    match map.get("type").cloned() {
        // Any JSON.
        None if map.is_empty() => return Value::Object(map),
        None => return json!({"anyOf": [map, {"type": "null"}]}),
        Some(Value::Array(kinds)) => {
            drop(map.insert("type".to_owned(), [&kinds[..], &[json!("null")]].concat().into()))
        }
        Some(kind) => drop(map.insert("type".to_owned(), json!([kind, "null"]))),
    }
    if let Some(Value::Array(choices)) = map.get_mut("enum") {
        choices.push(Value::Null);
    }
    Value::Object(map)
}

/// The schema with a description.
pub(super) fn described(schema: Value, description: &str) -> Value {
    with(schema, "description", json!(description))
}

fn with(mut schema: Value, name: &str, value: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert(name.to_owned(), value);
    }
    schema
}

/// What people call the field, and what its choices mean.
fn about(schema: Value, field: &Field) -> Value {
    let mut sentences = Vec::new();
    sentences.extend(field.help.as_ref().map(|help| help.get(Locale::En).to_owned()));
    let of = if field.kind == FieldType::Links { "Records" } else { "A record" };
    sentences.extend(field.module.as_ref().map(|target| format!("{of} of `{target}`.")));
    sentences.extend((field.kind == FieldType::Person).then(|| "A user.".to_owned()));
    sentences.extend(field.unique.then(|| "No two records share a value.".to_owned()));
    sentences.extend(field.expression.as_ref().map(|text| format!("Worked out: `{text}`.")));
    let gathered = field.via.as_ref().zip(field.measure.as_ref());
    sentences.extend(gathered.map(|(via, measure)| format!("Worked out: `{measure}` of `{via}`.")));
    sentences.extend(field.validation.as_ref().map(|rule| format!("Must hold: `{rule}`.")));
    sentences.extend(field.refusal.as_ref().map(|words| words.get(Locale::En).to_owned()));
    let choices = field.options.iter().map(|option| format!("- `{}`: {}", option.value, option.label.get(Locale::En)));
    let choices = choices.collect::<Vec<_>>().join("\n");
    let text =
        [sentences.join(" "), choices].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    let schema = with(schema, "title", json!(field.label.get(Locale::En)));
    if text.is_empty() { schema } else { described(schema, &text) }
}
