//! States, moves and timers of a process by their names: added, changed, put in order, taken back.

use model::Definitions;
use model::extension::PartChange;
use model::process::{By, Phase, Process, State, Timer, Transition};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};
use store::{Error, Result};

use super::super::own::Own;
use super::super::request;
use super::is_same;

/// What is said of a part, by its properties; nothing takes back what was said before.
type Said = Option<Map<String, Json>>;

/// What may be said of a process.
const OF_A_PROCESS: [&str; 6] = ["label", "initial", "order", "states", "transitions", "timers"];

/// Changes a process, whoever defines it.
pub(super) fn change(own: &mut Own, definitions: &Definitions, name: &str, body: &Map<String, Json>) -> Result<()> {
    let Some(process) = definitions.process_named(name) else {
        return Err(Error::NotFound { module: "processes".to_owned(), id: name.to_owned() });
    };
    if let Some(key) = body.keys().find(|key| !OF_A_PROCESS.contains(&key.as_str())) {
        return Err(Error::field(key, "unknown_field", format!("a process has no {key:?} to be set here")));
    }
    whole(own, process, body)?;
    for (name, said) in named(body, "states")? {
        state(own, process, &name, said)?;
    }
    for (key, said) in named(body, "transitions")? {
        transition(own, process, &key, said)?;
    }
    for (name, said) in named(body, "timers")? {
        timer(own, process, &name, said)?;
    }
    if let Some(given) = body.get("order") {
        let order: Option<Vec<String>> = request::read(given.clone(), "order")?;
        put_in_order(own, process, order.unwrap_or_default());
    }
    Ok(())
}

/// Its label, and where new records begin.
fn whole(own: &mut Own, process: &Process, body: &Map<String, Json>) -> Result<()> {
    if let Some(given) = body.get("label") {
        let label = match given {
            Json::Null => None,
            given => Some(request::read(request::label(Some(given), &process.name, "label")?, "label")?),
        };
        match (own.process(&process.name), label) {
            (Some(process), Some(label)) => process.label = label,
            (Some(_), None) => return Err(nowhere_else("label")),
            (None, label) => own.process_extension(&process.name).label = label,
        }
    }
    if let Some(given) = body.get("initial") {
        let initial: Option<String> = request::read(given.clone(), "initial")?;
        match (own.process(&process.name), initial) {
            (Some(process), Some(initial)) => process.initial = initial,
            (Some(_), None) => return Err(nowhere_else("initial")),
            (None, initial) => own.process_extension(&process.name).initial = initial,
        }
    }
    Ok(())
}

fn nowhere_else(key: &str) -> Error {
    Error::field(key, "required", "a process of the workspace's own has it from nowhere else")
}

/// What is said of the parts of one kind, by name.
fn named(body: &Map<String, Json>, list: &str) -> Result<Vec<(String, Said)>> {
    let all = match body.get(list) {
        None => return Ok(Vec::new()),
        Some(Json::Object(all)) => all,
        Some(_) => return Err(Error::field(list, "invalid_type", "what is said, by name: an object of objects")),
    };
    let one = |(name, said): (&String, &Json)| match said {
        Json::Null => Ok((name.clone(), None)),
        Json::Object(said) => Ok((name.clone(), Some(said.clone()))),
        _ => {
            Err(Error::field(format!("{list}.{name}"), "invalid_type", "an object, or null to take back what is said"))
        }
    };
    all.iter().map(one).collect()
}

/// Whether records that went from a state to another would come to a good end past everything that leads there: each of its moves
/// has a condition, or is the program's own.
fn is_past_a_condition(process: &Process, state: &str, goal: &str) -> bool {
    let is_won = |name: &str| process.state(name).is_some_and(|state| state.phase == Phase::Won);
    let is_free = |step: &Transition| step.to == goal && step.by != By::Process && step.condition().is_none();
    is_won(goal) && !is_won(state) && !process.transitions.iter().any(is_free)
}

