//! What must hold of modules and processes before anything is made of them.

use super::Definitions;
use super::join::{file, missing};
use crate::expr::{Want, compile};
use crate::field::{Field, FieldType, SetBy};
use crate::module::{Module, SYSTEM_FIELDS};
use crate::pack::{PackError, Place};
use crate::series::Series;
use crate::value::{Reading, Value};

/// What is wrong with one thing of a module: the property, a code and why.
type Fault = (&'static str, &'static str, String);

impl Definitions {
    /// Everything that is wrong.
    pub(super) fn check(&self, errors: &mut Vec<PackError>) {
        for module in self.modules.values() {
            self.check_module(module, errors);
        }
        for process in self.processes.values() {
            self.check_process(process, errors);
        }
    }

    fn check_module(&self, module: &Module, errors: &mut Vec<PackError>) {
        let file = file(&module.name);
        if !is_name(&module.name) {
            let message = format!("{:?} cannot name a module: lower-case Latin letters, digits and _", module.name);
            errors.push(PackError::new(&file, &message).coded("invalid_program_name"));
        }
        for (position, field) in module.fields.iter().enumerate() {
            let mut faults = names(module, field, position);
            faults.extend(self.check_field(module, field));
            for (key, code, message) in faults {
                errors.push(PackError::new(&file, &message).coded(code).at(Place::field(
                    &module.name,
                    &field.name,
                    key,
                )));
            }
        }
        let mut wrong = |code, message: String| errors.push(PackError::new(&file, &message).coded(code));
        module.wrong_indexes().into_iter().for_each(|message| wrong("wrong_use", message));
        let named =
            module.columns.iter().chain(&module.search).chain(module.groups.iter().flat_map(|group| &group.fields));
        let belongs = module.belongs_to.iter().chain(&module.also_belongs_to);
        for name in named.chain([&module.title]).chain(&module.subtitle).chain(belongs.clone()) {
            // What is retired was taken from the lists; where it cannot be, that has been told.
            let is_retired = module.retired_fields.iter().any(|field| field.name == *name);
            if module.field(name).is_none() && !is_retired && !SYSTEM_FIELDS.contains(&name.as_str()) {
                wrong("unknown_field", missing(module, name));
            }
        }
        for name in module.search.iter().chain([&module.title]).chain(&module.subtitle) {
            if module.field(name).is_some_and(|field| field.kind.is_derived()) {
                wrong(
                    "wrong_use",
                    format!("{name:?} is worked out when it is read and cannot be searched or name a record"),
                );
            }
            if module.field(name).is_some_and(|field| field.kind == FieldType::Links) {
                wrong("wrong_use", format!("{name:?} leads to many records and cannot be searched or name a record"));
            }
        }
        for name in belongs.filter(|name| module.field(name).is_some_and(|field| field.kind == FieldType::Links)) {
            wrong("wrong_use", format!("{name:?} leads to many records: what a record belongs to is one"));
        }
        let is_about = module.ways().any(|field| field.kind == FieldType::Record);
        if module.also_belongs_to.is_some() && is_about {
            wrong("wrong_use", "what is about a record belongs to that record alone".to_owned());
        }
    }

