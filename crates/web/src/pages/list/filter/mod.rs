//! The filter of a list as chips that are changed in their place, and the form of a condition. What it says is written as
//! an expression, and every expression that it writes is read back; others stay as they are written. Conditions are about
//! [`Fields`]: of the list's own records, or one link further.

mod chips;
mod condition;
mod fields;
mod form;
mod named;
mod reading;
mod sent;
mod sort;
mod stretch;
#[cfg(test)]
mod tests;
mod tree;

use model::Module;
use store::{Result, Work};

use self::form::Form;
use self::tree::Item;
use super::query::Query;
use super::targets;
use crate::ui::Lens;
use crate::ui::typed::Typed;

pub(super) use self::chips::{Chips, of as chips};
pub(super) use self::condition::Condition;
pub(super) use self::fields::Fields;
pub(super) use self::form::{Form as Editing, offer};
pub(super) use self::tree::{Filter, Place};

/// Whether the form of a condition was sent.
pub(super) fn is_sent(pairs: &Typed) -> bool {
    pairs.has("field") && (pairs.has("value") || pairs.has("operator")) || pairs.has("text")
}

/// The address of the list with what the form says; nothing where that cannot be meant.
pub(super) fn sent(work: &mut Work<'_>, fields: &Fields, query: &Query, pairs: &Typed) -> Result<Option<String>> {
    let filter = Filter::read(&query.filter, fields);
    let place = Place::read(pairs.text("edit"));
    let item = if pairs.has("text") {
        Some(pairs.text("text")).filter(|text| !text.is_empty()).map(|text| Item::read(text, fields))
    } else {
        let mut asked = pairs.clone();
        let values: Vec<&str> = pairs.all("value").filter(|value| !value.is_empty()).collect();
        if let ([value], Some(field)) = (values.as_slice(), fields.field(pairs.text("field"))) {
            let meant = targets::meant(work, &field, value)?;
            asked.set("value", meant.unwrap_or_default());
        }
        sent::condition(fields, &asked, &work.settings().zone()).and_then(|condition| {
            let text = condition.written(fields)?;
            Some(Item { text, condition: Some(condition) })
        })
    };
    Ok(item.map(|item| query.filtered(&fields.module().name, filter.with(place, item).written())))
}

/// The form that the address opens.
pub(super) fn opened(
    work: &mut Work<'_>,
    lens: &mut Lens,
    fields: &Fields,
    query: &Query,
    (pairs, is_part): (&Typed, bool),
) -> Result<Option<Form>> {
    if pairs.has("edit") { form::of(work, lens, fields, query, (pairs, is_part)).map(Some) } else { Ok(None) }
}

/// The address of the list with pairs behind it that open a form.
pub(super) fn address(module: &Module, query: &Query, pairs: &[(&str, &str)]) -> String {
    let whole = query.filtered(&module.name, query.filter.clone());
    let sign = if whole.contains('?') { '&' } else { '?' };
    format!("{whole}{sign}{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}
