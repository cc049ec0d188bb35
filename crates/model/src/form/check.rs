//! What must hold of a form before anybody fills it in.

use std::collections::BTreeSet;

use super::placed::key_of;
use super::{Asked, CONSENT, Form, INTO, LANDING, MARKETING, MARKS, PROOF, REFERRER, STAMP, TRAP, kind_of};
use crate::definitions::is_name;
use crate::extension::no_field;
use crate::field::{FieldType, SetBy};
use crate::survey::Fault;
use crate::value::Reading;
use crate::{Definitions, Field, Label, Module, Value};

/// The most fields of one form.
const MOST_FIELDS: usize = 60;
/// The most files of one form.
const MOST_FILES: usize = 5;
/// The longest address, in bytes.
const ADDRESS: usize = 2_000;
/// What the answer to one field is called elsewhere, at most, and the longest of it, in characters.
const MOST_KEYS: usize = 20;
const KEY: usize = 200;

impl Form {
    /// Everything that is wrong with it: the property, as files and the API spell it, a stable code, and why.
    #[must_use]
    pub fn faults(&self, definitions: &Definitions) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |key: &str, code: &'static str, message: String| faults.push((key.to_owned(), code, message));
        if !is_name(&self.name) || self.name == "new" {
            let message = "lower-case Latin letters, digits and _, beginning with a letter";
            wrong("name", "invalid_program_name", format!("{:?} cannot name a form: {message}", self.name));
        }
        for (key, address) in [("next", &self.next), ("policy", &self.policy)] {
            if address.as_deref().is_some_and(|address| !is_address(address)) {
                wrong(key, "invalid_url", "a web address begins with http:// or https://".to_owned());
            }
        }
        if self.active && self.consent == Label::default() {
            wrong("consent", "required", "nothing of a person is taken in without their consent".to_owned());
        }
        if self.fields.is_empty() {
            wrong("fields", "required", "a form asks for something".to_owned());
        }
        if self.fields.len() > MOST_FIELDS {
            wrong("fields", "too_many", format!("a form has {MOST_FIELDS} fields at most"));
        }
        if self.fields.iter().filter(|asked| asked.file).count() > MOST_FILES {
            wrong("fields", "too_many", format!("a form takes {MOST_FILES} files at most"));
        }
        let module = definitions.module(&self.module).filter(|module| INTO.contains(&module.name.as_str()));
        let Some(module) = module else {
            wrong("module", "form_module", format!("forms make records of {}, not {:?}", INTO.join(", "), self.module));
            return faults;
        };
        self.check_fields(module, definitions, &mut faults);
        self.check_values(module, definitions, &mut faults);
        self.check_required(module, &mut faults);
        faults
    }

    fn check_fields(&self, module: &Module, definitions: &Definitions, faults: &mut Vec<Fault>) {
        let before = faults.len();
        let mut keys = BTreeSet::new();
        for (index, asked) in self.fields.iter().enumerate() {
            let own: BTreeSet<String> = asked.keys.iter().map(|key| key_of(key)).collect();
            if let Some(key) = own.into_iter().find(|key| !keys.insert(key.clone())) {
                let message = format!("{key:?} is the answer to two fields");
                faults.push((format!("fields[{index}].keys"), "form_key_twice", message));
            }
            if let Some((key, code, message)) = asked.fault(module, definitions) {
                faults.push((format!("fields[{index}].{key}"), code, message));
            }
        }
        if faults.len() > before {
            return;
        }
        // What holds of questions holds of these; those out of use are none.
        let places = self.fields.iter().enumerate().filter(|(_, asked)| asked.question(module).is_some());
        let places: Vec<usize> = places.map(|(place, _)| place).collect();
        let of_questions = self.survey(module).faults(definitions).into_iter().filter_map(|(place, code, message)| {
            let (number, key) = place.strip_prefix("questions[")?.split_once("].")?;
            let place = places.get(number.parse::<usize>().ok()?)?;
            let key = if key == "key" { "field" } else { key };
            Some((format!("fields[{place}].{key}"), code, message))
        });
        faults.extend(of_questions);
    }

    fn check_values(&self, module: &Module, definitions: &Definitions, faults: &mut Vec<Fault>) {
        for (name, json) in &self.values {
            let mut wrong = |code: &'static str, message: String| faults.push(("values".to_owned(), code, message));
            let Some(field) = module.field(name) else {
                wrong("unknown_field", no_field(module, name));
                continue;
            };
            if !is_free(module, field, definitions) {
                wrong("form_unwritable", unwritable(module, name));
            } else if self.fields.iter().any(|asked| !asked.file && asked.field == *name) {
                wrong("name_taken", format!("{name:?} is asked for: it has no value of the form's own"));
            } else if let Err(error) = Value::read(field, json, Reading::default()) {
                wrong(error.code, format!("{name}: {}", error.message));
            }
        }
    }

    /// What the module wants of every record and nobody can be asked for stands there.
    fn check_required(&self, module: &Module, faults: &mut Vec<Fault>) {
        for field in self.wanted(module).filter(|field| kind_of(field).is_none()) {
            let message = format!(
                "every record of {} has {:?}, which no visitor fills in: give it a value",
                module.name, field.name
            );
            faults.push(("fields".to_owned(), "form_required", message));
        }
    }
}

