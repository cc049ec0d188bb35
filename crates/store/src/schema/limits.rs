//! What definitions may not ask of a database: names that are its own, and another type for values that are there.

use std::sync::Arc;

use model::definitions::RESERVED_MODULES;
use model::pack::{PackError, Place};
use model::{Definitions, Field, FieldType, Module};

use super::columns::columns;
use super::names::{is_own_column, is_own_name};
use super::plan::Plan;
use super::step::StepKind;

/// Everything that forbids to go from what `present` definitions made to what `wanted` ones say.
pub(crate) fn limits(present: &Definitions, wanted: &Definitions) -> Vec<PackError> {
    let mut errors = Vec::new();
    for module in wanted.modules().chain(wanted.retired_modules()) {
        let wrong =
            |message: String| PackError::new(&format!("modules/{}.toml", module.name), &message).coded("reserved_name");
        if is_own_name(&module.name) {
            errors.push(wrong(format!("{:?} cannot name a module: it is a table of the database itself", module.name)));
        }
        let stood = module_before(present, module).is_some_and(|before| before.name == module.name);
        if !stood && RESERVED_MODULES.contains(&module.name.as_str()) {
            errors.push(wrong(format!("{:?} cannot name a module: it is a word of the API", module.name)));
        }
        for field in module.fields.iter().chain(&module.retired_fields) {
            if let Some(column) = columns(field).iter().find(|column| is_of_another(module, field, &column.name)) {
                errors.push(wrong(format!(
                    "{:?} cannot name a field beside {:?}, which keeps a column of that name",
                    column.name, field.name
                )));
            }
            if columns(field).iter().any(|column| is_own_column(&column.name)) {
                let message = format!("{:?} cannot name a field: it is a column of the database itself", field.name);
                let place = Place::field(&module.name, &field.name, "name");
                errors.push(
                    PackError::new(&format!("modules/{}.toml", module.name), &message).coded("reserved_name").at(place),
                );
            }
            let before = before(present, module, field).filter(|before| before.is_stored());
            if before.is_some_and(|before| !keeps_values(before, field, wanted)) {
                errors.push(of_another_type(module, field));
            }
        }
    }
    errors
}

/// New fields whose columns are there already: some pack had such a field once, and what was written in it is still there.
pub(crate) fn returning<'d>(
    present: &Definitions,
    wanted: &'d Definitions,
    plan: &Plan,
) -> Vec<(&'d Arc<Module>, &'d Field)> {
    let made = |kind, of: &str| plan.steps.iter().any(|step| step.kind == kind && step.of == of);
    let is_made = |module: &Module, field: &Field| match field.kind {
        FieldType::Links => made(StepKind::Links, &format!("{}.{}", module.name, field.name)),
        _ => columns(field).iter().all(|column| made(StepKind::Column, &format!("{}.{}", module.name, column.name))),
    };
    let modules = wanted.modules().filter(|module| !made(StepKind::Table, &module.name));
    let fields = modules.flat_map(|module| module.stored().map(move |(_, field)| (module, field)));
    fields.filter(|(module, field)| before(present, module, field).is_none() && !is_made(module, field)).collect()
}

/// What is wrong with fields that return: the values of those that `past` packs had are none of theirs.
pub(crate) fn misfits(
    returning: &[(&Arc<Module>, &Field)],
    past: &[(String, Field)],
    wanted: &Definitions,
) -> Vec<PackError> {
    let mut errors = Vec::new();
    for (module, field) in returning {
        let is_it = |(of, was): &&(String, Field)| {
            (*of == module.name || module.formerly.contains(of))
                && (was.name == field.name || field.formerly.contains(&was.name))
                && was.is_stored()
        };
        if past.iter().filter(is_it).any(|(_, was)| !keeps_values(was, field, wanted)) {
            errors.push(of_another_type(module, field));
        }
    }
    errors
}

fn of_another_type(module: &Module, field: &Field) -> PackError {
    let message = format!("{:?} has values of another type: give the new field another name", field.name);
    let place = Place::field(&module.name, &field.name, "type");
    PackError::new(&format!("modules/{}.toml", module.name), &message).coded("lasting_property").at(place)
}

/// The field as it was: under this name or an earlier one, in use or not.
pub(crate) fn before<'p>(present: &'p Definitions, module: &Module, field: &Field) -> Option<&'p Field> {
    let before = module_before(present, module)?;
    let called = |name: &String| before.fields.iter().chain(&before.retired_fields).find(|field| field.name == *name);
    [&field.name].into_iter().chain(&field.formerly).find_map(called)
}

/// The module as it was: under this name or an earlier one, in use or not.
pub(crate) fn module_before<'p>(present: &'p Definitions, module: &Module) -> Option<&'p Module> {
    let all = || present.modules().chain(present.retired_modules());
    let called = |name: &String| all().find(|before| before.name == *name).map(|before| &**before);
    [&module.name].into_iter().chain(&module.formerly).find_map(called)
}

fn is_of_another(module: &Module, field: &Field, column: &str) -> bool {
    column != field.name && module.kept().any(|other| other.name == column)
}

/// Whether values written for `before` are values of `after`.
fn keeps_values(before: &Field, after: &Field, wanted: &Definitions) -> bool {
    let same_kind = before.kind == after.kind || is_plain(before.kind) && is_plain(after.kind);
    same_kind
        && before.scale == after.scale
        && (!matches!(after.kind, FieldType::Link | FieldType::File | FieldType::Links)
            || leads_there(before, after, wanted))
}

/// Whether both links, or lists of them, lead to the same module, whatever it was called then.
fn leads_there(before: &Field, after: &Field, wanted: &Definitions) -> bool {
    let all = wanted.modules().chain(wanted.retired_modules());
    let mut renamed = all.filter(|module| after.module.as_ref() == Some(&module.name));
    before.module == after.module
        || renamed.any(|module| before.module.as_ref().is_some_and(|former| module.formerly.contains(former)))
}

/// Types whose values are text in one column, with nothing beside it.
fn is_plain(kind: FieldType) -> bool {
    use FieldType::{Choice, Colour, Email, LongText, Phone, Url};
    matches!(kind, Choice | Colour | Email | LongText | Phone | Url)
}
