//! The way of one record: where it stood, since when, how long, and what is open to it now.

use maud::{Markup, html};
use model::process::{Process, Transition};
use model::{Id, Module, l10n};
use store::Work;

use super::table::moved;
use super::{View, called, number};
use crate::drawn::{Walk, length};
use crate::pages::{cells, record};
use crate::ui::{Lens, Words};

/// A record and its way.
pub(super) struct Way {
    pub(super) title: String,
    pub(super) address: String,
    /// Nothing where the state is hidden.
    pub(super) walk: Option<Walk>,
    /// What may be done now.
    open: Vec<Transition>,
}

impl Way {
    pub(super) fn read(
        work: &mut Work<'_>,
        lens: &mut Lens,
        process: &Process,
        module: &Module,
        id: Id,
    ) -> store::Result<Self> {
        let found = work.get(&module.name, id)?;
        lens.learn(work, [&found])?;
        let is_seen = !work.grant(module).hidden.contains(&process.field);
        let walk = if is_seen { Some(Walk::read(work, process, module, id)?) } else { None };
        let open = if is_seen { record::moves(work, process, &found)? } else { Vec::new() };
        Ok(Self { title: cells::title_text(lens, &found), address: format!("/{}/{id}", module.name), walk, open })
    }
}

pub(super) fn section(view: &View, way: &Way) -> Markup {
    let l = view.frame.locale;
    html! {
        @if let Some(walk) = &way.walk { (steps(view, walk)) }
        section {
            h2 { (l.say("drawn-open")) }
            @if way.open.is_empty() { p.faint { (l.say("drawn-nothing-open")) } }
            @else { ul.ways { @for step in &way.open { li { (moved(view, step)) } } } }
            p { a.link href=(way.address) { (l.say("drawn-to-record")) } }
        }
    }
}

fn steps(view: &View, walk: &Walk) -> Markup {
    let l = view.frame.locale;
    let title = l.say("drawn-way");
    html! {
        section {
            h2 { (title) }
            @if walk.is_cut { p.help { (l.say_with("drawn-way-cut", &[("count", walk.steps.len().into())])) } }
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.plain.as-cards {
                    thead { tr {
                        th scope="col" { (l.say("drawn-state")) }
                        th scope="col" { (l.say("drawn-when")) }
                        th scope="col" { (l.say("drawn-stood")) }
                    } }
                    tbody {
                        @for (index, step) in (1..).zip(&walk.steps) {
                            tr {
                                td {
                                    (number(view, index)) ". "
                                    @if step.state.is_empty() { span.faint { "—" } } @else { b { (called(view, &step.state)) } }
                                }
                                td data-label=(l.say("drawn-when")) {
                                    time datetime=(step.since.to_string()) { (l10n::date_time(l, step.since, &view.lens.zone)) }
                                }
                                td data-label=(l.say("drawn-stood")) {
                                    (length(l, walk.lasted(step)))
                                    @if step.until.is_none() { " " span.tag.acc { (l.say("drawn-now-here")) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
