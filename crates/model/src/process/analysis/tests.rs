use proptest::prelude::*;

use super::{Finding, findings};
use crate::Label;
use crate::process::{By, Phase, Process, State, Timer, Transition};

fn state(name: &str, phase: Phase) -> State {
    State {
        name: name.to_owned(),
        label: Label::default(),
        colour: String::new(),
        phase,
        retired: false,
        moves_to: None,
    }
}

fn step(name: &str, from: &[&str], to: &str) -> Transition {
    Transition {
        name: name.to_owned(),
        label: Label::default(),
        from: from.iter().map(|state| (*state).to_owned()).collect(),
        to: to.to_owned(),
        by: By::Editor,
        checklist: Vec::new(),
        four_eyes: false,
        asks: Vec::new(),
        stamps: Vec::new(),
        guard: None,
        retired: false,
        key: String::new(),
    }
}

/// `new` → `open` → `done`.
fn process() -> Process {
    Process {
        name: "things".to_owned(),
        label: Label::default(),
        module: "things".to_owned(),
        field: "status".to_owned(),
        initial: "new".to_owned(),
        starts: Vec::new(),
        states: vec![state("new", Phase::Open), state("open", Phase::Open), state("done", Phase::Won)],
        transitions: vec![step("take", &["new"], "open"), step("finish", &["open"], "done")],
        timers: Vec::new(),
        retired_transitions: Vec::new(),
    }
}

fn found(process: &Process) -> Vec<Finding> {
    findings(process, &|role| role == "boss", &|guard| guard == "false")
}

fn named(kind: fn(String) -> Finding, states: &[&str]) -> Vec<Finding> {
    states.iter().map(|state| kind((*state).to_owned())).collect()
}

fn unreachable(state: String) -> Finding {
    Finding::Unreachable { state }
}

fn dead_end(state: String) -> Finding {
    Finding::DeadEnd { state }
}

fn endless(state: String) -> Finding {
    Finding::Endless { state }
}

#[test]
fn nothing_is_said_of_a_process_that_is_whole() {
    assert_eq!(found(&process()), []);
}

#[test]
fn states_without_a_way_in_or_out_are_told() {
    let mut process = process();
    process.states.push(state("island", Phase::Open));
    process.states.push(state("shelf", Phase::Lost));
    let expected: Vec<_> = [named(unreachable, &["island", "shelf"]), named(dead_end, &["island"])].concat();
    assert_eq!(found(&process), expected, "an end needs no way out");
    process.transitions.push(step("stay", &["island"], "island"));
    assert!(found(&process).contains(&dead_end("island".to_owned())), "a move to itself leaves nothing");
    process.transitions.push(step("round", &["island"], "cave"));
    process.transitions.push(step("back", &["cave"], "island"));
    process.states.push(state("cave", Phase::Open));
    let round = found(&process);
    assert!(named(endless, &["cave", "island"]).iter().all(|finding| round.contains(finding)), "{round:?}");
}

#[test]
fn moves_that_nobody_makes_are_told_and_lead_nowhere() {
    let mut process = process();
    let roles = |names: &[&str]| By::Roles(names.iter().map(|name| (*name).to_owned()).collect());
    process.transitions[1].by = roles(&["boss", "ghost"]);
    assert_eq!(found(&process), [Finding::UnknownRole { transition: 1, role: "ghost".to_owned() }]);
    process.transitions[1].by = roles(&["ghost"]);
    let lost = found(&process);
    assert!(lost.contains(&Finding::Nobody { transition: 1 }), "{lost:?}");
    assert!(lost.contains(&unreachable("done".to_owned())) && lost.contains(&dead_end("open".to_owned())), "{lost:?}");
    process.transitions[1].by = roles(&[]);
    assert!(found(&process).contains(&Finding::Nobody { transition: 1 }));
    process.transitions[1].by = By::Process;
    process.transitions[1].guard = Some("false".to_owned());
    assert!(found(&process).contains(&Finding::NeverHolds { transition: 1 }));
    assert!(found(&process).contains(&unreachable("done".to_owned())));
}

