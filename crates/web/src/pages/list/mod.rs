//! A module's list: columns, order, groups, filters as chips and as the expression behind them, saved views, pages by
//! key, totals, the bin.

mod bulk;
mod chips;
mod columns;
mod conjuncts;
mod filter;
mod groups;
mod query;
mod saved;
pub(crate) mod shapes;
mod targets;
mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use model::process::By;
use model::rights::{Grant, Scope};
use model::{Id, Module, Record};
use store::{COUNT_LIMIT, Error, Group, List, ViewName, Work};

use self::chips::Chip;
use self::query::Query;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::inputs;
use crate::ui::typed::{self, Typed};
use crate::ui::{Lens, Words};

pub(crate) use bulk::{Acting, act as bulk};
pub(crate) use saved::{keep, save};

/// Records of one page.
const LIMIT: usize = 50;

/// Views over a list as tabs.
const TABS: usize = 50;

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
    /// The groups of the page; empty where nothing is grouped.
    groups: Vec<Group>,
    /// What the whole list comes to; nothing while nobody asked a long list for it.
    totals: Option<Group>,
    /// Records that the visitor may change, and the fields that are changed by hand.
    open: BTreeSet<Id>,
    editable: BTreeSet<String>,
    /// Whether records of the module have moves that somebody presses.
    moves: bool,
    /// The view that is shown, where the address names one.
    saved: Option<store::View>,
    /// Teams that a view can be shared with.
    teams: Vec<(Id, String)>,
    /// The part of the page that stays open.
    opened: String,
    /// The value of the group in which the page before ended.
    after: Option<String>,
    /// The list as a board, calendar or timeline.
    body: Option<Markup>,
    /// What was just done and can be taken back.
    done: Vec<Id>,
    /// How many records that changed, where it was done to many.
    many: Option<i64>,
    /// Whether the first step is still to be made: there is no event, and the visitor may make one.
    begins: bool,
    /// Why the filter cannot be used.
    refused: Option<String>,
}

/// The page, or where it is.
enum Answer {
    Page(Box<View>),
    Elsewhere(String),
}

/// The page.
pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let pairs = typed::read(raw.unwrap_or_default().as_bytes())?;
    let (app, actor) = (web.app.clone(), visitor.actor());
    let partial = visitor.partial;
    let (rows, only) = (partial && pairs.has("rows"), partial && pairs.has("only"));
    let answer = web.app.workspace().read(actor, move |work| answer(&app, work, &visitor, &module, &pairs));
    Ok(match answer.await? {
        Answer::Elsewhere(address) => Redirect::to(&address).into_response(),
        Answer::Page(view) if rows => view::rows(&view).into_response(),
        Answer::Page(view) => match view.body {
            Some(part) if partial => part.into_response(),
            None if only => view::some_rows(&view).into_response(),
            _ => view::page(&view).into_response(),
        },
    })
}

fn answer(
    app: &app::App,
    work: &mut Work<'_>,
    visitor: &Visitor,
    module: &str,
    pairs: &Typed,
) -> store::Result<Answer> {
    let module = work.module(module)?;
    let grant = work.grant(&module);
    if grant.read == Scope::None {
        return Err(Error::NoModule(module.name.clone()));
    }
    let saved = saved::asked(work, &module, pairs.text("view"))?;
    let query = Query::read(pairs, saved.as_ref());
    if let Some(address) = columns::asked(&module, &grant, &query, pairs) {
        return Ok(Answer::Elsewhere(address));
    }
    if pairs.has("field") {
        let mut asked = pairs.clone();
        let meant = targets::meant(work, &module, pairs.text("field"), pairs.text("value"))?;
        asked.set("value", meant.unwrap_or_default());
        if let Some(address) = filter::added(&module, &query, &asked, &work.settings().zone()) {
            return Ok(Answer::Elsewhere(address));
        }
    }
    let asked = Asked {
        totals: pairs.text("totals") == "true",
        only: crate::live::asked(pairs),
        is_part: visitor.partial && (pairs.has("rows") || pairs.has("only")),
        after: pairs.get("after").map(str::to_owned),
    };
    let mut view = read(app, work, visitor, (&module, grant), query, &asked)?;
    // A condition that says nothing is told so; an empty form is none.
    if let Some(value) = Some(pairs.text("value")).filter(|value| pairs.has("field") && !value.is_empty()) {
        view.refused = Some(visitor.locale.say_with("filter-not-found", &[("value", value.into())]));
    }
    let done: Vec<Id> = pairs.text("done").split('.').filter_map(|id| id.parse().ok()).take(DONE).collect();
    if let Some(last) = done.last()
        && still_stands(work, *last)?
    {
        view.done = done;
        view.many = pairs.text("many").parse().ok();
        let next = view.query.address(&module.name);
        view.frame.toast = view.many.map(|many| bulk::toast(visitor.locale, many, &view.done, &next));
    }
    view.saved = saved;
    pairs.text("open").clone_into(&mut view.opened);
    Ok(Answer::Page(Box::new(view)))
}

