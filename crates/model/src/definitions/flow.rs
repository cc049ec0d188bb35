//! Joins what packs say of processes: definitions, extensions in the order of the packs, what is out of use; and what must
//! hold of them.

use std::collections::{BTreeMap, BTreeSet};

use super::Definitions;
use super::check::is_name;
use super::join::missing;
use crate::expr::{Want, compile};
use crate::extension::{full_key, is_addressed};
use crate::field::FieldType;
use crate::module::Module;
use crate::pack::{Pack, PackError, Place};
use crate::process::{By, Process, Transition};
use crate::value::read_duration;

/// All processes of `packs` by the module they govern, extended.
pub(super) fn extended(packs: &[Pack], modules: &[Module], errors: &mut Vec<PackError>) -> BTreeMap<String, Process> {
    let mut processes: BTreeMap<String, Process> = BTreeMap::new();
    for process in packs.iter().flat_map(|pack| &pack.processes) {
        if !modules.iter().any(|module| module.name == process.module) {
            let message = format!("governs {:?}, which is not a module", process.module);
            errors.push(PackError::new(&file(&process.name), &message).coded("no_such_module"));
            continue;
        }
        let mut process = process.clone();
        for at in 0..process.transitions.len() {
            let (before, rest) = process.transitions.split_at_mut(at);
            rest.iter_mut().take(1).for_each(|step| step.key = full_key(step, before));
        }
        processes.insert(process.module.clone(), process);
    }
    for pack in packs {
        let name = &pack.manifest.name;
        for extension in &pack.process_extensions {
            match processes.values_mut().find(|process| process.name == extension.extends) {
                Some(process) => {
                    let module = modules.iter().find(|module| module.name == process.module);
                    let is_fixed = module.is_some_and(|module| module.service.is_some());
                    extension.apply(process, name, is_fixed, errors);
                }
                None => {
                    let message = format!("(pack {name}) extends {:?}, which is not a process", extension.extends);
                    errors.push(PackError::new(&extension.file, &message).coded("pack_needed"));
                }
            }
        }
    }
    processes.values_mut().for_each(shorten_keys);
    processes
}

/// Takes what is out of use from the moves: those that are retired, and those that lead to a retired state.
pub(super) fn retire(process: &mut Process) {
    let retired: BTreeSet<String> =
        process.states.iter().filter(|state| state.retired).map(|state| state.name.clone()).collect();
    let is_out = |step: &Transition| step.retired || retired.contains(&step.to);
    let (out, used): (Vec<_>, Vec<_>) = process.transitions.drain(..).partition(is_out);
    process.transitions = used;
    process.retired_transitions = out;
}

/// Addresses each move by the shortest key that means it alone.
fn shorten_keys(process: &mut Process) {
    let all = process.transitions.clone();
    for step in &mut process.transitions {
        let from = step.key.split('.').nth(1).unwrap_or_default();
        let candidates = [step.name.clone(), format!("{}.{from}", step.name)];
        let is_alone = |key: &&String| all.iter().filter(|other| is_addressed(other, key)).count() == 1;
        if let Some(short) = candidates.iter().find(is_alone) {
            step.key.clone_from(short);
        }
    }
}

