//! The list as a page.

use maud::{Markup, html};
use model::field::FieldType;
use model::rights::Scope;
use model::{Field, Record};
use store::COUNT_LIMIT;

use super::conjuncts::{Operator, join, quoted, split};
use super::fault::Fault;
use super::filter::{is_offered, kind};
use super::groups::Grouped;
use super::shapes::switch;
use super::{LIMIT, View, bulk, columns, empty, groups, saved, widths};
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
        @if view.many.is_none() && !view.done.is_empty() {
            div.page { (note::warn(&html! { (l.say("just-deleted")) " " (undo::button(l, &view.done, &at)) })) }
        }
        @match (&view.fault, &view.refused) {
            (Some(fault), _) => div.page { (fault.note()) },
            (None, Some(refused)) => div.page { (note::bad(refused)) },
            (None, None) => {},
        }
        @if let Some(body) = &view.body { (body) } @else if view.records.is_empty() && !view.grouped.as_ref().is_some_and(Grouped::has_heads) { (empty::shown(view)) } @else { (table(view)) }
    };
    let title = view.saved.as_ref().map_or(label, |saved| saved.name.as_str());
    shell::page(&view.frame, &Page { title, at: &at, content })
}

/// The rows of a page alone, to be put behind those before them.
pub(super) fn rows(view: &View) -> Markup {
    let has_picks = bulk::has_any(view);
    html! {
        @for (index, record) in view.records.iter().enumerate() {
            (groups::head(view, index, view.columns.len() + usize::from(has_picks)))
            (row(view, record, has_picks))
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

fn bar(view: &View) -> Markup {
    let (l, name) = (view.frame.locale, &view.module.name);
    html! {
        div.bar {
            (switch(&view.lens, &view.module, &view.grant, &view.query))
            form action=(format!("/{name}")) role="search" {
                @for (key, value) in view.query.kept("q") { input type="hidden" name=(key) value=(value); }
                input.input type="search" name="q" value=(view.query.words) placeholder=(l.say("list-search")) aria-label=(l.say("list-search"));
            }
            @for chip in &view.chips {
                span.chip {
                    @if let Some(field) = &chip.field { span { (field) } }
                    @if !chip.operator.is_empty() { span { (chip.operator) } }
                    @if !chip.value.is_empty() { b { (chip.value) } }
                    a href=(chip.without) aria-label=(l.say_with("remove-filter", &[("name", chip.field.as_deref().unwrap_or(&chip.value).into())])) { (icon(assets::icon::X)) }
                }
            }
            @for field in choices(view) { (choice_menu(view, field)) }
            (filter_form(view))
            span.push {}
            (groups::menu(view))
            (columns::form(view))
            (expression_form(view))
            (saved::menu(view))
            @if view.grant.delete != Scope::None {
                a.btn.quiet href=(view.query.other_side(name)) {
                    (icon(if view.query.deleted { assets::icon::LIST } else { assets::icon::TRASH_2 }))
                    (l.say(if view.query.deleted { "leave-bin" } else { "bin" }))
                }
            }
        }
    }
}

/// Choice fields among the columns: each gets a menu of its own.
fn choices(view: &View) -> impl Iterator<Item = &Field> {
    let fields = view.columns.iter().filter_map(|name| view.module.field(name));
    fields.filter(|field| field.kind == FieldType::Choice && field.is_stored() && field.options.len() > 1).take(3)
}

fn choice_menu(view: &View, field: &Field) -> Markup {
    let conditions = split(&view.query.filter);
    let prefix = format!("{} == ", field.name);
    let others: Vec<&str> =
        conditions.iter().map(String::as_str).filter(|condition| !condition.starts_with(&prefix)).collect();
    html! {
        details.menu {
            summary.btn.quiet { (view.lens.field_label(field)) (icon(assets::icon::CHEVRON_DOWN)) }
            div.pop {
                @for option in &field.options {
                    @let condition = format!("{prefix}{}", quoted(&option.value));
                    @let is_on = conditions.contains(&condition);
                    @let filter = join(others.iter().copied().chain((!is_on).then_some(condition.as_str())));
                    a href=(view.query.filtered(&view.module.name, filter)) aria-current=[is_on.then_some("true")] {
                        @if is_on { (icon(assets::icon::CHECK)) }
                        (option.label.get(view.frame.locale))
                    }
                }
            }
        }
    }
}

fn filter_form(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module);
    let system = ["owner", "created_at", "updated_at"].map(str::to_owned);
    let names = module.fields.iter().map(|field| &field.name).chain(&system);
    let offered: Vec<&String> =
        names.filter(|name| !view.grant.hidden.contains(name) && kind(module, name).is_some_and(is_offered)).collect();
    html! {
        details.menu {
            summary.btn.quiet { (icon(assets::icon::PLUS)) (l.say("filter")) }
            form.pop.roomy action=(format!("/{}", module.name)) {
                @for (key, value) in view.query.kept("") { input type="hidden" name=(key) value=(value); }
                div.field {
                    label for="filter-field" { (l.say("filter-field")) }
                    select id="filter-field" name="field" { @for name in &offered { option value=(name) { (view.lens.label(module, name)) } } }
                }
                div.field {
                    label for="filter-operator" { (l.say("filter-operator")) }
                    select id="filter-operator" name="operator" {
                        @for operator in Operator::ALL { option value=(operator.name()) { (l.say(&format!("operator-{}", operator.name()))) } }
                    }
                }
                div.field {
                    label for="filter-value" { (l.say("filter-value")) }
                    input id="filter-value" name="value" autocomplete="off" aria-describedby="filter-help";
                    p.help id="filter-help" { (l.say("filter-help")) }
                }
                button.btn.main-action { (l.say("apply")) }
            }
        }
    }
}

fn expression_form(view: &View) -> Markup {
    let (l, fault) = (view.frame.locale, view.fault.as_ref());
    let described = if fault.is_some() { "expression-error" } else { "expression-help" };
    html! {
        details.menu open[fault.is_some()] {
            summary.btn.quiet { (icon(assets::icon::LIST_FILTER)) (l.say("expression")) }
            form.pop.end.roomy action=(format!("/{}", view.module.name)) {
                @for (key, value) in view.query.kept("filter") { input type="hidden" name=(key) value=(value); }
                div.field {
                    label for="expression" { (l.say("expression")) }
                    textarea id="expression" name="filter" spellcheck="false" aria-describedby=(described)
                        aria-invalid=[fault.map(|_| "true")] data-fault=[fault.map(Fault::place)] autofocus[fault.is_some()] { (view.query.filter) }
                    @match fault {
                        Some(fault) => (note::of_field("expression", fault.says())),
                        None => p.help id="expression-help" { (l.say("expression-help")) },
                    }
                }
                button.btn.main-action { (l.say("apply")) }
            }
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
            nav.pager aria-label=(l.say("pages")) {
                span { (shown(view)) }
                @if view.grouped.as_ref().is_some_and(Grouped::hides_some) { span.faint { (l.say("groups-folded")) } }
                (step(view.query.previous(&module.name), "prev", &html! { (icon(assets::icon::CHEVRON_LEFT)) (l.say("previous")) }))
                (step(view.next.as_ref().map(|cursor| view.query.next(&module.name, cursor)), "next", &html! { (l.say("next")) (icon(assets::icon::CHEVRON_RIGHT)) }))
            }
        }
    }
}

fn row(view: &View, record: &Record, has_picks: bool) -> Markup {
    let is_open = view.open.contains(&record.id);
    let is_changed = |name: &String| is_open && view.editable.contains(name);
    html! {
        tr data-id=(record.id) {
            @if has_picks {
                td.pick {
                    input type="checkbox" name=(bulk::PICK) value=(record.id) form=(bulk::FORM) autocomplete="off"
                        aria-label=(view.frame.locale.say_with("bulk-pick", &[("name", cells::title_text(&view.lens, record).into())]));
                }
            }
            @for (index, name) in view.columns.iter().enumerate() {
                @if index == 0 { (cells::named(&view.lens, record, is_changed(name))) }
                @else { (cells::shown(&view.lens, record, name, is_changed(name))) }
            }
        }
    }
}

fn step(address: Option<String>, rel: &str, content: &Markup) -> Markup {
    html! {
        @match address {
            Some(address) => a.btn.small href=(address) rel=(rel) { (content) },
            None => a.btn.small aria-disabled="true" { (content) },
        }
    }
}

/// "51–100 of 128"; of very many only that there are more.
fn shown(view: &View) -> String {
    if view.records.is_empty() {
        return view.frame.locale.say_with("group-count", &[("count", view.total.into())]);
    }
    let (l, number) = (view.frame.locale, |number: usize| view.lens.number(i64::try_from(number).unwrap_or(i64::MAX)));
    let first = view.query.before(LIMIT);
    let (from, to) = (number(first + 1), number(first + view.records.len()));
    let total = view.lens.number(view.total.min(COUNT_LIMIT));
    let key = if view.total > COUNT_LIMIT { "pager-more" } else { "pager" };
    l.say_with(key, &[("from", from.into()), ("to", to.into()), ("total", total.into())])
}
