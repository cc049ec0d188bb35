//! Joins what packs say of modules: definitions, extensions in the order of the packs, what is out of use, governed
//! fields, rights by role.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Definitions;
use crate::Label;
use crate::extension::no_field;
use crate::field::{ChoiceOption, Field, FieldType};
use crate::module::{FILES, Module};
use crate::pack::{Pack, PackError, Place};
use crate::process::{CHECKED, Process};
use crate::rights::Role;

/// All modules of `packs`, extended, those out of use among them.
pub(super) fn extended(packs: &[Pack], errors: &mut Vec<PackError>) -> Vec<Module> {
    let mut modules: Vec<Module> = Vec::new();
    for module in packs.iter().flat_map(|pack| &pack.modules) {
        if modules.iter().any(|there| there.name == module.name) {
            errors.push(PackError::new(&file(&module.name), "two packs define this module").coded("name_taken"));
        } else {
            modules.push(module.clone());
        }
    }
    for pack in packs {
        for extension in &pack.extensions {
            let name = &pack.manifest.name;
            let former = modules.iter().find(|module| module.formerly.contains(&extension.extends));
            let former = former.map(|module| module.name.clone());
            match modules.iter_mut().find(|module| module.name == extension.extends) {
                Some(module) => extension.apply(module, name, errors),
                None => {
                    let message = former.map_or_else(
                        || format!("(pack {name}) extends {:?}, which is not a module", extension.extends),
                        |now| format!("(pack {name}) the module {:?} is called {now:?} now", extension.extends),
                    );
                    errors.push(PackError::new(&extension.file, &message).coded("no_such_module"));
                }
            }
        }
    }
    check_former_names(&modules, errors);
    // Where a file leads is no choice.
    for field in modules.iter_mut().flat_map(|module| &mut module.fields) {
        if field.kind == FieldType::File {
            field.module = Some(FILES.to_owned());
        }
    }
    modules
}

/// The modules in use with their fields in use; links that lead nowhere yet stay out. Answers the others beside them.
pub(super) fn in_use(
    modules: Vec<Module>,
    processes: &mut BTreeMap<String, Process>,
    errors: &mut Vec<PackError>,
) -> (Vec<Module>, Vec<Module>) {
    let (retired, mut used): (Vec<_>, Vec<_>) = modules.into_iter().partition(|module| module.retired);
    for module in retired.iter().filter(|module| module.service.is_some()) {
        errors.push(
            PackError::new(&file(&module.name), "is kept by the program itself and cannot be retired")
                .coded("relied_on"),
        );
    }
    let names: BTreeSet<String> = used.iter().map(|module| module.name.clone()).collect();
    for module in &mut used {
        let mut left_out = leave_out_foreign_links(module, &names);
        retire_fields(module, errors);
        left_out.extend(module.retired_fields.iter().map(|field| field.name.clone()));
        if let Some(process) = processes.get_mut(&module.name) {
            super::flow::retire(process);
            let steps = process.transitions.iter_mut().chain(&mut process.retired_transitions);
            steps.for_each(|step| {
                step.asks.retain(|name| !left_out.contains(name));
                step.stamps.retain(|name| !left_out.contains(name));
            });
            ask(module, process);
            check_off(module, process, errors);
            govern(module, process);
        }
        module.index();
    }
    (used, retired)
}

/// Gives roles what modules say of their rights, where the role itself does not name the module.
pub(super) fn grant_rights(roles: &mut BTreeMap<String, Role>, modules: &[Module], errors: &mut Vec<PackError>) {
    for module in modules {
        for (name, grant) in &module.rights {
            match roles.get_mut(name) {
                Some(role) => drop(role.modules.entry(module.name.clone()).or_insert_with(|| grant.clone())),
                None => errors.push(
                    PackError::new(&file(&module.name), &format!("there is no role {name:?}")).coded("unknown_role"),
                ),
            }
        }
    }
}

/// The file in which a module is defined.
pub(super) fn file(module: &str) -> String {
    format!("modules/{module}.toml")
}

/// An earlier name stands for one thing only, or the history could not be read.
fn check_former_names(modules: &[Module], errors: &mut Vec<PackError>) {
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for module in modules {
        for former in &module.formerly {
            let present = modules.iter().any(|other| other.name == *former);
            if present || taken.insert(former, &module.name).is_some() {
                let message = format!("{former:?} cannot be its earlier name: it is that of another module as well");
                errors.push(PackError::new(&file(&module.name), &message).coded("name_taken"));
            }
        }
        let mut fields: BTreeMap<&str, &str> = BTreeMap::new();
        for field in &module.fields {
            for former in &field.formerly {
                let present = module.fields.iter().find(|other| other.name == *former);
                let other = present.map(|other| other.name.as_str()).or(fields.insert(former, &field.name));
                if let Some(other) = other {
                    let message = format!(
                        "{former:?} was the name of {:?} and cannot be that of {other:?}: its history would be mixed up",
                        field.name
                    );
                    let place = Place::field(&module.name, present.map_or(&field.name, |other| &other.name), "name");
                    errors.push(PackError::new(&file(&module.name), &message).coded("name_taken").at(place));
                }
            }
        }
    }
}

