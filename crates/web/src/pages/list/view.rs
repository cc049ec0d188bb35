//! The list as a page.

use maud::{Markup, html};
use model::Record;

use super::bar::bar;
use super::groups::Grouped;
use super::pager::pager;
use super::{View, bulk, empty, groups, saved, widths};
use crate::pages::cells;
use crate::pages::new::can_be_made;
use crate::pages::undo;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon, note};

pub(super) fn page(view: &View) -> Markup {
    let l = view.frame.locale;
    let (label, at) = (view.module.label.get(l), format!("/{}", view.module.name));
    let content = html! {
        header.top {
            h1 { (label) }
            @if view.query.deleted { span.tag { (l.say("bin")) } }
            div.actions {
                @if can_be_made(&view.module, &view.grant) {
                    a.btn.main-action href=(format!("{at}/new")) data-new { (icon(assets::icon::PLUS)) (l.say("new-record")) " " kbd { "C" } }
                }
            }
        }
        (saved::tabs(view))
        (bar(view))
        @if let (None, Some(set)) = (view.many, view.done) {
            div.page { (note::warn(&html! { (l.say("just-deleted")) " " (undo::button(l, set, &at)) })) }
        }
        @match (&view.fault, &view.refused) {
            (Some(fault), _) => div.page { (fault.note()) },
            (None, Some(refused)) => div.page { (note::bad(refused)) },
            (None, None) => {},
        }
        @if let Some(body) = &view.body { (body) } @else if view.records.is_empty() && !view.grouped.as_ref().is_some_and(Grouped::has_heads) { (empty::shown(view)) } @else { (table(view)) }
    };
    let title = view.saved.as_ref().map_or(label, |saved| saved.name.get(view.frame.locale));
    shell::page(&view.frame, &Page { title, at: &at, content })
}

/// The rows of a page alone, to be put behind those before them.
pub(super) fn rows(view: &View) -> Markup {
    let has_picks = bulk::has_any(view);
    let columns: Vec<Column<'_>> = view.columns.iter().map(|name| Column::of(view, name)).collect();
    html! {
        @for (index, record) in view.records.iter().enumerate() {
            (groups::head(view, index, view.columns.len() + usize::from(has_picks)))
            (row(view, record, &columns, has_picks))
        }
        (groups::rest(view, view.columns.len() + usize::from(has_picks)))
        (more(view, view.columns.len() + usize::from(has_picks)))
    }
}

/// Some rows of the list, as the script asks for them that have changed.
pub(super) fn some_rows(view: &View) -> Markup {
    html! { table data-rows { tbody { (rows(view)) } } }
}

/// What the list and its groups come to now, as the script asks for it when something has changed.
pub(super) fn sums(view: &View) -> Markup {
    let has_picks = bulk::has_any(view);
    html! {
        table data-rows {
            tbody { (groups::heads(view, view.columns.len() + usize::from(has_picks))) }
            (groups::foot(view, has_picks))
        }
    }
}

/// Stands behind the last row and fetches the next ones when it is scrolled to.
fn more(view: &View, spanned: usize) -> Markup {
    let address = view.next.as_ref().map(|cursor| {
        let after = view.records.last().and_then(|record| groups::mark(view, record));
        view.query.rows(&view.module.name, cursor, after)
    });
    html! {
        @if let Some(address) = address {
            tr.more hx-get=(address) hx-trigger="revealed" hx-swap="outerHTML" { td colspan=(spanned) { (view.frame.locale.say("rows-more")) } }
        }
    }
}

fn table(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module);
    let has_picks = bulk::has_any(view);
    html! {
        div.list {
            (groups::form(view))
            div.scroll {
                table.grid.sized[!view.widths.is_empty()] data-rows data-cells=(format!("/{}", module.name)) {
                    (widths::group(view))
                    thead { tr {
                        @if has_picks { th.pick { input type="checkbox" form=(bulk::FORM) aria-label=(l.say("bulk-pick-page")) autocomplete="off"; } }
                        @for (index, name) in view.columns.iter().enumerate() {
                            th class=[cells::class(module, name, index == 0)] aria-sort=[view.query.direction(name)] {
                                @if cells::is_sorted(module, name) { a href=(view.query.sorted(&module.name, name)) { (view.lens.label(module, name)) } }
                                @else { (view.lens.label(module, name)) }
                                (widths::edge())
                            }
                        }
                    } }
                    tbody { (rows(view)) }
                    (groups::foot(view, has_picks))
                }
            }
            @if has_picks { (bulk::bar(view)) }
            (pager(view))
        }
    }
}

/// What every row has in common of a column.
struct Column<'a> {
    name: &'a str,
    label: String,
    is_editable: bool,
    /// Whether a process governs its field, and records move along.
    is_governed: bool,
}

impl<'a> Column<'a> {
    fn of(view: &View, name: &'a str) -> Self {
        let is_governed = !view.query.deleted && view.governed.as_deref() == Some(name);
        Self {
            name,
            label: view.lens.label(&view.module, name),
            is_editable: view.editable.contains(name),
            is_governed,
        }
    }
}

fn row(view: &View, record: &Record, columns: &[Column<'_>], has_picks: bool) -> Markup {
    let is_open = view.open.contains(&record.id);
    html! {
        tr data-id=(record.id) {
            @if has_picks {
                td.pick {
                    input type="checkbox" name=(bulk::PICK) value=(record.id) form=(bulk::FORM) autocomplete="off"
                        aria-label=(view.frame.locale.say_with("bulk-pick", &[("name", cells::title_text(&view.lens, record).into())]));
                }
            }
            @for (index, column) in columns.iter().enumerate() {
                @if index == 0 { (cells::named(&view.lens, record, (&column.label, &view.columns), is_open && column.is_editable)) }
                @else if column.is_governed { (cells::governed(&view.lens, record, (column.name, &column.label))) }
                @else { (cells::shown(&view.lens, record, (column.name, &column.label), is_open && column.is_editable)) }
            }
        }
    }
}
