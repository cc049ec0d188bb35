//! The form of a telephone line.

use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use store::{Account, Line};

use crate::pages::settings::inputs;
use crate::ui::Words;
use crate::ui::told::{Controls, Told};
use crate::ui::typed::Typed;

/// The controls of a line.
pub(super) const CONTROLS: Controls = &[
    ("name", "name", "lines-name"),
    ("kind", "kind", "lines-kind"),
    ("account", "account", "lines-account"),
    ("secret", "secret", "lines-secret"),
    ("extensions", "extensions", "lines-extensions"),
];
/// Kinds of providers, each with its words.
pub(super) const KINDS: [(&str, &str); 3] =
    [("plenary", "lines-plenary"), ("mango", "lines-mango"), ("twilio", "lines-twilio")];
/// What the names of controls begin with in which the extensions of a user stand.
const OF_USER: &str = "ext.";

/// The form of a line that is not there yet.
pub(super) fn fresh() -> Typed {
    let mut typed = Typed::default();
    typed.set("kind", "plenary");
    typed.set("active", "on");
    typed
}

/// The form of one that is.
pub(super) fn of(line: &Line) -> Typed {
    let (setup, mut typed) = (&line.setup, Typed::default());
    typed.set("name", setup.name.as_str());
    typed.set("kind", setup.kind.as_str());
    typed.set("account", setup.account.as_deref().unwrap_or_default());
    for user in setup.extensions.values() {
        let own = setup.extensions.iter().filter(|(_, of)| *of == user).map(|(extension, _)| extension.as_str());
        typed.set(&format!("{OF_USER}{user}"), own.collect::<Vec<_>>().join(", "));
    }
    if setup.active {
        typed.set("active", "on");
    }
    typed
}

/// What was typed, in the form of the API.
pub(super) fn body(typed: &Typed) -> Map<String, Json> {
    let mut body = Map::new();
    for name in ["name", "kind", "account"] {
        body.insert(name.to_owned(), json!(typed.text(name)));
    }
    if let Some(secret) = typed.get("secret").filter(|secret| !secret.is_empty()) {
        body.insert("secret".to_owned(), json!(secret));
    }
    let mut extensions = Map::new();
    for (name, text) in typed.pairs() {
        let Some(user) = name.strip_prefix(OF_USER) else { continue };
        for extension in text.split([',', ';']).map(str::trim).filter(|extension| !extension.is_empty()) {
            extensions.insert(extension.to_owned(), json!(user));
        }
    }
    body.insert("extensions".to_owned(), Json::Object(extensions));
    body.insert("active".to_owned(), json!(typed.has("active")));
    body
}

/// The controls.
pub(super) fn controls(told: Told<'_>, typed: &Typed, accounts: &[Account], is_new: bool) -> Markup {
    let l = told.l;
    html! {
        div.pair {
            (inputs::line(told, "name", &l.say("lines-name"), typed.text("name"), true))
            (kind(told, typed))
        }
        div.pair { (account(told, typed)) (secret(told, is_new)) }
        (extensions(told, typed, accounts))
        (inputs::tick_with("active", &l.say("lines-active"), &l.say("lines-active-help"), typed.has("active")))
    }
}

fn kind(told: Told<'_>, typed: &Typed) -> Markup {
    let below = told.below("kind", "kind", None);
    html! {
        div.field {
            label for="kind" { (told.l.say("lines-kind")) }
            select id="kind" name="kind" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                @for (value, key) in KINDS {
                    option value=(value) selected[typed.text("kind") == value] { (told.l.say(key)) }
                }
            }
            (below)
        }
    }
}

fn account(told: Told<'_>, typed: &Typed) -> Markup {
    let help = told.l.say("lines-account-help");
    let below = told.below("account", "account", Some(&help));
    html! {
        div.field {
            label for="account" { (told.l.say("lines-account")) " " small { (told.l.say("optional")) } }
            input id="account" name="account" value=(typed.text("account")) maxlength="200" autocomplete="off"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

/// It is never shown: an empty one leaves the one that is kept.
fn secret(told: Told<'_>, is_new: bool) -> Markup {
    let help = told.l.say(if is_new { "lines-secret-help" } else { "lines-secret-keep" });
    let below = told.below("secret", "secret", Some(&help));
    html! {
        div.field {
            label for="secret" { (told.l.say("lines-secret")) @if !is_new { " " small { (told.l.say("optional")) } } }
            input id="secret" name="secret" type="password" autocomplete="new-password" required[is_new] minlength="8"
                maxlength="500" aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

/// Each user with the extensions that are theirs.
fn extensions(told: Told<'_>, typed: &Typed, accounts: &[Account]) -> Markup {
    let help = told.l.say("lines-extensions-help");
    let below = told.below("extensions", "extensions", Some(&help));
    html! {
        fieldset.field id="extensions" tabindex="-1" aria-describedby=[below.described()] {
            legend { (told.l.say("lines-extensions")) }
            (below)
            @for account in accounts.iter().filter(|account| account.active) {
                @let name = format!("{OF_USER}{}", account.id);
                div.field {
                    label for=(name) { (account.name) }
                    input id=(name) name=(name) value=(typed.text(&name)) autocomplete="off";
                }
            }
        }
    }
}
