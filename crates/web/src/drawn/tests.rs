//! Pictures keep to their rules whatever the process is: nothing covers anything, and every move is drawn.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::Locale;
use model::definitions::Definitions;
use model::process::Process;
use model::process::analysis::analyse;
use proptest::prelude::*;

use super::graph::{Fact, Graph, Move, Node};
use super::layout::{Layout, NARROW, Rect, WIDE, lay_out};
use super::{Seen, alone, both, graph};

fn shipped() -> Definitions {
    let packs: Vec<_> = app::packs::shipped().into_iter().map(|name| app::packs::find(name).unwrap()).collect();
    Definitions::from_packs(&packs).unwrap()
}

#[test]
fn the_processes_that_ship_are_whole() {
    let definitions = shipped();
    assert!(definitions.processes().count() > 7);
    for process in definitions.processes() {
        assert_eq!(analyse(process, &definitions), [], "{}", process.name);
    }
}

#[test]
fn conditions_that_hold_for_nothing_are_told() {
    let definitions = shipped();
    let guarded = |guard: &str| {
        let mut process: Process = (**definitions.process("deals").unwrap()).clone();
        process.transitions[0].guard = Some(guard.to_owned());
        let told = serde_json::to_value(analyse(&process, &definitions)).unwrap();
        told.as_array().unwrap().iter().any(|finding| finding["finding"] == "never_holds" && finding["transition"] == 0)
    };
    let never =
        ["false", "1 > 2", "has(amount) && 2 == 3", "!(true || has(amount))", "stage == \"won\" && stage == \"lost\""];
    let sometimes =
        ["true", "has(amount)", "stage == \"won\" || stage == \"lost\"", "now() < created_at", "owner == me()", "1 <"];
    assert_eq!(never.map(guarded), [true; 5]);
    assert_eq!(sometimes.map(guarded), [false; 6]);
}

fn overlap(one: &Rect, other: &Rect) -> bool {
    one.x < other.x + other.width
        && other.x < one.x + one.width
        && one.y < other.y + other.height
        && other.y < one.y + one.height
}

fn is_within(layout: &Layout, rect: &Rect) -> bool {
    rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= layout.width && rect.y + rect.height <= layout.height
}

/// What is wrong with a picture.
fn wrong(graph: &Graph, layout: &Layout) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut say = |is_wrong: bool, what: String| wrong.extend(is_wrong.then_some(what));
    say(layout.boxes.len() != graph.nodes.len(), "a state is missing".to_owned());
    for (index, placed) in layout.boxes.iter().enumerate() {
        say(!is_within(layout, &placed.rect), format!("state {index} is outside"));
        for (other, later) in layout.boxes.iter().enumerate().skip(index + 1) {
            say(overlap(&placed.rect, &later.rect), format!("states {index} and {other}"));
        }
        let lines = placed.label.len() + placed.facts.iter().map(|(_, lines)| lines.len()).sum::<usize>();
        say(lines as i32 * 15 > placed.rect.height, format!("state {index} is too small for its words"));
    }
    let labels: Vec<&Rect> = layout.arrows.iter().map(|arrow| &arrow.place).filter(|rect| rect.height > 0).collect();
    for (index, label) in labels.iter().enumerate() {
        say(!is_within(layout, label), format!("the name {index} is outside: {label:?}"));
        for placed in &layout.boxes {
            say(overlap(label, &placed.rect), format!("the name {index} covers a state"));
        }
        for (other, later) in labels.iter().enumerate().skip(index + 1) {
            say(overlap(label, later), format!("the names {index} and {other} cover each other"));
        }
    }
    let drawn: BTreeSet<(usize, usize)> =
        layout.arrows.iter().flat_map(|arrow| arrow.from.iter().map(|from| (*from, arrow.to))).collect();
    let meant: BTreeSet<(usize, usize)> =
        graph.moves.iter().flat_map(|step| step.from.iter().map(|from| (*from, step.to))).collect();
    say(drawn != meant, format!("drawn: {drawn:?}, meant: {meant:?}"));
    for arrow in &layout.arrows {
        let is_inside = |(x, y): &(i32, i32)| (0..=layout.width).contains(x) && (0..=layout.height).contains(y);
        say(!arrow.points.iter().all(is_inside), format!("an arrow runs outside: {}", arrow.path));
        // It neither begins nor ends in the air, and never runs through a state.
        let is_edge = |place: usize, (x, y): (i32, i32)| {
            let rect = &layout.boxes[place].rect;
            (rect.x..=rect.x + rect.width).contains(&x) && (rect.y..=rect.y + rect.height).contains(&y)
        };
        let touched: Vec<usize> = arrow.from.iter().copied().chain([arrow.to]).collect();
        for place in touched {
            say(
                !arrow.points.iter().any(|point| is_edge(place, *point)),
                format!("an arrow misses {place}: {}", arrow.path),
            );
        }
        for (x, y) in &arrow.points {
            let is_in = |rect: &Rect| {
                (rect.x + 1..rect.x + rect.width).contains(x) && (rect.y + 1..rect.y + rect.height).contains(y)
            };
            say(
                layout.boxes.iter().any(|placed| is_in(&placed.rect)),
                format!("an arrow runs into a state: {}", arrow.path),
            );
        }
    }
    wrong
}

