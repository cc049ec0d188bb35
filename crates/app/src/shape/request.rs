//! Bodies of requests about modules and fields: what is left out is filled in, what is not theirs to set is refused.

use model::extension::reading_code;
use model::field::SetBy;
use model::{Field, Label};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};
use store::{Error, FieldError, Result};

/// Properties of a field that files alone set: they belong to typed services, or are kept by the program.
const NOT_OF_FIELDS: [&str; 4] = ["computed", "secret", "formerly", "result"];

/// A name such as `speakers_hotels` as people read it, where nobody said it otherwise.
pub(super) fn worded(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// A label in both languages: one text stands for both, and for a language that is left out.
pub(super) fn label(given: Option<&Json>, otherwise: &str, path: &str) -> Result<Json> {
    let wrong = || Error::field(path, "invalid_label", "a label is a text, or {\"ru\": \"…\", \"en\": \"…\"}");
    let both = |text: &str| Ok(json!(Label::both(text, text)));
    match given {
        None | Some(Json::Null) => both(otherwise),
        Some(Json::String(text)) => both(text),
        Some(Json::Object(map)) => {
            let text = |key: &str| map.get(key).and_then(Json::as_str).filter(|text| !text.trim().is_empty());
            let known = map.iter().all(|(key, value)| matches!(key.as_str(), "ru" | "en") && value.is_string());
            match Label::both(text("ru").unwrap_or_default(), text("en").unwrap_or_default()) {
                label if known && label != Label::default() => Ok(json!(label)),
                _ => Err(wrong()),
            }
        }
        Some(_) => Err(wrong()),
    }
}

/// A new field.
pub(super) fn field(body: &Map<String, Json>, path: &str) -> Result<Field> {
    let at = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for key in ["name", "type"] {
        if body.get(key).and_then(Json::as_str).is_none() {
            return Err(Error::field(at(key), "required", format!("a field has a {key}, a text")));
        }
    }
    let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
    let mut whole = body.clone();
    whole.insert("label".to_owned(), label(body.get("label"), &worded(name), &at("label"))?);
    tidy(&mut whole, &at)?;
    whole.retain(|_, value| !value.is_null());
    let field: Field = read(Json::Object(whole), path)?;
    // Packs may bring a typed service along that fills it in; here nobody could make a record.
    if field.required && field.set_by == SetBy::Process && field.default.is_none() && field.series.is_none() {
        let message = "nobody sets it by hand, so it cannot be required";
        return Err(Error::field(at("required"), "nobody_sets_it", message));
    }
    Ok(field)
}

/// Fills in the labels of options and of sentences; refuses what is not to be set.
pub(super) fn tidy(body: &mut Map<String, Json>, at: &dyn Fn(&str) -> String) -> Result<()> {
    if let Some(key) = NOT_OF_FIELDS.iter().find(|key| body.contains_key(**key)) {
        return Err(Error::field(at(key), "unknown_field", "this is not to be set here"));
    }
    for key in ["help", "refusal"] {
        if let Some(sentence) = body.get_mut(key).filter(|sentence| !sentence.is_null()) {
            *sentence = label(Some(&sentence.clone()), "", &at(key))?;
        }
    }
    let Some(options) = body.get_mut("options").filter(|options| !options.is_null()) else { return Ok(()) };
    let wrong = |index: usize| at(&format!("options[{index}]"));
    let Some(items) = options.as_array_mut() else {
        return Err(Error::field(at("options"), "invalid_type", "options are a list"));
    };
    for (index, item) in items.iter_mut().enumerate() {
        let given = match &*item {
            Json::String(value) => Map::from_iter([("value".to_owned(), json!(value))]),
            Json::Object(map) => map.clone(),
            _ => {
                return Err(Error::field(
                    wrong(index),
                    "invalid_option",
                    "an option is {\"value\", \"label\"} or a text",
                ));
            }
        };
        let value = given.get("value").and_then(Json::as_str).filter(|value| !value.trim().is_empty());
        let Some(value) = value.map(str::to_owned) else {
            return Err(Error::field(format!("{}.value", wrong(index)), "required", "an option has a value, a text"));
        };
        let mut whole = given;
        let said = label(whole.get("label"), &worded(&value), &format!("{}.label", wrong(index)))?;
        whole.insert("label".to_owned(), said);
        *item = Json::Object(whole);
    }
    Ok(())
}

/// Fills in the headings of groups.
pub(super) fn tidy_groups(body: &mut Map<String, Json>) -> Result<()> {
    let Some(groups) = body.get_mut("groups").and_then(Json::as_array_mut) else { return Ok(()) };
    for (index, group) in groups.iter_mut().enumerate() {
        if let Some(given) = group.get_mut("label") {
            *given = label(Some(&given.clone()), "", &format!("groups[{index}].label"))?;
        }
    }
    Ok(())
}

/// Reads JSON; what does not fit is told with its path.
pub(super) fn read<T: DeserializeOwned>(json: Json, path: &str) -> Result<T> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let inner = error.path().to_string();
        let parts = [path, inner.as_str()].into_iter().filter(|part| !part.is_empty() && *part != ".");
        let at = parts.collect::<Vec<_>>().join(".");
        let message = error.inner().to_string();
        Error::Invalid(vec![FieldError::new(at, reading_code(&message), message)])
    })
}
