//! Controls that the forms of states and moves share.

use maud::{Markup, html};
use model::process::{Process, State};

use super::super::frame;
use super::{Of, PROCESSES};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::{Below, Words};

/// A choice of one of several.
pub(super) struct Select<'a> {
    /// What a fault of it is told of, its name and its id.
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) help: Option<&'a str>,
    /// Value and label of each.
    pub(super) options: Vec<(&'a str, String)>,
    pub(super) chosen: &'a str,
    pub(super) is_locked: bool,
}

impl Select<'_> {
    pub(super) fn drawn(&self, told: Told<'_>) -> Markup {
        let help = self.help.map(|help| told.l.say(help));
        let below = told.below(self.name, self.name, help.as_deref());
        html! {
            div.field {
                label for=(self.name) { (told.l.say(self.label)) }
                select id=(self.name) name=(self.name) disabled[self.is_locked] aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                    @for (value, label) in &self.options { option value=(value) selected[*value == self.chosen] { (label) } }
                }
                (below)
            }
        }
    }
}

/// One of many that are ticked.
pub(super) struct Tick {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_on: bool,
    /// Why it cannot be ticked otherwise here.
    pub(super) locked: Option<String>,
}

/// A list of boxes.
pub(super) fn ticks(told: Told<'_>, name: &str, label: &str, help: Option<&str>, all: &[Tick]) -> Markup {
    let label = told.l.say(label);
    let below: Below<'_> =
        Below { id: name, fault: told.fault(name).map(Into::into), help: help.map(|help| told.l.say(help).into()) };
    html! {
        fieldset.field id=(name) {
            legend { (label) }
            div.options.many tabindex="0" role="group" aria-label=(label) {
                @for tick in all {
                    label.option {
                        input type="checkbox" name=(name) value=(tick.value) checked[tick.is_on] disabled[tick.locked.is_some()];
                        (tick.label)
                        @if let Some(why) = &tick.locked { small { (why) } }
                    }
                }
            }
            (below)
        }
    }
}

/// Values and labels of states.
pub(super) fn states(process: &Process, l: model::Locale, is_meant: impl Fn(&State) -> bool) -> Vec<(&str, String)> {
    let meant = process.states.iter().filter(|state| is_meant(state));
    meant.map(|state| (state.name.as_str(), state.label.or(l, &state.name).to_owned())).collect()
}

/// A page of a part of a process.
pub(super) async fn page(
    web: &Web,
    visitor: &Visitor,
    of: &Of<'_>,
    title: &str,
    content: Markup,
) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let l = frame.locale;
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(PROCESSES) { (l.say("processes")) } a href=(of.at()) { (of.process.label.or(l, &of.process.name)) }
            }
            h1 { (title) }
        }
        div.page.narrow { (content) }
    };
    Ok(shell::page(&frame, &Page { title, at: PROCESSES, content }))
}
