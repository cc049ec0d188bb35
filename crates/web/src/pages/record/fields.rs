//! The fields of a record, group by group; what the reader may change leads to its control.

use maud::{Markup, html};
use model::field::{FieldType, SetBy};
use model::rights::Grant;
use model::{Field, Id, Record, Value};

use super::{history, letter};
use crate::ui::inputs::{grouped, owner};
use crate::ui::{Lens, Words, control, icon, veil};

/// The fields of a record as one reader sees them.
pub(super) struct Fields<'a> {
    pub(super) lens: &'a Lens,
    pub(super) record: &'a Record,
    pub(super) grant: &'a Grant,
    /// Whether the reader may change the record.
    pub(super) is_open: bool,
    /// The field of the process, which moves by transitions.
    pub(super) governed: Option<&'a str>,
    /// Whether it is the record as it stood once: what is worked out is not known then.
    pub(super) is_past: bool,
}

impl Fields<'_> {
    /// All groups.
    pub(super) fn groups(&self) -> Markup {
        html! {
            @for (label, names) in grouped(&self.record.module, self.lens.locale) {
                @let fields: Vec<Field> = names.iter().filter_map(|name| self.field(name)).collect();
                @let (blank, told) = self.parted(fields);
                @if !told.is_empty() || !blank.is_empty() {
                    section.group {
                        h2 { (label) }
                        @if !told.is_empty() { dl.fields { @for field in &told { (self.row(field)) } } }
                        @if !blank.is_empty() {
                            details.blank {
                                summary.link { (self.lens.locale.say_with("fields-empty", &[("count", blank.len().into())])) }
                                dl.fields { @for field in &blank { (self.row(field)) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Empty fields that the reader cannot fill, which only say that nothing has happened yet, and the others. One alone
    /// takes no more room than the line that would unfold it.
    fn parted(&self, fields: Vec<Field>) -> (Vec<Field>, Vec<Field>) {
        let is_blank = |field: &Field| {
            !self.is_past && self.get(field).is_null() && !self.is_sent(field) && !self.record.hides(&field.name)
        };
        if fields.iter().filter(|field| is_blank(field)).count() < 2 {
            return (Vec::new(), fields);
        }
        fields.into_iter().partition(is_blank)
    }

    /// The field called `name`, where the reader sees it.
    fn field(&self, name: &str) -> Option<Field> {
        if name == "owner" && self.record.module.owners {
            return Some(owner());
        }
        let field = self.record.module.field(name)?;
        // What services keep for themselves is shown in words elsewhere.
        let is_noise = field.kind == FieldType::Json
            && field.set_by != SetBy::Anyone
            && (field.set_by == SetBy::Process || self.record.get(name).is_null());
        let is_elsewhere = letter::is_part(self.record, name);
        let is_known = !self.is_past || field.is_stored();
        (!self.grant.hidden.contains(&field.name) && !is_noise && !is_elsewhere && is_known).then(|| field.clone())
    }

    fn row(&self, field: &Field) -> Markup {
        if field.open {
            let label = self.lens.field_label(field);
            return html! { dt { (label) (self.past(field, &label)) } (super::tags::strip(self, field, None)) };
        }
        let label = self.lens.label(&self.record.module, &field.name);
        if field.kind == FieldType::File && self.is_sent(field) {
            let at = format!("/{}/{}/files?field={}", self.record.module.name, self.record.id, field.name);
            return html! {
                dt { a href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (label) } (self.past(field, &label)) }
                dd { (self.lens.value(field, &self.get(field))) }
            };
        }
        html! {
            dt {
                @if self.is_changed(field) && leads_elsewhere(field, &self.get(field)) {
                    a href=(self.address(field)) hx-get=(self.address(field)) hx-target="next dd" hx-swap="outerHTML" { (label) }
                } @else { (label) }
                (self.past(field, &label))
            }
            (self.value(field))
        }
    }

    /// The way to the history of a field.
    fn past(&self, field: &Field, label: &str) -> Markup {
        let at = history::address(self.record, &field.name);
        let name = self.lens.locale.say_with("history-of", &[("field", label.into())]);
        html! {
            @if !self.is_past && field.is_stored() && !self.record.hides(&field.name) {
                a.past href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" aria-label=(name) title=(name) { (icon(assets::icon::HISTORY)) }
            }
        }
    }

    /// The value as the description of its label.
    pub(super) fn value(&self, field: &Field) -> Markup {
        if self.record.hides(&field.name) {
            return html! { dd { (veil::mark(self.lens.locale, self.record)) } };
        }
        let value = self.get(field);
        // An empty value is drawn by the style sheet: the link to its control still needs a name.
        let name = value.is_null().then(|| self.lens.label(&self.record.module, &field.name));
        html! {
            dd {
                @if self.is_changed(field) && !leads_elsewhere(field, &value) {
                    a.change aria-label=[name] href=(self.address(field)) hx-get=(self.address(field)) hx-target="closest dd" hx-swap="outerHTML" {
                        @if !value.is_null() { (self.lens.value(field, &value)) }
                    }
                } @else { (self.lens.value(field, &value)) }
            }
        }
    }

    /// The value of a field, the owner included.
    pub(super) fn get(&self, field: &Field) -> Value {
        if field.name == "owner" { self.record.owner.into() } else { self.record.get(&field.name).clone() }
    }

    /// Whether the reader changes the field by hand.
    pub(super) fn is_changed(&self, field: &Field) -> bool {
        control::is_typed(field) && self.is_sent(field)
    }

    /// The same, where it may be a file, which is sent and not typed.
    fn is_sent(&self, field: &Field) -> bool {
        self.is_open
            && field.set_by == SetBy::Anyone
            && self.governed != Some(field.name.as_str())
            && !self.grant.read_only.contains(&field.name)
            && !self.record.hides(&field.name)
    }

    fn address(&self, field: &Field) -> String {
        address(&self.record.module.name, self.record.id, &field.name)
    }
}

/// Where a field is changed.
pub(super) fn address(module: &str, id: Id, field: &str) -> String {
    format!("/{module}/{id}/edit?field={field}")
}

/// Whether the value is a link already, or unfolds, so that it can't lead to its control.
fn leads_elsewhere(field: &Field, value: &Value) -> bool {
    let is_called = field.kind == FieldType::Phone && !value.is_null();
    is_called
        || matches!(
            field.kind,
            FieldType::Link | FieldType::File | FieldType::Links | FieldType::Url | FieldType::Record | FieldType::Json
        )
}
