//! What definitions say and nothing can be made of: it is refused where it comes in. What stood before it was looked at stays
//! as it is, so none of this is asked of packs that are applied.

use serde_json::{Value as Json, json};

use super::Definitions;
use super::join::file;
use crate::field::{Field, FieldType};
use crate::module::FILES;
use crate::pack::{OWN, Pack, PackError, Place};
use crate::{Label, Module};

/// The most digits after the point of a decimal: as many stay before it in a column of eighteen.
pub const SCALE_MOST: u8 = 9;
/// Characters of one option's value.
const OPTION_LIMIT: usize = 100;
/// Characters of what people read as the name of something.
const LABEL_LIMIT: usize = 200;
/// Characters of a sentence that people read.
const SENTENCE_LIMIT: usize = 1_000;
/// Options of one field.
const OPTIONS_MOST: usize = 1_000;

/// What is wrong with a property of a field: the property, a code and why.
type Fault = (&'static str, &'static str, String);

impl Definitions {
    /// Everything in them that could not be used as it is said.
    #[must_use]
    pub fn unusable(&self, packs: &[Pack]) -> Vec<PackError> {
        let mut errors = Vec::new();
        for module in self.modules.values().chain(self.retired.values()) {
            let file = file(&module.name);
            for field in module.fields.iter().chain(&module.retired_fields) {
                for (key, code, message) in faults(field) {
                    let place = Place::field(&module.name, &field.name, key);
                    errors.push(PackError::new(&file, &format!("{}: {message}", field.name)).coded(code).at(place));
                }
            }
            for (field, other) in namesakes(module) {
                let message = format!("{field}: {other} has this label too: nobody could tell the two apart");
                let place = Place::field(&module.name, field, "label");
                errors.push(PackError::new(&file, &message).coded("repeated_field_label").at(place));
            }
            let of_module = of_module(module).into_iter();
            errors.extend(of_module.map(|(code, message)| PackError::new(&file, &message).coded(code)));
        }
        for pack in packs {
            self.settled_elsewhere(pack, &mut errors);
        }
        errors
    }

    /// What a pack says of fields of which another definition has the word: it would be passed over in silence.
    fn settled_elsewhere(&self, pack: &Pack, errors: &mut Vec<PackError>) {
        let mut judge = |file: &str, module: &str, field: &str, said: &Json, is_first: bool| {
            let is_said = |key: &str| said.get(key).is_some();
            let leads = said.get("type") == Some(&json!("file")) && is_said("module") && said["module"] != FILES;
            let leads =
                leads.then_some(("module", "not_of_this_type", "where a file leads is no choice: leave it out"));
            let fixed =
                SAID_BY_PROCESS.into_iter().filter(|key| self.governs(module, field) && is_said(key) && !is_first);
            let fixed = fixed.map(|key| (key, "said_by_process", "the process says this: change its states instead"));
            for (key, code, message) in leads.into_iter().chain(fixed) {
                let message = format!("{field}: {key}: {message}");
                errors.push(PackError::new(file, &message).coded(code).at(Place::field(module, field, key)));
            }
        };
        // In the workspace's own pack a process that is made writes its first states there.
        let is_own = pack.manifest.name == OWN;
        for module in &pack.modules {
            let file = file(&module.name);
            module.fields.iter().for_each(|field| judge(&file, &module.name, &field.name, &json!(field), is_own));
        }
        for said in &pack.extensions {
            let (file, of) = (&said.file, &said.extends);
            said.fields.iter().for_each(|field| judge(file, of, &field.name, &json!(field), is_own));
            said.changes.iter().for_each(|change| judge(file, of, &change.field, &json!(change.set), false));
        }
    }

    /// Whether the process of a module says what states its field has.
    #[must_use]
    pub fn governs(&self, module: &str, field: &str) -> bool {
        self.process(module).is_some_and(|process| process.field == field)
    }
}

fn faults(field: &Field) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Json::Object(said) = json!(field) {
        let with_nul = said.iter().filter(|(_, value)| has_nul(value));
        faults.extend(with_nul.filter_map(|(key, _)| {
            let key = *PROPERTIES.iter().find(|property| *property == key)?;
            Some((key, "invalid_text", format!("the character U+0000 cannot be kept in {key}")))
        }));
        let foreign = said.keys().filter_map(|key| PROPERTIES.iter().find(|property| *property == key));
        // The scale of what is worked out is found when packs are joined.
        let is_said = |key: &&&'static str| **key != "scale" || !field.kind.is_derived();
        for key in foreign.filter(is_said).filter(|key| !field.kind.takes(key)) {
            let said_of = format!("a field of this type has no {key}: leave it out");
            faults.push((key, "not_of_this_type", said_of));
        }
    }
    if field.kind == FieldType::Decimal && field.scale > SCALE_MOST {
        let message = format!("the digits after the point are 0 to {SCALE_MOST}, not {}", field.scale);
        faults.push(("scale", "scale_out_of_range", message));
    }
    faults.extend(options(field).map(|(code, message)| ("options", code, message)));
    let sentences = [("help", &field.help), ("refusal", &field.refusal)].into_iter();
    let sentences = sentences.filter_map(|(key, text)| Some((key, text.as_ref()?, SENTENCE_LIMIT)));
    let named = [("label", &field.label, LABEL_LIMIT)].into_iter().chain(sentences);
    for (key, _, limit) in named.filter(|(_, label, limit)| is_longer(label, *limit)) {
        faults.push((key, "too_long", format!("the {key} has at most {limit} characters")));
    }
    let is_empty = |text: &Label| text.ru.trim().is_empty() && text.en.trim().is_empty();
    if field.refusal.as_ref().is_some_and(is_empty) {
        faults.push(("refusal", "required", "say what must hold, or leave it out".to_owned()));
    }
    if field.refusal.is_some() && field.validation.is_none() {
        let message = "there is no validation, so nobody would ever read it: say what must hold, or leave it out";
        faults.push(("refusal", "refusal_of_nothing", message.to_owned()));
    }
    if field.unique && field.default.is_some() {
        let message = "no two records share a value, so the second could not begin with it: leave the default out";
        faults.push(("default", "default_of_unique", message.to_owned()));
    }
    faults
}

