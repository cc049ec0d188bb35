//! A process for a module that has none: it stands whole in the workspace's own pack, with the field that it governs.

use model::Definitions;
use model::definitions::is_name;
use model::field::SetBy;
use model::process::{Process, Timer};
use model::{Field, FieldType, Label, Module};
use serde_json::{Map, Value as Json, json};
use store::{Error, FieldError, Result};

use super::super::own::Own;
use super::super::{fields, known, request};
use super::parts::unobeyed;

/// What may be said of a new process.
const OF_A_NEW_ONE: [&str; 8] = ["name", "label", "module", "field", "initial", "states", "transitions", "timers"];

/// What it is called: as it says, else as its module.
pub(super) fn name(body: &Map<String, Json>) -> &str {
    let text = |key: &str| body.get(key).and_then(Json::as_str).filter(|text| !text.is_empty());
    text("name").or_else(|| text("module")).unwrap_or_default()
}

/// Adds it.
pub(super) fn add(own: &mut Own, definitions: &Definitions, body: &Map<String, Json>) -> Result<()> {
    if let Some(key) = body.keys().find(|key| !OF_A_NEW_ONE.contains(&key.as_str())) {
        return Err(Error::field(key, "unknown_field", format!("a process has no {key:?} to be set here")));
    }
    let name = name(body);
    let Some(module) = body.get("module").and_then(Json::as_str) else {
        return Err(Error::field("module", "required", "say which module the process governs"));
    };
    let module = match definitions.module(module) {
        Some(_) => known(definitions, module)?,
        None => return Err(Error::field("module", "not_found", format!("there is no module {module:?}"))),
    };
    if !is_name(name) {
        let message = "lower-case Latin letters, digits and _, beginning with a letter";
        return Err(Error::field("name", "invalid_program_name", message));
    }
    is_free(definitions, &module, name)?;
    let process = process(body, name, &module)?;
    govern(own, &module, &process)?;
    own.processes.push(process);
    Ok(())
}

fn is_free(definitions: &Definitions, module: &Module, name: &str) -> Result<()> {
    let taken = |field: &str, message: String| {
        let errors = vec![FieldError::new(field, "name_taken", message.clone())];
        Err(Error::Conflict { code: "name_taken", message, errors })
    };
    if definitions.process(&module.name).is_some() {
        return taken("module", format!("{} have a process already", module.name));
    }
    if definitions.process_named(name).is_some() {
        return taken("name", format!("there is a process {name:?}"));
    }
    if module.service.is_some() || module.authored {
        let message = format!("the program itself makes and moves {}", module.name);
        return Err(Error::field("module", "by_operation", message));
    }
    Ok(())
}

fn process(body: &Map<String, Json>, name: &str, module: &Module) -> Result<Process> {
    let mut whole = body.clone();
    whole.retain(|_, value| !value.is_null());
    let otherwise = json!(module.label);
    let said = request::label(body.get("label").or(Some(&otherwise)), name, "label")?;
    whole.insert("label".to_owned(), said);
    whole.insert("name".to_owned(), json!(name));
    for list in ["states", "transitions"] {
        let Some(items) = whole.get_mut(list).and_then(Json::as_array_mut) else { continue };
        for (index, item) in items.iter_mut().enumerate() {
            let Some(part) = item.as_object_mut() else { continue };
            let called = part.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
            let path = format!("{list}[{index}].label");
            let label = request::label(part.get("label"), &request::worded(&called), &path)?;
            part.insert("label".to_owned(), label);
        }
    }
    let first = whole.get("states").and_then(|states| states.pointer("/0/name")).cloned();
    let Some(first) = first else {
        return Err(Error::field("states", "required", "a process has states, a list, the first one first"));
    };
    whole.entry("initial").or_insert(first);
    let process: Process = request::read(Json::Object(whole), "")?;
    let mut timers = process.timers.iter().enumerate();
    let idle = timers.find(|(_, timer)| !Timer::is_obeyed(&process.module, &timer.name));
    let refused = idle.map(|(at, timer)| unobeyed(format!("timers[{at}]"), &timer.name));
    refused.map_or(Ok(process), Err)
}

/// The field of its states: one of the workspace's own, or a new one.
fn govern(own: &mut Own, module: &Module, process: &Process) -> Result<()> {
    let options = process.options();
    if let Some(field) = own.field(&module.name, &process.field) {
        if field.kind != FieldType::Choice {
            return Err(Error::field("field", "not_of_this_type", format!("{} is no field of one choice", field.name)));
        }
        field.set_by = SetBy::Process;
        field.options = options;
        return Ok(());
    }
    fields::free(module, &process.field).map_err(|error| match error {
        Error::Conflict { message, .. } => Error::field("field", "name_taken", message),
        other => other,
    })?;
    let label = Label { ru: "Статус".to_owned(), en: "Status".to_owned() };
    let field =
        Field { label, options, set_by: SetBy::Process, index: true, ..Field::new(&process.field, FieldType::Choice) };
    own.add_field(&module.name, field);
    match own.module(&module.name) {
        Some(module) => module.columns.push(process.field.clone()),
        None => own.extension(&module.name).columns.push(process.field.clone()),
    }
    Ok(())
}