#[test]
fn a_timer_where_nothing_leaves_is_told() {
    let mut process = process();
    let timer =
        Timer { name: "wait".to_owned(), states: vec!["open".to_owned(), "done".to_owned()], after: "P1D".to_owned() };
    process.timers.push(timer);
    assert_eq!(found(&process), [Finding::EndlessTimer { timer: "wait".to_owned(), state: "done".to_owned() }]);
}

#[test]
fn of_two_moves_of_one_name_the_one_that_is_never_taken_is_told() {
    let mut process = process();
    process.transitions.push(step("take", &["new", "open"], "done"));
    let expected = Finding::Shadowed { transition: 2, by: 0, state: "new".to_owned() };
    assert_eq!(found(&process), [expected]);
    process.transitions[0].guard = Some("amount > 0".to_owned());
    assert_eq!(found(&process), [], "its condition leaves something to the other");
    process.transitions[2].guard = Some("amount > 0".to_owned());
    assert_eq!(found(&process).len(), 1, "the same condition leaves nothing");
    process.transitions[0].by = By::Roles(vec!["boss".to_owned()]);
    assert_eq!(found(&process), [], "who has no such role takes the other");
}

/// Processes of any shape: states with phases, moves between them.
fn any_process() -> impl Strategy<Value = Process> {
    let shape = (1..9_usize).prop_flat_map(|count| {
        let phases = prop::collection::vec(0..3_u8, count);
        let moves = prop::collection::vec((prop::collection::vec(0..count, 1..4), 0..count), 0..14);
        (phases, moves)
    });
    shape.prop_map(|(phases, moves)| {
        let name = |index: usize| format!("s{index}");
        let phase = |phase: u8| [Phase::Open, Phase::Won, Phase::Lost][usize::from(phase)];
        let mut process = process();
        process.initial = name(0);
        process.states = phases.into_iter().enumerate().map(|(at, of)| state(&name(at), phase(of))).collect();
        let moved = |(at, (from, to)): (usize, (Vec<usize>, usize))| {
            let from: Vec<String> = from.into_iter().map(name).collect();
            let from: Vec<&str> = from.iter().map(String::as_str).collect();
            step(&format!("m{at}"), &from, &name(to))
        };
        process.transitions = moves.into_iter().enumerate().map(moved).collect();
        process
    })
}

/// From which state which is reached in any number of moves, by Warshall's way.
fn closure(process: &Process) -> Vec<Vec<bool>> {
    let place = |name: &str| process.states.iter().position(|state| state.name == name).unwrap();
    let count = process.states.len();
    let mut reaches: Vec<Vec<bool>> = (0..count).map(|row| (0..count).map(|column| row == column).collect()).collect();
    for step in &process.transitions {
        for from in &step.from {
            reaches[place(from)][place(&step.to)] = true;
        }
    }
    for middle in 0..count {
        for from in 0..count {
            for to in 0..count {
                reaches[from][to] |= reaches[from][middle] && reaches[middle][to];
            }
        }
    }
    reaches
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ways_are_told_as_they_are(process in any_process()) {
        let (found, reaches) = (found(&process), closure(&process));
        let ends: Vec<bool> = process.states.iter().map(|state| state.phase != Phase::Open).collect();
        for (at, state) in process.states.iter().enumerate() {
            let name = || state.name.clone();
            prop_assert_eq!(found.contains(&unreachable(name())), !reaches[0][at]);
            let leaves = (0..ends.len()).any(|other| other != at && reaches[at][other]);
            prop_assert_eq!(found.contains(&dead_end(name())), !ends[at] && !leaves);
            let finishes = (0..ends.len()).any(|other| ends[other] && reaches[at][other]);
            let has_ends = ends.contains(&true);
            prop_assert_eq!(found.contains(&endless(name())), !ends[at] && leaves && has_ends && !finishes);
        }
    }
}
