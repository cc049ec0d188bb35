//! What was refused of a form, in the reader's words: above the form with a way to each control, and beside the control.

use maud::{Markup, html};
use model::{Definitions, Locale};
use store::{Error, FieldError};

use super::{Words, icon, note};

/// The controls of a form: what a fault is told of, the id of its control, the message that is its label.
pub(crate) type Controls = &'static [(&'static str, &'static str, &'static str)];

/// A form that was refused, or is shown for the first time.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) l: Locale,
    pub(crate) error: Option<&'a Error>,
    pub(crate) controls: Controls,
}

impl<'a> Told<'a> {
    /// A form of which nothing is to be told.
    pub(crate) fn nothing(l: Locale) -> Self {
        Self { l, error: None, controls: &[] }
    }

    /// Why nothing was kept.
    pub(crate) fn above(self, definitions: &Definitions) -> Markup {
        let Some(error) = self.error else { return html! {} };
        let faults = faults(Some(error));
        html! {
            div.note.bad role="alert" tabindex="-1" autofocus {
                (icon(assets::icon::CIRCLE_ALERT))
                div {
                    (self.l.say("settings-refused"))
                    @if let Some(words) = conflict(error, self.l) { br; (words) }
                    @else if faults.is_empty() { br; (whole(error, self.l)) }
                    @for fault in faults { br; (self.place(fault, definitions)) ": " (said(fault, self.l)) }
                }
            }
        }
    }

    /// What is wrong with the control of a field.
    pub(crate) fn fault(self, field: &str) -> Option<String> {
        let is_it = |fault: &&FieldError| fault.field.split(['.', '[']).next() == Some(field);
        faults(self.error).iter().find(is_it).map(|fault| said(fault, self.l))
    }

    /// The value of `aria-invalid`.
    pub(crate) fn invalid(self, field: &str) -> Option<&'static str> {
        self.fault(field).map(|_| "true")
    }

    /// What describes the control with this id: the fault, else the help where there is one.
    pub(crate) fn described(self, field: &str, id: &str, has_help: bool) -> Option<String> {
        match (self.fault(field).is_some(), has_help) {
            (true, _) => Some(format!("{id}-error")),
            (false, true) => Some(format!("{id}-help")),
            (false, false) => None,
        }
    }

    /// What stands under the control: what is wrong with it, else what it is for.
    pub(crate) fn below(self, field: &str, id: &str, help: Option<&str>) -> Markup {
        html! {
            @match (self.fault(field), help) {
                (Some(fault), _) => (note::of_field(id, &fault)),
                (None, Some(help)) => p.help id=(format!("{id}-help")) { (help) },
                (None, None) => {},
            }
        }
    }

    /// What a fault is about: a control of the form, or a field of a module as people call it, or what programs call it.
    fn place(self, fault: &FieldError, definitions: &Definitions) -> Markup {
        let mut parts = fault.field.split(['.', '[']);
        let first = parts.next().unwrap_or_default();
        if let Some((_, id, label)) = self.controls.iter().find(|(field, ..)| *field == first) {
            return html! { a href=(format!("#{id}")) { (self.l.say(label)) } };
        }
        let Some(module) = definitions.module(first) else { return html! { code { (fault.field) } } };
        let field = parts.next().and_then(|name| module.field(name));
        html! {
            (module.label.get(self.l))
            @if let Some(field) = field { ", " (field.label.get(self.l)) }
            " (" code { (fault.field) } ")"
        }
    }
}

/// What is wrong, by field.
pub(crate) fn faults(error: Option<&Error>) -> &[FieldError] {
    match error {
        Some(Error::Invalid(faults) | Error::Conflict { errors: faults, .. }) => faults,
        _ => &[],
    }
}

/// A fault in words; of an expression with the place where it is wrong.
pub(crate) fn said(fault: &FieldError, l: Locale) -> String {
    let place = fault.message.rsplit_once("(at character ").and_then(|(_, rest)| rest.split(')').next());
    match place {
        Some(place) => {
            l.say_with("settings-wrong-at", &[("place", place.into()), ("message", fault.message.as_str().into())])
        }
        None => in_words(&fault.code, &fault.message, l),
    }
}

/// An error that is about no field, in words.
pub(crate) fn whole(error: &Error, l: Locale) -> String {
    match error {
        Error::Conflict { code, message, .. } | Error::Forbidden { code, message } => in_words(code, message, l),
        other => in_words("", &other.to_string(), l),
    }
}

/// What stands in the way as a whole, where it is said in the reader's language and not by each fault.
pub(crate) fn conflict(error: &Error, l: Locale) -> Option<String> {
    let Error::Conflict { code, errors, .. } = error else { return None };
    let is_said = errors.is_empty() || errors.iter().any(|fault| fault.code == *code);
    l.say_if(&format!("error-{code}")).filter(|_| !is_said)
}

/// By the code; where no message says it, the sentence of the program, said to be one.
fn in_words(code: &str, message: &str, l: Locale) -> String {
    let known = l.say_if(&format!("error-{code}"));
    known.unwrap_or_else(|| l.say_with("settings-because", &[("message", message.into())]))
}
