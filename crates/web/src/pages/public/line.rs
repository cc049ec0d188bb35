//! A line of a buyer's form: label, control, and what is wrong with what was typed.

use std::collections::BTreeMap;

use maud::{Markup, html};
use model::Locale;

use crate::ui::typed::Typed;
use crate::ui::{Words, note};

/// What stands in a form.
pub(super) struct Lines<'a> {
    pub(super) locale: Locale,
    pub(super) typed: &'a Typed,
    /// Names of controls with what is wrong, in words.
    pub(super) errors: &'a BTreeMap<String, String>,
}

impl Lines<'_> {
    /// The line of the control called `name`; `kind` and `auto` are its `type` and `autocomplete`.
    pub(super) fn line(&self, name: &str, label: &str, kind: &str, auto: &str, required: bool) -> Markup {
        let error = self.errors.get(name);
        html! {
            div.field {
                label for=(name) { (label) @if !required { " " small { (self.locale.say("optional")) } } }
                input id=(name) name=(name) type=(kind) autocomplete=(auto) required[required] value=(self.typed.text(name))
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| format!("{name}-error"))];
                @if let Some(error) = error { (note::of_field(name, error)) }
            }
        }
    }
}
