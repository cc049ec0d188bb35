//! What a page of a list reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::process::{By, Transition};
use model::rights::{Grant, Scope};
use model::{Id, Module, Record};
use serde_json::Value as Json;
use store::{COUNT_LIMIT, Error, List, ViewName, Widths, Work};

use super::filter::{self, Chips, Fields};
use super::groups::Grouped;
use super::query::Query;
use super::{LIMIT, View, columns, groups, shapes};
use crate::pages::errors::sentence;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::ui::expression::Fault;
use crate::ui::frame::Frame;
use crate::ui::{Lens, inputs};

/// Views over a list as tabs.
const TABS: usize = 50;

/// No rows, where there are none or the list is drawn in another way.
const NOTHING: store::Page = store::Page { records: Vec::new(), next: None };

/// What a page is asked for besides its query.
pub(super) struct Asked {
    /// What the list comes to, also where it is long.
    pub(super) totals: bool,
    /// What it comes to, and the groups with these marks: something has changed.
    pub(super) sums: Option<Vec<Json>>,
    /// Only these of its rows: they have changed.
    pub(super) only: Option<Vec<Id>>,
    /// Rows alone: neither the page around them nor what the whole list comes to is drawn.
    pub(super) is_part: bool,
    /// The value of the group in which the page before ended.
    pub(super) after: Option<String>,
}

/// Reads what the page shows.
pub(super) fn read(
    app: &app::App,
    work: &mut Work<'_>,
    visitor: &Visitor,
    (fields, grant): (Fields, Grant),
    query: Query,
    asked: &Asked,
) -> store::Result<View> {
    let module = &Arc::clone(fields.module());
    let mut lens = Lens::of(work, visitor.locale);
    let found = listed(work, module, &query, asked.only.as_deref()).and_then(|(list, grouped)| {
        let body = shapes::body(work, &mut lens, (&fields, &grant), (&query, &visitor.here), &list)?;
        let page = if body.is_some() || asked.sums.is_some() { NOTHING } else { app.list(work, &module.name, &list)? };
        Ok((list, grouped, body, page))
    });
    let ((list, mut grouped, body, page), refused) = match found {
        Ok(found) => (found, None),
        // A filter that cannot be read, a cursor or an order of another list: what was typed stays, and the page says why
        // it is empty.
        Err(error @ Error::BadQuery { .. }) => ((List::default(), None, None, NOTHING), Some(error)),
        Err(error) => return Err(error),
    };
    let fault = refused.as_ref().and_then(|error| Fault::of_filter(visitor.locale, &query.filter, error));
    let is_part = asked.is_part || visitor.partial && body.is_some();
    let is_summed = asked.sums.is_some();
    let is_counted = refused.is_none() && body.is_none() && (!is_part || is_summed);
    let total = if is_counted { work.count(&module.name, &list, Some(COUNT_LIMIT))? } else { 0 };
    lens.learn(work, &page.records)?;
    let columns = columns::shown(module, &grant, &query.columns);
    let summed = groups::summed(module, &columns);
    if let Some(grouped) = grouped.as_mut().filter(|_| body.is_none()) {
        grouped.read(work, &mut lens, (module, &list), &summed, (&page.records, asked))?;
    }
    let is_empty = page.records.is_empty() && !grouped.as_ref().is_some_and(Grouped::has_heads);
    let is_table = !is_empty && !is_part && body.is_none();
    let widths = if is_table { work.widths(&module.name, query.view())? } else { Widths::new() };
    let begins = is_empty && body.is_none() && !is_part && has_no_events(work)?;
    let is_told = (is_summed || !is_empty && !is_part) && !summed.is_empty() && (total <= COUNT_LIMIT || asked.totals);
    let totals = if is_told { groups::whole(work, module, &list, &summed)? } else { None };
    let chips = if is_part { Chips::default() } else { filter::chips(work, &mut lens, &fields, &query)? };
    let teams = if is_part { Vec::new() } else { work.sharing_teams()? };
    let open = if query.deleted { BTreeSet::new() } else { changeable(work, module, &page.records)? };
    let editable = inputs::filled_by_hand(work, module, &grant, false).into_iter();
    let editable = editable.filter(inputs::fits_a_cell).map(|field| field.name).collect();
    let process = work.definitions().process(&module.name);
    let has_process = process.is_some();
    let governed = process.filter(|process| {
        let is_pressed = |step: &Transition| step.by != By::Process;
        process.transitions.iter().any(is_pressed)
    });
    let governed = governed.map(|process| process.field.clone());
    Ok(View {
        frame: if is_part { Frame::bare(work, visitor) } else { framed(work, visitor, module)? },
        lens,
        columns,
        widths,
        grant,
        fields,
        query,
        records: page.records,
        next: page.next,
        total,
        chips,
        editing: None,
        body,
        grouped,
        groupings: if is_part { Vec::new() } else { work.groupings(module) },
        totals,
        open,
        editable,
        has_process,
        governed,
        saved: None,
        has_first: false,
        teams,
        opened: String::new(),
        after: asked.after.clone(),
        done: None,
        many: None,
        begins,
        refused: refused.map(|error| words(visitor, &error)),
        fault,
        module: module.clone(),
    })
}

/// The list that is asked for, without what is folded, and its groups.
pub(super) fn listed(
    work: &mut Work<'_>,
    module: &Arc<Module>,
    query: &Query,
    only: Option<&[Id]>,
) -> store::Result<(List, Option<Grouped>)> {
    let list = crate::live::narrowed(module, query.list(work, module, LIMIT)?, only);
    let grouped = Grouped::of(work, module, &list, query.view())?;
    // A row that has changed is told of in a folded group too: it goes there.
    let folded = grouped.iter().filter(|_| only.is_none());
    let list = folded.fold(list, |list, grouped| grouped.narrow(list));
    Ok((list, grouped))
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

fn words(visitor: &Visitor, error: &Error) -> String {
    sentence(visitor.locale, &Problem::from(error.clone()))
}
