//! Form controls for fields: what is shown in them, and what is read out of them.

mod reading;
pub(crate) mod soon;
mod tiers;

use maud::{Markup, html};
use model::field::FieldType;
use model::{Field, Id, Locale};

use super::{Below, Words, note};

pub(crate) use reading::{input_text, read, to_json, typed_text};

/// What a choice offers besides the options of its field: linked records, users.
pub(crate) type Candidates = Vec<(Id, String)>;

/// A field of a form.
pub(crate) struct Control<'a> {
    pub(crate) locale: Locale,
    pub(crate) field: &'a Field,
    /// Name and id of the control.
    pub(crate) name: &'a str,
    pub(crate) label: &'a str,
    /// What stands in it: what was typed, else the value as [`input_text`] writes it.
    pub(crate) text: &'a str,
    /// What is wrong with it, in words.
    pub(crate) error: Option<&'a str>,
    pub(crate) required: bool,
    pub(crate) candidates: &'a [(Id, String)],
}

impl Control<'_> {
    /// Label, control, help or error.
    pub(crate) fn row(&self) -> Markup {
        if self.field.kind == FieldType::Checkbox {
            return html! {
                div.field {
                    label.option {
                        input type="checkbox" id=(self.name) name=(self.name) value="true" checked[self.text == "true"];
                        (self.label)
                        @if let Some(help) = self.help() { small { (help) } }
                    }
                    @if let Some(error) = self.error { (note::of_field(self.name, error)) }
                }
            };
        }
        html! {
            div.field {
                label for=(self.name) {
                    (self.label)
                    @if !self.required { " " small { (self.locale.say("optional")) } }
                }
                (self.input())
                (self.below())
            }
        }
    }

    /// The control alone, for a place that is labelled already.
    pub(crate) fn input(&self) -> Markup {
        match self.field.kind {
            FieldType::Choice | FieldType::Checkbox => self.choice(),
            FieldType::Link | FieldType::Person => self.candidates(),
            FieldType::MultiChoice if self.field.open => self.words(),
            FieldType::MultiChoice => self.choices(),
            FieldType::Links => self.links(),
            FieldType::LongText | FieldType::Address => html! {
                textarea id=(self.name) name=(self.name) aria-label=(self.label) aria-invalid=[self.invalid()]
                    aria-describedby=[self.described()] required[self.required] { (self.text) }
            },
            FieldType::Json if self.field.name == "price_tiers" => tiers::rows(self),
            _ => self.line(),
        }
    }

    fn line(&self) -> Markup {
        let (kind, mode) = match self.field.kind {
            FieldType::Number | FieldType::Rating => ("text", Some("numeric")),
            FieldType::Decimal | FieldType::Money => ("text", Some("decimal")),
            FieldType::Date => ("date", None),
            FieldType::Time => ("time", None),
            FieldType::Datetime => ("datetime-local", None),
            FieldType::Email => ("email", None),
            FieldType::Phone => ("tel", None),
            FieldType::Url => ("url", None),
            _ => ("text", None),
        };
        html! {
            input type=(kind) inputmode=[mode] id=(self.name) name=(self.name) value=(self.text) aria-label=(self.label)
                aria-invalid=[self.invalid()] aria-describedby=[self.described()] required[self.required] autocomplete="off";
        }
    }

    fn choice(&self) -> Markup {
        let yes_no = [("true", self.locale.say("yes")), ("false", self.locale.say("no"))];
        html! {
            select id=(self.name) name=(self.name) aria-label=(self.label) aria-invalid=[self.invalid()]
                aria-describedby=[self.described()] required[self.required] {
                @if self.field.kind == FieldType::Checkbox {
                    @for (value, label) in &yes_no { option value=(value) selected[self.text == *value] { (label) } }
                } @else {
                    @if !self.required || self.text.is_empty() { option value="" { "—" } }
                    @for option in &self.field.options {
                        option value=(option.value) selected[self.text == option.value] { (option.label.get(self.locale)) }
                    }
                }
            }
        }
    }

    fn choices(&self) -> Markup {
        html! {
            div.options {
                @for option in &self.field.options {
                    label.option {
                        input type="checkbox" name=(self.name) value=(option.value)
                            checked[self.text.lines().any(|chosen| chosen == option.value)];
                        (option.label.get(self.locale))
                    }
                }
            }
        }
    }

    /// Words of an open field, parted by commas.
    fn words(&self) -> Markup {
        html! {
            input id=(self.name) name=(self.name) value=(self.text.lines().collect::<Vec<_>>().join(", ")) aria-label=(self.label)
                aria-invalid=[self.invalid()] aria-describedby=[self.described()] placeholder=(self.locale.say("tags-typed")) autocomplete="off";
        }
    }

    fn candidates(&self) -> Markup {
        let listed = self.candidates.iter().any(|(id, _)| id.to_string() == self.text);
        html! {
            select id=(self.name) name=(self.name) aria-label=(self.label) aria-invalid=[self.invalid()]
                aria-describedby=[self.described()] required[self.required] {
                option value="" { "—" }
                @if !listed && !self.text.is_empty() {
                    option value=(self.text) selected { (self.locale.say("link-kept")) }
                }
                @for (id, title) in self.candidates {
                    option value=(id) selected[id.to_string() == self.text] { (title) }
                }
            }
        }
    }

    /// The records that are linked, in their order, then others that can be: what stays ticked is kept.
    fn links(&self) -> Markup {
        let title = |id: &str| self.candidates.iter().find(|(known, _)| known.to_string() == id);
        let is_linked = |id: &Id| self.text.lines().any(|linked| linked == id.to_string());
        html! {
            div.options.many id=(self.name) role="group" aria-label=(self.label) aria-describedby=[self.described()] {
                @for id in self.text.lines() {
                    label.option {
                        input type="checkbox" name=(self.name) value=(id) checked;
                        @match title(id) {
                            Some((_, title)) => (title),
                            None => (self.locale.say("link-hidden")),
                        }
                    }
                }
                @for (id, title) in self.candidates.iter().filter(|(id, _)| !is_linked(id)) {
                    label.option { input type="checkbox" name=(self.name) value=(id); (title) }
                }
            }
        }
    }

    fn help(&self) -> Option<&str> {
        self.field.help.as_ref().map(|help| help.get(self.locale))
    }

    fn below(&self) -> Below<'_> {
        Below { id: self.name, fault: self.error.map(Into::into), help: self.help().map(Into::into) }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.below().invalid()
    }

    fn described(&self) -> Option<String> {
        self.below().described()
    }
}

/// Whether the control takes more than a line.
pub(crate) fn is_roomy(field: &Field) -> bool {
    matches!(
        field.kind,
        FieldType::LongText | FieldType::Address | FieldType::MultiChoice | FieldType::Links | FieldType::Json
    )
}

/// Whether people can type such a value.
pub(crate) fn is_typed(field: &Field) -> bool {
    match field.kind {
        FieldType::Json => field.name == "price_tiers",
        // Files are sent by a form of their own.
        FieldType::Record | FieldType::File => false,
        _ => field.is_stored() && !field.secret,
    }
}
