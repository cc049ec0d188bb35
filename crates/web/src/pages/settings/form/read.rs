//! What was typed into the form of a field, in the form of the API.

use jiff::tz::TimeZone;
use model::field::FieldType;
use model::{Currency, Field, Label};
use serde_json::{Map, Value as Json, json};

use super::super::inputs;
use super::{choices, kinds};
use crate::ui::control;
use crate::ui::typed::Typed;

/// Texts that are nothing when they are empty.
const TEXTS: [&str; 6] = ["expression", "via", "measure", "filter", "series", "validation"];

/// Whether a button was pressed that only draws the form anew: a row moved, or more rows.
pub(in super::super) fn is_only_redrawn(typed: &Typed) -> bool {
    ["up", "down", "more"].iter().any(|key| typed.has(key))
}

/// Reads forms as the workspace writes numbers and moments.
pub(in super::super) struct Scribe {
    pub(in super::super) zone: TimeZone,
    pub(in super::super) currency: Currency,
    /// What yes is called in the reader's language.
    pub(in super::super) yes: String,
}

impl Scribe {
    /// A new field, with what its type needs and nothing else.
    pub(in super::super) fn new_field(&self, typed: &Typed) -> Map<String, Json> {
        let kind = serde_json::from_value(json!(typed.text("type"))).unwrap_or(FieldType::Text);
        let mut body = self.read(typed, kind);
        body.insert("type".to_owned(), json!(typed.text("type")));
        if matches!(kind, FieldType::Link | FieldType::Links) {
            body.insert("module".to_owned(), json!(typed.text("module")));
        }
        if kind == FieldType::Decimal {
            let scale = typed.text("scale");
            body.insert("scale".to_owned(), if scale.is_empty() { json!(2) } else { number(scale) });
        }
        body.retain(|key, value| !value.is_null() && kinds::has(kind, key));
        body
    }

    /// What the form says otherwise than the field says now.
    pub(in super::super) fn changes(&self, typed: &Typed, present: &Field) -> Map<String, Json> {
        let mut body = self.read(typed, present.kind);
        let now = json!(present);
        body.retain(|key, value| {
            let was = now.get(key);
            let is_same = match key.as_str() {
                "default" => was.map(plain).unwrap_or_default() == typed.text("default"),
                "options" => labelled(was) == labelled(Some(value)),
                _ => was.map_or_else(|| is_nothing(value), |was| was == value),
            };
            kinds::has(present.kind, key) && !is_same
        });
        body
    }

    /// Everything that the form holds, to be shown again.
    pub(in super::super) fn read(&self, typed: &Typed, kind: FieldType) -> Map<String, Json> {
        let mut body = Map::new();
        let mut set = |key: &str, value: Json| drop(body.insert(key.to_owned(), value));
        if typed.has("name") {
            set("name", json!(typed.text("name")));
        }
        if typed.has("label_ru") {
            set("label", inputs::label_json(typed));
        }
        for key in ["help", "refusal"].into_iter().filter(|key| typed.has(&format!("{key}_ru"))) {
            set(key, sentence(typed, key));
        }
        for key in TEXTS.into_iter().filter(|key| typed.has(key)) {
            let text = typed.text(key).replace("\r\n", "\n");
            set(key, if text.is_empty() { Json::Null } else { json!(text) });
        }
        for key in ["min", "max"].into_iter().filter(|key| typed.has(key)) {
            set(key, number(typed.text(key)));
        }
        if typed.has("rules") {
            for key in ["required", "unique", "index"] {
                set(key, json!(typed.has(key)));
            }
        }
        if typed.has("open") {
            set("open", json!(true));
        }
        if typed.has("stages") {
            set("required_at", typed.all("required_at").map(|state| json!(state)).collect());
        }
        if typed.has("option.0.value") || typed.has("options") {
            set("options", Json::Array(choices::read(typed)));
        }
        if typed.has("default") {
            set("default", self.value(typed.text("default"), kind));
        }
        body
    }

    /// A value that was typed as one text.
    fn value(&self, text: &str, kind: FieldType) -> Json {
        if text.is_empty() {
            return Json::Null;
        }
        match kind {
            FieldType::Checkbox => json!(text == "true" || text.to_lowercase() == self.yes.to_lowercase()),
            FieldType::MultiChoice => text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect(),
            FieldType::Json => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
            _ => control::to_json(&Field::new("default", kind), text, &self.zone, self.currency),
        }
    }
}

/// A value in one text.
pub(super) fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Json::Object(map) => map.get("amount").map_or_else(|| value.to_string(), plain),
        other => other.to_string(),
    }
}

fn number(text: &str) -> Json {
    control::to_json(&Field::new("number", FieldType::Number), text, &TimeZone::UTC, Currency::RUB)
}

/// A sentence in both languages; nothing where both are empty.
fn sentence(typed: &Typed, key: &str) -> Json {
    let (ru, en) = (typed.text(&format!("{key}_ru")), typed.text(&format!("{key}_en")));
    match (ru, en) {
        ("", "") => Json::Null,
        _ => json!(Label::both(ru, en)),
    }
}

/// Whether a property that is not said means the same.
fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(flag) => !flag,
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Options for comparison: no colour is the same as none.
fn labelled(options: Option<&Json>) -> Vec<[String; 4]> {
    let items = options.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |item: &Json, pointer: &str| item.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
    items
        .iter()
        .map(|item| ["/value", "/label/ru", "/label/en", "/colour"].map(|pointer| text(item, pointer)))
        .collect()
}
