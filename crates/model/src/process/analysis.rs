//! What is wrong or odd in a process as a graph of states and moves, found without looking at any record.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{By, Phase, Process, Transition};
use crate::expr::{Env, Node, Path, Plan, Scope, Want, compile};
use crate::rule::{Action, Rule, When};
use crate::{Definitions, Module, Value};

#[cfg(test)]
mod tests;

/// Something that an administrator should look at. Moves are named by their place among the moves, as names are shared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// No way leads to the state from where records start.
    Unreachable {
        /// Its name.
        state: String,
    },
    /// Work goes on in the state, and nothing leaves it.
    DeadEnd {
        /// Its name.
        state: String,
    },
    /// Moves leave the state, and none of the ways from it comes to an end.
    Endless {
        /// Its name.
        state: String,
    },
    /// A move names a role that does not exist.
    UnknownRole {
        /// Its place.
        transition: usize,
        /// The role.
        role: String,
    },
    /// None of the roles that may press a move exists, or nobody in force has one of them and may change the records.
    Nobody {
        /// Its place.
        transition: usize,
    },
    /// A move takes two people, and one alone may press it.
    FourEyesAlone {
        /// Its place.
        transition: usize,
    },
    /// The condition of a move holds for no record.
    NeverHolds {
        /// Its place.
        transition: usize,
    },
    /// A timer runs in a state that nothing leaves: it goes off for ever.
    EndlessTimer {
        /// The timer.
        timer: String,
        /// The state.
        state: String,
    },
    /// A rule acts on coming into a state, or after a while there, that is out of use: nobody comes there any more.
    StayInRetired {
        /// The rule.
        rule: String,
        /// The state.
        state: String,
    },
    /// A rule repeats itself in a state that nothing leaves: it always runs as often as it may.
    StayWithoutEnd {
        /// The rule.
        rule: String,
        /// The state.
        state: String,
    },
    /// Rules that ask for no condition move records on from a state after a while, and round to it again: that never ends.
    StayInCircle {
        /// The rule that acts after a while.
        rule: String,
        /// The state.
        state: String,
    },
    /// Another move of the same name is always taken before this one.
    Shadowed {
        /// Its place.
        transition: usize,
        /// The place of the other.
        by: usize,
        /// The state from which both start.
        state: String,
    },
}

/// Everything that is to be said about `process`, in the order of [`Finding`].
#[must_use]
pub fn analyse(process: &Process, definitions: &Definitions) -> Vec<Finding> {
    let is_role = |name: &str| definitions.role(name).is_some();
    let module = definitions.module(&process.module);
    let never = |text: &str| module.is_some_and(|module| never_holds(text, module, definitions));
    let mut found = findings(process, &is_role, &never);
    found.extend(of_rules(process, definitions));
    found.extend(circling(process, definitions.rules_of(&process.module)));
    found.sort();
    found
}

/// What is odd in rules that act in a state.
fn of_rules(process: &Process, definitions: &Definitions) -> Vec<Finding> {
    let graph = Graph { process, blocked: BTreeSet::new() };
    let mut found = Vec::new();
    for rule in definitions.rules_of(&process.module) {
        let (states, every) = match &rule.when {
            When::Entered { states } => (states, None),
            When::Stayed { states, every, .. } => (states, every.as_ref()),
            _ => continue,
        };
        for state in states.iter().filter_map(|name| process.state(name)) {
            let (rule, name) = (rule.name.clone(), state.name.clone());
            if state.retired {
                found.push(Finding::StayInRetired { rule, state: name });
            } else if every.is_some() && !graph.leaves(&state.name) {
                found.push(Finding::StayWithoutEnd { rule, state: name });
            }
        }
    }
    found
}

/// A move that a rule makes whatever stands in the record.
struct Pushed<'a> {
    rule: &'a str,
    from: &'a str,
    to: &'a str,
    /// After a while, so that the rules do not know any more who set whom off.
    is_by_clock: bool,
}

