//! What an expression works out, as the value of a field.

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use crate::expr::{Node, Plan, Type, start_of_day};
use crate::field::FieldType;
use crate::{Definitions, Field, Module, Value};

/// Whether what a plan of this type works out can stand in a field.
pub(super) fn fits(kind: Type, field: &Field) -> bool {
    use FieldType as F;
    match kind {
        Type::Null => true,
        Type::Bool => field.kind == F::Checkbox,
        Type::Int => matches!(field.kind, F::Number | F::Rating | F::Decimal),
        Type::Decimal { .. } => field.kind == F::Decimal,
        Type::Money => field.kind == F::Money,
        Type::Text(_) => matches!(
            field.kind,
            F::Text | F::LongText | F::Email | F::Phone | F::Url | F::Address | F::Choice | F::Colour | F::Duration
        ),
        Type::Date | Type::Instant => matches!(field.kind, F::Date | F::Datetime),
        Type::Time => field.kind == F::Time,
        Type::Duration => field.kind == F::Duration,
        Type::Id => matches!(field.kind, F::Link | F::File | F::Person | F::Record),
        Type::List => field.kind == F::MultiChoice,
        Type::Links => field.kind == F::Links,
        Type::Opaque => matches!(field.kind, F::LongText | F::Text | F::Json),
    }
}

/// The module of the record whose id a plan works out, where that is known.
pub(super) fn leads_to(plan: &Plan, module: &Module, definitions: &Definitions) -> Option<String> {
    let Node::Field(path) = &plan.node else { return None };
    let holder = path.holder(module);
    match path.leaf.name.as_str() {
        "id" => Some(holder.name.clone()),
        name => {
            let field = holder.field(name)?;
            definitions.module(field.module.as_deref()?).map(|target| target.name.clone())
        }
    }
}

/// What was worked out, in the form in which the field is written.
#[must_use]
pub fn fitted(
    value: &Value,
    plan: &Plan,
    (field, module): (&Field, &Module),
    definitions: &Definitions,
    zone: &TimeZone,
) -> Json {
    match (field.kind, value) {
        (FieldType::Record, Value::Id(id)) => match leads_to(plan, module, definitions) {
            Some(name) => json!({"module": name, "id": id}),
            None => Json::Null,
        },
        (FieldType::Datetime, Value::Date(date)) => match start_of_day(*date, zone) {
            Some(instant) => Value::Instant(instant).to_json(),
            None => Json::Null,
        },
        (FieldType::Date, Value::Instant(instant)) => Value::Date(zone.to_datetime(*instant).date()).to_json(),
        (_, value) => value.to_json(),
    }
}
