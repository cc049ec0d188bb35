//! What was typed of letters of a site, read into bodies of the API, and written.

use model::form::askable;
use model::site_letter::SiteLetter;
use model::{Definitions, Locale};
use serde_json::{Map, Value as Json, json};
use store::Error;

use crate::pages::settings::forms::read::{values, worded};
use crate::pages::settings::inputs;
use crate::ui::site_letter::{THINGS, called};
use crate::ui::typed::Typed;

/// What parts labels, and the word of a site from ours.
const BETWEEN: char = ';';
/// What a new letter of a lead or case is read for.
const FIRST: [&str; 6] = ["name", "from_name", "email", "phone", "company", "need"];

/// Everything that such letters may say.
pub(super) fn things(module: &str, definitions: &Definitions) -> Vec<String> {
    if module == "orders" {
        return THINGS.iter().map(|(thing, _)| (*thing).to_owned()).collect();
    }
    let module = definitions.module(module);
    module.into_iter().flat_map(|module| askable(module, definitions)).map(|field| field.name.clone()).collect()
}

/// What a new one reads: what things are called here, in both languages.
pub(super) fn beginning(module: &str, definitions: &Definitions) -> Map<String, Json> {
    let Some(known) = definitions.module(module) else { return Map::new() };
    let things = things(module, definitions).into_iter();
    let things = things.filter(|to| known.name == "orders" || FIRST.contains(&to.as_str()));
    let reads = things.map(|to| {
        let (ru, en) = (called(Locale::Ru, known, &to), called(Locale::En, known, &to));
        let labels = if ru == en { vec![ru] } else { vec![ru, en] };
        json!({"to": to, "labels": labels})
    });
    Map::from_iter([("reads".to_owned(), reads.collect())])
}

/// What was typed.
///
/// # Errors
/// [`Error::Invalid`] where a line says nothing.
pub(super) fn body(typed: &Typed, present: &SiteLetter, definitions: &Definitions) -> Result<Map<String, Json>, Error> {
    let mut body = Map::new();
    let mut put = |key: &str, value: Json| drop(body.insert(key.to_owned(), value));
    put("label", inputs::label_json(typed));
    put("from", json!(typed.text("from")));
    put("active", json!(typed.has("active")));
    for key in ["subject", "vouched_by", "event"] {
        put(key, json!(Some(typed.text(key)).filter(|text| !text.is_empty())));
    }
    let mut reads = Vec::new();
    for to in things(&present.module, definitions) {
        let labels = typed.text(&control(&to)).split(BETWEEN).map(str::trim).filter(|label| !label.is_empty());
        let labels: Vec<&str> = labels.collect();
        if !labels.is_empty() {
            reads.push(json!({"to": to, "labels": labels}));
        }
    }
    put("reads", Json::Array(reads));
    put("words", Json::Object(words(typed.text("words"))?));
    if let Some(module) = definitions.module(&present.module).filter(|module| module.name != "orders") {
        put("values", Json::Object(values(typed.text("values"), module)?));
    }
    Ok(body)
}

/// Lines of `word of the site = word of ours`.
fn words(text: &str) -> Result<Map<String, Json>, Error> {
    let mut words = Map::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong =
            || Error::field("words", "site_letter_word", format!("{line:?} is no `word of the site = word of ours`"));
        let (site, ours) = line.rsplit_once('=').ok_or_else(wrong)?;
        if site.trim().is_empty() || ours.trim().is_empty() {
            return Err(wrong());
        }
        words.insert(site.trim().to_owned(), json!(ours.trim()));
    }
    Ok(words)
}

/// What the controls hold for letters that are there.
pub(super) fn typed(letter: &SiteLetter) -> Typed {
    let mut typed = Typed::default();
    typed.set("label_ru", letter.label.ru.as_str());
    typed.set("label_en", letter.label.en.as_str());
    typed.set("from", letter.from.as_str());
    for (key, text) in [("subject", &letter.subject), ("vouched_by", &letter.vouched_by), ("event", &letter.event)] {
        typed.set(key, text.as_deref().unwrap_or_default());
    }
    if letter.active {
        typed.set("active", "on");
    }
    for reads in &letter.reads {
        typed.set(&control(&reads.to), reads.labels.join("; "));
    }
    let words = letter.words.iter().map(|(site, ours)| format!("{site} = {ours}"));
    typed.set("words", words.collect::<Vec<_>>().join("\n"));
    let values = letter.values.iter().map(|(name, value)| format!("{name} = {}", worded(value)));
    typed.set("values", values.collect::<Vec<_>>().join("\n"));
    typed
}

/// The name of the control in which the labels of a thing stand.
pub(super) fn control(to: &str) -> String {
    format!("read-{to}")
}
