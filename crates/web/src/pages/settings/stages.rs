//! The moves of a module's process, and what each asks for. What is asked on entering a state is set on the field.

use maud::{Markup, html};
use model::process::{By, Transition};
use model::{Definitions, Locale, Module};

use super::MODULES;
use super::processes::PROCESSES;
use crate::ui::Words;

/// The section; nothing for a module without a process.
pub(super) fn section(module: &Module, definitions: &Definitions, l: Locale) -> Markup {
    let Some(process) = definitions.process(&module.name) else { return html! {} };
    let title = l.say("settings-moves");
    let state = |name: &str| process.state(name).map_or_else(|| name.to_owned(), |state| state.label.get(l).to_owned());
    html! {
        section id="moves" {
            h2 { (title) }
            p.help {
                (l.say("settings-moves-help")) " "
                a.link href=(format!("{PROCESSES}/{}", process.name)) { (l.say("processes-open")) } " "
                a.link href=(format!("/processes/{}", module.name)) { (l.say("drawn-see")) }
            }
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.plain.as-cards {
                    thead { tr { th { (l.say("settings-move")) } th { (l.say("settings-move-from")) } th { (l.say("settings-move-to")) } th { (l.say("settings-move-asks")) } } }
                    tbody {
                        @for step in process.transitions.iter().filter(|step| !matches!(step.by, By::Process)) {
                            tr {
                                td { (step.label.get(l)) }
                                td data-label=(l.say("settings-move-from")) { (step.from.iter().map(|name| state(name)).collect::<Vec<_>>().join(", ")) }
                                td data-label=(l.say("settings-move-to")) { (state(&step.to)) }
                                td data-label=(l.say("settings-move-asks")) { (asked(module, step, l)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The fields that a move asks for, each a way to where that is set.
fn asked(module: &Module, step: &Transition, l: Locale) -> Markup {
    let fields: Vec<_> = step.asks.iter().filter_map(|name| module.field(name)).collect();
    html! {
        @for (index, field) in fields.iter().enumerate() {
            @if index > 0 { ", " }
            a.link href=(format!("{MODULES}/{}/fields/{}", module.name, field.name)) { (field.called(l)) }
        }
        @if fields.is_empty() { span.faint { "—" } }
    }
}
