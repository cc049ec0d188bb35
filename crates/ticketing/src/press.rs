//! A person presses a transition: may they, does the state allow it, is everything filled that is asked for?

use model::process::{By, Transition};
use model::{Id, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, Judged, Result, Work};

use crate::Refusal;

/// Judges a press of `name` on a record under the actor's rights, keeps the fields that came along, and holds the record:
/// as the process sees it.
/// `options` are names in `fields` that the transition itself reads.
pub(crate) fn press(
    work: &mut Work<'_>,
    module: &str,
    id: Id,
    name: &str,
    fields: &Map<String, Json>,
    options: &[&str],
) -> Result<Record> {
    let own = fields.iter().filter(|(field, _)| !options.contains(&field.as_str()));
    let own: Map<_, _> = own.map(|(field, json)| (field.clone(), json.clone())).collect();
    let draft = Draft::read(&*work.module(module)?, &own, work.settings().reading())?;
    // An empty draft changes nothing, and still asks whether the actor may change the record.
    work.update(module, id, draft, None)?;
    // What follows is worked out from the whole record, not from what the actor sees of it.
    let record = work.hold_for_process(module, id)?;
    let Some(process) = work.definitions().process(module).cloned() else {
        return Err(not_from_here(work, &record, name));
    };
    let transition = match work.judge(&process, &record, name)? {
        Judged::Open(transition) => transition,
        Judged::Guarded(transition) => {
            return Err(Refusal::Guarded(name.to_owned(), transition.guard.clone().unwrap_or_default()).into());
        }
        Judged::NotTheirs => {
            let message = format!("your roles may not {name:?} records of {module}");
            return Err(Error::forbidden("transition_forbidden", message));
        }
        Judged::FourEyes(_) => return Err(store::four_eyes(name)),
        Judged::NotFromHere => return Err(not_from_here(work, &record, name)),
    };
    expect_filled(work, &record, transition)?;
    work.makes(&record, &transition.key);
    Ok(record)
}

/// Fails where a move asks for fields of a record, seen as the process sees it, that are empty.
fn expect_filled(work: &Work<'_>, record: &Record, transition: &Transition) -> Result<()> {
    let empty = transition.asks.iter().filter(|field| record.get(field).is_null());
    let unfilled = work.unfilled(&record.module, empty, "this transition asks for it");
    if unfilled.is_empty() { Ok(()) } else { Err(Error::Invalid(unfilled)) }
}

/// The same for the move called `name` that is made without being pressed on the record's page.
pub(crate) fn expect_asked(work: &Work<'_>, record: &Record, name: &str) -> Result<()> {
    let Some(process) = work.definitions().process(&record.module.name) else { return Ok(()) };
    let state = record.text(&process.field).unwrap_or_default();
    let mut steps = process.transitions_from(state).filter(|step| step.name == name);
    steps.try_for_each(|step| expect_filled(work, record, step))
}

/// The refusal that says what would be possible.
pub(crate) fn not_from_here(work: &Work<'_>, record: &Record, name: &str) -> Error {
    let process = work.definitions().process(&record.module.name);
    // Where a record stands is for those who see it.
    let hidden = work.grant(&record.module).hidden;
    let process = process.filter(|process| !hidden.contains(&process.field));
    let state = process.and_then(|process| record.text(&process.field)).unwrap_or_default().to_owned();
    let pressed =
        process.into_iter().flat_map(|process| process.transitions_from(&state)).filter(|it| it.by != By::Process);
    let allowed = pressed.map(|it| it.name.clone()).collect();
    Refusal::InvalidTransition { name: name.to_owned(), state, allowed }.into()
}
