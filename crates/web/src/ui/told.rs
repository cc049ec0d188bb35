//! What was refused of a form, in the reader's words: above the form with a way to each control, and beside the control.

use maud::{Markup, html};
use model::{Definitions, Locale, expr};
use store::{Error, FieldError};

use super::addresses::{FORMS, LETTERS, MODULES, PROCESSES, ROLES, RULES, SITE_LETTERS, SURVEYS};
use super::{Below, Words, icon};

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
                    @if let Some(words) = conflict(error, self.l) {
                        br; (words)
                        @for fault in faults { br; (self.place(fault, definitions)) ": " (fault.message) }
                    } @else {
                        @if faults.is_empty() { br; (whole(error, self.l)) }
                        @for fault in faults { br; (self.place(fault, definitions)) ": " (said(fault, self.l)) }
                    }
                }
            }
        }
    }

    /// What is wrong with the control of a field.
    pub(crate) fn fault(self, field: &str) -> Option<String> {
        self.fault_of(field).map(|fault| said(fault, self.l))
    }

    /// The same as it was refused.
    pub(crate) fn fault_of(self, field: &str) -> Option<&'a FieldError> {
        let is_it = |fault: &&FieldError| fault.field == field || fault.field.split(['.', '[']).next() == Some(field);
        faults(self.error).iter().find(is_it)
    }

    /// What stands below the control of a field, and how the control points there.
    pub(crate) fn below<'b>(self, field: &str, id: &'b str, help: Option<&'b str>) -> Below<'b> {
        Below { id, fault: self.fault(field).map(Into::into), help: help.map(Into::into) }
    }

    /// What a fault is about: a control of the form, or a field of a module as people call it, or what programs call it.
    fn place(self, fault: &FieldError, definitions: &Definitions) -> Markup {
        let mut parts = fault.field.split(['.', '[']);
        let first = parts.next().unwrap_or_default();
        let is_it = |name: &str| self.controls.iter().find(|(field, ..)| *field == name);
        if let Some((_, id, label)) = is_it(&fault.field).or_else(|| is_it(first)) {
            return html! { a href=(format!("#{id}")) { (self.l.say(label)) } };
        }
        let Some(module) = definitions.module(first) else { return of_file(&fault.field, definitions, self.l) };
        let field = parts.next().and_then(|name| module.field(name));
        let at = format!("{MODULES}/{}", module.name);
        html! {
            a.link href=(field.map_or_else(|| at.clone(), |field| format!("{at}/fields/{}", field.name))) {
                (module.label.get(self.l))
                @if let Some(field) = field { ", " (field.label.get(self.l)) }
            }
            " (" code { (fault.field) } ")"
        }
    }
}

/// What a file of a pack is about, with the way to its page.
fn of_file(file: &str, definitions: &Definitions, l: Locale) -> Markup {
    let name = file.split_once(": ").map_or(file, |(file, _)| file);
    let known = name.strip_suffix(".toml").and_then(|name| name.split_once('/'));
    let page = known.and_then(|(folder, name)| {
        let (label, at) = match folder {
            "modules" => (definitions.module(name)?.label.get(l), MODULES),
            "processes" => (definitions.process_named(name)?.label.or(l, name), PROCESSES),
            "rules" => (definitions.rule(name)?.label.or(l, name), RULES),
            "surveys" => (definitions.survey(name)?.label.or(l, name), SURVEYS),
            "forms" => (definitions.form(name)?.label.or(l, name), FORMS),
            "site_letters" => (definitions.site_letter(name)?.label.or(l, name), SITE_LETTERS),
            "letters" => (definitions.letter(name)?.label.or(l, name), LETTERS),
            "roles" => (definitions.role(name)?.called(l), ROLES),
            _ => return None,
        };
        Some((label.to_owned(), format!("{at}/{name}")))
    });
    html! {
        @if let Some((label, address)) = page { a.link href=(address) { (label) } " (" code { (file) } ")" }
        @else { code { (file) } }
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
    if let Some(words) = in_template(fault, l) {
        return words;
    }
    let place = fault.message.rsplit_once("(at character ").and_then(|(_, rest)| rest.split(')').next());
    match place {
        Some(place) => {
            // The program's own sentence says more, in English.
            let words = l.say_if(&format!("error-{}", fault.code)).filter(|_| l != Locale::En);
            let words = words.map(|words| match expr::meant(&fault.message) {
                Some(near) => format!("{words} {}", l.say_with("fault-near", &[("name", near.into())])),
                None => words,
            });
            let words = words.unwrap_or_else(|| fault.message.clone());
            l.say_with("settings-wrong-at", &[("place", place.into()), ("message", words.into())])
        }
        None => l.error(fault),
    }
}

/// What is wrong with a template: in which line, and at which of its words.
fn in_template(fault: &FieldError, l: Locale) -> Option<String> {
    fault.code.strip_prefix("template_")?;
    let (line, rest) = fault.message.strip_prefix("line ")?.split_once(": ")?;
    let words = l.say_if(&format!("error-{}", fault.code)).filter(|_| l != Locale::En).map(|words| {
        let place = rest.split('`').nth(1);
        place.map_or_else(|| words.clone(), |place| format!("{words}: {place}"))
    });
    let words = words.unwrap_or_else(|| rest.to_owned());
    Some(l.say_with("letter-wrong-at", &[("line", line.into()), ("message", words.into())]))
}

/// An error that is about no field, in words.
pub(crate) fn whole(error: &Error, l: Locale) -> String {
    match error {
        Error::Conflict { code, message, .. } | Error::Forbidden { code, message } => l.told(code, message),
        other => l.told("", &other.to_string()),
    }
}

/// What stands in the way as a whole, where only that is said in the reader's language: its faults name who or what then.
pub(crate) fn conflict(error: &Error, l: Locale) -> Option<String> {
    let Error::Conflict { code, errors, .. } = error else { return None };
    let words = |code: &str| l.say_if(&format!("error-{code}"));
    if errors.is_empty() || errors.iter().any(|fault| words(&fault.code).is_some()) { None } else { words(code) }
}
