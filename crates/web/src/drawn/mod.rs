//! Pictures of processes: states and moves as a drawing, with how many records stand in each state and for how long, or with
//! the way that one record went. What pages and API both draw.

pub(crate) mod bars;
mod bundles;
mod graph;
mod layout;
mod measure;
mod numbers;
mod slots;
mod svg;
#[cfg(test)]
mod tests;
mod walk;

use std::sync::Arc;

use app::convert::is_pressed;
use maud::Markup;
use model::process::{By, Phase, Process, State};
use model::rule::{Rule, When};
use model::{Locale, l10n};

use self::graph::{Fact, Graph, Mark, Move, Node};
use self::layout::{NARROW, WIDE, lay_out};
use self::svg::{Told, svg};
use crate::ui::Words;

pub(crate) use numbers::{DAYS, Numbers, days, length};
pub(crate) use walk::Walk;

/// What is shown besides the process itself.
#[derive(Clone, Copy)]
pub(crate) enum Seen<'a> {
    /// Nothing.
    Plain,
    /// All records together.
    Numbers(&'a Numbers),
    /// One record.
    Walk(&'a Walk),
}

/// The picture twice: for a screen and for a phone, of which the page shows one.
pub(crate) fn both(l: Locale, process: &Process, rules: &[Arc<Rule>], seen: Seen<'_>) -> [Markup; 2] {
    let graph = graph(l, process, rules, seen);
    let (title, description) = words(l, process, &graph);
    let drawn = |room, id| {
        let told = Told { title: &title, description: &description, id };
        svg(&graph, &lay_out(&graph, room), &told)
    };
    [drawn(&WIDE, "drawing-wide"), drawn(&NARROW, "drawing-narrow")]
}

/// The picture alone.
pub(crate) fn alone(l: Locale, process: &Process, rules: &[Arc<Rule>], seen: Seen<'_>) -> Markup {
    let graph = graph(l, process, rules, seen);
    let (title, description) = words(l, process, &graph);
    svg(&graph, &lay_out(&graph, &WIDE), &Told { title: &title, description: &description, id: "drawing" })
}

impl Seen<'_> {
    /// Whether a state out of use is to be seen still.
    fn has(self, state: &State) -> bool {
        match self {
            Self::Plain => false,
            Self::Numbers(numbers) => numbers.count(&state.name) > 0,
            Self::Walk(walk) => walk.steps.iter().any(|step| step.state == state.name),
        }
    }
}

/// The states in the order in which they are drawn and told: those of the path, then the ends.
pub(crate) fn in_order<'p>(process: &'p Process, seen: Seen<'_>) -> Vec<&'p State> {
    let shown = process.states.iter().filter(|state| !state.retired || seen.has(state));
    let (path, ends): (Vec<&State>, Vec<&State>) = shown.partition(|state| state.phase == Phase::Open);
    path.into_iter().chain(ends).collect()
}

/// What the picture is called, and what it shows in one sentence.
fn words(l: Locale, process: &Process, graph: &Graph) -> (String, String) {
    let title = plain(&l.say_with("drawn-picture", &[("name", process.label.get(l).into())]));
    let states: Vec<&str> = graph.nodes.iter().map(|node| node.label.as_str()).collect();
    let count = process.transitions.len();
    let told = [("states", states.join(", ").into()), ("count", count.into())];
    (title, plain(&l.say_with("drawn-description", &told)))
}

/// Without what no picture may hold.
fn plain(text: &str) -> String {
    text.replace(|letter: char| letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}'), " ")
}

fn graph(l: Locale, process: &Process, rules: &[Arc<Rule>], seen: Seen<'_>) -> Graph {
    let states = in_order(process, seen);
    let place = |name: &str| states.iter().position(|state| state.name == name);
    let nodes = states.iter().map(|state| node(l, (process, rules), state, seen)).collect();
    let moves = process.transitions.iter().filter_map(|step| {
        let (from, to) = (step.from.iter().filter_map(|from| place(from)).collect::<Vec<_>>(), place(&step.to)?);
        let label = step.label.get(l);
        let label = if step.four_eyes { format!("{label} · {}", l.say("drawn-two")) } else { label.to_owned() };
        let is_gone = matches!(seen, Seen::Walk(walk) if step.from.iter().any(|from| walk.went(from, &step.to)));
        Some(Move { from, to, label, is_own: step.by == By::Process && !is_pressed(&process.module, step), is_gone })
    });
    Graph { nodes, moves: moves.collect() }
}

fn node(l: Locale, (process, rules): (&Process, &[Arc<Rule>]), state: &State, seen: Seen<'_>) -> Node {
    let (mut facts, mark) = match seen {
        Seen::Plain => (Vec::new(), Mark::None),
        Seen::Numbers(numbers) => counted(l, process, state, numbers),
        Seen::Walk(walk) => walk.of_state(l, &state.name),
    };
    facts.extend(after_a_while(l, process, rules, &state.name).into_iter().map(|text| Fact { text, is_timer: true }));
    Node {
        label: state.label.or(l, &state.name).to_owned(),
        facts,
        tone: tone(&state.colour),
        is_end: state.phase != Phase::Open,
        is_start: process.initial == state.name || process.starts.iter().any(|start| start.state == state.name),
        mark,
    }
}

fn counted(l: Locale, process: &Process, state: &State, numbers: &Numbers) -> (Vec<Fact>, Mark) {
    let fact = |text: String| Fact { text, is_timer: false };
    let count = l10n::number(l, numbers.count(&state.name));
    let mut facts = vec![fact(l.say_with("drawn-count", &[("count", count.into())]))];
    if let Some(median) = numbers.median(&state.name) {
        facts.push(fact(l.say_with("drawn-median", &[("length", length(l, median).into())])));
    }
    let is_slow = numbers.bottleneck(process).is_some_and(|slow| slow.name == state.name);
    if is_slow {
        facts.push(fact(l.say("drawn-slow")));
    }
    (facts, if is_slow { Mark::Slow } else { Mark::None })
}

/// What happens after a while in a state: what the program itself waits for, and what rules do, each with how long.
pub(crate) fn after_a_while(l: Locale, process: &Process, rules: &[Arc<Rule>], state: &str) -> Vec<String> {
    let is_here = |states: &[String]| states.iter().any(|name| name == state);
    let timers = process.timers.iter().filter(|timer| is_here(&timer.states)).map(|timer| waits(l, &timer.after));
    let stays = rules.iter().filter_map(|rule| match &rule.when {
        When::Stayed { states, after, .. } if is_here(states) => {
            let told = [("length", waits(l, after).into()), ("rule", rule.label.or(l, &rule.name).into())];
            Some(plain(&l.say_with("drawn-rule-waits", &told)))
        }
        _ => None,
    });
    timers.chain(stays).collect()
}

/// How long a timer waits, in words.
pub(crate) fn waits(l: Locale, after: &str) -> String {
    model::value::read_duration(after).map_or_else(|_| after.to_owned(), |span| l10n::duration(l, &span))
}

/// The class of a colour that the product knows.
fn tone(colour: &str) -> &'static str {
    ["good", "warn", "bad", "cold", "acc"].into_iter().find(|known| *known == colour).unwrap_or_default()
}
