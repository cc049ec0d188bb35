//! Requisites in a draft, judged together with what else stands in the record.

use model::requisites::{Beside, Format};
use model::{Field, Module, Record, Value};

use super::Draft;
use crate::error::FieldError;

/// What is wrong with the requisites that `draft` touches. What was kept before and is not touched stays.
pub(super) fn wrong_formats(module: &Module, draft: &Draft, before: Option<&Record>) -> Vec<FieldError> {
    let kept = |name: &str| before.map(|before| before.get(name));
    let value = |field: &Field| draft.values.get(&field.name).or_else(|| kept(&field.name)).and_then(Value::as_text);
    let is_new = |field: &Field| draft.values.get(&field.name).is_some_and(|value| kept(&field.name) != Some(value));
    let of = |format: Format| module.fields.iter().find(|field| field.format == Some(format));
    let beside = Beside { country: of(Format::Country).and_then(value), bik: of(Format::Bik).and_then(value) };
    let mut faults = Vec::new();
    for field in &module.fields {
        let (Some(format), Some(text)) = (field.format, value(field)) else { continue };
        let touched = is_new(field) || format.judged_by().iter().filter_map(|other| of(*other)).any(is_new);
        if let (true, Err(error)) = (touched, format.check(text, beside)) {
            faults.push(FieldError::of(&field.name, error));
        }
    }
    faults
}
