//! The form of a field: everything that can be said of it. What its type does not need is hidden by style alone, so that
//! the form works without script; a choice has spare rows.

mod choices;
mod kinds;
mod read;
mod rules;

use maud::{Markup, html};
use model::field::FieldType;
use model::{Definitions, Field, Label, Locale, Module};
use serde_json::{Map, Value as Json};
use store::FieldError;

pub(super) use choices::TONES;
pub(super) use read::{Scribe, is_only_redrawn};

use super::{MODULES, inputs};
use crate::ui::expression::{Expression, Fault, Names, Offered};
use crate::ui::told::{Told, said};
use crate::ui::{Below, Words};

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
            @if self.wants("module") && self.present.is_none() { (self.target()) }
            (self.line("scale", "settings-scale", Some("settings-scale-help"), true))
            (choices::rows(self))
            (self.tick("open", "settings-open", Some("settings-open-help")))
            (self.expressions())
            @if self.wants("min") {
                div.pair data-for=(kinds::with("min")) {
                    (self.line("min", "settings-min", None, false))
                    (self.line("max", "settings-max", None, false))
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

    /// Whether the control of a property is drawn: of a new field every one is, and style hides what is not needed.
    fn wants(&self, property: &str) -> bool {
        self.settled().is_none_or(|kind| kinds::has(kind, property))
    }

    fn name(&self) -> Markup {
        let (l, below) = (self.l, self.below("name", Some("settings-name-help")));
        html! {
            div.field {
                label for="name" { (l.say("settings-name")) }
                input id="name" name="name" value=(self.text("name")) required pattern="[a-z][a-z0-9_]{0,47}"
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()] autocapitalize="off" spellcheck="false";
                (below)
            }
        }
    }

    fn kind(&self) -> Markup {
        let (l, below) = (self.l, self.below("type", None));
        let chosen = self.text("type");
        html! {
            div.field {
                label for="type" { (l.say("settings-type")) }
                select id="type" name="type" data-type aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                    @for name in inputs::TYPES {
                        option value=(name) selected[chosen == name] { (l.say(&format!("type-{}", name.replace('_', "-")))) }
                    }
                }
                (below)
            }
        }
    }

    fn target(&self) -> Markup {
        let (l, below) = (self.l, self.below("module", None));
        let chosen = self.text("module");
        html! {
            div.field data-for=(kinds::with("module")) {
                label for="module" { (l.say("settings-target")) }
                select id="module" name="module" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                    @for module in self.definitions.modules() {
                        option value=(module.name) selected[chosen == module.name] { (module.label.get(l)) }
                    }
                }
                (below)
            }
        }
    }

    fn expressions(&self) -> Markup {
        html! {
            (self.code("expression", "settings-expression", "settings-expression-help"))
            @if self.wants("measure") {
                div.pair data-for=(kinds::with("measure")) { (self.via()) (self.line("measure", "settings-measure", Some("settings-measure-help"), false)) }
                (self.gathered())
            }
        }
    }

    /// The links that lead here, to choose from.
    fn via(&self) -> Markup {
        let (l, below) = (self.l, self.below("via", None));
        let chosen = self.text("via");
        let mut links: Vec<(String, String)> = Vec::new();
        for module in self.definitions.modules() {
            for (field, target) in module.links().chain(module.many_links()) {
                if target == self.module.name {
                    let label = format!("{} · {}", module.label.get(l), field.called(l));
                    links.push((format!("{}.{}", module.name, field.name), label));
                }
            }
        }
        html! {
            div.field {
                label for="via" { (l.say("settings-via")) }
                select id="via" name="via" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                    option value="" { "—" }
                    @if !chosen.is_empty() && links.iter().all(|(value, _)| *value != chosen) { option value=(chosen) selected { (chosen) } }
                    @for (value, label) in &links { option value=(value) selected[*value == chosen] { (label) } }
                }
                (below)
            }
        }
    }

    /// One line of text for a property; with `is_lasting` it is said once and stays.
    fn line(&self, name: &str, label: &str, help: Option<&str>, is_lasting: bool) -> Markup {
        if !self.wants(name) || is_lasting && self.present.is_some() {
            return html! {};
        }
        let below = self.below(name, help);
        html! {
            div.field data-for=(kinds::with(name)) {
                label for=(name) { (self.l.say(label)) }
                input id=(name) name=(name) value=(self.text(name)) autocomplete="off" spellcheck="false"
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
        }
    }

    /// An expression over records of the module.
    fn code(&self, name: &str, label: &str, help: &str) -> Markup {
        self.written(name, (label, help), Offered::Here(&Names::all(self.l, self.definitions, self.module)))
    }

    /// Which records are gathered: an expression over the module that the link on the way belongs to.
    fn gathered(&self) -> Markup {
        let via = self.text("via");
        let over = via.split_once('.').and_then(|(module, _)| self.definitions.module(module));
        let names = over.map(|module| Names::all(self.l, self.definitions, module));
        let address = format!("{MODULES}/{{module}}/names");
        let offered = Offered::By { address: &address, control: "via", now: names.as_ref() };
        self.written("filter", ("settings-roll-up-filter", "settings-roll-up-filter-help"), offered)
    }

    fn written(&self, name: &str, (label, help): (&str, &str), offered: Offered<'_>) -> Markup {
        if !self.wants(name) {
            return html! {};
        }
        let text = self.text(name);
        let fault = self.error(name).map(|error| Fault::of_field(self.l, &text, error));
        let expression = Expression {
            label: html! { (self.l.say(label)) },
            help: Some(self.l.say(help)),
            fault: fault.as_ref(),
            ..Expression::new(self.l, name, &text, offered)
        };
        html! { div.field data-for=(kinds::with(name)) { (expression) } }
    }

    fn tick(&self, name: &str, label: &str, help: Option<&str>) -> Markup {
        if !self.wants(name) {
            return html! {};
        }
        let is_on = self.values.get(name) == Some(&Json::Bool(true));
        html! {
            div.field data-for=(kinds::with(name)) {
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

    fn error(&self, key: &str) -> Option<&FieldError> {
        let of_key = |error: &&FieldError| error.field.split(['[', '.']).next() == Some(key);
        self.faults.iter().find(of_key)
    }

    fn fault(&self, key: &str) -> Option<String> {
        self.error(key).map(|error| said(error, self.l))
    }

    /// What is wrong with a control, else what it is for.
    fn below<'a>(&self, key: &'a str, help: Option<&str>) -> Below<'a> {
        Below { id: key, fault: self.fault(key).map(Into::into), help: help.map(|help| self.l.say(help).into()) }
    }
}
