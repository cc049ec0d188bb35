//! The form of a line.

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
    ("sender", "sender", "lines-sender"),
    ("address", "address", "lines-address"),
    ("body", "body", "lines-body"),
    ("hook_secret", "hook_secret", "lines-hook"),
    ("extensions", "extensions", "lines-extensions"),
];
/// Kinds of providers, each with its words.
pub(super) const KINDS: [(&str, &str); 6] = [
    ("plenary", "lines-plenary"),
    ("mango", "lines-mango"),
    ("twilio", "lines-twilio"),
    ("smsc", "lines-smsc"),
    ("http", "lines-http"),
    ("telegram", "lines-telegram"),
];
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
    typed.set("sender", setup.sender.as_deref().unwrap_or_default());
    typed.set("address", setup.url.as_deref().unwrap_or_default());
    typed.set("body", setup.body.as_deref().unwrap_or_default());
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
    for name in ["name", "kind", "account", "sender", "address", "body"] {
        body.insert(name.to_owned(), json!(typed.text(name)));
    }
    for name in ["secret", "hook_secret"] {
        if let Some(secret) = typed.get(name).filter(|secret| !secret.is_empty()) {
            body.insert(name.to_owned(), json!(secret));
        }
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
        div.pair {
            (account(told, typed))
            (secret(told, ("secret", "lines-secret"), if is_new { "lines-secret-help" } else { "lines-secret-keep" }, is_new))
        }
        (messages(told, typed))
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

/// What a line needs that carries messages.
fn messages(told: Told<'_>, typed: &Typed) -> Markup {
    let l = told.l;
    let help = l.say("lines-body-help");
    let below = told.below("body", "body", Some(&help));
    html! {
        fieldset.field {
            legend { (l.say("lines-messages")) }
            p.help { (l.say("lines-messages-help")) }
            div.pair {
                (inputs::optional(told, "sender", &l.say("lines-sender"), Some(&l.say("lines-sender-help")), typed))
                (secret(told, ("hook_secret", "lines-hook"), "lines-hook-help", false))
            }
            (inputs::optional(told, "address", &l.say("lines-address"), Some(&l.say("lines-address-help")), typed))
            div.field {
                label for="body" { (l.say("lines-body")) " " small { (l.say("optional")) } }
                // A browser leaves out a line break that stands first.
                textarea id="body" name="body" rows="3" maxlength="1000" spellcheck="false" autocapitalize="off"
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()] { "\n" (typed.text("body")) }
                (below)
            }
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
