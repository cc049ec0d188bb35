//! The rules of a field: what must be filled, and when; what must hold; what a new record begins with.

use maud::{Markup, html};
use model::Module;
use model::process::{By, Process, State};
use serde_json::{Value as Json, json};

use super::super::inputs;
use super::{FieldForm, kinds};
use crate::ui::Words;
use crate::ui::told::Told;

/// All of them.
pub(super) fn all(form: &FieldForm<'_>) -> Markup {
    html! {
        (form.tick("required", "settings-required", None))
        (form.tick("unique", "settings-unique", None))
        (form.tick("index", "settings-index", Some("settings-index-help")))
        @if form.wants("required_at") { (stages(form)) }
        (form.line("default", "settings-default", Some("settings-default-help"), false))
        (form.line("series", "settings-series", Some("settings-series-help"), false))
        (form.code("validation", "settings-validation", "settings-validation-help"))
        @if form.wants("refusal") { (refusal(form)) }
    }
}

/// What people read where the validation does not hold.
fn refusal(form: &FieldForm<'_>) -> Markup {
    let (l, said) = (form.l, form.label("refusal"));
    html! {
        div data-for=(kinds::with("refusal")) {
            div.pair {
                (inputs::line(Told::nothing(l), "refusal_ru", &l.say("settings-refusal-ru"), &said.ru, false))
                (inputs::line(Told::nothing(l), "refusal_en", &l.say("settings-refusal-en"), &said.en, false))
            }
            div.field { (form.below("refusal", Some("settings-refusal-help"))) }
        }
    }
}

/// The states of the module's process: a record enters those that are ticked only with a value.
fn stages(form: &FieldForm<'_>) -> Markup {
    let Some(process) = form.definitions.process(&form.module.name) else { return html! {} };
    if form.present.is_some_and(|field| field.name == process.field) {
        return html! {};
    }
    let l = form.l;
    let ticked = form.values.get("required_at").and_then(Json::as_array).cloned().unwrap_or_default();
    let name = form.present.map_or("", |field| field.name.as_str());
    html! {
        fieldset.field data-for=(kinds::with("required_at")) {
            legend { (l.say("settings-required-at")) }
            input type="hidden" name="stages" value="on";
            div.options.many tabindex="0" role="group" aria-label=(l.say("settings-required-at")) {
                @for state in entered(process, form.module) {
                    @let is_own = ticked.contains(&json!(state.name));
                    label.option {
                        input type="checkbox" name="required_at" value=(state.name) checked[is_own];
                        (state.label.get(l))
                        @if !is_own && asks(process, state, name) { small { (l.say("settings-asked-by-pack")) } }
                    }
                }
            }
            (form.below("required_at", Some("settings-required-at-help")))
        }
    }
}

/// The states that somebody moves records into, or makes them in.
fn entered<'p>(process: &'p Process, module: &Module) -> impl Iterator<Item = &'p State> {
    let is_made = module.service.is_none();
    let is_entered = move |state: &&State| {
        let begins = state.name == process.initial || process.starts.iter().any(|start| start.state == state.name);
        let mut steps = process.transitions.iter().filter(|step| step.to == state.name);
        is_made && begins || steps.any(|step| !matches!(step.by, By::Process))
    };
    process.states.iter().filter(is_entered)
}

/// Whether a move into the state asks for the field without it being said here.
fn asks(process: &Process, state: &State, field: &str) -> bool {
    process.transitions.iter().any(|step| step.to == state.name && step.asks.iter().any(|asked| asked == field))
}
