//! A module's list: columns, order, filters as chips and as the expression behind them, pages by key, the bin.

mod chips;
mod conjuncts;
mod filter;
mod query;
mod targets;
mod view;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::rights::{Grant, Scope};
use model::{Id, Module, Record};
use std::sync::Arc;
use store::{COUNT_LIMIT, Error, List, Work};

use self::chips::Chip;
use self::query::Query;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::{Lens, Words, typed};

/// Records of one page.
const LIMIT: usize = 50;

/// What a list shows.
struct View {
    frame: Frame,
    lens: Lens,
    module: Arc<Module>,
    grant: Grant,
    query: Query,
    columns: Vec<String>,
    records: Vec<Record>,
    next: Option<String>,
    total: i64,
    chips: Vec<Chip>,
    /// What was just done and can be taken back.
    done: Option<Id>,
    /// Whether the first step is still to be made: there is no event, and the visitor may make one.
    begins: bool,
    /// Why the filter cannot be used.
    refused: Option<String>,
}

/// The page.
pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let pairs = typed::read(raw.unwrap_or_default().as_bytes())?;
    let query = Query::read(&pairs);
    let only = crate::live::asked(&pairs);
    let settings = web.app.workspace().knowledge();
    if pairs.has("field") {
        let known = settings.definitions.module(&module).ok_or(Error::NoModule(module.clone()))?.clone();
        let (mut asked, form, target) = (pairs.clone(), pairs.clone(), known.clone());
        let meant = move |work: &mut Work<'_>| targets::meant(work, &target, form.text("field"), form.text("value"));
        let meant = web.app.workspace().read(visitor.actor(), meant).await?;
        asked.set("value", meant.unwrap_or_default());
        if let Some(address) = filter::added(&known, &query, &asked, &settings.settings.zone()) {
            return Ok(Redirect::to(&address).into_response());
        }
    }
    let (app, actor) = (web.app.clone(), visitor.actor());
    let done = pairs.text("done").parse().ok();
    // A condition that says nothing is told so; an empty form is none.
    let unmeant = Some(pairs.text("value").to_owned()).filter(|value| pairs.has("field") && !value.is_empty());
    let view = web.app.workspace().read(actor, move |work| {
        let mut view = read(&app, work, &visitor, &module, query.clone(), only.as_deref())?;
        if let Some(value) = &unmeant {
            view.refused = Some(visitor.locale.say_with("filter-not-found", &[("value", value.as_str().into())]));
        }
        view.done = done.map(|set| still_stands(work, set)).transpose()?.flatten();
        Ok(view)
    });
    Ok(view::page(&view.await?).into_response())
}

fn read(
    app: &app::App,
    work: &mut Work<'_>,
    visitor: &Visitor,
    module: &str,
    query: Query,
    only: Option<&[Id]>,
) -> store::Result<View> {
    let module = work.module(module)?;
    let grant = work.grant(&module);
    if grant.read == Scope::None {
        return Err(Error::NoModule(module.name.clone()));
    }
    let mut lens = Lens::of(work, visitor.locale);
    let (list, mut refused) = match query.list(work, &module, LIMIT) {
        Ok(list) => (crate::live::narrowed(&module, list, only), None),
        Err(error) => (List { limit: LIMIT, ..List::default() }, Some(error)),
    };
    let page = match &refused {
        None => app.list(work, &module.name, &list),
        Some(_) => Ok(store::Page { records: Vec::new(), next: None }),
    };
    // A cursor or an order of another list: what was typed stays, and the page says why it is empty.
    let page = page.or_else(|error| match error {
        Error::BadQuery { .. } => {
            refused = Some(error);
            Ok(store::Page { records: Vec::new(), next: None })
        }
        error => Err(error),
    })?;
    let total = if refused.is_none() { work.count(&module.name, &list, Some(COUNT_LIMIT))? } else { 0 };
    lens.learn(work, &page.records)?;
    let chips = chips::of(work, &mut lens, &module, &query)?;
    let columns = columns(&module, &grant);
    let begins = page.records.is_empty() && has_no_events(work)?;
    Ok(View {
        frame: Frame::read(work, visitor)?,
        lens,
        columns,
        grant,
        query,
        records: page.records,
        next: page.next,
        total,
        chips,
        done: None,
        begins,
        refused: refused.map(|error| words(visitor, &error)),
        module,
    })
}

fn has_no_events(work: &mut Work<'_>) -> store::Result<bool> {
    let Ok(events) = work.module("events") else { return Ok(false) };
    let grant = work.grant(&events);
    Ok(grant.create && grant.read == Scope::All && work.count("events", &List::default(), Some(0))? == 0)
}

/// The change set, where the visitor may see something of it and nobody has taken it back.
fn still_stands(work: &mut Work<'_>, set: Id) -> store::Result<Option<Id>> {
    let known = work.change_set_of(set)?.filter(|known| known.undone_by.is_none());
    let is_seen = known.is_some() && !work.change_set_changes(set)?.is_empty();
    Ok(is_seen.then_some(set))
}

fn words(visitor: &Visitor, error: &Error) -> String {
    super::errors::sentence(visitor.locale, &Problem::from(error.clone()))
}

/// The columns that the caller may see, the one that names the record first.
fn columns(module: &Module, grant: &Grant) -> Vec<String> {
    let shown = |name: &&String| !grant.hidden.contains(name) && (*name != "owner" || module.owners);
    let mut columns: Vec<String> = module.columns.iter().filter(shown).cloned().collect();
    let named = columns.iter().position(|name| *name == module.title);
    match named {
        Some(at) => columns[..=at].rotate_right(1),
        None => columns.insert(0, module.title.clone()),
    }
    columns
}