/// Rules that move records round and round. What sets each other off at once is cut when it runs; the clock begins anew each time.
fn circling(process: &Process, rules: &[Arc<Rule>]) -> Vec<Finding> {
    let mut pushed = Vec::new();
    for rule in rules.iter().filter(|rule| rule.condition.is_none()) {
        let (states, is_by_clock) = match &rule.when {
            When::Entered { states } => (states, false),
            When::Stayed { states, .. } => (states, true),
            _ => continue,
        };
        let moves = rule.then.iter().filter_map(|action| match action {
            Action::Move { transition, .. } => Some(transition),
            _ => None,
        });
        for (said, from) in moves.flat_map(|said| states.iter().map(move |from| (said, from))) {
            let is_free = |step: &&Transition| step.is_called(said) && step.condition().is_none() && !step.four_eyes;
            let steps = process.transitions_from(from).filter(is_free);
            pushed.extend(steps.map(|step| Pushed { rule: &rule.name, from, to: &step.to, is_by_clock }));
        }
    }
    let comes_back = |begun: &&Pushed<'_>| {
        let mut reached = BTreeSet::from([begun.to]);
        loop {
            let next = pushed.iter().filter(|push| reached.contains(push.from) && !reached.contains(push.to));
            let next: Vec<&str> = next.map(|push| push.to).collect();
            if next.is_empty() {
                return reached.contains(begun.from);
            }
            reached.extend(next);
        }
    };
    let round = pushed.iter().filter(|push| push.is_by_clock).filter(comes_back);
    round.map(|push| Finding::StayInCircle { rule: push.rule.to_owned(), state: push.from.to_owned() }).collect()
}

/// The same with what is known besides the process: which roles there are, and which conditions hold for no record.
fn findings(process: &Process, is_role: &dyn Fn(&str) -> bool, never: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut blocked = BTreeSet::new();
    for (index, transition) in process.transitions.iter().enumerate() {
        if let By::Roles(roles) = &transition.by {
            let unknown = roles.iter().filter(|role| !is_role(role));
            found.extend(unknown.map(|role| Finding::UnknownRole { transition: index, role: role.clone() }));
            if !roles.iter().any(|role| is_role(role)) {
                found.push(Finding::Nobody { transition: index });
                blocked.insert(index);
            }
        }
        if transition.guard.as_deref().is_some_and(never) {
            found.push(Finding::NeverHolds { transition: index });
            blocked.insert(index);
        }
    }
    let graph = Graph { process, blocked };
    found.extend(graph.of_states());
    found.extend(graph.of_timers());
    found.extend(shadowed(process));
    found.sort();
    found
}

/// The process without the moves that never happen.
struct Graph<'p> {
    process: &'p Process,
    blocked: BTreeSet<usize>,
}

impl<'p> Graph<'p> {
    fn moves(&self) -> impl Iterator<Item = &'p Transition> {
        let all = self.process.transitions.iter().enumerate();
        all.filter(|(index, _)| !self.blocked.contains(index)).map(|(_, transition)| transition)
    }

    fn leaves(&self, state: &str) -> bool {
        self.moves().any(|step| step.to != state && step.from.iter().any(|from| from == state))
    }

    /// What is reached from `begin` by following the moves forwards.
    fn reached(&self, begin: impl Iterator<Item = &'p str>) -> BTreeSet<&'p str> {
        let mut reached: BTreeSet<&str> = begin.collect();
        loop {
            let further = self.moves().filter(|step| step.from.iter().any(|from| reached.contains(from.as_str())));
            let fresh: Vec<&str> = further.map(|step| step.to.as_str()).filter(|to| !reached.contains(to)).collect();
            if fresh.is_empty() {
                return reached;
            }
            reached.extend(fresh);
        }
    }

    /// From where an end is reached.
    fn ending(&self) -> BTreeSet<&'p str> {
        let ends = self.process.states.iter().filter(|state| state.phase != Phase::Open);
        let mut ending: BTreeSet<&str> = ends.map(|state| state.name.as_str()).collect();
        loop {
            let towards = self.moves().filter(|step| ending.contains(step.to.as_str()));
            let before = towards.flat_map(|step| step.from.iter().map(String::as_str));
            let fresh: Vec<&str> = before.filter(|from| !ending.contains(from)).collect();
            if fresh.is_empty() {
                return ending;
            }
            ending.extend(fresh);
        }
    }

    fn of_states(&self) -> Vec<Finding> {
        let starts = self.process.starts.iter().map(|start| start.state.as_str());
        let reached = self.reached(starts.chain([self.process.initial.as_str()]));
        let ending = self.ending();
        let mut found = Vec::new();
        for state in &self.process.states {
            let name = state.name.clone();
            // What is out of use is only left.
            if !state.retired && !reached.contains(state.name.as_str()) {
                found.push(Finding::Unreachable { state: name.clone() });
            }
            if state.phase != Phase::Open {
                continue;
            }
            if !self.leaves(&name) {
                found.push(Finding::DeadEnd { state: name });
            } else if !ending.is_empty() && !ending.contains(state.name.as_str()) {
                // A process without ends goes on for ever as it is meant to.
                found.push(Finding::Endless { state: name });
            }
        }
        found
    }

    fn of_timers(&self) -> Vec<Finding> {
        let places = self.process.timers.iter().flat_map(|timer| timer.states.iter().map(move |state| (timer, state)));
        let stuck = places.filter(|(_, state)| !self.leaves(state));
        stuck.map(|(timer, state)| Finding::EndlessTimer { timer: timer.name.clone(), state: state.clone() }).collect()
    }
}

