//! Moves of a record through its process: who may, from where, what is asked; typed services do what seats and money
//! need.

use model::process::{By, Process, Transition};
use model::{Actor, Id, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, FieldError, Result, Work};

use crate::App;

/// The moves that the caller may make with a record now.
///
/// # Errors
/// When the database fails, or a guard does not fit the module.
pub fn open_to<'p>(work: &mut Work<'_>, process: &'p Process, record: &Record) -> Result<Vec<&'p Transition>> {
    let state = record.text(&process.field).unwrap_or_default();
    let mut open: Vec<&Transition> = Vec::new();
    for transition in process.transitions_from(state) {
        let shadowed = open.iter().any(|other| other.name == transition.name);
        if !shadowed && may_press(work.actor(), transition) && guard_holds(work, transition, record)? {
            open.push(transition);
        }
    }
    Ok(open)
}

fn may_press(actor: &Actor, transition: &Transition) -> bool {
    match (&transition.by, actor) {
        (_, Actor::System(_)) => true,
        (By::Process, _) => false,
        (By::Editor, _) => true,
        (By::Roles(roles), actor) => roles.iter().any(|role| actor.has_role(role)),
    }
}

fn guard_holds(work: &mut Work<'_>, transition: &Transition, record: &Record) -> Result<bool> {
    transition.guard.as_deref().map_or(Ok(true), |guard| work.holds(guard, record))
}

/// Makes the move called `name`.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`] `invalid_transition` with the moves that are open,
/// [`Error::Invalid`] for fields that are asked and missing.
pub fn transition(
    app: &App,
    work: &mut Work<'_>,
    module: &str,
    id: Id,
    name: &str,
    fields: &Map<String, Json>,
) -> Result<Record> {
    let record = work.get(module, id)?;
    let module = record.module.clone();
    let Some(process) = work.definitions().process(&module.name).cloned() else {
        return Err(Error::conflict("invalid_transition", format!("{} have no process", module.name)));
    };
    // Held before it is judged: two people who press at once are judged one after the other.
    work.check_may_update(&module.name, id)?;
    let record = work.hold_for_process(&module.name, record.id)?;
    let open = open_to(work, &process, &record)?;
    let Some(transition) = open.iter().find(|transition| transition.name == name) else {
        return Err(not_open(work.actor(), &process, &record, name, &open));
    };
    if let Some(service) = module.service.as_deref() {
        return app.service_transition(work, service, &record, name, fields);
    }
    let draft = Draft::read(&module, fields, work.settings().reading())?;
    let asked = transition.asks.iter().filter(|asked| {
        let given = draft.values.get(*asked);
        given.map_or_else(|| record.get(asked).is_null(), Value::is_null)
    });
    let missing: Vec<_> = asked.map(|field| FieldError::new(field, "required", "this step asks for it")).collect();
    if !missing.is_empty() {
        return Err(Error::Invalid(missing));
    }
    if !draft.values.is_empty() || draft.owner.is_some() {
        work.update(&module.name, id, draft, None)?;
    }
    let to = transition.to.clone();
    work.as_process(|work| work.update(&module.name, id, Draft::new().set(&process.field, to), None))
}

fn not_open(actor: &Actor, process: &Process, record: &Record, name: &str, open: &[&Transition]) -> Error {
    let state = record.text(&process.field).unwrap_or_default();
    let from_here = |transition: &&Transition| transition.name == name && may_press(actor, transition);
    let known = process.transitions.iter().any(|transition| transition.name == name);
    if known && process.transitions_from(state).any(|transition| transition.name == name) {
        let may = process.transitions_from(state).any(|transition| from_here(&transition));
        if !may {
            return Error::forbidden("transition_forbidden", format!("your roles may not do {name:?}"));
        }
    }
    let allowed: Vec<_> = open.iter().map(|transition| transition.name.as_str()).collect();
    Error::Conflict {
        code: "invalid_transition",
        message: format!("{name:?} is not open from {state:?}; open are: {}", allowed.join(", ")),
        errors: allowed.iter().map(|name| FieldError::new(&process.field, "allowed", *name)).collect(),
    }
}