#[test]
fn the_processes_that_ship_are_drawn_whole_in_both_widths_and_languages() {
    for process in shipped().processes() {
        for locale in Locale::ALL {
            let graph = graph(locale, process, &[], Seen::Plain);
            for room in [&WIDE, &NARROW] {
                let layout = lay_out(&graph, room);
                assert_eq!(wrong(&graph, &layout), [""; 0], "{} {locale}", process.name);
            }
            let phone = lay_out(&graph, &NARROW);
            assert!(phone.width <= 354, "{} {locale} is {} wide", process.name, phone.width);
            assert!(lay_out(&graph, &WIDE).width <= 760, "{}", process.name);
        }
    }
}

#[test]
fn names_of_the_processes_that_ship_are_not_cut_on_a_phone() {
    for process in shipped().processes() {
        for locale in Locale::ALL {
            let graph = graph(locale, process, &[], Seen::Plain);
            let layout = lay_out(&graph, &NARROW);
            for (node, placed) in graph.nodes.iter().zip(&layout.boxes) {
                assert_eq!(placed.label.join(" "), node.label, "{} {locale}", process.name);
            }
        }
    }
}

#[test]
fn moves_with_the_same_states_share_an_arrow() {
    let definitions = shipped();
    let orders = graph(Locale::En, definitions.process("orders").unwrap(), &[], Seen::Plain);
    let layout = lay_out(&orders, &WIDE);
    let to_annulled: Vec<_> = layout.arrows.iter().filter(|arrow| arrow.to == 2 && arrow.from == [0]).collect();
    assert_eq!(to_annulled.len(), 1);
    assert_eq!(to_annulled[0].label.iter().filter(|line| line.starts_with('•')).count(), 2);
    let deals = graph(Locale::En, definitions.process("deals").unwrap(), &[], Seen::Plain);
    let lost = lay_out(&deals, &WIDE).arrows.into_iter().filter(|arrow| arrow.to == 10).collect::<Vec<_>>();
    assert_eq!(lost.len(), 1, "what leads from everywhere to one place is one arrow");
    assert_eq!(lost[0].from.len(), 9);
}

#[test]
fn what_people_type_is_text_in_the_picture() {
    let definitions = shipped();
    let mut process: Process = (**definitions.process("orders").unwrap()).clone();
    let hostile = "\"'></text></svg><script>zz</script>\u{1}&amp;";
    process.label = model::Label::both(hostile, hostile);
    process.states[0].label = model::Label::both(hostile, hostile);
    process.states[0].colour = "\" onload=\"zz".to_owned();
    process.transitions[1].label = model::Label::both(hostile, hostile);
    process.timers[0].after = hostile.to_owned();
    let picture = alone(Locale::Ru, &process, &[], Seen::Plain).into_string();
    assert!(!picture.contains("<script") && !picture.contains("onload") && !picture.contains('\u{1}'), "{picture}");
    assert_eq!(picture.matches("</svg>").count(), 1);
    assert!(picture.contains("&lt;"), "{picture}");
}

