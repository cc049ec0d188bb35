//! Controls that the forms of the settings share.

use maud::{Markup, html};
use model::{Label, Locale};
use serde_json::{Value as Json, json};

use crate::ui::Words;
use crate::ui::typed::Typed;

/// Types of fields that are added by hand, in the order in which they are offered.
pub(super) const TYPES: [&str; 25] = [
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
    "colour",
    "duration",
    "json",
    "formula",
    "roll_up",
];

/// One line of text.
pub(super) fn line(id: &str, label: &str, value: &str, required: bool) -> Markup {
    named_line(id, id, label, value, required)
}

/// One line of text on a page where another form has a control of this name.
fn named_line(id: &str, name: &str, label: &str, value: &str, required: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) value=(value) required[required] maxlength="200";
        }
    }
}

/// A label in both languages.
pub(super) fn labels(value: &Label, l: Locale) -> Markup {
    labels_of("", value, l)
}

/// A label in both languages; `of` tells the forms of a page apart.
pub(super) fn labels_of(of: &str, value: &Label, l: Locale) -> Markup {
    html! {
        div.pair {
            (named_line(&format!("{of}label_ru"), "label_ru", &l.say("settings-label-ru"), &value.ru, true))
            (named_line(&format!("{of}label_en"), "label_en", &l.say("settings-label-en"), &value.en, false))
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
    json!(Label::both(typed.text("label_ru"), typed.text("label_en")))
}
