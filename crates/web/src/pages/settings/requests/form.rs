//! The form of a line that brings requests.

use channels::requests::Source;
use maud::{Markup, html};
use model::{Definitions, Locale};
use serde_json::{Map, Value as Json, json};
use store::{Line, LineSetup};

use crate::pages::settings::inputs;
use crate::ui::Words;
use crate::ui::told::{Controls, Told};
use crate::ui::typed::Typed;

/// The controls of a line that brings requests.
pub(super) const CONTROLS: Controls = &[
    ("name", "name", "lines-name"),
    ("kind", "kind", "requests-kind"),
    ("form", "form", "requests-form"),
    ("account", "account", "requests-account"),
    ("secret", "secret", "lines-secret"),
    ("hook_secret", "hook_secret", "requests-app-secret"),
    ("confirmation", "confirmation", "requests-confirmation"),
    ("header", "header", "requests-header"),
    ("id_path", "id_path", "requests-id-path"),
    ("address", "address", "requests-address"),
];

/// What a source is called.
pub(super) fn called(l: Locale, source: Source) -> String {
    l.say(match source {
        Source::Vk => "requests-vk",
        Source::Meta => "requests-meta",
        Source::Webhook => "requests-webhook",
    })
}

/// The form of a line that is not there yet.
pub(super) fn fresh() -> Typed {
    let mut typed = Typed::default();
    typed.set("kind", Source::Vk.name());
    typed.set("form", "lead_form");
    typed
}

/// The form of one that is.
pub(super) fn of(line: &Line) -> Typed {
    let (setup, mut typed) = (&line.setup, Typed::default());
    typed.set("name", setup.name.as_str());
    for (name, text) in parts(setup) {
        typed.set(name, text.as_deref().unwrap_or_default());
    }
    if setup.active {
        typed.set("active", "on");
    }
    typed
}

fn parts(setup: &LineSetup) -> [(&'static str, &Option<String>); 6] {
    [
        ("form", &setup.form),
        ("account", &setup.account),
        ("confirmation", &setup.confirmation),
        ("header", &setup.header),
        ("id_path", &setup.id_path),
        ("address", &setup.url),
    ]
}

/// What was typed, in the form of the API; what the form has no control for stays.
pub(super) fn body(typed: &Typed) -> Map<String, Json> {
    let mut body = Map::new();
    let texts = ["name", "kind", "form", "account", "confirmation", "header", "id_path", "address"];
    for name in texts.into_iter().filter(|name| typed.has(name)) {
        body.insert(name.to_owned(), json!(typed.text(name)));
    }
    for name in ["secret", "hook_secret"] {
        if let Some(secret) = typed.get(name).filter(|secret| !secret.is_empty()) {
            body.insert(name.to_owned(), json!(secret));
        }
    }
    body
}

/// The controls of a new line.
pub(super) fn new(told: Told<'_>, typed: &Typed, definitions: &Definitions) -> Markup {
    let l = told.l;
    let below = told.below("kind", "kind", None);
    html! {
        div.pair {
            (inputs::line(told, "name", &l.say("lines-name"), typed.text("name"), true))
            div.field {
                label for="kind" { (l.say("requests-kind")) }
                select id="kind" name="kind" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                    @for source in Source::ALL {
                        option value=(source.name()) selected[typed.text("kind") == source.name()] { (called(l, source)) }
                    }
                }
                (below)
            }
        }
        (form(told, typed, definitions))
        div.pair {
            (secret(told, ("secret", "lines-secret"), "requests-secret-help", true))
            (secret(told, ("hook_secret", "requests-app-secret"), "requests-app-secret-help", false))
        }
    }
}

/// The controls of a line of that source.
pub(super) fn controls(told: Told<'_>, typed: &Typed, source: Source, definitions: &Definitions) -> Markup {
    let l = told.l;
    let line =
        |name: &str, label: &str, help: &str| inputs::optional(told, name, &l.say(label), Some(&l.say(help)), typed);
    let keep = "requests-secret-keep";
    html! {
        div.pair {
            (inputs::line(told, "name", &l.say("lines-name"), typed.text("name"), true))
            (form(told, typed, definitions))
        }
        @match source {
            Source::Vk => {
                div.pair {
                    (line("account", "requests-account", "requests-account-vk"))
                    (line("confirmation", "requests-confirmation", "requests-confirmation-help"))
                }
                (secret(told, ("secret", "lines-secret"), keep, false))
            }
            Source::Meta => {
                (line("account", "requests-account", "requests-account-meta"))
                div.pair {
                    (secret(told, ("secret", "requests-token"), keep, false))
                    (secret(told, ("hook_secret", "requests-app-secret"), keep, false))
                }
                (line("address", "requests-address", "requests-address-help"))
            }
            Source::Webhook => {
                div.pair {
                    (line("header", "requests-header", "requests-header-help"))
                    (line("id_path", "requests-id-path", "requests-id-path-help"))
                }
                (secret(told, ("secret", "lines-secret"), keep, false))
            }
        }
        (inputs::tick_with("active", &l.say("lines-active"), &l.say("requests-active-help"), typed.has("active")))
    }
}

/// By which form it is read what comes.
fn form(told: Told<'_>, typed: &Typed, definitions: &Definitions) -> Markup {
    let l = told.l;
    let help = l.say("requests-form-help");
    let below = told.below("form", "form", Some(&help));
    html! {
        div.field {
            label for="form" { (l.say("requests-form")) }
            select id="form" name="form" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                @for (form, _) in definitions.forms() {
                    option value=(form.name) selected[typed.text("form") == form.name] { (form.label.or(l, &form.name)) }
                }
            }
            (below)
        }
    }
}

/// It is never shown: an empty one leaves the one that is kept.
fn secret(told: Told<'_>, (name, label): (&'static str, &str), help: &str, is_needed: bool) -> Markup {
    let help = told.l.say(help);
    let below = told.below(name, name, Some(&help));
    html! {
        div.field {
            label for=(name) { (told.l.say(label)) @if !is_needed { " " small { (told.l.say("optional")) } } }
            input id=(name) name=(name) type="password" autocomplete="new-password" required[is_needed] minlength="8"
                maxlength="500" aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}