impl Asked {
    /// Why nobody can be asked for it.
    fn fault(&self, module: &Module, definitions: &Definitions) -> Option<Fault> {
        let fault = |key: &str, code: &'static str, message: String| Some((key.to_owned(), code, message));
        let name = self.field.as_str();
        let is_wrong =
            |key: &String| key_of(key).is_empty() || key.chars().count() > KEY || key.chars().any(char::is_control);
        if self.keys.len() > MOST_KEYS || self.keys.iter().any(is_wrong) {
            return fault("keys", "form_keys", format!("at most {MOST_KEYS} of one line and {KEY} characters each"));
        }
        if [TRAP, CONSENT, MARKETING, STAMP, PROOF, REFERRER, LANDING].contains(&name) || name.starts_with(MARKS) {
            return fault("field", "form_own_word", format!("{name:?} is what forms themselves send"));
        }
        if self.file {
            let is_field = module.field(name).is_some();
            let message = || format!("{name:?} is a field of {}: call the file otherwise", module.name);
            return if is_field { fault("field", "name_taken", message()) } else { None };
        }
        let Some(field) = module.field(name) else {
            let is_retired = module.retired_fields.iter().any(|field| field.name == name);
            return if is_retired { None } else { fault("field", "unknown_field", no_field(module, name)) };
        };
        if !is_free(module, field, definitions) {
            return fault("field", "form_unwritable", unwritable(module, name));
        }
        if kind_of(field).is_none() {
            return fault(
                "field",
                "form_kind",
                format!("{name:?} of {} is nothing that a stranger fills in", module.name),
            );
        }
        None
    }
}

/// Fields of a module that a form may ask for.
pub fn askable<'m>(module: &'m Module, definitions: &'m Definitions) -> impl Iterator<Item = &'m Field> {
    module
        .fields
        .iter()
        .filter(move |field| is_free(module, field, definitions) && kind_of(field).is_some() && has_choice(field))
}

/// Whether there is something to choose from, where one chooses.
fn has_choice(field: &Field) -> bool {
    !matches!(field.kind, FieldType::Choice | FieldType::MultiChoice) || !field.options.is_empty()
}

/// Whether people may fill in the field of a new record.
pub(crate) fn is_free(module: &Module, field: &Field, definitions: &Definitions) -> bool {
    let is_governed = definitions.process(&module.name).is_some_and(|process| process.field == field.name);
    !is_governed && field.is_stored() && !field.secret && field.set_by != SetBy::Process
}

pub(crate) fn unwritable(module: &Module, name: &str) -> String {
    format!("{name:?} of {} is not set by hand, so no form fills it in", module.name)
}

fn is_address(text: &str) -> bool {
    let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let is_plain = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic());
    text.len() <= ADDRESS && rest.is_some_and(is_plain)
}

/// What each field of the module is called that a form asks for, without those of files.
pub(crate) fn named(form: &Form) -> BTreeSet<&str> {
    let asked = form.fields.iter().filter(|asked| !asked.file).map(|asked| asked.field.as_str());
    asked.chain(form.values.keys().map(String::as_str)).collect()
}
