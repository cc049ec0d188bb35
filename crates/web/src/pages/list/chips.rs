//! The conditions of a filter as chips that people read.

use model::field::FieldType;
use model::{Field, Id, Module, Value};
use store::{Result, Work};

use super::conjuncts::{Operator, Simple, join, simple, split};
use super::filter::kind;
use super::query::Query;
use crate::ui::{Lens, Words};

/// One condition.
pub(super) struct Chip {
    /// The field's label; nothing where the condition is shown as it is written.
    pub(super) field: Option<String>,
    pub(super) operator: String,
    pub(super) value: String,
    /// The list without it.
    pub(super) without: String,
}

/// The chips of a filter.
pub(super) fn of(work: &mut Work<'_>, lens: &mut Lens, module: &Module, query: &Query) -> Result<Vec<Chip>> {
    let conditions = split(&query.filter);
    let mut chips = Vec::with_capacity(conditions.len());
    for (index, condition) in conditions.iter().enumerate() {
        let others = conditions.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, text)| text.as_str());
        let without = query.filtered(&module.name, join(others));
        chips.push(
            match simple(condition)
                .map(|simple| plain(module, simple))
                .filter(|simple| kind(module, &simple.field).is_some())
            {
                Some(simple) => Chip {
                    field: Some(lens.label(module, &simple.field)),
                    operator: operator(lens, &simple),
                    value: value(work, lens, module, &simple)?,
                    without,
                },
                None => Chip { field: None, operator: String::new(), value: condition.clone(), without },
            },
        );
    }
    Ok(chips)
}

/// A box that is not ticked says "no", not "is not yes".
fn plain(module: &Module, simple: Simple) -> Simple {
    match (kind(module, &simple.field), simple.operator) {
        (Some(FieldType::Checkbox), Operator::IsNot) => {
            Simple { operator: Operator::Is, value: (simple.value != "true").to_string(), ..simple }
        }
        _ => simple,
    }
}

/// "is" goes without saying.
fn operator(lens: &Lens, simple: &Simple) -> String {
    match simple.operator {
        Operator::Is => String::new(),
        operator => lens.locale.say(&format!("operator-{}", operator.name())),
    }
}

fn value(work: &mut Work<'_>, lens: &mut Lens, module: &Module, simple: &Simple) -> Result<String> {
    if simple.value == "me()" {
        return Ok(lens.locale.say("me"));
    }
    let id: Option<Id> = simple.value.parse().ok();
    if let ("owner", Some(id)) = (simple.field.as_str(), id) {
        lens.learn_users(work, [id])?;
        return Ok(lens.user(id).unwrap_or("—").to_owned());
    }
    if let ("created_at" | "updated_at", Ok(at)) = (simple.field.as_str(), model::value::read_instant(&simple.value)) {
        return Ok(lens.moment(at));
    }
    let Some(field) = module.field(&simple.field) else { return Ok(simple.value.clone()) };
    match (field.kind, id) {
        (FieldType::Link | FieldType::File | FieldType::Links, Some(id)) => {
            lens.learn_link(work, field.module.as_deref().unwrap_or_default(), id)?
        }
        (FieldType::Person, Some(id)) => lens.learn_users(work, [id])?,
        _ => {}
    }
    Ok(shown(lens, field, &simple.value))
}

fn shown(lens: &Lens, field: &Field, text: &str) -> String {
    let json = match field.kind {
        FieldType::Checkbox => serde_json::json!(text == "true"),
        FieldType::Links => serde_json::json!([text]),
        FieldType::Number | FieldType::Rating => serde_json::json!(text.parse::<i64>().unwrap_or_default()),
        _ => serde_json::json!(text),
    };
    match lens.read_value(field, &json) {
        Value::Null => String::new(),
        value => lens.text(field, &value),
    }
}