impl Definitions {
    /// Everything that is wrong with a process.
    pub(super) fn check_process(&self, process: &Process, errors: &mut Vec<PackError>) {
        let Some(module) = self.module(&process.module) else { return };
        let mut wrong = |path: &str, code: &'static str, message: String| {
            let error = PackError::new(&file(&process.name), &message).coded(code);
            errors.push(error.at(Place::process(&process.module, path)));
        };
        match module.field(&process.field) {
            None => wrong("field", "unknown_field", missing(module, &process.field)),
            Some(field) if field.kind != FieldType::Choice => {
                wrong("field", "unknown_field", format!("{} has no choice field {:?}", module.name, process.field));
            }
            Some(_) => {}
        }
        check_states(process, &mut wrong);
        for step in process.transitions.iter().chain(&process.retired_transitions) {
            self.check_transition(process, module, step, &mut wrong);
        }
        for (index, start) in process.starts.iter().enumerate() {
            if let Err(error) = compile(&start.when, module, self, Want::Bool) {
                wrong(
                    &format!("starts[{index}].when"),
                    error.code.as_str(),
                    format!("the start at {}: {error}", start.state),
                );
            }
        }
        check_timers(process, &mut wrong);
    }

    fn check_transition(
        &self,
        process: &Process,
        module: &Module,
        step: &Transition,
        wrong: &mut dyn FnMut(&str, &'static str, String),
    ) {
        let path = |key: &str| format!("transitions.{}.{key}", step.key);
        if !is_name(&step.name) {
            wrong(&path("name"), "invalid_program_name", format!("{:?} cannot name a move", step.name));
        }
        let same = |other: &&Transition| {
            (&other.name, &other.from, &other.to, &other.guard) == (&step.name, &step.from, &step.to, &step.guard)
        };
        if process.transitions.iter().chain(&process.retired_transitions).filter(same).count() > 1 {
            wrong(
                &path("name"),
                "name_taken",
                format!("two moves are called {:?}, join the same states and have the same condition", step.name),
            );
        }
        if step.from.is_empty() {
            wrong(&path("from"), "required", "a move starts from a state".to_owned());
        }
        for state in step.from.iter().filter(|state| process.state(state).is_none()) {
            wrong(&path("from"), "unknown_state", format!("there is no state {state:?}"));
        }
        if process.state(&step.to).is_none() {
            wrong(&path("to"), "unknown_state", format!("there is no state {:?}", step.to));
        }
        for field in step.asks.iter().filter(|name| module.field(name).is_none()) {
            wrong(
                &path("asks"),
                "unknown_field",
                format!("a transition asks for {field:?}: {}", missing(module, field)),
            );
        }
        for name in &step.stamps {
            match module.field(name) {
                None => wrong(&path("stamps"), "unknown_field", missing(module, name)),
                Some(field) if field.kind != FieldType::Datetime || !field.is_stored() => {
                    wrong(&path("stamps"), "no_date", format!("{name:?} holds no date and time"));
                }
                Some(_) => {}
            }
        }
        if let By::Roles(roles) = &step.by {
            if roles.is_empty() {
                wrong(&path("by"), "required", "name the roles that make the move".to_owned());
            }
            for role in roles.iter().filter(|role| self.role(role).is_none()) {
                wrong(&path("by"), "unknown_role", format!("there is no role {role:?}"));
            }
        }
        if step.four_eyes && step.by == By::Process {
            wrong(
                &path("four_eyes"),
                "no_second_person",
                "the program makes this move itself: there are no eyes to it".to_owned(),
            );
        }
        for (at, check) in step.checklist.iter().enumerate() {
            let path = path("checklist");
            if !is_name(&check.key) || step.checklist.iter().take(at).any(|other| other.key == check.key) {
                wrong(
                    &path,
                    "invalid_program_name",
                    format!("{:?} cannot name an item of the check list, or names two", check.key),
                );
            }
            if check.label == crate::Label::default() {
                wrong(&path, "required", format!("say what {:?} is on the check list", check.key));
            }
        }
        if !step.checklist.is_empty() && step.by == By::Process {
            let message = "the program makes this move itself: nobody ticks anything off for it";
            wrong(&path("checklist"), "nobody_is_asked", message.to_owned());
        }
        if let Some(Err(error)) = step.guard.as_deref().map(|text| compile(text, module, self, Want::Bool)) {
            wrong(&path("guard"), error.code.as_str(), format!("the guard of {}: {error}", step.name));
        }
    }
}

fn check_states(process: &Process, wrong: &mut dyn FnMut(&str, &'static str, String)) {
    for (at, state) in process.states.iter().enumerate() {
        let path = |key: &str| format!("states.{}.{key}", state.name);
        if !is_name(&state.name) {
            wrong(&path("name"), "invalid_program_name", format!("{:?} cannot name a state", state.name));
        }
        if process.states.iter().take(at).any(|other| other.name == state.name) {
            wrong(&path("name"), "name_taken", format!("two states are called {:?}", state.name));
        }
        let Some(goal) = &state.moves_to else { continue };
        if !state.retired {
            wrong(
                &path("moves_to"),
                "moves_in_use",
                "records go elsewhere only from a state that is retired".to_owned(),
            );
        } else if process.state(goal).is_none_or(|goal| goal.retired) {
            wrong(&path("moves_to"), "unknown_state", format!("there is no state {goal:?} in use"));
        }
    }
    let starts = process.starts.iter().map(|start| &start.state);
    for name in starts.chain([&process.initial]) {
        match process.state(name) {
            None => wrong("initial", "unknown_state", format!("there is no state {name:?}")),
            Some(state) if state.retired => {
                let message = format!("new records begin as {name:?}: say first where else they begin");
                wrong(&format!("states.{name}.retired"), "state_begins", message);
            }
            Some(_) => {}
        }
    }
    for step in process.retired_transitions.iter().filter(|step| step.by == By::Process) {
        let message = format!("the program itself moves records to {:?}: it stays in use", step.to);
        wrong(&format!("states.{}.retired", step.to), "relied_on", message);
    }
}

fn check_timers(process: &Process, wrong: &mut dyn FnMut(&str, &'static str, String)) {
    for (at, timer) in process.timers.iter().enumerate() {
        let path = |key: &str| format!("timers.{}.{key}", timer.name);
        if !is_name(&timer.name) || process.timers.iter().take(at).any(|other| other.name == timer.name) {
            wrong(&path("name"), "invalid_program_name", format!("{:?} cannot name a timer, or names two", timer.name));
        }
        for state in timer.states.iter().filter(|state| process.state(state).is_none()) {
            wrong(&path("states"), "unknown_state", format!("there is no state {state:?}"));
        }
        match read_duration(&timer.after) {
            Err(_) => {
                let message = format!("timer {}: {:?} is not an ISO 8601 duration", timer.name, timer.after);
                wrong(&path("after"), "invalid_duration", message);
            }
            Ok(span) if !span.is_positive() => {
                wrong(
                    &path("after"),
                    "invalid_duration",
                    format!("timer {}: a time that passes is longer than nothing", timer.name),
                );
            }
            Ok(_) => {}
        }
    }
}

/// The file in which a process is defined.
fn file(process: &str) -> String {
    format!("processes/{process}.toml")
}
