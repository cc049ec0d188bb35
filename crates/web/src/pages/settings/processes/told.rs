//! What is said of processes in words: who makes a move, what a change would mean, why one is refused.

use maud::{Markup, html};
use model::process::{By, Phase, Transition};
use model::{Definitions, Locale, Module};
use store::shape::{Follow, Followed, Reshaped};
use store::{Error, FieldError};

use super::super::MODULES;
use super::Of;
use crate::ui::told::Controls;
use crate::ui::{Words, note};

/// The controls of states, moves and timers.
pub(super) const CONTROLS: Controls = &[
    ("label", "label_ru", "settings-label-ru"),
    ("name", "name", "settings-name"),
    ("module", "module", "settings-module"),
    ("states", "states", "processes-states"),
    ("colour", "colour", "processes-colour"),
    ("phase", "phase", "processes-phase"),
    ("moves_to", "moves_to", "processes-moves-to"),
    ("retired", "moves_to", "processes-moves-to"),
    ("from", "from", "processes-from"),
    ("to", "to", "processes-to"),
    ("by", "by", "processes-by"),
    ("asks", "asks", "processes-asks"),
    ("guard", "guard", "processes-guard"),
    ("checklist", "checklist", "processes-checklist"),
    ("four_eyes", "four_eyes", "processes-four-eyes"),
    ("after", "after", "processes-after"),
    ("initial", "initial", "processes-initial"),
];

/// Phases and what they are called.
pub(super) const PHASES: [(Phase, &str, &str); 3] = [
    (Phase::Open, "open", "processes-phase-open"),
    (Phase::Won, "won", "processes-phase-won"),
    (Phase::Lost, "lost", "processes-phase-lost"),
];

/// The words of a phase.
pub(super) fn phase(phase: Phase, l: Locale) -> String {
    PHASES.into_iter().find(|known| known.0 == phase).map(|known| l.say(known.2)).unwrap_or_default()
}

/// Who makes a move.
pub(super) fn who(of: &Of<'_>, step: &Transition, l: Locale) -> String {
    let who = by(of, step, l);
    if step.four_eyes { format!("{who} · {}", l.say("drawn-four-eyes")) } else { who }
}

fn by(of: &Of<'_>, step: &Transition, l: Locale) -> String {
    match &step.by {
        By::Process => l.say("processes-by-process"),
        By::Editor => l.say("processes-by-editor"),
        By::Roles(roles) => {
            let called =
                |name: &String| of.definitions.role(name).map_or(name.clone(), |role| role.called(l).to_owned());
            roles.iter().map(called).collect::<Vec<_>>().join(", ")
        }
    }
}

/// The fields that a move asks for, each a way to its page.
pub(super) fn asked(module: &Module, step: &Transition, l: Locale) -> Markup {
    let fields: Vec<_> = step.asks.iter().filter_map(|name| module.field(name)).collect();
    html! {
        @for (index, field) in fields.iter().enumerate() {
            @if index > 0 { ", " }
            a.link href=(format!("{MODULES}/{}/fields/{}", module.name, field.name)) { (field.called(l)) }
        }
        @if fields.is_empty() { span.faint { "—" } }
    }
}

/// What a change would mean.
pub(super) fn outlook(of: &Of<'_>, reshaped: &Reshaped, l: Locale) -> Markup {
    let (touches, follows) = (reshaped.touches, follows(reshaped, l));
    let content = html! {
        b { (l.say("settings-outlook")) } " "
        @for followed in &follows { (followed) " " }
        @if follows.is_empty() { (l.say("processes-nobody-follows")) " " }
        @if touches.empty > 0 { (l.say_with("settings-outlook-empty", &[("count", touches.empty.into())])) " " }
        @for step in gone(of, reshaped) {
            @let way = [("name", step.label.or(l, &step.name).into()), ("from", from(of, step, l).into()), ("to", of.state(&step.to, l).into())];
            (l.say_with("processes-goes", &way)) " "
        }
    };
    note::warn(&content)
}

/// The moves that nobody makes any more afterwards.
fn gone<'o>(of: &'o Of<'_>, reshaped: &'o Reshaped) -> impl Iterator<Item = &'o Transition> {
    let after = reshaped.definitions.process_named(&of.process.name);
    // Its key may have grown by a move of the same name.
    let is_it = |it: &Transition, step: &Transition| it.key == step.key || it.name == step.name && it.from == step.from;
    let is_there =
        move |step: &Transition| after.is_some_and(|after| after.transitions.iter().any(|it| is_it(it, step)));
    of.process.transitions.iter().filter(move |step| !is_there(step))
}

/// Where a move starts from.
pub(super) fn from(of: &Of<'_>, step: &Transition, l: Locale) -> String {
    step.from.iter().map(|name| of.state(name, l)).collect::<Vec<_>>().join(", ")
}

/// What records in flight make of a change, where there are any.
pub(in crate::pages::settings) fn follows(reshaped: &Reshaped, l: Locale) -> Vec<String> {
    let met = reshaped.followed.iter().filter(|followed| followed.records > 0);
    met.map(|followed| follow(&reshaped.definitions, followed, l)).collect()
}

fn follow(definitions: &Definitions, followed: &Followed, l: Locale) -> String {
    let count = ("count", followed.records.into());
    let state = |module: &str, name: &str| {
        let state = definitions.process(module).and_then(|process| process.state(name));
        state.map_or_else(|| name.to_owned(), |state| state.label.or(l, name).to_owned())
    };
    match &followed.follow {
        Follow::Move { module, from: Some(from), to } => {
            let ways = [count, ("from", state(module, from).into()), ("to", state(module, to).into())];
            l.say_with("processes-will-move", &ways)
        }
        Follow::Move { module, from: None, to } => {
            l.say_with("processes-will-begin", &[count, ("to", state(module, to).into())])
        }
        Follow::Timer { .. } | Follow::Stay { .. } => l.say_with("processes-will-recount", &[count]),
    }
}

/// The error as the form of one part tells it: faults of that part by the names of its controls.
pub(super) fn of_part(error: Error, path: &str) -> Error {
    let prefix = format!("{path}.");
    let bare = |fault: FieldError| match fault.field.strip_prefix(&prefix) {
        Some(field) => FieldError { field: field.to_owned(), ..fault },
        None => fault,
    };
    match error {
        Error::Invalid(faults) => Error::Invalid(faults.into_iter().map(bare).collect()),
        Error::Conflict { code, message, errors } => {
            Error::Conflict { code, message, errors: errors.into_iter().map(bare).collect() }
        }
        other => other,
    }
}
