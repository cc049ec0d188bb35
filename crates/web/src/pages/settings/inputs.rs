//! Controls that the forms of the settings share.

use maud::{Markup, html};
use model::{Label, Locale};
use serde_json::{Map, Value as Json, json};

use crate::ui::Words;
use crate::ui::typed::Typed;

/// Types of fields that are added by hand, in the order in which they are offered.
pub(super) const TYPES: [&str; 21] = [
    "text",
    "long_text",
    "number",
    "decimal",
    "money",
    "date",
    "time",
    "datetime",
    "choice",
    "multi_choice",
    "link",
    "file",
    "links",
    "person",
    "email",
    "phone",
    "url",
    "address",
    "checkbox",
    "rating",
    "formula",
];

/// One line of text.
pub(super) fn line(id: &str, label: &str, value: &str, required: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(id) value=(value) required[required] maxlength="200";
        }
    }
}

/// A label in both languages.
pub(super) fn labels(value: &Label, l: Locale) -> Markup {
    html! {
        div.pair {
            (line("label_ru", &l.say("settings-label-ru"), &value.ru, true))
            (line("label_en", &l.say("settings-label-en"), &value.en, false))
        }
    }
}

/// A name for programs.
pub(super) fn name(typed: &Typed, l: Locale) -> Markup {
    html! {
        div.field {
            label for="name" { (l.say("settings-name")) }
            input id="name" name="name" value=(typed.text("name")) required pattern="[a-z][a-z0-9_]{0,47}" aria-describedby="name-help" autocapitalize="off" spellcheck="false";
            p.help id="name-help" { (l.say("settings-name-help")) }
        }
    }
}

/// A box to be ticked.
pub(super) fn tick(id: &str, label: &str, is_on: bool) -> Markup {
    html! { label.option { input type="checkbox" name=(id) value="on" checked[is_on]; (label) } }
}

/// What was typed as a label.
pub(super) fn typed_label(typed: &Typed) -> Label {
    Label { ru: typed.text("label_ru").to_owned(), en: typed.text("label_en").to_owned() }
}

/// A label in the form of the API; a language that was left empty takes the other's text.
pub(super) fn label_json(typed: &Typed) -> Json {
    let Label { ru, en } = typed_label(typed);
    let both = if en.is_empty() {
        (ru.clone(), ru)
    } else if ru.is_empty() {
        (en.clone(), en)
    } else {
        (ru, en)
    };
    json!({"ru": both.0, "en": both.1})
}

/// A new field in the form of the API.
pub(super) fn field_json(typed: &Typed) -> Map<String, Json> {
    let mut body = Map::new();
    let mut set = |key: &str, value: Json| body.insert(key.to_owned(), value);
    set("name", json!(typed.text("name")));
    set("type", json!(typed.text("type")));
    set("label", label_json(typed));
    set("required", json!(typed.has("required")));
    set("unique", json!(typed.has("unique")));
    match typed.text("type") {
        "link" | "links" => drop(set("module", json!(typed.text("module")))),
        "formula" => drop(set("expression", json!(typed.text("expression")))),
        "decimal" => drop(set("scale", json!(2))),
        "choice" | "multi_choice" => {
            let options = typed.text("options").lines().map(str::trim).filter(|line| !line.is_empty());
            set("options", options.map(option).collect());
        }
        _ => {}
    }
    body
}

/// `value = Label`, or the value alone.
fn option(line: &str) -> Json {
    match line.split_once('=') {
        Some((value, label)) => json!({"value": value.trim(), "label": label.trim()}),
        None => json!(line),
    }
}
