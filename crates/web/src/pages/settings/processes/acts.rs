//! What rules do at each state of a process: as records come there, as they go, and after a while.

use maud::{Markup, html};
use model::process::{Process, State, Transition};
use model::rule::{Rule, When};
use model::{Definitions, Locale};

use super::Of;
use crate::drawn::waits;
use crate::pages::settings::rules::{RULES, new_at};
use crate::ui::{Words, icon};

/// What sets rules off in a state: for programs, and for people.
const EVENTS: [(&str, &str); 3] =
    [("entered", "processes-entering"), ("left", "processes-leaving"), ("stayed", "processes-staying")];

/// The states, each with its rules and the ways to new ones.
pub(super) fn section(of: &Of<'_>, l: Locale) -> Markup {
    let title = l.say("processes-acts");
    html! {
        section {
            h2 { (title) }
            p.help { (l.say("processes-acts-help")) }
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.plain.as-cards {
                    thead { tr { th { (l.say("processes-state")) } @for (_, words) in EVENTS { th { (l.say(words)) } } } }
                    tbody { @for state in of.process.states_in_use() { (row(of, state, l)) } }
                }
            }
            @if !of.process.transitions.is_empty() { (moves(of, l)) }
            @let others = others(of.definitions, of.process);
            @if !others.is_empty() {
                p.plain-links {
                    (l.say("processes-acts-others")) " "
                    @for (index, rule) in others.into_iter().enumerate() { @if index > 0 { ", " } (told(rule, l)) }
                }
            }
        }
    }
}

fn row(of: &Of<'_>, state: &State, l: Locale) -> Markup {
    let called = state.label.or(l, &state.name);
    html! {
        tr {
            td { b { (called) } }
            @for (event, words) in EVENTS {
                @let label = l.say(words);
                td.plain-links data-label=(label) {
                    @for rule in at(of.definitions, of.process, event, &state.name) { (told(rule, l)) br; }
                    a.link href=(new_at(&of.process.module, event, &state.name))
                        aria-label=(l.say_with("processes-act-add-at", &[("state", called.into()), ("event", label.as_str().into())])) {
                        (icon(assets::icon::PLUS)) (l.say("processes-act-add"))
                    }
                }
            }
        }
    }
}

/// The moves, each with the rules that it sets off and the way to a new one.
fn moves(of: &Of<'_>, l: Locale) -> Markup {
    let (title, event) = (l.say("processes-acts-moves"), "moved");
    let module = &of.process.module;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(title) {
            table.plain.as-cards {
                thead { tr { th { (l.say("processes-moves")) } th { (title) } } }
                tbody {
                    @for step in &of.process.transitions {
                        @let called = step.label.or(l, &step.name);
                        @let to = of.process.state(&step.to).map_or(step.to.as_str(), |state| state.label.or(l, &step.to));
                        tr {
                            td { b { (called) } " → " (to) }
                            td.plain-links data-label=(title) {
                                @for rule in by(of.definitions, of.process, step) { (told(rule, l)) br; }
                                a.link href=(new_at(module, event, &step.key))
                                    aria-label=(l.say_with("processes-act-add-at", &[("state", called.into()), ("event", title.as_str().into())])) {
                                    (icon(assets::icon::PLUS)) (l.say("processes-act-add"))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The rules that a move sets off, those that are switched off among them.
fn by<'d>(definitions: &'d Definitions, process: &Process, step: &Transition) -> Vec<&'d Rule> {
    let is_it = |rule: &&Rule| match &rule.when {
        When::Moved { transitions } => {
            rule.module == process.module && transitions.iter().any(|name| step.is_called(name))
        }
        _ => false,
    };
    definitions.rules().map(|(rule, _)| &**rule).filter(is_it).collect()
}

/// A rule, with how long it waits.
fn told(rule: &Rule, l: Locale) -> Markup {
    html! {
        @if let When::Stayed { after, .. } = &rule.when { (waits(l, after)) ": " }
        a.link href=(format!("{RULES}/{}", rule.name)) { (rule.label.or(l, &rule.name)) }
        @if !rule.active { " " span.tag.cold { (l.say("rule-off")) } }
    }
}

/// The rules that are set off so in a state, those that are switched off among them.
fn at<'d>(definitions: &'d Definitions, process: &Process, event: &str, state: &str) -> Vec<&'d Rule> {
    let is_it = |rule: &&Rule| {
        let (name, states) = match &rule.when {
            When::Entered { states } => ("entered", states),
            When::Left { states } => ("left", states),
            When::Stayed { states, .. } => ("stayed", states),
            _ => return false,
        };
        rule.module == process.module && name == event && states.iter().any(|name| name == state)
    };
    definitions.rules().map(|(rule, _)| &**rule).filter(is_it).collect()
}

/// The rules of the module that something else sets off: that a record is made or changed, a date, a schedule.
fn others<'d>(definitions: &'d Definitions, process: &Process) -> Vec<&'d Rule> {
    let is_of_states = |when: &When| {
        matches!(when, When::Entered { .. } | When::Left { .. } | When::Stayed { .. } | When::Moved { .. })
    };
    let is_it = |rule: &&Rule| rule.module == process.module && !is_of_states(&rule.when);
    definitions.rules().map(|(rule, _)| &**rule).filter(is_it).collect()
}

/// How long records of a process wait for something to happen by itself: what the program waits for, and what rules do.
pub(super) fn lengths(definitions: &Definitions, process: &Process, l: Locale) -> String {
    let stays = definitions.rules_of(&process.module).iter().filter_map(|rule| match &rule.when {
        When::Stayed { after, .. } => Some(after),
        _ => None,
    });
    process
        .timers
        .iter()
        .map(|timer| &timer.after)
        .chain(stays)
        .map(|after| waits(l, after))
        .collect::<Vec<_>>()
        .join(", ")
}
