//! The form of a field: everything that can be said of it. What its type does not need is hidden by style alone, so that
//! the form works without script; a choice has spare rows.

mod choices;
mod read;
mod rules;

use maud::{Markup, html};
use model::field::FieldType;
use model::{Definitions, Field, Label, Locale, Module};
use serde_json::{Map, Value as Json, json};
use store::FieldError;

pub(super) use read::{Scribe, is_only_redrawn};

use super::inputs;
use crate::ui::told::{Told, said};
use crate::ui::{Words, note};

/// What the form is drawn from.
pub(super) struct FieldForm<'a> {
    pub(super) l: Locale,
    pub(super) definitions: &'a Definitions,
    pub(super) module: &'a Module,
    /// The field as it is; nothing for a new one.
    pub(super) present: Option<&'a Field>,
    /// What stands in the form, in the form of the API.
    pub(super) values: Map<String, Json>,
    pub(super) faults: &'a [FieldError],
    /// Whether it may be called otherwise.
    pub(super) is_own: bool,
}

impl FieldForm<'_> {
    /// All controls.
    pub(super) fn all(&self) -> Markup {
        let l = self.l;
        html! {
            input type="hidden" name="rules" value="on";
            // Enter saves, and moves nothing.
            button.visually-hidden tabindex="-1" aria-hidden="true" { (l.say("save")) }
            (inputs::labels(Told::nothing(l), &self.label("label")))
            @if self.present.is_none() || self.is_own { (self.name()) }
            @if self.present.is_none() { (self.kind()) }
            @if self.wants(&["link", "links"]) && self.present.is_none() { (self.target()) }
            (self.line("scale", "settings-scale", &["decimal"], Some("settings-scale-help"), true))
            (choices::rows(self))
            (self.tick("open", "settings-open", &["multi_choice"], Some("settings-open-help")))
            (self.expressions())
            @if self.wants(&["number", "decimal"]) {
                div.pair data-for="number decimal" {
                    (self.line("min", "settings-min", &["number", "decimal"], None, false))
                    (self.line("max", "settings-max", &["number", "decimal"], None, false))
                }
            }
            (rules::all(self))
            div.pair {
                (inputs::line(Told::nothing(l), "help_ru", &l.say("settings-help-ru"), &self.label("help").ru, false))
                (inputs::line(Told::nothing(l), "help_en", &l.say("settings-help-en"), &self.label("help").en, false))
            }
        }
    }

    /// The type where it is settled, else nothing.
    fn settled(&self) -> Option<FieldType> {
        self.present.map(|field| field.kind)
    }

    /// Whether a control for these types is drawn: of a new field every one is, and style hides what is not needed.
    fn wants(&self, types: &[&str]) -> bool {
        self.settled().is_none_or(|kind| types.iter().any(|name| json!(kind) == *name))
    }

    fn name(&self) -> Markup {
        let l = self.l;
        html! {
            div.field {
                label for="name" { (l.say("settings-name")) }
                input id="name" name="name" value=(self.text("name")) required pattern="[a-z][a-z0-9_]{0,47}"
                    aria-invalid=[self.invalid("name")] aria-describedby=[self.described("name", true)] autocapitalize="off" spellcheck="false";
                (self.below("name", Some("settings-name-help")))
            }
        }
    }

    fn kind(&self) -> Markup {
        let l = self.l;
        let chosen = self.text("type");
        html! {
            div.field {
                label for="type" { (l.say("settings-type")) }
                select id="type" name="type" data-type aria-invalid=[self.invalid("type")] {
                    @for name in inputs::TYPES {
                        option value=(name) selected[chosen == name] { (l.say(&format!("type-{}", name.replace('_', "-")))) }
                    }
                }
                (self.below("type", None))
            }
        }
    }

    fn target(&self) -> Markup {
        let (l, chosen) = (self.l, self.text("module"));
        html! {
            div.field data-for="link links" {
                label for="module" { (l.say("settings-target")) }
                select id="module" name="module" aria-invalid=[self.invalid("module")] {
                    @for module in self.definitions.modules() {
                        option value=(module.name) selected[chosen == module.name] { (module.label.get(l)) }
                    }
                }
                (self.below("module", None))
            }
        }
    }

    fn expressions(&self) -> Markup {
        html! {
            (self.code("expression", "settings-expression", &["formula"], "settings-expression-help"))
            @if self.wants(&["roll_up"]) {
                div.pair data-for="roll_up" { (self.via()) (self.line("measure", "settings-measure", &["roll_up"], Some("settings-measure-help"), false)) }
                (self.code("filter", "settings-roll-up-filter", &["roll_up"], "settings-roll-up-filter-help"))
            }
        }
    }

    /// The links that lead here, to choose from.
    fn via(&self) -> Markup {
        let (l, chosen) = (self.l, self.text("via"));
        let mut links: Vec<(String, String)> = Vec::new();
        for module in self.definitions.modules() {
            for (field, target) in module.links().chain(module.many_links()) {
                if target == self.module.name {
                    let label = format!("{} · {}", module.label.get(l), super::module::shown_label(field, l));
                    links.push((format!("{}.{}", module.name, field.name), label));
                }
            }
        }
        html! {
            div.field {
                label for="via" { (l.say("settings-via")) }
                select id="via" name="via" aria-invalid=[self.invalid("via")] {
                    option value="" { "—" }
                    @if !chosen.is_empty() && links.iter().all(|(value, _)| *value != chosen) { option value=(chosen) selected { (chosen) } }
                    @for (value, label) in &links { option value=(value) selected[*value == chosen] { (label) } }
                }
                (self.below("via", None))
            }
        }
    }

    /// One line of text for fields of some types; with `is_lasting` it is said once and stays.
    fn line(&self, name: &str, label: &str, types: &[&str], help: Option<&str>, is_lasting: bool) -> Markup {
        if !self.wants(types) || is_lasting && self.present.is_some() {
            return html! {};
        }
        html! {
            div.field data-for=(types.join(" ")) {
                label for=(name) { (self.l.say(label)) }
                input id=(name) name=(name) value=(self.text(name)) autocomplete="off" spellcheck="false"
                    aria-invalid=[self.invalid(name)] aria-describedby=[self.described(name, help.is_some())];
                (self.below(name, help))
            }
        }
    }

    /// An expression.
    fn code(&self, name: &str, label: &str, types: &[&str], help: &str) -> Markup {
        if !self.wants(types) {
            return html! {};
        }
        html! {
            div.field data-for=(types.join(" ")) {
                label for=(name) { (self.l.say(label)) }
                textarea.code id=(name) name=(name) rows="2" autocapitalize="off" spellcheck="false"
                    aria-invalid=[self.invalid(name)] aria-describedby=[self.described(name, true)] { (self.text(name)) }
                (self.below(name, Some(help)))
            }
        }
    }

    fn tick(&self, name: &str, label: &str, types: &[&str], help: Option<&str>) -> Markup {
        if !self.wants(types) {
            return html! {};
        }
        let is_on = self.values.get(name) == Some(&Json::Bool(true));
        html! {
            div.field data-for=(types.join(" ")) {
                label.option {
                    input type="checkbox" id=(name) name=(name) value="on" checked[is_on];
                    (self.l.say(label))
                    @if let Some(help) = help { small { (self.l.say(help)) } }
                }
                (self.below(name, None))
            }
        }
    }

    fn label(&self, key: &str) -> Label {
        let text = |language: &str| {
            let label = self.values.get(key).and_then(|label| label.get(language));
            label.and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        Label { ru: text("ru"), en: text("en") }
    }

    /// What stands in a control.
    fn text(&self, key: &str) -> String {
        self.values.get(key).map(read::plain).unwrap_or_default()
    }

    fn fault(&self, key: &str) -> Option<String> {
        let of_key = |error: &&FieldError| error.field.split(['[', '.']).next() == Some(key);
        self.faults.iter().find(of_key).map(|error| said(error, self.l))
    }

    fn invalid(&self, key: &str) -> Option<&'static str> {
        self.fault(key).map(|_| "true")
    }

    fn described(&self, key: &str, has_help: bool) -> Option<String> {
        match (self.fault(key).is_some(), has_help) {
            (true, _) => Some(format!("{key}-error")),
            (false, true) => Some(format!("{key}-help")),
            (false, false) => None,
        }
    }

    /// What is wrong with a control, else what it is for.
    fn below(&self, key: &str, help: Option<&str>) -> Markup {
        html! {
            @match (self.fault(key), help) {
                (Some(fault), _) => (note::of_field(key, &fault)),
                (None, Some(help)) => p.help id=(format!("{key}-help")) { (self.l.say(help)) },
                (None, None) => {},
            }
        }
    }
}
