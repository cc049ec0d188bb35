//! The operations that every module has.

use model::Locale;
use model::process::{By, CHECKED, Transition};
use serde_json::{Map, Value};

use super::operation::{Described, Needs};
use super::surface::Surface;
use super::{key, put};
use crate::api::route::Route;

/// Their texts, with words in angle brackets to be filled in.
pub(super) const OPERATIONS: &str = include_str!("text/record_operations.json");

/// Adds, from [`OPERATIONS`], what `route` is for this module, as far as the caller may do it.
pub(super) fn describe(
    texts: &Map<String, Value>,
    route: &Route,
    surface: &Surface<'_>,
    paths: &mut Map<String, Value>,
) -> serde_json::Result<()> {
    let Some(text) = texts.get(&key(route.method, route.path)) else { return Ok(()) };
    let (module, label) = (surface.module.name.as_str(), surface.label());
    let path = route.path.replace("{module}", module);
    let described = |words: &[(&str, &str)]| serde_json::from_value::<Described>(filled(text, words));
    let words = [("<module>", module), ("<label>", label)];
    let general = described(&words)?;
    if !surface.offers(general.needs) {
        return Ok(());
    }
    if general.needs != Needs::Transition {
        put(paths, route.method, &path, general.operation(route.method, &path));
        return Ok(());
    }
    for (name, arrows) in surface.moves() {
        let (path, says) = (path.replace("{name}", name), explained(&arrows));
        let pressed = arrows.first().map_or(name, |arrow| arrow.label.get(Locale::En));
        let pressed = format!("{pressed} ({module})");
        let more = [("<transition>", name), ("<pressed>", pressed.as_str()), ("<explained>", says.as_str())];
        let described = described(&[&words[..], &more[..]].concat())?;
        put(paths, route.method, &path, described.operation(route.method, &path));
    }
    Ok(())
}

/// From where to where, what is asked, who may.
fn explained(arrows: &[&Transition]) -> String {
    let code = |name: &String| format!("`{name}`");
    let list = |names: &[String]| names.iter().map(code).collect::<Vec<_>>().join(", ");
    let lines = arrows.iter().map(|arrow| {
        let mut line = format!("- From {} to `{}`.", list(&arrow.from), arrow.to);
        if !arrow.asks.is_empty() {
            line.push_str(&format!(" Asks for {}, unless filled before.", list(&arrow.asks)));
        }
        if let By::Roles(roles) = &arrow.by {
            line.push_str(&format!(" Only for {}.", list(roles)));
        }
        if let Some(guard) = &arrow.guard {
            line.push_str(&format!(" Only where `{guard}`."));
        }
        if !arrow.checklist.is_empty() {
            let keys: Vec<String> = arrow.checklist.iter().map(|check| check.key.clone()).collect();
            line.push_str(&format!(" Only with {} in `{CHECKED}`.", list(&keys)));
        }
        if arrow.four_eyes {
            line.push_str(" Takes four eyes: whoever made the record, owns it or brought it there does not make it.");
        }
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The text with its words filled in.
fn filled(text: &Value, words: &[(&str, &str)]) -> Value {
    match text {
        Value::String(text) => {
            Value::String(words.iter().fold(text.clone(), |text, (word, with)| text.replace(word, with)))
        }
        Value::Array(items) => items.iter().map(|item| filled(item, words)).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(name, value)| (name.clone(), filled(value, words))).collect())
        }
        other => other.clone(),
    }
}
