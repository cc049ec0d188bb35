//! The choices of a field: a row each, with its value, its label in both languages and its colour; a few rows to spare, and
//! a text for many at once.

use maud::{Markup, html};
use model::Label;
use serde_json::{Map, Value as Json, json};

use super::super::mover::{Mover, step};
use super::{FieldForm, kinds};
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// Empty rows under those that are filled.
const SPARE: usize = 3;
/// Rows that a form may hold.
const MOST: usize = 300;

/// Colours of a choice and what they are called.
pub(in super::super) const TONES: [(&str, &str); 6] = [
    ("", "tone-none"),
    ("acc", "tone-acc"),
    ("good", "tone-good"),
    ("warn", "tone-warn"),
    ("bad", "tone-bad"),
    ("cold", "tone-cold"),
];

/// The rows; of a field that a process governs the process says what they are.
pub(super) fn rows(form: &FieldForm<'_>) -> Markup {
    let process = form.definitions.process(&form.module.name);
    let is_governed = process.is_some_and(|process| form.present.is_some_and(|field| field.name == process.field));
    if !form.wants("options") || is_governed {
        return html! {};
    }
    let l = form.l;
    let options = form.values.get("options").and_then(Json::as_array).cloned().unwrap_or_default();
    html! {
        fieldset.field.option-rows data-for=(kinds::with("options")) id="choices" {
            legend { (l.say("settings-options")) }
            (form.below("options", Some("settings-choices-help")))
            @for index in 0..(options.len() + SPARE).min(MOST) {
                (row(form, index, options.get(index), options.len()))
            }
            div.buttons { button.btn.small name="more" value="yes" formnovalidate { (icon(assets::icon::PLUS)) (l.say("settings-more-rows")) } }
            details {
                summary.link { (l.say("settings-many-options")) }
                div.field {
                    label for="many-options" { (l.say("settings-many-options")) }
                    textarea id="many-options" name="options" rows="4" aria-describedby="many-options-help" {}
                    p.help id="many-options-help" { (l.say("settings-options-help")) }
                }
            }
        }
    }
}

fn row(form: &FieldForm<'_>, index: usize, option: Option<&Json>, filled: usize) -> Markup {
    let l = form.l;
    let text =
        |pointer: &str| option.and_then(|option| option.pointer(pointer)).and_then(Json::as_str).unwrap_or_default();
    let (value, colour, number) = (text("/value"), text("/colour"), index + 1);
    let labelled = |key: &str| l.say_with(key, &[("number", number.into())]);
    let label = |language: &str| match option.and_then(|option| option.get("label")) {
        Some(Json::String(text)) => text.as_str(),
        Some(label) => label.get(language).and_then(Json::as_str).unwrap_or_default(),
        None => "",
    };
    let called = [label(l.tag()), label("ru"), label("en"), value].into_iter().find(|name| !name.is_empty());
    let named = called.map_or_else(|| number.to_string(), str::to_owned);
    let place = index.to_string();
    let mover = Mover {
        label: &named,
        up: ("up", &place),
        down: ("down", &place),
        is_first: index == 0 || index >= filled,
        is_last: index + 1 >= filled,
        back: None,
    };
    html! {
        div.inputs.option-row {
            input.input name=(format!("option.{index}.value")) value=(value) aria-label=(labelled("settings-option-value")) placeholder=(l.say("settings-name")) autocapitalize="off" spellcheck="false" autocomplete="off";
            input.input name=(format!("option.{index}.ru")) value=(label("ru")) aria-label=(labelled("settings-option-ru")) placeholder=(l.say("settings-label-ru")) autocomplete="off";
            input.input name=(format!("option.{index}.en")) value=(label("en")) aria-label=(labelled("settings-option-en")) placeholder=(l.say("settings-label-en")) autocomplete="off";
            select.input name=(format!("option.{index}.colour")) aria-label=(labelled("settings-option-colour")) {
                @for (tone, key) in TONES { option value=(tone) selected[tone == colour] { (l.say(key)) } }
            }
            (mover.buttons(l))
        }
    }
}

/// The rows that are filled, in their order, with those of the text for many behind them.
pub(super) fn read(typed: &Typed) -> Vec<Json> {
    let rows = (0..MOST).take_while(|index| typed.has(&format!("option.{index}.value")));
    let mut options: Vec<Json> = rows.filter_map(|index| of_row(typed, index)).collect();
    let many = typed.text("options").lines().map(str::trim).filter(|line| !line.is_empty());
    options.extend(many.map(of_line));
    moved(&mut options, typed);
    options
}

/// A row; what has a label and no value takes its place to be told that it needs one.
fn of_row(typed: &Typed, index: usize) -> Option<Json> {
    let text = |part: &str| typed.text(&format!("option.{index}.{part}"));
    let (value, ru, en) = (text("value"), text("ru"), text("en"));
    if value.is_empty() && ru.is_empty() && en.is_empty() {
        return None;
    }
    let mut option = Map::from_iter([("value".to_owned(), json!(value))]);
    if !ru.is_empty() || !en.is_empty() {
        option.insert("label".to_owned(), json!(Label::both(ru, en)));
    }
    if !text("colour").is_empty() {
        option.insert("colour".to_owned(), json!(text("colour")));
    }
    Some(Json::Object(option))
}

/// `value = Label`, or the value alone.
fn of_line(line: &str) -> Json {
    match line.split_once('=') {
        Some((value, label)) => json!({"value": value.trim(), "label": Label::both(label.trim(), "")}),
        None => json!({"value": line}),
    }
}

/// Puts the row whose button was pressed one place up or down.
fn moved(options: &mut [Json], typed: &Typed) {
    let at = |key: &str| typed.get(key).and_then(|index| index.parse::<usize>().ok());
    if let Some(index) = at("up") {
        step(options, index, true);
    } else if let Some(index) = at("down") {
        step(options, index, false);
    }
}
