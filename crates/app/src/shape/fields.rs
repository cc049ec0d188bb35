//! Fields: added, changed, renamed, retired and brought back.

use model::Definitions;
use model::definitions::SAID_BY_PROCESS;
use model::extension::{Adjustment, no_field, reading_code};
use model::process::By;
use model::{Field, FieldType, Module};
use serde_json::{Map, Value as Json};
use store::{Error, Result};

use super::own::{Followed, Own, Renaming};
use super::{relied, request};

/// Adds a field.
pub(super) fn add(own: &mut Own, definitions: &Definitions, module: &Module, body: &Map<String, Json>) -> Result<()> {
    let field = request::field(body, "")?;
    leads_somewhere(definitions, &module.name, &field, "module")?;
    somebody_is_asked(definitions, module, &field)?;
    free(module, &field.name)?;
    own.add_field(&module.name, field);
    Ok(())
}

/// Changes properties of a field; null takes one back.
pub(super) fn change(
    own: &mut Own,
    definitions: &Definitions,
    module: &Module,
    name: &str,
    body: &Map<String, Json>,
) -> Result<Vec<Followed>> {
    let all = module.fields.iter().chain(&module.retired_fields);
    let Some(present) = all.clone().find(|field| field.name == name) else {
        return Err(Error::NotFound { module: format!("the fields of {}", module.name), id: no_field(module, name) });
    };
    let mut change = Adjustment::of(name);
    let mut tidy = body.clone();
    let renamed = tidy.remove("name");
    request::tidy(&mut tidy, &str::to_owned)?;
    if let Some(key) = SAID_BY_PROCESS.into_iter().find(|key| tidy.contains_key(*key))
        && definitions.governs(&module.name, name)
    {
        return Err(Error::field(key, "said_by_process", "the process says this: change its states instead"));
    }
    if let Some(label) = tidy.get("label").cloned() {
        tidy.insert("label".to_owned(), request::label(Some(&label), &request::worded(name), "label")?);
    }
    for (key, value) in tidy {
        match value {
            Json::Null => change.clear.push(key),
            value => drop(change.set.insert(key, value)),
        }
    }
    if change.set.get("retired") == Some(&Json::Bool(true)) {
        relied::may_retire_field(module, present)?;
    }
    if present.open
        && (change.clear.iter().any(|key| key == "open") || change.set.get("open") == Some(&Json::Bool(false)))
    {
        let message = "records may hold words that are none of its options: it stays open";
        return Err(Error::field("open", "stays_open", message));
    }
    // Tried on the field as it is, so that what does not fit is told by its property.
    let mut tried = present.clone();
    tried.result = None;
    change.apply(&mut tried).map_err(unfit)?;
    relied::may_lose_options(definitions, module, present, &tried)?;
    if change.set.contains_key("required_at") {
        somebody_is_asked(definitions, module, &tried)?;
    }
    match own.field(&module.name, name) {
        Some(field) => change.apply(field).map_err(unfit)?,
        None => adjust(own, &module.name, change),
    }
    match renamed {
        None => Ok(Vec::new()),
        Some(Json::String(new)) if new == name => Ok(Vec::new()),
        Some(Json::String(new)) => rename(own, definitions, module, name, &new),
        Some(_) => Err(Error::field("name", "invalid_type", "a name is a text")),
    }
}

/// A property that cannot be so.
fn unfit((key, message): (String, String)) -> Error {
    let code = reading_code(&message);
    Error::field(key, code, message)
}

/// Fails where a new link of `module` leads to a module that is not in use: nobody would see the field.
pub(super) fn leads_somewhere(definitions: &Definitions, module: &str, field: &Field, at: &str) -> Result<()> {
    match field.module.as_deref().filter(|target| *target != module && definitions.module(target).is_none()) {
        Some(target) if field.kind.takes("module") && field.kind != FieldType::File => {
            let message = format!("there is no module {target:?} in use: make it first, or bring it back");
            Err(Error::field(at, "no_such_module", message))
        }
        _ => Ok(()),
    }
}

/// Fails where a field is to be required at a state into which nobody brings a record by hand: a typed service makes the
/// records of its module, and money and time move them.
fn somebody_is_asked(definitions: &Definitions, module: &Module, field: &Field) -> Result<()> {
    let Some(process) = definitions.process(&module.name).filter(|_| module.service.is_some()) else { return Ok(()) };
    let is_pressed = |state: &str| process.transitions.iter().any(|step| step.to == state && step.by != By::Process);
    let known = field.required_at.iter().filter(|state| process.state(state).is_some());
    match known.into_iter().find(|state| !is_pressed(state)) {
        Some(state) => {
            let message = format!("{} become {state:?} by themselves, so nobody could be asked", module.name);
            Err(Error::field("required_at", "nobody_is_asked", message))
        }
        None => Ok(()),
    }
}

/// Lays a change over what the workspace has said of another pack's field before.
fn adjust(own: &mut Own, module: &str, change: Adjustment) {
    let changes = &mut own.extension(module).changes;
    let Some(there) = changes.iter_mut().find(|there| there.field == change.field) else {
        changes.push(change);
        return;
    };
    there.set.retain(|key, _| !change.clear.contains(key));
    there.clear.retain(|key| !change.set.contains_key(key) && !change.clear.contains(key));
    there.set.extend(change.set);
    there.clear.extend(change.clear);
}

fn rename(own: &mut Own, definitions: &Definitions, module: &Module, old: &str, new: &str) -> Result<Vec<Followed>> {
    let Some(field) = own.field(&module.name, old) else {
        let message = format!("{old:?} is named by the pack that defines it: change its label instead");
        return Err(Error::field("name", "fixed_name", message));
    };
    // Its own earlier name is free for it.
    if !field.formerly.iter().any(|former| former == new) {
        free(module, new)?;
    }
    // Expressions follow while the field is still known by its old name.
    let mut renaming =
        Renaming { definitions, module: &module.name, old, new, followed: Vec::new(), shared: Vec::new() };
    own.follow(&mut renaming);
    if !renaming.shared.is_empty() {
        let message = format!(
            "{old:?} is named where records of other modules are meant as well: change {} first",
            renaming.shared.join(", ")
        );
        return Err(Error::field("name", "named_for_several", message));
    }
    let followed = renaming.followed;
    let Some(field) = own.field(&module.name, old) else { return Ok(followed) };
    new.clone_into(&mut field.name);
    field.formerly.retain(|former| former != new);
    field.formerly.insert(0, old.to_owned());
    own.rename_field(definitions, &module.name, old, new);
    Ok(followed)
}

/// Whether no other field is called so, or was.
pub(super) fn free(module: &Module, name: &str) -> Result<()> {
    let Some(taken) = module.field_or_former(name) else { return Ok(()) };
    let message = if taken.name != name {
        format!("{name:?} was the name of {:?}: its history would be mixed up", taken.name)
    } else if is_retired(module, taken) {
        format!("{} have a retired field {name:?}: bring it back or choose another name", module.name)
    } else {
        format!("{} have a field {name:?} already", module.name)
    };
    let errors = vec![store::FieldError::new("name", "name_taken", message.clone())];
    Err(Error::Conflict { code: "duplicate", message, errors })
}

fn is_retired(module: &Module, field: &Field) -> bool {
    module.retired_fields.iter().any(|retired| retired.name == field.name)
}
