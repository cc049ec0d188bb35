//! What people see of a module besides its fields: what one record is called, and its icon.

use maud::{Markup, html};
use model::{Label, Locale, Module};
use serde_json::{Map, Value as Json, json};

use super::inputs::{Line, both, side};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// Icons that say what records are, with what they show.
const ICONS: [(&str, &str); 24] = [
    ("building-2", "icon-building"),
    ("store", "icon-store"),
    ("map-pin", "icon-place"),
    ("truck", "icon-truck"),
    ("package", "icon-package"),
    ("briefcase", "icon-briefcase"),
    ("handshake", "icon-handshake"),
    ("users", "icon-people"),
    ("user-round", "icon-person"),
    ("graduation-cap", "icon-learning"),
    ("presentation", "icon-presentation"),
    ("mic", "icon-microphone"),
    ("video", "icon-video"),
    ("camera", "icon-camera"),
    ("calendar", "icon-calendar"),
    ("ticket", "icon-ticket"),
    ("gift", "icon-gift"),
    ("megaphone", "icon-megaphone"),
    ("book-open", "icon-book"),
    ("file-text", "icon-document"),
    ("clipboard-list", "icon-list"),
    ("wallet", "icon-wallet"),
    ("wrench", "icon-wrench"),
    ("star", "icon-star"),
];

/// What one record is called; `of` tells the forms of a page apart.
pub(super) fn one(told: Told<'_>, of: &str, value: &Label) -> Markup {
    let l = told.l;
    let sides = [("one", "one_ru", "module-one-ru", &value.ru), ("", "one_en", "module-one-en", &value.en)];
    html! {
        div.field-of {
            div.pair {
                @for (field, name, label, value) in sides {
                    @let (id, label) = (format!("{of}{name}"), l.say(label));
                    (Line { field, id: &id, name, label: &label, value, required: false }.drawn(told))
                }
            }
            p.help { (l.say("module-one-help")) }
        }
    }
}

/// The icons to choose from; one that is none of them stands before them.
pub(super) fn icons(l: Locale, of: &str, chosen: &str) -> Markup {
    let is_known = ICONS.iter().any(|(name, _)| *name == chosen);
    html! {
        fieldset.field {
            legend { (l.say("module-icon")) }
            div.icons {
                (choice(&format!("{of}icon-none"), "", &l.say("icon-none"), chosen.is_empty()))
                @if !is_known && !chosen.is_empty() { (choice(&format!("{of}icon-present"), chosen, &l.say("icon-present"), true)) }
                @for (name, label) in ICONS { (choice(&format!("{of}icon-{name}"), name, &l.say(label), name == chosen)) }
            }
            p.help { (l.say("module-icon-help")) }
        }
    }
}

fn choice(id: &str, name: &str, label: &str, is_chosen: bool) -> Markup {
    html! {
        label.icon-choice title=(label) {
            input type="radio" id=(id) name="icon" value=(name) checked[is_chosen] aria-label=(label);
            (icon::named(name))
        }
    }
}

/// What of it was typed, in the form of the API; of a module that is there, what is to be other.
pub(super) fn read(typed: &Typed, present: Option<&Module>) -> Map<String, Json> {
    let mut body = Map::new();
    let one = typed_one(typed);
    let is_said = !one.ru.is_empty() || !one.en.is_empty();
    if is_said && present.is_none_or(|module| module.one != one) {
        body.insert("one".to_owned(), both(&one));
    }
    let icon = typed.text("icon");
    if typed.has("icon") && icon != present.map_or("", |module| module.icon.as_str()) {
        body.insert("icon".to_owned(), json!(icon));
    }
    body
}

/// What was typed as the singular.
pub(super) fn typed_one(typed: &Typed) -> Label {
    side(typed, "one")
}
