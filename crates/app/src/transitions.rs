//! Moves of a record through its process: who may, from where, what is asked; typed services do what seats and money
//! need.

use model::process::{Process, Transition};
use model::{Id, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, FieldError, Judged, Result, Work};

use crate::App;

/// The moves that the caller may make with a record now.
///
/// # Errors
/// When the database fails, or a guard does not fit the module.
pub fn open_to<'p>(work: &mut Work<'_>, process: &'p Process, record: &Record) -> Result<Vec<&'p Transition>> {
    work.open_transitions(process, record)
}

/// The move that the caller means by `name`: of several with one name the one that is open, else one that starts from
/// here, else any.
///
/// # Errors
/// As [`open_to`].
pub fn meant<'p>(
    work: &mut Work<'_>,
    process: &'p Process,
    record: &Record,
    name: &str,
) -> Result<Option<&'p Transition>> {
    let open = open_to(work, process, record)?.into_iter().find(|transition| transition.name == name);
    let state = record.text(&process.field).unwrap_or_default();
    let from_here = process.transitions_from(state).find(|transition| transition.name == name);
    Ok(open.or(from_here).or_else(|| process.transition(name)))
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
    // A typed service judges behind its own locks, which come before the lock of the record.
    if let Some(service) = module.service.as_deref() {
        return app.service_transition(work, service, &record, name, fields);
    }
    // Held before it is judged: two people who press at once are judged one after the other.
    work.check_may_update(&module.name, id)?;
    let record = work.hold_for_process(&module.name, record.id)?;
    let transition = match work.judge(&process, &record, name)? {
        Judged::Open(transition) => transition,
        Judged::NotTheirs => {
            return Err(Error::forbidden("transition_forbidden", format!("your roles may not do {name:?}")));
        }
        Judged::FourEyes(_) => return Err(store::four_eyes(name)),
        Judged::Guarded(_) | Judged::NotFromHere => {
            let held = work.held_up(&process, &record)?.into_iter().filter(|(step, _)| step.name == name);
            let wanted = held.flat_map(|(_, fields)| fields).collect();
            let wanted = unmet(work, &record, wanted)?;
            return Err(not_open(work, &process, &record, name, wanted)?);
        }
    };
    let draft = Draft::read(&module, fields, work.settings().reading())?;
    let asked = transition.asks.iter().filter(|asked| {
        let given = draft.values.get(*asked);
        given.map_or_else(|| record.get(asked).is_null(), Value::is_null)
    });
    let missing = work.unfilled(&module, asked, "this step asks for it");
    if !missing.is_empty() {
        return Err(Error::Invalid(missing));
    }
    if !draft.values.is_empty() || draft.owner.is_some() {
        work.update(&module.name, id, draft, None)?;
        // What the press itself writes may be what the condition asks about.
        let written = work.hold_for_process(&module.name, id)?;
        match work.judge(&process, &written, name)? {
            Judged::Open(still) if still.key == transition.key => {}
            _ => {
                let wanted = work.held_up_by(transition, &written)?;
                return Err(closed(transition, unmet(work, &written, wanted)?));
            }
        }
    }
    let now = work.now();
    let draft = Draft::new().set(&process.field, transition.to.clone());
    let draft = transition.stamps.iter().fold(draft, |draft, name| draft.set(name, Value::Instant(now)));
    work.makes(&record, &transition.key);
    let moved = work.as_process(|work| work.update(&module.name, id, draft, None))?;
    crate::quality::report(work, &moved)?;
    Ok(moved)
}

/// The refusal of a move: those that are open, and what this one still wants.
fn not_open(
    work: &mut Work<'_>,
    process: &Process,
    record: &Record,
    name: &str,
    wanted: Vec<FieldError>,
) -> Result<Error> {
    // Where a record stands, and what is open from there, is for those who see it.
    if work.grant(&record.module).hidden.contains(&process.field) {
        let message = format!("{name:?} is not open now");
        return Ok(Error::Conflict { code: "invalid_transition", message, errors: wanted });
    }
    let state = record.text(&process.field).unwrap_or_default();
    let open = work.open_transitions(process, record)?;
    let allowed: Vec<_> = open.iter().map(|transition| transition.name.as_str()).collect();
    let told = allowed.iter().map(|name| FieldError::new(&process.field, "allowed", *name));
    Ok(Error::Conflict {
        code: "invalid_transition",
        message: format!("{name:?} is not open from {state:?}; open are: {}", allowed.join(", ")),
        errors: told.chain(wanted).collect(),
    })
}

/// The refusal of a move whose condition does not hold over what is written with it.
fn closed(transition: &Transition, wanted: Vec<FieldError>) -> Error {
    Error::Conflict {
        code: "invalid_transition",
        message: format!(
            "with these values {:?} cannot be made: its condition does not hold over them",
            transition.name
        ),
        errors: wanted,
    }
}

/// What a condition wants, by field. Of documents that a deal still misses each is named.
fn unmet(work: &mut Work<'_>, record: &Record, wanted: Vec<String>) -> Result<Vec<FieldError>> {
    const MISSING: &str = "documents_missing";
    let mut faults = Vec::with_capacity(wanted.len());
    for field in wanted {
        let named = match field.as_str() {
            MISSING if record.module.name == "deals" => billing::awaited(work, record.id)?,
            _ => Vec::new(),
        };
        let message = match named.as_slice() {
            [] => "the condition of the move wants it".to_owned(),
            named => format!("these documents are still awaited: {}", named.join(", ")),
        };
        faults.push(FieldError::new(field, "unmet", message));
    }
    Ok(faults)
}
