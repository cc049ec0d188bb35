//! Controls that the forms of the settings share.

use maud::{Markup, html};
use model::Label;
use serde_json::{Value as Json, json};

use crate::ui::Words;
use crate::ui::told::{Controls, Told};
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

/// The controls of modules, fields and roles.
pub(super) const SHAPE: Controls = &[
    ("label", "label_ru", "settings-label-ru"),
    ("one", "one_ru", "module-one-ru"),
    ("name", "name", "settings-name"),
    ("icon", "icon-none", "module-icon"),
    ("belongs_to", "belongs_to", "module-belongs"),
    ("type", "type", "settings-type"),
    ("module", "module", "settings-target"),
    ("scale", "scale", "settings-scale"),
    ("options", "choices", "settings-options"),
    ("min", "min", "settings-min"),
    ("max", "max", "settings-max"),
    ("expression", "expression", "settings-expression"),
    ("via", "via", "settings-via"),
    ("measure", "measure", "settings-measure"),
    ("filter", "filter", "settings-roll-up-filter"),
    ("default", "default", "settings-default"),
    ("series", "series", "settings-series"),
    ("validation", "validation", "settings-validation"),
    ("refusal", "refusal_ru", "settings-refusal-ru"),
    ("index", "index", "settings-index"),
    ("required", "required", "settings-required"),
    ("unique", "unique", "settings-unique"),
    ("capabilities", "capabilities", "roles-capabilities"),
];

/// One line of text.
pub(super) struct Line<'a> {
    /// What a fault of it is told of.
    pub(super) field: &'a str,
    /// Other than the name where two forms of a page have a control of that name.
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) value: &'a str,
    pub(super) required: bool,
}

impl Line<'_> {
    pub(super) fn drawn(&self, told: Told<'_>) -> Markup {
        let below = told.below(self.field, self.id, None);
        html! {
            div.field {
                label for=(self.id) { (self.label) }
                input id=(self.id) name=(self.name) value=(self.value) required[self.required] maxlength="200"
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
        }
    }
}

/// One line of text whose control is called as its field.
pub(super) fn line(told: Told<'_>, name: &str, label: &str, value: &str, required: bool) -> Markup {
    Line { field: name, id: name, name, label, value, required }.drawn(told)
}

/// A line that may be left empty, of a text that is for programs: an expression, a number, a name.
pub(super) fn optional(told: Told<'_>, name: &str, label: &str, help: Option<&str>, typed: &Typed) -> Markup {
    let below = told.below(name, name, help);
    html! {
        div.field {
            label for=(name) { (label) " " small { (told.l.say("optional")) } }
            input id=(name) name=(name) value=(typed.text(name)) spellcheck="false" autocapitalize="off"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

/// A label in both languages.
pub(super) fn labels(told: Told<'_>, value: &Label) -> Markup {
    labels_of(told, "", value)
}

/// A label in both languages; `of` tells the forms of a page apart.
pub(super) fn labels_of(told: Told<'_>, of: &str, value: &Label) -> Markup {
    // What is wrong with a label is told once.
    let sides = [
        ("label", "label_ru", "settings-label-ru", &value.ru, true),
        ("", "label_en", "settings-label-en", &value.en, false),
    ];
    html! {
        div.pair {
            @for (field, name, label, value, required) in sides {
                @let (id, label) = (format!("{of}{name}"), told.l.say(label));
                (Line { field, id: &id, name, label: &label, value, required }.drawn(told))
            }
        }
    }
}

/// A name for programs.
pub(super) fn name(told: Told<'_>, typed: &Typed) -> Markup {
    let help = told.l.say("settings-name-help");
    let below = told.below("name", "name", Some(&help));
    html! {
        div.field {
            label for="name" { (told.l.say("settings-name")) }
            input id="name" name="name" value=(typed.text("name")) required pattern="[a-z][a-z0-9_]{0,47}" autocapitalize="off" spellcheck="false"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

/// A box to be ticked.
pub(super) fn tick(id: &str, label: &str, is_on: bool) -> Markup {
    html! { label.option { input type="checkbox" name=(id) value="on" checked[is_on]; (label) } }
}

/// The same with a line on what it is for.
pub(super) fn tick_with(id: &str, label: &str, help: &str, is_on: bool) -> Markup {
    html! { label.option { input type="checkbox" name=(id) value="on" checked[is_on]; (label) small { (help) } } }
}

/// What was typed as a label.
pub(super) fn typed_label(typed: &Typed) -> Label {
    side(typed, "label")
}

/// What was typed into the two controls of a label.
pub(super) fn side(typed: &Typed, name: &str) -> Label {
    let text = |language: &str| typed.text(&format!("{name}_{language}")).to_owned();
    Label { ru: text("ru"), en: text("en") }
}

/// A label in the form of the API; a language that was left empty takes the other's text.
pub(super) fn label_json(typed: &Typed) -> Json {
    both(&typed_label(typed))
}

/// The same of any label.
pub(super) fn both(label: &Label) -> Json {
    json!(Label::both(&label.ru, &label.en))
}
