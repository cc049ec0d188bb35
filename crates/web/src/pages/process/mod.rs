//! A process as a picture: how many records stand where and for how long, or the way of one record.

mod findings;
mod table;
mod way;

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::process::Process;
use model::process::analysis::Finding;
use model::rights::Scope;
use model::{Definitions, Id, Module, l10n};
use store::{Error, Work};

use self::way::Way;
use super::record;
use super::visitor::Visitor;
use crate::drawn::{self, DAYS, Numbers, Seen};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Asked;
use crate::ui::{Lens, Words, icon, note};

/// What the page shows.
struct View {
    frame: Frame,
    lens: Lens,
    definitions: Arc<Definitions>,
    module: Arc<Module>,
    process: Arc<Process>,
    /// Fields that the visitor does not see.
    hidden: Vec<String>,
    /// Of all records; nothing where one is looked at, or where the state is hidden.
    numbers: Option<Numbers>,
    /// Of one record.
    way: Option<Way>,
    /// For whoever may do something about them.
    findings: Vec<Finding>,
}

impl View {
    fn seen(&self) -> Seen<'_> {
        match (&self.way, &self.numbers) {
            (Some(Way { walk: Some(walk), .. }), _) => Seen::Walk(walk),
            (None, Some(numbers)) => Seen::Numbers(numbers),
            _ => Seen::Plain,
        }
    }
}

/// Where the process of a module is drawn.
pub(super) fn address(module: &str) -> String {
    format!("/processes/{module}")
}

/// Where the way of a record is drawn.
pub(super) fn of_record(module: &str, id: Id) -> String {
    format!("{}?record={id}", address(module))
}

/// The processes of the modules that whoever works reads.
pub(super) fn readable(work: &Work<'_>) -> Vec<Arc<Process>> {
    let is_read = |process: &&Arc<Process>| {
        let module = work.definitions().module(&process.module);
        module.is_some_and(|module| work.grant(module).read != Scope::None)
    };
    work.definitions().processes().filter(is_read).cloned().collect()
}

/// The page.
pub(crate) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let asked = Some(query.text("record")).filter(|id| !id.is_empty());
    let record = asked.map(|id| record::id(&module, id)).transpose()?;
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| read(work, &visitor, &module, record);
    Ok(shown(&web.app.workspace().read(actor, read).await?))
}

fn read(work: &mut Work<'_>, visitor: &Visitor, module: &str, record: Option<Id>) -> store::Result<View> {
    let module = work.module(module)?;
    let grant = work.grant(&module);
    let process = work.definitions().process(&module.name).filter(|_| grant.read != Scope::None).cloned();
    let process = process.ok_or_else(|| Error::NoModule(module.name.clone()))?;
    let mut lens = Lens::of(work, visitor.locale);
    let way = record.map(|id| Way::read(work, &mut lens, &process, &module, id)).transpose()?;
    let numbers = if way.is_some() { None } else { Numbers::read(work, &process)? };
    let frame = Frame::read(work, visitor)?;
    let definitions = work.definitions().clone();
    let findings = if frame.may_shape && way.is_none() { work.findings(&process)? } else { Vec::new() };
    Ok(View { frame, lens, definitions, module, process, hidden: grant.hidden, numbers, way, findings })
}

fn shown(view: &View) -> Markup {
    let l = view.frame.locale;
    let (list, label) = (format!("/{}", view.module.name), view.module.label.get(l));
    let name = view.process.label.get(l);
    let title = match &view.way {
        Some(way) => l.say_with("drawn-way-title", &[("name", way.title.as_str().into())]),
        None => l.say_with("drawn-picture", &[("name", name.into())]),
    };
    let pictures = drawn::both(l, &view.process, view.definitions.rules_of(&view.module.name), view.seen());
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(list) { (label) }
                @if let Some(way) = &view.way { a href=(way.address) { (way.title) } }
            }
            h1 { (title) }
            @if view.way.is_some() {
                div.actions { a.btn href=(address(&view.module.name)) { (icon(assets::icon::WORKFLOW)) (l.say("drawn-all")) } }
            }
        }
        div.page.process {
            @if let Some(numbers) = &view.numbers { (told(view, numbers)) }
            (findings::section(view))
            div.process-parts {
                figure.drawn {
                    @for picture in &pictures { (picture) }
                    figcaption.help { (l.say("drawn-legend")) }
                }
                div.process-words {
                    @match &view.way {
                        Some(way) => (way::section(view, way)),
                        None => (table::section(view)),
                    }
                }
            }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: &list, content })
}

/// Where the time goes, and from what that is known.
fn told(view: &View, numbers: &Numbers) -> Markup {
    let l = view.frame.locale;
    let elsewhere = numbers.elsewhere(&view.process);
    html! {
        @if let Some(state) = numbers.bottleneck(&view.process) {
            @let (count, median) = (numbers.count(&state.name), numbers.median(&state.name).unwrap_or(0));
            (note::warn(&html! {
                (l.say_with("drawn-bottleneck", &[
                    ("state", state.label.get(l).into()),
                    ("count", count.into()),
                    ("length", drawn::length(l, median).into()),
                ]))
            }))
        }
        p.dim {
            @if numbers.moves() == 0 { (l.say_with("drawn-no-moves", &[("days", DAYS.into())])) }
            @else { (l.say_with("drawn-moves", &[("count", numbers.moves().into()), ("days", DAYS.into())])) }
            @if elsewhere > 0 { " " (l.say_with("drawn-elsewhere", &[("count", elsewhere.into())])) }
        }
    }
}

/// A state as it is called; by its name where the process has none of that name.
fn called<'v>(view: &'v View, state: &'v str) -> &'v str {
    view.process.state(state).map_or(state, |known| known.label.or(view.frame.locale, state))
}

/// Where the records of a state are listed.
fn listed(view: &View, state: &str) -> String {
    let written = format!("{} == {}", view.process.field, serde_json::Value::from(state));
    let query = serde_urlencoded::to_string([("filter", written)]).unwrap_or_default();
    format!("/{}?{query}", view.module.name)
}

/// A number with its digits grouped.
fn number(view: &View, number: i64) -> String {
    l10n::number(view.frame.locale, number)
}
