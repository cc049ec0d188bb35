//! Cells of tables of records: where numbers stand, what can be sorted, what names the record.

use maud::{Markup, html};
use model::field::FieldType;
use model::{Module, Record, Value};
use store::reads_now;

use crate::ui::markup::nothing;
use crate::ui::{Lens, veil};

/// The class of a cell: what is `short` says nothing when a part of it is cut off.
pub(crate) fn class(module: &Module, name: &str, is_name: bool) -> Option<&'static str> {
    match (is_name, module.field(name).map(model::Field::read_as)) {
        (true, _) => Some("name"),
        (false, Some(FieldType::Money | FieldType::Number | FieldType::Decimal)) => Some("num"),
        (false, Some(FieldType::Datetime)) => Some("dim"),
        (false, Some(FieldType::Choice | FieldType::Date | FieldType::Phone)) => Some("short"),
        (false, None) if name != "owner" => Some("dim"),
        _ => None,
    }
}

/// The class of a cell without a value.
pub(crate) fn blank(module: &Module, name: &str) -> &'static str {
    if class(module, name, false) == Some("num") { "num blank" } else { "blank" }
}

/// Whether a list can be sorted by the column.
pub(crate) fn is_sorted(module: &Module, name: &str) -> bool {
    match module.field(name) {
        Some(field) => {
            (field.is_stored() || module.derived(name).is_some_and(|plan| !reads_now(plan)))
                && !matches!(
                    field.read_as(),
                    FieldType::LongText
                        | FieldType::Json
                        | FieldType::MultiChoice
                        | FieldType::Record
                        | FieldType::Link
                        | FieldType::File
                        | FieldType::Links
                        | FieldType::Person
                )
        }
        None => matches!(name, "created_at" | "updated_at"),
    }
}

/// Whether the record has nothing in the column. A box that is not ticked says nothing in a list; what is hidden here is there.
pub(crate) fn is_empty(record: &Record, name: &str) -> bool {
    match record.module.field(name) {
        Some(_) => matches!(record.get(name), Value::Null | Value::Bool(false)) && !record.hides(name),
        None => name == "owner" && record.owner.is_none() || name == "created_by" && record.created_by.is_none(),
    }
}

/// A cell of a list that shows a value, with what its column is called; `is_open` where it is changed in its place.
pub(crate) fn shown(lens: &Lens, record: &Record, (name, label): (&str, &str), is_open: bool) -> Markup {
    let module = &record.module;
    let field = (is_open && !record.hides(name)).then_some(name);
    html! {
        @if is_empty(record, name) {
            td class=(blank(module, name)) data-label=(label) data-field=[field] { (nothing()) }
        } @else {
            td class=[class(module, name, false)] data-label=(label) data-field=[field] { (lens.column(record, name)) }
        }
    }
}

/// The cell of the field that a process governs: it is changed by the moves that are open.
pub(crate) fn governed(lens: &Lens, record: &Record, (name, label): (&str, &str)) -> Markup {
    html! { td.short data-label=(label) data-moves=(name) { (lens.column(record, name)) } }
}

/// The cell that names the record and leads to it, in a row in which the fields called `beside` are shown too.
pub(crate) fn named(lens: &Lens, record: &Record, (label, beside): (&str, &[String]), is_open: bool) -> Markup {
    let (module, name) = (&record.module, &record.module.title);
    let field = (is_open && !record.hides(name)).then_some(name);
    html! {
        td.name data-label=(label) data-field=[field] {
            a href=(format!("/{}/{}", module.name, record.id)) { (lens.paper_beside(record, beside).unwrap_or_else(|| title_text(lens, record))) }
        }
    }
}

/// What names the record, worded for the reader.
pub(crate) fn title_text(lens: &Lens, record: &Record) -> String {
    if let Some(paper) = lens.paper(record) {
        return paper;
    }
    if record.hides(&record.module.title) {
        return veil::words(lens.locale, record);
    }
    match (record.module.field(&record.module.title), record.get(&record.module.title)) {
        (_, Value::Null) | (None, _) => record.title(),
        (Some(field), value) => lens.text(field, value),
    }
}
