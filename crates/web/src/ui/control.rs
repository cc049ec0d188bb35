//! Form controls for fields: what is shown in them, and what is read out of them.

pub(crate) mod duration;
mod picker;
mod reading;
pub(crate) mod soon;
mod tiers;

use maud::{Markup, html};
use model::field::{FieldType, SetBy};
use model::{Field, Locale};

use super::offers::Offers;
use super::{Below, Words, icon, note};

pub(crate) use reading::{input_text, read, readable, to_json, typed_text};

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
    /// What is told below it besides; the script puts it there too while one types.
    pub(crate) told: Option<&'a Markup>,
    /// What it leads to, where it is a link.
    pub(crate) links: &'a Offers,
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
                @if let Some(told) = self.told { div.known-of role="status" { (told) } }
            }
        }
    }

    /// The control alone, for a place that is labelled already.
    pub(crate) fn input(&self) -> Markup {
        match self.field.kind {
            FieldType::Choice | FieldType::Checkbox => self.choice(),
            FieldType::Link | FieldType::Links | FieldType::Person | FieldType::Record => self.picker(),
            FieldType::Rating => self.stars(),
            FieldType::Colour => self.colour(),
            FieldType::MultiChoice if self.field.open => self.words(),
            FieldType::MultiChoice => self.choices(),
            FieldType::Json if is_code(self.field) => self.code(),
            FieldType::LongText | FieldType::Address => html! {
                textarea id=(self.name) name=(self.name) aria-label=(self.label) aria-invalid=[self.invalid()]
                    aria-describedby=[self.described()] required[self.required] { (self.text) }
            },
            FieldType::Json => tiers::rows(self),
            _ => self.line(),
        }
    }

    fn line(&self) -> Markup {
        let (kind, mode) = match self.field.kind {
            FieldType::Number => ("text", Some("numeric")),
            FieldType::Decimal | FieldType::Money => ("text", Some("decimal")),
            FieldType::Date => ("date", None),
            FieldType::Time => ("time", None),
            FieldType::Datetime => ("datetime-local", None),
            FieldType::Email => ("email", None),
            FieldType::Phone => ("tel", None),
            FieldType::Url => ("url", None),
            _ => ("text", None),
        };
        let is_duration = self.field.kind == FieldType::Duration;
        let text = if is_duration { duration::shown(self.locale, self.text) } else { self.text.to_owned() };
        html! {
            input type=(kind) inputmode=[mode] id=(self.name) name=(self.name) value=(text) aria-label=(self.label)
                placeholder=[is_duration.then(|| self.locale.say("duration-example"))]
                aria-invalid=[self.invalid()] aria-describedby=[self.described()] required[self.required] autocomplete="off";
        }
    }

    /// Something that is written for programs.
    fn code(&self) -> Markup {
        html! {
            textarea.code id=(self.name) name=(self.name) rows="5" aria-label=(self.label) aria-invalid=[self.invalid()]
                aria-describedby=[self.described()] required[self.required] autocomplete="off" autocapitalize="off" spellcheck="false" { (self.text) }
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

    /// One to five stars, or none.
    fn stars(&self) -> Markup {
        let stars = ["1", "2", "3", "4", "5"];
        html! {
            div.stars id=(self.name) role="radiogroup" aria-label=(self.label) aria-describedby=[self.described()] {
                @if !self.required {
                    label.star.none {
                        input type="radio" name=(self.name) value="" checked[!stars.contains(&self.text)] aria-label=(self.locale.say("rating-none"));
                        (icon(assets::icon::BAN))
                    }
                }
                @for (star, count) in stars.into_iter().zip(1_i64..) {
                    label.star {
                        input type="radio" name=(self.name) value=(star) checked[self.text == star] required[self.required]
                            aria-label=(self.locale.say_with("rating-stars", &[("count", count.into())]));
                        (icon(assets::icon::STAR))
                    }
                }
            }
        }
    }

    /// A colour as text, which may be empty; beside it the script lets one be picked.
    fn colour(&self) -> Markup {
        let picked = if self.text.len() == 7 && self.text.starts_with('#') { self.text } else { "#888888" };
        html! {
            span.hue {
                input.input type="text" id=(self.name) name=(self.name) value=(self.text) aria-label=(self.label) placeholder="#3c58c9"
                    aria-invalid=[self.invalid()] aria-describedby=[self.described()] required[self.required] autocomplete="off" maxlength="7";
                input type="color" value=(picked) aria-label=(self.locale.say_with("colour-pick", &[("name", self.label.into())]));
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

/// Whether the value is written as JSON; price tiers have a table of their own.
pub(crate) fn is_code(field: &Field) -> bool {
    field.kind == FieldType::Json && field.name != tiers::FIELD
}

/// Whether people write it as JSON and read it so: what services keep in JSON is told in words.
pub(crate) fn is_written(field: &Field) -> bool {
    field.set_by == SetBy::Anyone && is_code(field)
}

/// Whether the control takes more than a line.
pub(crate) fn is_roomy(field: &Field) -> bool {
    matches!(
        field.kind,
        FieldType::LongText | FieldType::Address | FieldType::MultiChoice | FieldType::Links | FieldType::Json
    )
}

/// Whether people can type such a value; files are sent by a form of their own.
pub(crate) fn is_typed(field: &Field) -> bool {
    field.kind != FieldType::File && field.is_stored() && !field.secret
}