/// Takes what is out of use from the fields and from every list that names it.
fn retire_fields(module: &mut Module, errors: &mut Vec<PackError>) {
    let (retired, used): (Vec<Field>, Vec<Field>) = module.fields.drain(..).partition(|field| field.retired);
    module.fields = used;
    module.retired_fields = retired;
    let is_retired = |name: &String| module.retired_fields.iter().any(|field| field.name == *name);
    let decides = "decides who sees them";
    for (name, what) in [
        (Some(&module.title), "names its records"),
        (module.belongs_to.as_ref(), decides),
        (module.also_belongs_to.as_ref(), decides),
    ] {
        if let Some(name) = name.filter(|name| is_retired(name)) {
            let error = PackError::new(&file(&module.name), &format!("{name:?} cannot be retired: it {what}"));
            errors.push(error.coded("relied_on").at(Place::field(&module.name, name, "retired")));
        }
    }
    for name in
        module.veils.iter().flat_map(|veil| veil.fields.iter().chain(&veil.over)).filter(|name| is_retired(name))
    {
        let error = PackError::new(&file(&module.name), &format!("{name:?} cannot be retired: a veil is hung by it"));
        errors.push(error.coded("relied_on").at(Place::field(&module.name, name, "retired")));
    }
    module.columns.retain(|name| !module.retired_fields.iter().any(|field| field.name == *name));
    module.search.retain(|name| !module.retired_fields.iter().any(|field| field.name == *name));
    module.indexes.retain(|names| !module.retired_fields.iter().any(|field| names.contains(&field.name)));
    module.subtitle =
        module.subtitle.take().filter(|name| !module.retired_fields.iter().any(|field| field.name == *name));
    for group in &mut module.groups {
        group.fields.retain(|name| !module.retired_fields.iter().any(|field| field.name == *name));
    }
}

/// A link to a module that is not there or out of use stays out until it is.
fn leave_out_foreign_links(module: &mut Module, names: &BTreeSet<String>) -> BTreeSet<String> {
    let foreign = |field: &Field| field.module.as_ref().is_some_and(|target| !names.contains(target));
    let left_out: BTreeSet<String> =
        module.fields.iter().filter(|field| foreign(field)).map(|field| field.name.clone()).collect();
    module.fields.retain(|field| !left_out.contains(&field.name));
    module.columns.retain(|name| !left_out.contains(name));
    module.search.retain(|name| !left_out.contains(name));
    module.indexes.retain(|names| names.iter().all(|name| !left_out.contains(name)));
    module.belongs_to = module.belongs_to.take().filter(|name| !left_out.contains(name));
    module.also_belongs_to = module.also_belongs_to.take().filter(|name| !left_out.contains(name));
    module.subtitle = module.subtitle.take().filter(|name| !left_out.contains(name));
    for group in &mut module.groups {
        group.fields.retain(|name| !left_out.contains(name));
    }
    left_out
}

/// Moves into a state ask for the fields that are required there.
fn ask(module: &Module, process: &mut Process) {
    for field in &module.fields {
        for step in process.transitions.iter_mut().filter(|step| field.required_at.contains(&step.to)) {
            if !step.asks.contains(&field.name) {
                step.asks.push(field.name.clone());
            }
        }
    }
}

/// What is on check lists of the process is ticked off in a field of its own, by its key: of moves out of use as well, so that
/// ticks outlive them.
fn check_off(module: &mut Module, process: &Process, errors: &mut Vec<PackError>) {
    let mut options: Vec<ChoiceOption> = Vec::new();
    for check in process.transitions.iter().chain(&process.retired_transitions).flat_map(|step| &step.checklist) {
        if options.iter().all(|option| option.value != check.key) {
            let label = check.label.clone();
            options.push(ChoiceOption { value: check.key.clone(), label, colour: String::new() });
        }
    }
    if options.is_empty() {
        return;
    }
    if module.fields.iter().chain(&module.retired_fields).any(|field| field.name == CHECKED) {
        let message = format!("{CHECKED:?} is what check lists of processes are kept in: call the field otherwise");
        errors.push(PackError::new(&file(&module.name), &message).coded("reserved_name").at(Place::field(
            &module.name,
            CHECKED,
            "name",
        )));
        return;
    }
    let label =
        Label { ru: "Список проверки: сделано".to_owned(), en: "Check list: done".to_owned() };
    module.fields.push(Field { label, options, ..Field::new(CHECKED, FieldType::MultiChoice) });
}

/// The governed field takes its choices and its first value from the process.
fn govern(module: &mut Module, process: &Process) {
    if let Some(field) = module.fields.iter_mut().find(|field| field.name == process.field) {
        field.options = process.options();
        field.default = Some(Json::from(process.initial.as_str()));
        field.required = true;
    }
}

impl Definitions {
    /// The module that is called `name` now or was before.
    #[must_use]
    pub fn module_or_former(&self, name: &str) -> Option<&std::sync::Arc<Module>> {
        let was = |module: &&std::sync::Arc<Module>| module.formerly.iter().any(|former| former == name);
        self.module(name).or_else(|| self.modules().find(was))
    }
}

/// Why `name` is no field of `module`.
pub(super) fn missing(module: &Module, name: &str) -> String {
    no_field(module, name)
}
