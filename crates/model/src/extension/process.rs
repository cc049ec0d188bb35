//! What a pack adds to a process of another pack, and what it changes there (`extends = "deals"`).

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::reading_code;
use crate::Label;
use crate::pack::{PackError, Place};
use crate::process::{By, Process, State, Timer, Transition};

/// Takes what is wrong: the path, a code and why.
type Wrong<'a> = &'a mut dyn FnMut(String, &'static str, String);

/// Other values for some properties of a state, a move or a timer that is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartChange {
    /// Which one: the name of a state or timer, the key of a move (`advance.event`).
    pub name: String,
    /// Properties that go back to nothing (`guard`, `asks`, `moves_to` …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<String>,
    /// Properties by name, as the part itself spells them.
    #[serde(flatten)]
    pub set: Map<String, Json>,
}

/// What one pack says of a process that another one defines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProcessExtension {
    /// The process.
    pub extends: String,
    /// What people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Where a new record starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial: Option<String>,
    /// The order of its states; those that are not named stand behind, in theirs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// New states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<State>,
    /// States that are there and become otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub state_changes: Vec<PartChange>,
    /// New moves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
    /// Moves that are there and become otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transition_changes: Vec<PartChange>,
    /// New timers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
    /// Timers that are there and become otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timer_changes: Vec<PartChange>,
    /// The file it was read from, for messages.
    #[serde(skip)]
    pub file: String,
}

/// What may be said of the parts of a process whose records a typed service makes and moves.
const OF_A_SERVICE: [&str; 7] = ["label", "colour", "by", "asks", "guard", "four_eyes", "after"];

impl ProcessExtension {
    /// An extension of `process` that says nothing yet.
    #[must_use]
    pub fn of(process: &str) -> Self {
        Self { extends: process.to_owned(), ..Self::default() }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let nothing = Self { extends: self.extends.clone(), file: self.file.clone(), ..Self::default() };
        *self == nothing
    }

    /// Makes `process` what the extension wants; `pack` is whose extension it is, `is_fixed` whether a typed service makes
    /// and moves the records.
    pub(crate) fn apply(&self, process: &mut Process, pack: &str, is_fixed: bool, errors: &mut Vec<PackError>) {
        let module = process.module.clone();
        let mut wrong = |path: String, code: &'static str, message: String| {
            let message = format!("(pack {pack}) {message}");
            errors.push(PackError::new(&self.file, &message).coded(code).at(Place::process(&module, &path)));
        };
        if is_fixed {
            self.fixed(&mut wrong);
        }
        if let Some(label) = &self.label {
            process.label.clone_from(label);
        }
        if let Some(initial) = &self.initial {
            process.initial.clone_from(initial);
        }
        // Keys mean the moves that were there: a new one of the same name does not make a short key mean two.
        for change in &self.transition_changes {
            self.change_transition(process, change, &mut wrong);
        }
        for state in &self.states {
            process.states.push(state.clone());
        }
        process.timers.extend(self.timers.iter().cloned());
        for step in &self.transitions {
            let key = full_key(step, &process.transitions);
            process.transitions.push(Transition { key, ..step.clone() });
        }
        let before = process.states.clone();
        for change in &self.state_changes {
            let there = process.states.iter_mut().find(|state| state.name == change.name);
            change.apply_to(there, "states", |state| state.name.clone(), &mut wrong);
        }
        for change in &self.timer_changes {
            let there = process.timers.iter_mut().find(|timer| timer.name == change.name);
            change.apply_to(there, "timers", |timer| timer.name.clone(), &mut wrong);
        }
        let place = |state: &State| self.order.iter().position(|name| *name == state.name).unwrap_or(usize::MAX);
        if !self.order.is_empty() {
            process.states.sort_by_key(place);
        }
        for name in self.order.iter().filter(|name| process.state(name).is_none()) {
            wrong("order".to_owned(), "unknown_state", format!("there is no state {name:?}"));
        }
        for (path, message) in otherwise(process, &before) {
            let message = format!("(pack {pack}) {message}");
            let error = PackError::new(&self.file, &message).coded("relied_on");
            errors.push(error.at(Place::process(&module, &path)));
        }
    }

    fn change_transition(&self, process: &mut Process, change: &PartChange, wrong: Wrong<'_>) {
        let mut meant: Vec<&mut Transition> =
            process.transitions.iter_mut().filter(|step| is_addressed(step, &change.name)).collect();
        if meant.len() > 1 {
            let keys: Vec<&str> = meant.iter().map(|step| step.key.as_str()).collect();
            let message = format!("several moves are called {:?}: {}", change.name, keys.join(", "));
            wrong(format!("transitions.{}", change.name), "several_moves", message);
            return;
        }
        let there = meant.pop();
        if let Some(step) = &there {
            let is_moved = |key: &&str| change.set.contains_key(*key);
            let of_program = ["to", "by", "retired"].into_iter().find(is_moved).filter(|_| step.by == By::Process);
            if let Some(key) = of_program {
                let message = "the program makes this move itself: where it leads and who makes it stays".to_owned();
                wrong(format!("transitions.{}.{key}", change.name), "relied_on", message);
                return;
            }
        }
        let key = there.as_ref().map(|step| step.key.clone()).unwrap_or_default();
        change.apply_to(there, "transitions", |step| step.name.clone(), wrong);
        // What it is addressed by does not follow what is changed of it.
        if let Some(step) = process.transitions.iter_mut().find(|step| step.key.is_empty()) {
            step.key = key;
        }
    }

    /// Tells what cannot be said of a process whose states and moves are fixed.
    fn fixed(&self, wrong: Wrong<'_>) {
        let why = "the program itself makes and moves these records: their states and moves stay as they are; labels, \
                   colours, who makes a move, what it asks for, its condition and the lengths of timers can be changed";
        let new = [("states", !self.states.is_empty()), ("transitions", !self.transitions.is_empty())];
        let more = [
            ("timers", !self.timers.is_empty()),
            ("initial", self.initial.is_some()),
            ("order", !self.order.is_empty()),
        ];
        for (key, _) in new.into_iter().chain(more).filter(|(_, is_said)| *is_said) {
            wrong(key.to_owned(), "relied_on", why.to_owned());
        }
        let parts = [
            ("states", &self.state_changes),
            ("transitions", &self.transition_changes),
            ("timers", &self.timer_changes),
        ];
        for (list, changes) in parts {
            for change in changes {
                let keys = change.set.keys().chain(&change.clear);
                for key in keys.filter(|key| !OF_A_SERVICE.contains(&key.as_str())) {
                    wrong(format!("{list}.{}.{key}", change.name), "relied_on", why.to_owned());
                }
                if change.set.get("by").is_some_and(|by| by == "process") {
                    wrong(format!("{list}.{}.by", change.name), "relied_on", why.to_owned());
                }
            }
        }
    }
}