#[test]
fn a_picture_is_named_and_needs_no_style() {
    let definitions = shipped();
    for picture in both(Locale::Ru, definitions.process("deals").unwrap(), &[], Seen::Plain) {
        let picture = picture.into_string();
        assert!(picture.contains("role=\"img\"") && picture.contains("Процесс «Стадии сделки»"), "{picture}");
        assert!(!picture.contains("style="), "{picture}");
        // Every element that is opened is closed: inside of SVG nothing is void.
        for name in ["g", "path", "text", "rect", "circle"] {
            let opened = picture.matches(&format!("<{name} ")).count() + picture.matches(&format!("<{name}>")).count();
            assert_eq!(opened, picture.matches(&format!("</{name}>")).count(), "{name}");
        }
    }
}

#[test]
fn a_way_marks_its_states_and_moves() {
    let definitions = shipped();
    let process = definitions.process("orders").unwrap();
    let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
    let walk =
        super::Walk::of_steps(&[("pending", at(0)), ("annulled", at(7_200)), ("pending", at(10_800))], at(14_400));
    let drawn = graph(Locale::En, process, &[], Seen::Walk(&walk));
    let facts: Vec<&str> = drawn.nodes[0].facts.iter().map(|fact| fact.text.as_str()).collect();
    assert_eq!(facts[0], "Steps 1, 3");
    assert_eq!(facts[2], "3 hours in all");
    let gone: Vec<&str> = drawn.moves.iter().filter(|step| step.is_gone).map(|step| step.label.as_str()).collect();
    assert_eq!(gone, ["Free the seats", "Decline the new price", "Revive"]);
    let picture = alone(Locale::En, process, &[], Seen::Walk(&walk)).into_string();
    let marks = ["state here", "state gone", "state unseen"].map(|mark| picture.matches(mark).count());
    assert_eq!(marks, [1, 1, 3]);
}

/// The name of a state, its facts, and whether records begin there.
type Words = (String, Vec<(String, bool)>, bool);

/// Processes of any shape, with words of any length.
fn any_graph() -> impl Strategy<Value = Graph> {
    let words = prop_oneof!["[а-яё]{1,9}( [a-zA-Z]{1,14}){0,5}", "\\PC{0,60}", Just(String::new())];
    let node = (words.clone(), prop::collection::vec((words.clone(), any::<bool>()), 0..4), any::<bool>());
    (prop::collection::vec(node, 1..13), words.clone()).prop_flat_map(move |(nodes, _)| {
        let count = nodes.len();
        let step = (prop::collection::vec(0..count, 1..6), 0..count, words.clone(), any::<bool>());
        (Just(nodes), prop::collection::vec(step, 0..24)).prop_map(|(nodes, moves)| {
            let fact = |(text, is_timer): (String, bool)| Fact { text, is_timer };
            let count = nodes.len();
            let node = |(index, (label, facts, is_start)): (usize, Words)| Node {
                label,
                facts: facts.into_iter().map(fact).collect(),
                is_start,
                is_end: index * 3 > count * 2,
                ..Node::default()
            };
            let step = |(from, to, label, is_own)| Move { from, to, label, is_own, is_gone: false };
            Graph {
                nodes: nodes.into_iter().enumerate().map(node).collect(),
                moves: moves.into_iter().map(step).collect(),
            }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_covers_anything_and_every_move_is_drawn(graph in any_graph()) {
        for room in [&WIDE, &NARROW] {
            prop_assert_eq!(wrong(&graph, &lay_out(&graph, room)), Vec::<String>::new());
        }
    }
}