    fn check_field(&self, module: &Module, field: &Field) -> Vec<Fault> {
        let mut faults = Vec::new();
        match (field.kind, &field.module) {
            (FieldType::Link | FieldType::File | FieldType::Links, None) => {
                faults.push(("module", "required", format!("{} is a link without a module", field.name)));
            }
            (FieldType::Link | FieldType::File | FieldType::Links, Some(target)) if self.module(target).is_none() => {
                faults.push((
                    "module",
                    "no_such_module",
                    format!("{} links to {target:?}, which is not a module", field.name),
                ));
            }
            _ => {}
        }
        if let Some(Err(error)) = field.validation.as_deref().map(|text| compile(text, module, self, Want::Bool)) {
            faults.push(("validation", error.code.as_str(), format!("the validation of {}: {error}", field.name)));
        }
        if field.kind == FieldType::Links && field.unique {
            let message = format!(
                "{} leads to many records and cannot be unique: say what must hold in a validation",
                field.name
            );
            faults.push(("unique", "not_of_this_type", message));
        }
        faults.extend(field.wrong_bounds().map(|message| ("min", "invalid_bounds", message)));
        faults.extend(self.wrong_states(module, field).map(|message| ("required_at", "invalid_stages", message)));
        if let Some(text) = &field.series {
            if field.kind != FieldType::Text || !field.unique {
                faults.push((
                    "series",
                    "invalid_series",
                    format!("{} has a series: it must be a unique text", field.name),
                ));
            }
            faults.extend(
                Series::parse(text).err().map(|error| ("series", "invalid_series", format!("{}: {error}", field.name))),
            );
        }
        if field.open && field.kind != FieldType::MultiChoice {
            faults.push((
                "open",
                "not_of_this_type",
                format!("{} is not a field of several choices, so it cannot be open", field.name),
            ));
        }
        if matches!(field.kind, FieldType::Choice | FieldType::MultiChoice) && field.options.is_empty() && !field.open {
            faults.push(("options", "required", format!("{} has no options", field.name)));
        }
        if let Some(twice) = field.options.iter().enumerate().find_map(|(at, option)| {
            field.options.iter().take(at).any(|other| other.value == option.value).then_some(&option.value)
        }) {
            faults.push(("options", "repeated_option", format!("{} has the option {twice:?} twice", field.name)));
        }
        let default = field.default.as_ref().map(|default| Value::read(field, default, Reading::default()));
        if let Some(Err(error)) = default {
            faults.push(("default", error.code, format!("the default of {}: {}", field.name, error.message)));
        }
        if !field.is_stored() {
            let rules = [
                ("required", field.required),
                ("unique", field.unique),
                ("index", field.index),
                ("default", field.default.is_some()),
            ];
            let ruled = rules.into_iter().filter(|(_, is_set)| *is_set && field.kind.is_derived());
            faults.extend(ruled.map(|(key, _)| {
                (key, "not_of_this_type", format!("{} is worked out and cannot be {key}", field.name))
            }));
        }
        faults
    }

    /// What is wrong with the states in which a field is required.
    fn wrong_states(&self, module: &Module, field: &Field) -> Option<String> {
        let first = field.required_at.first()?;
        let Some(process) = self.process(&module.name) else {
            return Some(format!("{} have no process, so nothing is required at {first:?}", module.name));
        };
        if !field.is_stored() || field.set_by != SetBy::Anyone || process.field == field.name {
            return Some(format!("nobody fills in {} by hand, so no state can require it", field.name));
        }
        let unknown = field.required_at.iter().find(|name| process.state(name).is_none())?;
        Some(format!("{} have no state {unknown:?}", module.name))
    }
}

/// What is wrong with what a field is called.
fn names(module: &Module, field: &Field, position: usize) -> Vec<Fault> {
    let mut faults = Vec::new();
    // These two are the same in every module that has them.
    let is_common = field.name == "about" || field.name == "tags" && field.open;
    if !is_name(&field.name) || SYSTEM_FIELDS.contains(&field.name.as_str()) && !is_common {
        faults.push(("name", "invalid_program_name", format!("{:?} cannot name a field", field.name)));
    }
    if is_reserved(&field.name) {
        faults.push(("name", "reserved_name", format!("{:?} is a reserved word of expressions", field.name)));
    }
    let retired = module.retired_fields.iter().any(|other| other.name == field.name);
    if retired || module.position(&field.name) != Some(position) {
        faults.push(("name", "name_taken", format!("two fields are called {:?}", field.name)));
    }
    faults
}

/// Words that addresses of pages and of the API begin with; a module with such a name could not be reached. None is made; one
/// that stood before its word came here still opens.
pub const RESERVED_MODULES: [&str; 37] = [
    "api",
    "assets",
    "healthz",
    "readyz",
    "language",
    "search",
    "import",
    "intake",
    "forms",
    "export",
    "meta",
    "jobs",
    "undo",
    "outbox",
    "telephone",
    "me",
    "stream",
    "reports",
    "sandbox",
    "duplicates",
    "tokens",
    "users",
    "teams",
    "batch",
    "openapi",
    "check_in",
    "change_sets",
    "notifications",
    "help",
    "start",
    "settings",
    "views",
    "processes",
    "approvals",
    "e",
    "p",
    "hooks",
];

/// Identifiers that the Common Expression Language keeps for itself.
const RESERVED_IN_EXPRESSIONS: [&str; 19] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
];

/// Whether expressions keep the word for themselves.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED_IN_EXPRESSIONS.contains(&name)
}

/// Lower-case Latin letters, digits and `_`, beginning with a letter, at most 48 characters.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.len() <= 48
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
