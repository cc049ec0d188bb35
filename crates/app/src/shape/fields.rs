//! Fields: added, changed, renamed, retired and brought back.

use model::Definitions;
use model::extension::{Adjustment, no_field};
use model::process::By;
use model::{Field, Module};
use serde_json::{Map, Value as Json};
use store::{Error, Result};

use super::own::Own;
use super::{relied, request};

/// Adds a field.
pub(super) fn add(own: &mut Own, definitions: &Definitions, module: &Module, body: &Map<String, Json>) -> Result<()> {
    let field = request::field(body, "")?;
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
) -> Result<()> {
    let all = module.fields.iter().chain(&module.retired_fields);
    let Some(present) = all.clone().find(|field| field.name == name) else {
        return Err(Error::NotFound { module: format!("the fields of {}", module.name), id: no_field(module, name) });
    };
    let mut change = Adjustment::of(name);
    let mut tidy = body.clone();
    let renamed = tidy.remove("name");
    request::tidy(&mut tidy, &str::to_owned)?;
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
    change.apply(&mut tried).map_err(|(key, message)| Error::field(key, "invalid", message))?;
    if change.set.contains_key("required_at") {
        somebody_is_asked(definitions, module, &tried)?;
    }
    match own.field(&module.name, name) {
        Some(field) => change.apply(field).map_err(|(key, message)| Error::field(key, "invalid", message))?,
        None => adjust(own, &module.name, change),
    }
    match renamed {
        None => Ok(()),
        Some(Json::String(new)) if new == name => Ok(()),
        Some(Json::String(new)) => rename(own, module, name, &new),
        Some(_) => Err(Error::field("name", "invalid", "a name is a text")),
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

fn rename(own: &mut Own, module: &Module, old: &str, new: &str) -> Result<()> {
    let Some(field) = own.field(&module.name, old) else {
        let message = format!("{old:?} is named by the pack that defines it: change its label instead");
        return Err(Error::field("name", "fixed_name", message));
    };
    // Its own earlier name is free for it.
    if !field.formerly.iter().any(|former| former == new) {
        free(module, new)?;
    }
    let Some(field) = own.field(&module.name, old) else { return Ok(()) };
    new.clone_into(&mut field.name);
    field.formerly.retain(|former| former != new);
    field.formerly.insert(0, old.to_owned());
    own.rename_field(&module.name, old, new);
    Ok(())
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