fn state(own: &mut Own, process: &Process, name: &str, said: Said) -> Result<()> {
    let path = format!("states.{name}");
    let (mut said, mut after) = (said, None);
    if let Some(body) = &mut said {
        after = body.remove("after");
        tidy(body, name, &path, process.state(name).is_none())?;
        if body.get("moves_to").and_then(Json::as_str).is_some_and(|goal| is_past_a_condition(process, name, goal)) {
            let message = "records come to a good end by its condition alone: say another state, or none";
            return Err(Error::field(format!("{path}.moves_to"), "ends_well", message));
        }
        // What is in use sends its records nowhere.
        if body.get("retired") == Some(&json!(false)) {
            body.insert("moves_to".to_owned(), Json::Null);
        }
    }
    let there = process.state(name);
    match own.process(&process.name) {
        Some(own) => {
            said_of(&mut own.states, None, |state| state.name == name, there, Part { name, path: &path, said })?
        }
        None => {
            let own = own.process_extension(&process.name);
            if said.is_none() && own.states.iter().any(|state| state.name == name) {
                own.order.retain(|other| other != name);
            }
            let changes = Some(&mut own.state_changes);
            said_of(&mut own.states, changes, |state| state.name == name, there, Part { name, path: &path, said })?;
        }
    }
    let Some(after) = after else { return Ok(()) };
    let after: Option<String> = request::read(after, &format!("{path}.after"))?;
    let mut order = present_order(own, process);
    order.retain(|other| other != name);
    let place = match after {
        None => 0,
        Some(after) => match order.iter().position(|other| *other == after) {
            Some(place) => place + 1,
            None => {
                let message = format!("there is no state {after:?}");
                return Err(Error::field(format!("{path}.after"), "not_found", message));
            }
        },
    };
    order.insert(place, name.to_owned());
    put_in_order(own, process, order);
    Ok(())
}

/// The order of the states as it is to be so far.
fn present_order(own: &mut Own, process: &Process) -> Vec<String> {
    let names = |states: &[State]| states.iter().map(|state| state.name.clone()).collect::<Vec<_>>();
    if let Some(own) = own.process(&process.name) {
        return names(&own.states);
    }
    let said = own.process_extension(&process.name);
    let mut order = said.order.clone();
    for name in names(&process.states).into_iter().chain(names(&said.states)) {
        if !order.contains(&name) {
            order.push(name);
        }
    }
    order
}

/// States that are not named stand behind, in their order.
fn put_in_order(own: &mut Own, process: &Process, order: Vec<String>) {
    match own.process(&process.name) {
        Some(own) => {
            let place = |state: &State| order.iter().position(|name| *name == state.name).unwrap_or(usize::MAX);
            own.states.sort_by_key(place);
        }
        None => own.process_extension(&process.name).order = order,
    }
}

fn transition(own: &mut Own, process: &Process, key: &str, said: Said) -> Result<()> {
    let path = format!("transitions.{key}");
    let there = process.addressed(key);
    let name = there.map_or_else(|| key.split('.').next().unwrap_or(key), |step| step.name.as_str());
    let mut said = said;
    if let Some(body) = &mut said {
        tidy(body, name, &path, there.is_none())?;
        is_one(process, key, there, body, &path)?;
        if there.is_some_and(|step| step.by == By::Process) {
            nobody_presses(body, &path)?;
        }
        // A part that is new is called by the first part of its key.
        if there.is_none() {
            body.insert("name".to_owned(), json!(name));
        }
    }
    let is_it = |own: &Transition| there.is_some_and(|step| is_same(own, step));
    match own.process(&process.name) {
        Some(own) => said_of(&mut own.transitions, None, is_it, there, Part { name: key, path: &path, said }),
        None => {
            let own = own.process_extension(&process.name);
            // What was said of it before may stand under a longer or a shorter key: keys are cut to what is alone.
            let said_before = own.transition_changes.iter().find(|change| is_same_key(&change.name, key));
            let known = said_before.filter(|_| there.is_some()).map(|change| change.name.clone());
            let part = Part { name: known.as_deref().unwrap_or(key), path: &path, said };
            said_of(&mut own.transitions, Some(&mut own.transition_changes), is_it, there, part)
        }
    }
}

