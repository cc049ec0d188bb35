//! A module's list: columns, order, groups, filters as chips and as the expression behind them, saved views, pages by
//! key, totals, the bin.

mod bar;
mod bulk;
mod columns;
mod conjuncts;
mod empty;
mod export;
mod filter;
mod groups;
mod own;
mod pager;
mod query;
mod read;
mod saved;
pub(crate) mod shapes;
mod targets;
mod view;
mod widths;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use model::rights::{Grant, Scope};
use model::{Field, Id, Module, Record};
use store::{Error, Group, Widths, Work};

use self::filter::{Chips, Editing, Fields};
use self::groups::Grouped;
use self::query::Query;
use super::done;
use super::visitor::Visitor;
use crate::drawn::bars::Wanted;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::expression::Fault;
use crate::ui::frame::Frame;
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words};

pub(crate) use bulk::{ACT, STOP, act as bulk, stop, watch};
pub(crate) use export::export;
pub(crate) use groups::keep as keep_folds;
pub(crate) use saved::{audience, keep, save};
pub(crate) use widths::keep as keep_widths;

/// Records of one page.
const LIMIT: usize = 50;

/// What a list shows.
struct View {
    frame: Frame,
    lens: Lens,
    module: Arc<Module>,
    grant: Grant,
    /// What it is filtered by.
    fields: Fields,
    query: Query,
    columns: Vec<String>,
    /// How wide the visitor has made columns; empty where they are as wide as what stands in them.
    widths: Widths,
    records: Vec<Record>,
    next: Option<String>,
    total: i64,
    chips: Chips,
    /// The condition that is being made or changed.
    editing: Option<Editing>,
    /// The groups of the page, where the list is grouped.
    grouped: Option<Grouped>,
    /// The fields by which it can be.
    groupings: Vec<Field>,
    /// What the whole list comes to; nothing while nobody asked a long list for it.
    totals: Option<Group>,
    /// Records that the visitor may change, and the fields that are changed by hand.
    open: BTreeSet<Id>,
    editable: BTreeSet<String>,
    /// Whether the module has a process.
    has_process: bool,
    /// The field that says where records stand, where they have moves that somebody presses.
    governed: Option<String>,
    /// The view that is shown, where the address names one.
    saved: Option<store::View>,
    /// Whether the list opens with a view where its address says nothing.
    has_first: bool,
    /// Teams that a view can be shared with.
    teams: Vec<(Id, String)>,
    /// The part of the page that stays open.
    opened: String,
    /// The value of the group in which the page before ended.
    after: Option<String>,
    /// The list as a board, calendar or timeline.
    body: Option<Markup>,
    /// What was just done and can be taken back.
    done: Option<Id>,
    /// How many records that changed, where it was done to many.
    many: Option<i64>,
    /// Whether the first step is still to be made: there is no event, and the visitor may make one.
    begins: bool,
    /// Why the filter cannot be used.
    refused: Option<String>,
    /// The place in it that is wrong.
    fault: Option<Fault>,
}

/// The page, or where it is.
enum Answer {
    Page(Box<View>),
    /// The form of a condition alone.
    Form(Markup),
    Elsewhere(String),
    /// A picture of the list to be kept.
    File(Response),
}

/// The page.
pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    Asked(pairs): Asked,
) -> Result<Response, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    let partial = visitor.partial;
    let (rows, only) = (partial && pairs.has("rows"), partial && pairs.has("only"));
    let sums = partial && pairs.has("sums");
    let answer = web.app.workspace().read(actor, move |work| answer(&app, work, &visitor, &module, &pairs));
    Ok(match answer.await? {
        Answer::Elsewhere(address) => Redirect::to(&address).into_response(),
        Answer::Form(form) => form.into_response(),
        Answer::File(file) => file,
        Answer::Page(view) if sums => view::sums(&view).into_response(),
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
    let first = if visitor.partial { None } else { work.first_view(&module)? };
    if let Some(first) = first.as_ref().filter(|_| pairs.pairs().is_empty()) {
        return Ok(Answer::Elsewhere(format!("/{}?view={}", module.name, first.id)));
    }
    let saved = match &first {
        // It has been read.
        Some(first) if pairs.text("view") == first.id.to_string() => Some(first.clone()),
        _ => saved::asked(work, &module, pairs.text("view"))?,
    };
    let mut query = Query::read(pairs, saved.as_ref());
    query.follow(&module, work.definitions());
    // Once nothing is left of it, it is the plain list still.
    query.is_plain |= first.is_some() && saved.is_none();
    if let Some(address) = columns::asked(&module, &grant, &query, pairs) {
        return Ok(Answer::Elsewhere(address));
    }
    let fields = Fields::of(work, &module);
    let is_sent = filter::is_sent(pairs);
    if is_sent && let Some(address) = filter::sent(work, &fields, &query, pairs)? {
        return Ok(Answer::Elsewhere(address));
    }
    let mut lens = Lens::of(work, visitor.locale);
    if let Some(wanted) = Wanted::of(pairs) {
        let (list, _) = read::listed(work, &module, &query, None)?;
        let from = (&query, visitor.here.as_str());
        if let Some(file) = shapes::file(work, &mut lens, (&fields, &grant), from, (&list, wanted))? {
            return Ok(Answer::File(file));
        }
    }
    let editing = filter::opened(work, &mut lens, &fields, &query, (pairs, visitor.partial))?;
    if visitor.partial
        && let Some(form) = &editing
    {
        return Ok(Answer::Form(form.markup(&lens, &fields, &query)));
    }
    let asked = read::Asked {
        totals: pairs.text("totals") == "true",
        only: crate::live::asked(pairs),
        sums: (visitor.partial && pairs.has("sums")).then(|| groups::marks(pairs.text("sums"))),
        is_part: visitor.partial && ["rows", "only", "sums"].into_iter().any(|part| pairs.has(part)),
        after: pairs.get("after").map(str::to_owned),
    };
    let mut view = read::read(app, work, visitor, (fields, grant), query, &asked)?;
    view.editing = editing;
    // A condition that says nothing is told so; an empty form is none.
    if let Some(value) = Some(pairs.text("value")).filter(|value| is_sent && !value.is_empty()) {
        view.refused = Some(visitor.locale.say_with("filter-not-found", &[("value", value.into())]));
    }
    if let Ok(set) = pairs.text("done").parse::<Id>()
        && let Some((_, change)) = done::standing(work, set)?.into_iter().next()
    {
        view.done = Some(set);
        view.many = pairs.text("many").parse().ok();
        let next = view.query.address(&module.name);
        view.frame.toast = view.many.map(|many| bulk::toast(visitor.locale, &change.operation, many, set, &next));
    }
    view.saved = saved;
    view.has_first = first.is_some();
    pairs.text("open").clone_into(&mut view.opened);
    Ok(Answer::Page(Box::new(view)))
}