/// States of open processes that the program itself reads and writes: whatever leads there, what they mean stays.
const RELIED_ON: [(&str, &[&str]); 5] = [
    // Who is known is looked for among open leads; a sale, and a conversion, end one and bring another back.
    ("leads", &["new", "converted", "lost", "disqualified"]),
    // What a pipeline comes to: what is still missing is told of it, reports count it.
    ("deals", &["won"]),
    ("rejected_requests", &["waiting", "resubmitted"]),
    // Links are answered once, and end; what a sale still misses is counted.
    ("surveys", &["sent", "invalid", "answered", "expired"]),
    ("deal_documents", &["awaited", "received", "not_needed"]),
];

/// Those of them that mean something else than before, or nothing: the property, and why it stays.
fn otherwise(process: &Process, before: &[State]) -> Vec<(String, String)> {
    let relied_on = RELIED_ON.iter().filter(|(module, _)| *module == process.module).flat_map(|(_, states)| *states);
    let mut changed = Vec::new();
    for name in relied_on {
        let was = before.iter().find(|state| state.name == *name);
        let (Some(was), Some(state)) = (was, process.state(name)) else { continue };
        let keys = [("phase", state.phase != was.phase), ("retired", state.retired && !was.retired)];
        for (key, _) in keys.into_iter().filter(|(_, is_changed)| *is_changed) {
            let message =
                format!("the program itself works with {}.{name}: it stays in use and what it is", process.module);
            changed.push((format!("states.{name}.{key}"), message));
        }
    }
    changed
}

impl PartChange {
    /// A change of the part called `name` that says nothing yet.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { name: name.to_owned(), clear: Vec::new(), set: Map::new() }
    }

    fn apply_to<T: Serialize + DeserializeOwned>(
        &self,
        there: Option<&mut T>,
        list: &str,
        named: impl Fn(&T) -> String,
        wrong: Wrong<'_>,
    ) {
        let path = format!("{list}.{}", self.name);
        let Some(part) = there else {
            return wrong(path, "unknown_part", format!("there is nothing called {:?} among the {list}", self.name));
        };
        let before = named(part);
        match self.apply(part) {
            Ok(()) if named(part) == before => {}
            Ok(()) => wrong(format!("{path}.name"), "fixed_name", "its name stays: change its label".to_owned()),
            Err((key, message)) => wrong(format!("{path}.{key}"), reading_code(&message), message),
        }
    }

    /// Makes `part` what the change wants; else the property and why not.
    ///
    /// # Errors
    /// The property that cannot be so, and why.
    pub fn apply<T: Serialize + DeserializeOwned>(&self, part: &mut T) -> Result<(), (String, String)> {
        let Ok(Json::Object(mut whole)) = serde_json::to_value(&*part) else {
            return Err((String::new(), "cannot be changed".to_owned()));
        };
        whole.remove("key");
        for (key, value) in &self.set {
            whole.insert(key.clone(), value.clone());
            let read = serde_json::from_value::<T>(Json::Object(whole.clone()));
            read.map_err(|error| (key.clone(), error.to_string()))?;
        }
        for key in &self.clear {
            whole.remove(key);
        }
        let key = self.clear.first().cloned().unwrap_or_default();
        *part = serde_json::from_value(Json::Object(whole)).map_err(|error| (key, error.to_string()))?;
        Ok(())
    }
}

/// What a move is addressed by at full length, behind those that were there `before`: moves that differ by their conditions
/// alone are numbered (`reschedule.planned.planned-2`).
pub(crate) fn full_key(step: &Transition, before: &[Transition]) -> String {
    let from = |step: &Transition| step.from.first().cloned().unwrap_or_default();
    let alike = |other: &&Transition| other.name == step.name && from(other) == from(step) && other.to == step.to;
    let key = format!("{}.{}.{}", step.name, from(step), step.to);
    match before.iter().filter(alike).count() {
        0 => key,
        more => format!("{key}-{}", more + 1),
    }
}

/// Whether `key` is what a move is addressed by, at full length or shorter.
pub(crate) fn is_addressed(step: &Transition, key: &str) -> bool {
    step.key == key || step.key.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))
}