/// Whether two keys mean one move, at whatever length: no key means two.
fn is_same_key(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Fails where a move that the program makes itself is to ask somebody, or to wait for a condition that nobody judges.
fn nobody_presses(body: &Map<String, Json>, path: &str) -> Result<()> {
    let is_said = |key: &&str| match body.get(*key) {
        None | Some(Json::Null) => false,
        Some(Json::Array(items)) => !items.is_empty(),
        Some(_) => true,
    };
    match ["asks", "guard", "checklist"].into_iter().find(is_said) {
        Some(key) => {
            let message = "the program makes this move itself, so nobody could be asked and no condition is judged";
            Err(Error::field(format!("{path}.{key}"), "nobody_is_asked", message))
        }
        None => Ok(()),
    }
}

/// Fails where a key means several moves, and a new move is not what is wanted.
fn is_one(
    process: &Process,
    key: &str,
    there: Option<&Transition>,
    body: &Map<String, Json>,
    path: &str,
) -> Result<()> {
    let is_new = there.is_none() && body.contains_key("from") && body.contains_key("to");
    if there.is_some() || is_new {
        return Ok(());
    }
    let begins = |step: &&Transition| step.name == key || step.key.starts_with(&format!("{key}."));
    let keys: Vec<&str> = process.transitions.iter().filter(begins).map(|step| step.key.as_str()).collect();
    let message = if keys.is_empty() {
        format!("there is no move {key:?}; a new one says where it leads `from` and `to`")
    } else {
        format!("several moves are called {key:?}: {}", keys.join(", "))
    };
    Err(Error::field(path, "not_found", message))
}

fn timer(own: &mut Own, process: &Process, name: &str, said: Said) -> Result<()> {
    let path = format!("timers.{name}");
    if said.is_some() && !Timer::is_obeyed(&process.module, name) {
        return Err(unobeyed(path, name));
    }
    let there = process.timer(name);
    let part = Part { name, path: &path, said };
    match own.process(&process.name) {
        Some(own) => said_of(&mut own.timers, None, |timer| timer.name == name, there, part),
        None => {
            let own = own.process_extension(&process.name);
            said_of(&mut own.timers, Some(&mut own.timer_changes), |timer| timer.name == name, there, part)
        }
    }
}

/// Nothing would ever come of such a timer.
pub(super) fn unobeyed(path: String, name: &str) -> Error {
    Error::field(path, "timer_unobeyed", Timer::unobeyed(name))
}

/// Fills in the label; a name is the part's key and nothing else.
fn tidy(body: &mut Map<String, Json>, name: &str, path: &str, is_new: bool) -> Result<()> {
    if body.remove("name").is_some_and(|given| given != name) {
        return Err(Error::field(format!("{path}.name"), "fixed_name", "its name stays: change its label instead"));
    }
    if body.remove("key").is_some() {
        return Err(Error::field(format!("{path}.key"), "unknown_field", "this is not to be set here"));
    }
    if is_new || body.contains_key("label") {
        let given = body.get("label").cloned();
        let label = request::label(given.as_ref(), &request::worded(name), &format!("{path}.label"))?;
        body.insert("label".to_owned(), label);
    }
    Ok(())
}

/// One part, and what is said of it.
struct Part<'a> {
    name: &'a str,
    path: &'a str,
    said: Said,
}

/// Says it: of what is the workspace's own in place, of what a pack defines as a change; what is not there is added.
fn said_of<T: Clone + Serialize + DeserializeOwned>(
    own: &mut Vec<T>,
    changes: Option<&mut Vec<PartChange>>,
    is_it: impl Fn(&T) -> bool,
    there: Option<&T>,
    part: Part<'_>,
) -> Result<()> {
    let Part { name, path, said } = part;
    let none = || Error::field(path, "not_found", format!("there is nothing called {name:?}"));
    let Some(said) = said else {
        let before = own.len();
        own.retain(|part| !is_it(part));
        if own.len() == before {
            changes.ok_or_else(none)?.retain(|change| change.name != name);
        }
        return Ok(());
    };
    let mut wanted = PartChange::of(name);
    for (key, value) in said {
        match value {
            Json::Null => wanted.clear.push(key),
            value => drop(wanted.set.insert(key, value)),
        }
    }
    if there.is_some() && wanted.set.is_empty() && wanted.clear.is_empty() {
        return Ok(());
    }
    let told = |(key, message): (String, String)| {
        Error::field(format!("{path}.{key}"), model::extension::reading_code(&message), message)
    };
    if let Some(part) = own.iter_mut().find(|part| is_it(part)) {
        return wanted.apply(part).map_err(told);
    }
    match (there, changes) {
        (Some(there), Some(changes)) => {
            // Tried on the part as it is, so that what does not fit is told by its property.
            wanted.apply(&mut there.clone()).map_err(told)?;
            lay_over(changes, wanted);
            Ok(())
        }
        (Some(_), None) => Err(none()),
        (None, _) => {
            let mut whole = wanted.set;
            whole.entry("name").or_insert_with(|| json!(name));
            own.push(request::read(Json::Object(whole), path)?);
            Ok(())
        }
    }
}

/// Lays a change over what the workspace has said of a part before.
fn lay_over(changes: &mut Vec<PartChange>, change: PartChange) {
    let Some(there) = changes.iter_mut().find(|there| there.name == change.name) else {
        changes.push(change);
        return;
    };
    there.set.retain(|key, _| !change.clear.contains(key));
    there.clear.retain(|key| !change.set.contains_key(key) && !change.clear.contains(key));
    there.set.extend(change.set);
    there.clear.extend(change.clear);
}
