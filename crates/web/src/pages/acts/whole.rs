//! All that one act did, page by page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::{Definitions, Id};
use store::{ChangeEntry, ChangeSet, Work};

use super::sides;
use super::view::{label, source};
use crate::pages::record::id;
use crate::pages::undo;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::ACTS;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Asked;
use crate::ui::{Lens, Words};

/// Changes of one page.
const SHOWN: usize = 50;

struct View {
    frame: Frame,
    lens: Lens,
    definitions: Arc<Definitions>,
    set: ChangeSet,
    /// Whether it changed nothing.
    is_empty: bool,
    changes: Vec<((String, Id), ChangeEntry)>,
    /// Behind which place of the log the next page begins.
    next: Option<i64>,
}

/// Where all that an act did is told, behind a place of the log.
pub(super) fn address(set: Id, after: Option<i64>) -> String {
    let after = after.map(|place| format!("?after={place}")).unwrap_or_default();
    format!("/undo/{set}/changes{after}")
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(set): Path<String>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let set = id("change_sets", &set)?;
    let after = query.text("after").parse::<i64>().unwrap_or(0);
    let actor = visitor.actor();
    let view = web.app.workspace().read(actor, move |work| read(work, &visitor, set, after)).await?;
    Ok(drawn(&view))
}

fn read(work: &mut Work<'_>, visitor: &Visitor, set: Id, after: i64) -> store::Result<View> {
    let set = work.seen_change_set(set)?;
    let found = work.change_set_changes(set.id, after, SHOWN)?;
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn_users(work, set.actor)?;
    let mut touched: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for ((module, record), _) in &found.changes {
        touched.entry(module.clone()).or_default().insert(*record);
    }
    touched.retain(|name, _| work.definitions().module(name).is_some());
    for name in touched.keys() {
        let module = work.module(name)?;
        let of_module = found.changes.iter().filter(|((of, _), _)| of == name);
        lens.learn_changes(work, &module, of_module.map(|(_, change)| change))?;
    }
    lens.learn_named(work, touched, BTreeSet::new())?;
    let (frame, definitions) = (Frame::read(work, visitor)?, work.definitions().clone());
    let is_empty = !work.without_change(&BTreeSet::from([set.id]))?.is_empty();
    Ok(View { frame, lens, definitions, set, is_empty, changes: found.changes, next: found.next })
}

fn drawn(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("act-title");
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            p.dim { (who(view)) ", " (view.lens.time(view.set.at)) }
            p {
                @if view.set.undone_by.is_some() { span.tag { (l.say("story-undone")) } }
                @else if !view.is_empty { (undo::button(l, view.set.id, &view.frame.here)) }
            }
            ol.changes { @for (place, change) in &view.changes { (one(view, place, change)) } }
            footer.actions {
                @if let Some(place) = view.next { a.btn href=(address(view.set.id, Some(place))) { (l.say("act-more")) } }
                a.btn.quiet href=(ACTS) { (l.say("acts")) }
            }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: ACTS, content })
}

fn who(view: &View) -> String {
    let named = view.set.actor.map(|actor| view.lens.user(actor).unwrap_or("—").to_owned());
    named.unwrap_or_else(|| source(view.frame.locale, &view.set.source))
}

/// What was done to one record.
fn one(view: &View, (module, record): &(String, Id), change: &ChangeEntry) -> Markup {
    let l = view.frame.locale;
    let operation = l.say_if(&format!("operation-{}", change.operation)).filter(|_| change.operation != "update");
    html! {
        li {
            p {
                (label(l, &view.definitions, module)) ": "
                @if let Some(title) = view.lens.title(module, *record) { a.link href=(format!("/{module}/{record}")) { (title) } }
                @if let Some(operation) = operation { " · " (operation) }
            }
            @if let Some(module) = view.definitions.module(module) { (sides::fields(&view.lens, module, &change.fields)) }
        }
    }
}
