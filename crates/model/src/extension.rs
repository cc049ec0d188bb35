//! An extension: what a pack adds to a module of another pack, and what it changes there (`extends = "leads"`).

mod process;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::Label;
use crate::field::Field;
use crate::module::{Group, Module};
use crate::pack::{PackError, Place};

pub use process::{PartChange, ProcessExtension};
pub(crate) use process::{full_key, is_addressed};

/// What an adjustment may set of a field. Its name and what says how values are kept are not among them.
pub const ADJUSTABLE: [&str; 21] = [
    "label",
    "help",
    "required",
    "required_at",
    "unique",
    "index",
    "options",
    "open",
    "default",
    "series",
    "format",
    "validation",
    "refusal",
    "retired",
    "min",
    "max",
    "expression",
    "via",
    "measure",
    "filter",
    "set_by",
];

/// What says how values are kept: an adjustment may repeat it and not change it.
const LASTING: [&str; 3] = ["type", "module", "scale"];

/// A list of a module that an extension may replace instead of adding to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// Columns of its list.
    Columns,
    /// Fields found by full text.
    Search,
    /// Groups of the record page.
    Groups,
}

/// Other values for some properties of a field that is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Which field.
    pub field: String,
    /// Properties that go back to nothing (`default`, `validation`, `help` …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<String>,
    /// Properties by name, as the field itself spells them.
    #[serde(flatten)]
    pub set: Map<String, Json>,
}

/// What one pack says of a module that another one defines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Extension {
    /// The module.
    pub extends: String,
    /// What people read, plural.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What people read, singular.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one: Option<Label>,
    /// Name of its icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// The field shown beside the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Whether the menu shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menu: Option<bool>,
    /// Whether it is out of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<bool>,
    /// Lists that stand here whole; the others are added to those that are there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Listed>,
    /// Columns of its list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Fields found by full text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub search: Vec<String>,
    /// Groups of the record page; fields of a group with the same heading join it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// New fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Fields that are there and become otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Adjustment>,
    /// The file it was read from, for messages.
    #[serde(skip)]
    pub file: String,
}

impl Extension {
    /// An extension of `module` that says nothing yet.
    #[must_use]
    pub fn of(module: &str) -> Self {
        Self { extends: module.to_owned(), ..Self::default() }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let nothing = Self { extends: self.extends.clone(), file: self.file.clone(), ..Self::default() };
        *self == nothing
    }

    /// Makes `module` what the extension wants; `pack` is whose extension it is.
    pub(crate) fn apply(&self, module: &mut Module, pack: &str, errors: &mut Vec<PackError>) {
        let wrong = |message: String| PackError::new(&self.file, &format!("(pack {pack}) {message}"));
        for field in &self.fields {
            if module.fields.iter().any(|there| there.name == field.name) {
                let message = format!("{} have a field {:?} already", module.name, field.name);
                errors.push(wrong(message).coded("name_taken").at(Place::field(&module.name, &field.name, "name")));
            } else {
                module.fields.push(field.clone());
            }
        }
        for change in &self.changes {
            match module.fields.iter_mut().find(|field| field.name == change.field) {
                Some(field) => {
                    if let Err((key, message)) = change.apply(field) {
                        let place = Place::field(&module.name, &change.field, &key);
                        let error = wrong(format!("{}: {message}", change.field)).coded(reading_code(&message));
                        errors.push(error.at(place));
                    }
                }
                None => errors.push(wrong(no_field(module, &change.field)).coded("unknown_field")),
            }
        }
        self.adorn(module);
    }

    /// Labels, menu and lists.
    fn adorn(&self, module: &mut Module) {
        if let Some(label) = &self.label {
            module.label.clone_from(label);
        }
        if let Some(one) = &self.one {
            module.one.clone_from(one);
        }
        if let Some(icon) = &self.icon {
            module.icon.clone_from(icon);
        }
        if self.subtitle.is_some() {
            module.subtitle.clone_from(&self.subtitle);
        }
        module.menu = self.menu.unwrap_or(module.menu);
        module.retired = self.retired.unwrap_or(module.retired);
        for (list, kind, more) in
            [(&mut module.columns, Listed::Columns, &self.columns), (&mut module.search, Listed::Search, &self.search)]
        {
            if self.replaces.contains(&kind) {
                list.clear();
            }
            add(list, more);
        }
        if self.replaces.contains(&Listed::Groups) {
            module.groups.clear();
        }
        for group in &self.groups {
            match module.groups.iter_mut().find(|there| there.label == group.label) {
                Some(there) => add(&mut there.fields, &group.fields),
                None => module.groups.push(group.clone()),
            }
        }
    }
}

impl Adjustment {
    /// A change of `field` that says nothing yet.
    #[must_use]
    pub fn of(field: &str) -> Self {
        Self { field: field.to_owned(), clear: Vec::new(), set: Map::new() }
    }

    /// Makes `field` what the adjustment wants; else the property and why not.
    ///
    /// # Errors
    /// The property that cannot be so, and why.
    pub fn apply(&self, field: &mut Field) -> Result<(), (String, String)> {
        let Ok(Json::Object(mut whole)) = serde_json::to_value(&*field) else {
            return Err(("type".to_owned(), "cannot be changed".to_owned()));
        };
        whole.remove("result");
        for (key, value) in &self.set {
            if LASTING.contains(&key.as_str()) {
                if whole.get(key).is_none_or(|present| present != value) {
                    let message =
                        format!("{key} cannot be changed: values are kept by it; add a field of another name");
                    return Err((key.clone(), message));
                }
            } else if !ADJUSTABLE.contains(&key.as_str()) {
                return Err((key.clone(), format!("{key:?} is not a property that a change may set")));
            }
            whole.insert(key.clone(), value.clone());
            let read = serde_json::from_value::<Field>(Json::Object(whole.clone()));
            read.map_err(|error| (key.clone(), error.to_string()))?;
        }
        for key in &self.clear {
            if !ADJUSTABLE.contains(&key.as_str()) {
                return Err((key.clone(), format!("{key:?} is not a property that a change may clear")));
            }
            whole.remove(key);
        }
        let key = self.clear.first().cloned().unwrap_or_default();
        *field = serde_json::from_value(Json::Object(whole)).map_err(|error| (key, error.to_string()))?;
        Ok(())
    }
}

/// The code of what the reader of a definition says, or an adjustment.
#[must_use]
pub fn reading_code(message: &str) -> &'static str {
    let says = |words: &str| message.contains(words);
    if says("cannot be changed: values are kept") {
        "lasting_property"
    } else if says("unknown field") || says("is not a property") {
        "unknown_field"
    } else if says("unknown variant") {
        "invalid_choice"
    } else if says("missing field") {
        "required"
    } else {
        "invalid_type"
    }
}

/// Says what a field is called now, where the name is an earlier one.
#[must_use]
pub fn no_field(module: &Module, name: &str) -> String {
    let all = module.fields.iter().chain(&module.retired_fields);
    if let Some(present) = all.clone().find(|field| field.formerly.iter().any(|former| former == name)) {
        return format!("the field {name:?} of {} is called {:?} now", module.name, present.name);
    }
    if module.retired_fields.iter().any(|field| field.name == name) {
        return format!("the field {name:?} of {} is retired", module.name);
    }
    format!("{} have no field {name:?}", module.name)
}

fn add(list: &mut Vec<String>, more: &[String]) {
    for name in more {
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
}
