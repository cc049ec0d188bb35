//! The same as the picture, in words: what a phone and a screen reader use.

use app::convert::is_pressed;
use maud::{Markup, html};
use model::process::{By, State, Transition};

use super::{View, called, listed, number};
use crate::drawn::{after_a_while, in_order, length};
use crate::ui::Words;

pub(super) fn section(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("drawn-states");
    let has_numbers = view.numbers.is_some();
    html! {
        section {
            h2 { (title) }
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.plain.as-cards.states {
                    thead { tr {
                        th scope="col" { (l.say("drawn-state")) }
                        @if has_numbers {
                            th.num scope="col" { (l.say("drawn-now")) }
                            th scope="col" { (l.say("drawn-usual")) }
                        }
                        th scope="col" { (l.say("drawn-ways")) }
                    } }
                    tbody { @for state in in_order(&view.process, view.seen()) { (row(view, state)) } }
                }
            }
        }
    }
}

fn row(view: &View, state: &State) -> Markup {
    let (l, process) = (view.frame.locale, &view.process);
    let rules = view.definitions.rules_of(&view.module.name);
    let timers = after_a_while(l, process, rules, &state.name);
    let ways: Vec<_> = process.transitions_from(&state.name).collect();
    let slow = view.numbers.as_ref().and_then(|numbers| numbers.bottleneck(process));
    html! {
        tr {
            td {
                b { (called(view, &state.name)) }
                @if slow.is_some_and(|slow| slow.name == state.name) { " " span.tag.warn { (l.say("drawn-slow")) } }
                @if process.initial == state.name || process.starts.iter().any(|start| start.state == state.name) {
                    br; small.dim { (l.say("drawn-start")) }
                }
                @for timer in timers { br; small.dim { (l.say_with("drawn-timer", &[("length", timer.into())])) } }
            }
            @if let Some(numbers) = &view.numbers {
                @let count = numbers.count(&state.name);
                td.num data-label=(l.say("drawn-now")) {
                    @if count > 0 {
                        a.link href=(listed(view, &state.name)) {
                            (number(view, count)) span.visually-hidden { ": " (called(view, &state.name)) }
                        }
                    } @else { span.faint { "0" } }
                }
                td data-label=(l.say("drawn-usual")) {
                    @match numbers.median(&state.name) {
                        Some(median) => (length(l, median)),
                        None => span.faint { "—" },
                    }
                }
            }
            td data-label=(l.say("drawn-ways")) {
                @if ways.is_empty() { span.faint { "—" } }
                @else { ul.ways { @for way in ways { li { (moved(view, way)) } } } }
            }
        }
    }
}

/// A move: where to, who may, what is asked.
pub(super) fn moved(view: &View, way: &Transition) -> Markup {
    let l = view.frame.locale;
    let labels = |names: &[String]| {
        let seen = names.iter().filter(|name| !view.hidden.contains(*name));
        seen.map(|name| view.lens.label(&view.module, name)).collect::<Vec<String>>()
    };
    let (asked, stamps) = (labels(&way.asks), labels(&way.stamps));
    html! {
        b { (way.label.get(l)) } " → " (called(view, &way.to))
        small.dim {
            " · " (who(view, way))
            @if !asked.is_empty() { " · " (l.say_with("drawn-asks", &[("fields", asked.join(", ").into())])) }
            @if !stamps.is_empty() { " · " (l.say_with("drawn-stamps", &[("fields", stamps.join(", ").into())])) }
            @if way.condition().is_some() { " · " (l.say("drawn-guarded")) }
            @if way.four_eyes { " · " (l.say("drawn-four-eyes")) }
        }
    }
}

fn who(view: &View, way: &Transition) -> String {
    let l = view.frame.locale;
    match &way.by {
        By::Process if is_pressed(&view.module.name, way) => l.say("drawn-by-operation"),
        By::Process => l.say("drawn-by-process"),
        By::Editor => l.say("drawn-by-editor"),
        By::Roles(roles) => {
            let called = |name: &String| {
                view.definitions.role(name).map_or_else(|| name.clone(), |role| role.label.or(l, name).to_owned())
            };
            roles.iter().map(called).collect::<Vec<_>>().join(", ")
        }
    }
}
