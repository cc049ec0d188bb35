//! What a record still needs before it goes on: a deal, before it is won, what its pipeline's condition wants and the documents of
//! its check list; any other what the conditions of the next moves want.

use std::collections::BTreeSet;

use maud::{Markup, html};
use model::expr::Plan;
use model::field::SetBy;
use model::process::{Process, Transition};
use model::rights::Scope;
use model::{Record, Value};
use store::{List, Result, Sort, Work};

use super::View;
use super::edit::DIALOG;
use super::fields::address;
use super::files::PRESS;
use crate::ui::{Words, icon, tag};

/// The module of check lists.
pub(super) const DOCUMENTS: &str = "deal_documents";
const DEALS: &str = "deals";
/// The move by which a document is there.
const RECEIVE: &str = "receive";
/// Documents that are shown.
const SHOWN: usize = 50;

/// What stands in the way of a good end.
#[derive(Default)]
pub(super) struct Checklist {
    /// What conditions want, by the names of fields.
    wanted: Vec<String>,
    documents: Vec<Record>,
    /// Whether the reader puts documents on the list.
    adds: bool,
    /// Whether the reader says that a document is there.
    receives: bool,
}

/// Read with the record's page.
pub(super) fn read(
    work: &mut Work<'_>,
    record: &Record,
    (process, moves): (Option<&Process>, &[Transition]),
    is_open: bool,
) -> Result<Checklist> {
    let Some(process) = process.filter(|_| record.deleted_at.is_none()) else { return Ok(Checklist::default()) };
    if record.module.name != DEALS {
        let wanted = if is_open { next(work, process, record, moves)? } else { Vec::new() };
        return Ok(Checklist { wanted, ..Checklist::default() });
    }
    let mut wanted: Vec<String> =
        work.held_up_ahead(process, record)?.into_iter().flat_map(|(_, fields)| fields).collect();
    let mut seen = BTreeSet::new();
    wanted.retain(|name| seen.insert(name.clone()));
    let Ok(module) = work.module(DOCUMENTS) else { return Ok(Checklist { wanted, ..Checklist::default() }) };
    let grant = work.grant(&module);
    let filter = Plan::field(&module, "deal").and_then(|deal| deal.eq(Value::Id(record.id)));
    let (Ok(filter), true) = (filter, grant.read != Scope::None) else {
        return Ok(Checklist { wanted, ..Checklist::default() });
    };
    let sort = vec![Sort { field: "id".to_owned(), descending: false }];
    let list = List { filter: Some(filter), sort, limit: SHOWN, ..List::default() };
    let documents = work.list(DOCUMENTS, &list)?.records;
    Ok(Checklist { wanted, documents, adds: grant.create && is_open, receives: grant.update != Scope::None && is_open })
}

/// What the moves want that would lead on from here, and are not open: they would be missed without a word.
fn next(work: &mut Work<'_>, process: &Process, record: &Record, open: &[Transition]) -> Result<Vec<String>> {
    let state = record.text(&process.field).unwrap_or_default();
    let held = work.held_up(process, record)?.into_iter();
    let held = held.filter(|(step, _)| step.to != state && open.iter().all(|other| other.name != step.name));
    let mut wanted: Vec<String> = Vec::new();
    for name in held.flat_map(|(_, fields)| fields) {
        if !wanted.contains(&name) {
            wanted.push(name);
        }
    }
    Ok(wanted)
}

/// Beside the story, over everything else.
pub(super) fn section(view: &View) -> Markup {
    let (l, list) = (view.frame.locale, &view.checklist);
    let add = format!("/{DOCUMENTS}/new?deal={}", view.record.id);
    html! {
        @if !list.wanted.is_empty() || !list.documents.is_empty() || list.adds {
            section.group {
                h2 { (l.say(if view.record.module.name == DEALS { "checklist" } else { "checklist-next" })) }
                @for name in &list.wanted {
                    div.item { b { (icon(assets::icon::CIRCLE)) (wanted(view, name)) } span.dim { (l.say("checklist-wanted")) } }
                }
                @for document in &list.documents { (item(view, document)) }
                @if list.adds {
                    a.btn.quiet.small href=(add) hx-get=(add) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::PLUS)) (l.say("checklist-add")) }
                }
            }
        }
    }
}

/// What a condition wants, as the way to where it is filled in.
fn wanted(view: &View, name: &str) -> Markup {
    let module = &view.record.module;
    let label = view.lens.label(module, name);
    let is_filled_in = module.field(name).is_some_and(|field| {
        view.is_open
            && field.is_stored()
            && field.set_by == SetBy::Anyone
            && !view.grant.read_only.contains(&field.name)
    });
    let at = address(&module.name, view.record.id, name);
    html! {
        @if is_filled_in { a.link href=(at) hx-get=(format!("{at}&{DIALOG}=true")) hx-target="body" hx-swap="beforeend" { (label) } }
        @else { (label) }
    }
}

fn item(view: &View, document: &Record) -> Markup {
    let l = view.frame.locale;
    let at = format!("/{DOCUMENTS}/{}", document.id);
    let file = format!("{at}/files?{PRESS}={RECEIVE}&next=/{DEALS}/{}", view.record.id);
    let which = |words: &str| l.say_with(words, &[("name", document.title().into())]);
    let status = document.text("status").unwrap_or_default();
    let option = document.module.field("status").and_then(|field| field.option(status));
    html! {
        div.item {
            b { a href=(at) { (document.title()) } }
            @if let Some(option) = option { (tag::choice(option, l)) }
            (view.papers.beside(l, &view.record, document))
            @if status == "awaited" && view.checklist.receives {
                @if is_there(document) {
                    form method="post" action=(format!("{at}/transitions/{RECEIVE}")) {
                        input type="hidden" name="next" value=(format!("/{DEALS}/{}", view.record.id));
                        button.btn.small aria-label=(which("checklist-receive-which")) {
                            (icon(assets::icon::CHECK)) (l.say("checklist-receive"))
                        }
                    }
                } @else {
                    a.btn.small href=(file) hx-get=(file) hx-target="body" hx-swap="beforeend" aria-label=(which("checklist-attach-which")) {
                        (icon(assets::icon::PAPERCLIP)) (l.say("checklist-attach"))
                    }
                }
            }
        }
    }
}

/// Whether the system has it, as a file or as what was issued. Packs of before do not say so, and take the word of whoever presses.
fn is_there(document: &Record) -> bool {
    document.module.field("is_there").is_none() || document.get("is_there").is_true()
}
