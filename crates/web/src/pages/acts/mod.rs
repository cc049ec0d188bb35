//! The history of undo: what was done lately, by oneself or by everybody, each act with its way back.

mod sides;
mod view;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use maud::Markup;
use model::rights::{Capability, Scope};
use model::{Definitions, Id};
use store::{Act, ActPart, ActsAsked, Work};

use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Lens;
use crate::ui::addresses::ACTS;
use crate::ui::frame::{Frame, place};
use crate::ui::typed;

/// Change sets of one page.
const SHOWN: usize = 40;

pub(super) fn routes() -> Router<Web> {
    Router::new().route(ACTS, get(page)).route("/undo/{set}/changes", get(whole::page))
}

/// What the page is drawn from.
struct View {
    frame: Frame,
    lens: Lens,
    definitions: Arc<Definitions>,
    asked: ActsAsked,
    acts: Vec<Act>,
    /// Those that changed nothing.
    empty: BTreeSet<Id>,
    /// Where the next page begins.
    older: Option<Id>,
    /// Whether the reader may ask for everybody's.
    sees_all: bool,
    /// The modules to choose from: name and label.
    modules: Vec<(String, String)>,
}

async fn page(State(web): State<Web>, visitor: Visitor, RawQuery(raw): RawQuery) -> Result<Markup, Problem> {
    let pairs = typed::read(raw.unwrap_or_default().as_bytes())?;
    let asked = ActsAsked {
        of_all: pairs.text("of") == "all",
        module: Some(pairs.text("module").to_owned()).filter(|name| !name.is_empty()),
        before: pairs.text("before").parse().ok(),
        limit: SHOWN,
    };
    let view = web.app.workspace().read(visitor.actor(), move |work| read(work, &visitor, asked.clone())).await?;
    Ok(view::page(&view))
}

fn read(work: &mut Work<'_>, visitor: &Visitor, mut asked: ActsAsked) -> store::Result<View> {
    let sees_all = work.require(Capability::Administer).is_ok();
    let modules = readable(work, visitor);
    asked.of_all &= sees_all;
    asked.module = asked.module.filter(|name| modules.iter().any(|(known, _)| known == name));
    let mut found = work.acts(&asked)?;
    for act in &mut found.acts {
        act.parts = by_module(&act.parts);
    }
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn_users(work, found.acts.iter().filter_map(|act| act.set.actor))?;
    for name in found.acts.iter().map(|act| &act.module).collect::<BTreeSet<_>>() {
        if let Some(module) = work.definitions().module(name).cloned() {
            let of_module = found.acts.iter().filter(|act| act.module == *name);
            lens.learn_changes(work, &module, of_module.map(|act| &act.first))?;
        }
    }
    let mut firsts: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for act in found.acts.iter().filter(|act| work.definitions().module(&act.module).is_some()) {
        firsts.entry(act.module.clone()).or_default().insert(act.record);
    }
    lens.learn_named(work, firsts, BTreeSet::new())?;
    let definitions = work.definitions().clone();
    let empty = work.without_change(&found.acts.iter().map(|act| act.set.id).collect())?;
    let frame = Frame::read(work, visitor)?;
    Ok(View { frame, lens, definitions, asked, acts: found.acts, empty, older: found.next, sees_all, modules })
}

/// Records that were made and then changed are told once.
fn by_module(parts: &[ActPart]) -> Vec<ActPart> {
    let mut all: Vec<ActPart> = Vec::new();
    for part in parts {
        match all.iter_mut().find(|known| known.module == part.module) {
            Some(known) => known.records = known.records.max(part.records),
            None => all.push(part.clone()),
        }
    }
    all
}

/// The modules of which the visitor sees something, in the order of the menu.
fn readable(work: &Work<'_>, visitor: &Visitor) -> Vec<(String, String)> {
    let mut modules: Vec<_> = work.definitions().modules().cloned().collect();
    modules.retain(|module| work.grant(module).read != Scope::None);
    modules.sort_by_key(|module| (place(&module.name), module.name.clone()));
    modules.iter().map(|module| (module.name.clone(), module.label.get(visitor.locale).to_owned())).collect()
}
