//! What an administrator should look at in the process itself.

use maud::{Markup, html};
use model::process::analysis::Finding;

use super::{View, called};
use crate::ui::{Words, note};

pub(super) fn section(view: &View) -> Markup {
    let title = view.frame.locale.say("drawn-findings");
    html! {
        @if !view.findings.is_empty() {
            (note::warn(&html! {
                b { (title) }
                ul.ways { @for finding in &view.findings { li { (said(view, finding)) } } }
            }))
        }
    }
}

fn said(view: &View, finding: &Finding) -> String {
    let l = view.frame.locale;
    let of_state = |key: &str, state: &str| l.say_with(key, &[("state", called(view, state).into())]);
    let name = |index: usize| {
        let step = view.process.transitions.get(index);
        step.map_or_else(|| index.to_string(), |step| format!("{} → {}", step.label.get(l), called(view, &step.to)))
    };
    let of_move = |key: &str, index: usize| l.say_with(key, &[("move", name(index).into())]);
    let of_rule = |key: &str, rule: &str, state: &str| {
        let called_rule = view.definitions.rule(rule).map_or(rule, |known| known.label.or(l, rule));
        l.say_with(key, &[("rule", called_rule.into()), ("state", called(view, state).into())])
    };
    match finding {
        Finding::Unreachable { state } => of_state("drawn-unreachable", state),
        Finding::DeadEnd { state } => of_state("drawn-dead-end", state),
        Finding::Endless { state } => of_state("drawn-endless", state),
        Finding::UnknownRole { transition, role } => {
            let told = [("move", name(*transition).into()), ("role", role.as_str().into())];
            l.say_with("drawn-unknown-role", &told)
        }
        Finding::Nobody { transition } => of_move("drawn-nobody", *transition),
        Finding::NeverHolds { transition } => of_move("drawn-never", *transition),
        Finding::EndlessTimer { timer, state } => {
            let told = [("timer", timer.as_str().into()), ("state", called(view, state).into())];
            l.say_with("drawn-endless-timer", &told)
        }
        Finding::FourEyesAlone { transition } => of_move("drawn-four-eyes-alone", *transition),
        Finding::StayInRetired { rule, state } => of_rule("drawn-stay-in-retired", rule, state),
        Finding::StayWithoutEnd { rule, state } => of_rule("drawn-stay-without-end", rule, state),
        Finding::StayInCircle { rule, state } => of_rule("drawn-stay-in-circle", rule, state),
        Finding::Shadowed { transition, by, state } => {
            let told = [
                ("move", name(*transition).into()),
                ("other", name(*by).into()),
                ("state", called(view, state).into()),
            ];
            l.say_with("drawn-shadowed", &told)
        }
    }
}