/// Change sets that a page offers to take back together.
const DONE: usize = 100;

/// What a page is asked for besides its query.
struct Asked {
    totals: bool,
    /// Only these of its rows: they have changed.
    only: Option<Vec<Id>>,
    /// Rows alone: neither the page around them nor what the whole list comes to is drawn.
    is_part: bool,
    /// The value of the group in which the page before ended.
    after: Option<String>,
}

fn read(
    app: &app::App,
    work: &mut Work<'_>,
    visitor: &Visitor,
    (module, grant): (&Arc<Module>, Grant),
    query: Query,
    asked: &Asked,
) -> store::Result<View> {
    let (asks_totals, only) = (asked.totals, asked.only.as_deref());
    let mut lens = Lens::of(work, visitor.locale);
    let (list, mut refused) = match query.list(work, module, LIMIT) {
        Ok(list) => (crate::live::narrowed(module, list, only), None),
        Err(error) => (List { limit: LIMIT, ..List::default() }, Some(error)),
    };
    let body = match &refused {
        None => shapes::body(work, &mut lens, (module, &grant), (&query, &visitor.here), &list),
        Some(_) => Ok(None),
    };
    let body = body.or_else(|error| match error {
        Error::BadQuery { .. } => {
            refused = Some(error);
            Ok(None)
        }
        error => Err(error),
    })?;
    let page = match &refused {
        None if body.is_some() => Ok(store::Page { records: Vec::new(), next: None }),
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
    let is_part = asked.is_part || visitor.partial && body.is_some();
    let is_counted = refused.is_none() && body.is_none() && !is_part;
    let total = if is_counted { work.count(&module.name, &list, Some(COUNT_LIMIT))? } else { 0 };
    lens.learn(work, &page.records)?;
    let columns = columns::shown(module, &grant, &query.columns);
    let is_empty = page.records.is_empty();
    let begins = is_empty && body.is_none() && !is_part && has_no_events(work)?;
    let summed = groups::summed(module, &columns);
    let groups = groups::of(work, &mut lens, (module, &list), &summed, (&page.records, asked))?;
    let is_told = !is_empty && !is_part && !summed.is_empty() && (total <= COUNT_LIMIT || asks_totals);
    let totals = if is_told { groups::whole(work, module, &list, &summed)? } else { None };
    let chips = if is_part { Vec::new() } else { chips::of(work, &mut lens, module, &query)? };
    let teams = if is_part { Vec::new() } else { work.sharing_teams()? };
    let open = if query.deleted { BTreeSet::new() } else { changeable(work, module, &page.records)? };
    let editable = inputs::filled_by_hand(work, module, &grant, false).into_iter();
    let editable = editable.filter(inputs::fits_a_cell).map(|field| field.name).collect();
    let moves = work.definitions().process(&module.name);
    let moves = moves.is_some_and(|process| process.transitions.iter().any(|step| step.by != By::Process));
    Ok(View {
        frame: if is_part { Frame::bare(work, visitor) } else { framed(work, visitor, module)? },
        lens,
        columns,
        grant,
        query,
        records: page.records,
        next: page.next,
        total,
        chips,
        body,
        groups,
        totals,
        open,
        editable,
        moves,
        saved: None,
        teams,
        opened: String::new(),
        after: asked.after.clone(),
        done: Vec::new(),
        many: None,
        begins,
        refused: refused.map(|error| words(visitor, &error)),
        module: module.clone(),
    })
}

/// The frame, with the views that are tabs over the list.
fn framed(work: &mut Work<'_>, visitor: &Visitor, module: &Module) -> store::Result<Frame> {
    let tabs = work.views_of(&module.name, TABS)?.iter().map(ViewName::from).collect();
    Frame::around(work, visitor, tabs)
}

fn changeable(work: &mut Work<'_>, module: &Arc<Module>, records: &[Record]) -> store::Result<BTreeSet<Id>> {
    work.changeable(module, &records.iter().map(|record| record.id).collect())
}

fn has_no_events(work: &mut Work<'_>) -> store::Result<bool> {
    let Ok(events) = work.module("events") else { return Ok(false) };
    let grant = work.grant(&events);
    Ok(grant.create && grant.read == Scope::All && work.count("events", &List::default(), Some(0))? == 0)
}

/// Whether the visitor may see something of the change set and nobody has taken it back.
fn still_stands(work: &mut Work<'_>, set: Id) -> store::Result<bool> {
    let is_known = work.change_set_of(set)?.is_some_and(|known| known.undone_by.is_none());
    Ok(is_known && !work.change_set_changes(set)?.is_empty())
}

fn words(visitor: &Visitor, error: &Error) -> String {
    super::errors::sentence(visitor.locale, &Problem::from(error.clone()))
}