/// Moves of one name from one state of which the later is never taken.
fn shadowed(process: &Process) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, later) in process.transitions.iter().enumerate() {
        for state in &later.from {
            let earlier = process.transitions.iter().take(index).position(|earlier| {
                earlier.name == later.name && earlier.from.contains(state) && takes_all_of(earlier, later)
            });
            if let Some(by) = earlier {
                found.push(Finding::Shadowed { transition: index, by, state: state.clone() });
            }
        }
    }
    found
}

/// Whether the earlier of two moves is open wherever the later would be.
fn takes_all_of(earlier: &Transition, later: &Transition) -> bool {
    let is_wider = earlier.condition().is_none() || earlier.condition() == later.condition();
    is_wider
        && match (&earlier.by, &later.by) {
            (By::Editor, By::Editor | By::Roles(_)) | (By::Process, By::Process) => true,
            (By::Roles(some), By::Roles(others)) => others.iter().all(|role| some.contains(role)),
            _ => false,
        }
}

/// Whether a condition can be told to hold for no record. What cannot be read is told of elsewhere.
fn never_holds(text: &str, module: &Module, definitions: &Definitions) -> bool {
    compile(text, module, definitions, Want::Bool).is_ok_and(|plan| is_false(&plan))
}

fn is_false(plan: &Plan) -> bool {
    match &plan.node {
        Node::All(parts) => parts.iter().any(is_false) || contradict(parts),
        Node::Any(parts) => parts.iter().all(is_false),
        Node::Not(part) => is_true(part),
        _ => constant(plan) == Some(false),
    }
}

fn is_true(plan: &Plan) -> bool {
    match &plan.node {
        Node::All(parts) => parts.iter().all(is_true),
        Node::Any(parts) => parts.iter().any(is_true),
        Node::Not(part) => is_false(part),
        _ => constant(plan) == Some(true),
    }
}

/// What a condition is that looks at no record, nobody and no clock.
fn constant(plan: &Plan) -> Option<bool> {
    let env = Env { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC, me: None, my_team: BTreeSet::new() };
    (plan.is_constant() && !asks_around(plan)).then(|| plan.test(&Nothing, &env))
}

fn asks_around(plan: &Plan) -> bool {
    matches!(plan.node, Node::Now | Node::Today | Node::Me | Node::InTeam(_))
        || plan.parts().into_iter().any(asks_around)
}

/// Whether one field is to be two things at once.
fn contradict(parts: &[Plan]) -> bool {
    let fixed = |plan: &Plan| match &plan.node {
        Node::Equal(left, right) => match (&left.node, &right.node) {
            (Node::Field(path), Node::Literal(value)) | (Node::Literal(value), Node::Field(path)) => {
                Some((path.clone(), value.clone()))
            }
            _ => None,
        },
        _ => None,
    };
    let fixed: Vec<(Path, Value)> = parts.iter().filter_map(fixed).collect();
    let mut rest = fixed.as_slice();
    while let Some(((path, value), others)) = rest.split_first() {
        if others.iter().any(|(other, differs)| other == path && differs != value) {
            return true;
        }
        rest = others;
    }
    false
}

/// No record.
struct Nothing;

impl Scope for Nothing {
    fn value(&self, _: &Path) -> Cow<'_, Value> {
        Cow::Owned(Value::Null)
    }
}