/// What is wrong with its options.
fn options(field: &Field) -> Option<(&'static str, String)> {
    let invalid = |message: String| Some(("invalid_option", message));
    if field.options.len() > OPTIONS_MOST {
        return Some(("too_many", format!("a field has {OPTIONS_MOST} options at most")));
    }
    for (at, option) in field.options.iter().enumerate() {
        let value = &option.value;
        if value.trim().is_empty() || value.trim() != value || value.chars().any(char::is_control) {
            return invalid(format!("option {} has the value {value:?}: a word without blanks around it", at + 1));
        }
        if value.chars().count() > OPTION_LIMIT || is_longer(&option.label, LABEL_LIMIT) {
            return Some((
                "too_long",
                format!("option {} is too long: a value has {OPTION_LIMIT} characters at most", at + 1),
            ));
        }
        if [&option.label.ru, &option.label.en].iter().all(|text| text.trim().is_empty()) {
            return invalid(format!("the option {value:?} has no label that people could read"));
        }
        let before = field.options.iter().take(at);
        let same = |other: &Label| other.ru == option.label.ru || other.en == option.label.en;
        if let Some(other) = before.map(|other| (&other.value, &other.label)).find(|(_, label)| same(label)) {
            let message =
                format!("the options {:?} and {value:?} have one label: nobody could tell them apart", other.0);
            return Some(("repeated_label", message));
        }
        if !["", "acc", "good", "warn", "bad", "cold"].contains(&option.colour.as_str()) {
            return invalid(format!("the colour of {value:?} is acc, good, warn, bad, cold or nothing"));
        }
    }
    None
}

/// The fields in use that people cannot tell from another one, each with that one.
fn namesakes(module: &Module) -> impl Iterator<Item = (&str, &str)> {
    let is_same = |one: &str, other: &str| !one.trim().is_empty() && one.trim() == other.trim();
    module.fields.iter().filter_map(move |field| {
        let label = &field.label;
        let mut others = module.fields.iter().filter(|other| other.name != field.name);
        let other = others.find(|it| is_same(&it.label.ru, &label.ru) || is_same(&it.label.en, &label.en))?;
        Some((field.name.as_str(), other.name.as_str()))
    })
}

fn of_module(module: &Module) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let named = [("label", &module.label), ("one", &module.one)].into_iter();
    for (key, label) in named.chain(module.groups.iter().map(|group| ("groups", &group.label))) {
        if has_nul(&json!(label)) {
            wrong.push(("invalid_text", format!("{key}: the character U+0000 cannot be kept")));
        }
        if is_longer(label, LABEL_LIMIT) {
            wrong.push(("too_long", format!("{key}: at most {LABEL_LIMIT} characters")));
        }
    }
    for (key, names) in [("columns", &module.columns), ("search", &module.search)] {
        wrong.extend(twice(names.iter()).map(|name| ("field_named_twice", format!("{key}: {name:?} is named twice"))));
    }
    let grouped = twice(module.groups.iter().flat_map(|group| &group.fields));
    wrong.extend(grouped.map(|name| ("field_named_twice", format!("groups: {name:?} stands in them twice"))));
    wrong
}

fn twice<'n>(mut names: impl Iterator<Item = &'n String>) -> Option<&'n String> {
    let mut seen = std::collections::BTreeSet::new();
    names.find(|name| !seen.insert(*name))
}

fn is_longer(label: &Label, limit: usize) -> bool {
    [&label.ru, &label.en].iter().any(|text| text.chars().count() > limit)
}

fn has_nul(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(has_nul),
        Json::Object(map) => map.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// Properties that the process says of the field that it governs.
pub const SAID_BY_PROCESS: [&str; 2] = ["options", "default"];

/// Properties that a definition may say, as files and the API spell them.
const PROPERTIES: [&str; 22] = [
    "label",
    "module",
    "options",
    "open",
    "scale",
    "min",
    "max",
    "required",
    "required_at",
    "unique",
    "index",
    "default",
    "series",
    "help",
    "format",
    "validation",
    "refusal",
    "personal",
    "expression",
    "via",
    "measure",
    "filter",
];
