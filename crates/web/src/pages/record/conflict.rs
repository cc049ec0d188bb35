//! A field that somebody else changed while it was being edited: mine, theirs and what both began with, side by side, and
//! the choice between them.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Currency, Field, Locale, Record, Value};
use serde_json::Value as Json;
use store::{ChangeEntry, FieldChange, Result, Work};

use super::edit::value;
use crate::ui::control::{self, input_text};
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words};

/// What is to be saved of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Mine,
    Theirs,
    Original,
}

impl Side {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Mine, "mine", "conflict-mine"),
        (Self::Theirs, "theirs", "conflict-theirs"),
        (Self::Original, "original", "conflict-original"),
    ];

    /// What was chosen in `form`; what was typed where nothing was.
    fn chosen(form: &Typed, field: &str) -> Self {
        let chosen = form.text(&format!("take.{field}"));
        Self::ALL.into_iter().find(|(_, name, _)| *name == chosen).map_or(Self::Mine, |(side, _, _)| side)
    }
}

/// The text of the control as it is to be saved; nothing where it stays as it is.
pub(super) fn chosen_text(field: &Field, form: &Typed) -> Option<String> {
    match Side::chosen(form, &field.name) {
        Side::Mine => Some(control::typed_text(field, &field.name, form)),
        Side::Theirs => None,
        Side::Original => Some(original_text(field, form)),
    }
}

/// What the control held when the form was first opened.
fn original_text(field: &Field, form: &Typed) -> String {
    let first = form.get(&format!("original.{}", field.name));
    let text = first.or_else(|| form.get(&format!("was.{}", field.name))).unwrap_or_default();
    text.replace("\r\n", "\n")
}

/// What stands against what.
pub(super) struct Conflict {
    field: String,
    label: String,
    mine: String,
    theirs: String,
    original: String,
    original_text: String,
    /// Who changed it last, and when.
    by: Option<String>,
    side: Side,
}

impl Conflict {
    /// Reads what there is to know of a field of `record` that was overtaken.
    pub(super) fn read(
        work: &mut Work<'_>,
        lens: &mut Lens,
        record: &Record,
        field: &Field,
        form: &Typed,
        (zone, currency): (&TimeZone, Currency),
    ) -> Result<Self> {
        let present = value(record, field);
        let currency = present.as_money().map_or(currency, |amount| amount.currency);
        let json = |text: &str| control::to_json(field, text, zone, currency);
        let first = original_text(field, form);
        let (mine, original) = (json(&control::typed_text(field, &field.name, form)), json(&first));
        let last = work.field_history(&record.module, record.id, Some(&field.name), None, 1)?.pop();
        lens.learn_changes(work, &record.module, [&change(record, field, &mine, &original, last.as_ref())])?;
        let shown = |json: &Json| shown(lens, field, &lens.read_value(field, json));
        let by = last.map(|last| {
            let who = last.actor.and_then(|actor| lens.user(actor)).unwrap_or("—");
            format!("{who}, {}", lens.moment(last.at))
        });
        Ok(Self {
            field: field.name.clone(),
            label: lens.label(&record.module, &field.name),
            mine: shown(&mine),
            theirs: shown_text(lens, field, &present, zone),
            original: shown(&original),
            original_text: first,
            by,
            side: Side::chosen(form, &field.name),
        })
    }

    /// The choice, part of the form that is sent again.
    pub(super) fn markup(&self, l: Locale) -> Markup {
        let name = format!("take.{}", self.field);
        let told = [("field", self.label.as_str().into()), ("value", self.theirs.as_str().into())];
        html! {
            fieldset.conflict role="alert" {
                legend { (l.say_with("edit-overtaken", &told)) @if let Some(by) = &self.by { " " small { (by) } } }
                input type="hidden" name=(format!("original.{}", self.field)) value=(self.original_text);
                div.sides {
                    @for (side, value, key) in Side::ALL {
                        label.option.boxed {
                            input type="radio" name=(name) value=(value) checked[side == self.side];
                            b { (l.say(key)) }
                            span { (self.text(side)) }
                        }
                    }
                }
            }
        }
    }

    fn text(&self, side: Side) -> &str {
        let text = match side {
            Side::Mine => &self.mine,
            Side::Theirs => &self.theirs,
            Side::Original => &self.original,
        };
        if text.is_empty() { "—" } else { text }
    }
}

fn shown(lens: &Lens, field: &Field, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        // What cannot be read is shown as it was typed.
        Value::Json(Json::String(text)) => text.clone(),
        value => lens.text(field, value),
    }
}

fn shown_text(lens: &Lens, field: &Field, present: &Value, zone: &TimeZone) -> String {
    match shown(lens, field, present) {
        text if text.is_empty() => input_text(field, present, zone),
        text => text,
    }
}

/// The values as an entry of a history, so that everything they lead to is read together.
fn change(record: &Record, field: &Field, mine: &Json, original: &Json, last: Option<&ChangeEntry>) -> ChangeEntry {
    let sides = FieldChange { field: field.name.clone(), before: original.clone(), after: mine.clone() };
    ChangeEntry {
        sequence: 0,
        change_set: record.id,
        at: record.updated_at,
        actor: last.and_then(|last| last.actor),
        source: String::new(),
        reason: None,
        undoes: None,
        undone_by: None,
        transition: None,
        operation: String::new(),
        version: record.version,
        fields: vec![sides],
    }
}
