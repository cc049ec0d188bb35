//! The bar over a list: in which way it is shown, what it is narrowed to, how it is ordered, what is done to the whole of it.

use maud::{Markup, html};
use model::Field;
use model::field::FieldType;
use model::rights::Scope;

use super::filter::{Filter, Place, address, offer};
use super::shapes::switch;
use super::{View, bulk, columns, groups, saved};
use crate::pages::cells;
use crate::ui::expression::{Expression, Offered};
use crate::ui::{Words, icon};

pub(super) fn bar(view: &View) -> Markup {
    let (l, name) = (view.frame.locale, &view.module.name);
    html! {
        div.bar.of-list {
            (switch(&view.lens, &view.module, &view.grant, &view.query))
            (drawn(view))
            form action=(format!("/{name}")) role="search" {
                @for (key, value) in view.query.kept("q") { input type="hidden" name=(key) value=(value); }
                input.input type="search" name="q" value=(view.query.words) placeholder=(l.say("list-search")) aria-label=(l.say("list-search"));
            }
            (fold(view))
            div.tools {
                (on_phones(view))
                (view.chips.markup(view))
                @for field in choices(view) { (choice_menu(view, field)) }
                (new_condition(view))
                span.push {}
                (groups::menu(view))
                @if view.query.layout.has_columns() { (columns::form(view)) }
                (expression_form(view))
                (saved::menu(view))
                @if view.grant.delete != Scope::None {
                    @let words = l.say(if view.query.deleted { "leave-bin" } else { "bin" });
                    a.btn.quiet href=(view.query.other_side(name)) title=(words) {
                        (icon(if view.query.deleted { assets::icon::LIST } else { assets::icon::TRASH_2 }))
                        span.label { (words) }
                    }
                }
            }
        }
    }
}

/// On phones the tools are folded, so that records begin at once; conditions stay in sight.
fn fold(view: &View) -> Markup {
    let label = view.frame.locale.say("list-tools");
    html! {
        input.tools-toggle type="checkbox" id="tools-toggle" autocomplete="off" aria-label=(label) checked[view.editing.is_some() || view.fault.is_some()];
        label.btn.quiet.icon.tools-fold for="tools-toggle" title=(label) { (icon(assets::icon::SLIDERS_HORIZONTAL)) }
    }
}

/// The way to the picture of the module's process.
fn drawn(view: &View) -> Markup {
    let label = view.frame.locale.say("drawn-process");
    html! {
        @if view.has_process && !view.query.deleted {
            a.btn.quiet.icon.its-way href=(crate::pages::process::address(&view.module.name)) title=(label) aria-label=(label) { (icon(assets::icon::WORKFLOW)) }
        }
    }
}

/// What the heads of a table do, for cards, which have none.
fn on_phones(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module);
    let sorted: Vec<&String> = view.columns.iter().filter(|name| cells::is_sorted(module, name)).collect();
    html! {
        @if view.body.is_none() && !view.records.is_empty() {
            @if bulk::has_any(view) {
                label.btn.quiet.for-cards.of-script { input type="checkbox" data-pick-all autocomplete="off"; (l.say("list-pick-all")) }
            }
            @if !sorted.is_empty() {
                details.menu.for-cards {
                    summary.btn.quiet { (icon(assets::icon::CHEVRONS_UP_DOWN)) (l.say("list-sort")) }
                    div.pop {
                        @for name in sorted {
                            @let direction = view.query.direction(name);
                            a href=(view.query.sorted(&module.name, name)) aria-current=[direction.map(|_| "true")] {
                                @match direction {
                                    Some("ascending") => (icon(assets::icon::ARROW_UP)),
                                    Some(_) => (icon(assets::icon::ARROW_DOWN)),
                                    None => {},
                                }
                                (view.lens.label(module, name))
                                @match direction {
                                    Some("ascending") => span.visually-hidden { (l.say("list-ascending")) },
                                    Some(_) => span.visually-hidden { (l.say("list-descending")) },
                                    None => {},
                                }
                            }
                        }
                    }
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
    let filter = Filter::read(&view.query.filter, &view.fields);
    let chosen = filter.chosen(&field.name);
    html! {
        details.menu.of-choice {
            summary.btn.quiet { (view.lens.field_label(field)) (icon(assets::icon::CHEVRON_DOWN)) }
            div.pop {
                @for option in &field.options {
                    @let is_on = chosen.contains(&option.value);
                    @let left = chosen.iter().filter(|value| is_on && **value != option.value);
                    @let values = left.chain((!is_on).then_some(&option.value)).cloned().collect();
                    a href=(view.query.filtered(&view.module.name, filter.clone().choosing(&field.name, values, &view.fields).written())) aria-current=[is_on.then_some("true")] {
                        @if is_on { (icon(assets::icon::CHECK)) }
                        (option.label.get(view.frame.locale))
                    }
                }
            }
        }
    }
}

/// The menu of a new condition.
fn new_condition(view: &View) -> Markup {
    let form = view.editing.as_ref().filter(|form| form.place() == Place::New);
    html! {
        details.menu open[form.is_some()] data-load=(address(&view.module, &view.query, &[("edit", "new")])) {
            summary.btn.quiet data-filter { (icon(assets::icon::PLUS)) (view.frame.locale.say("filter")) }
            div.pop.roomy {
                @match form {
                    Some(form) => (form.markup(&view.lens, &view.fields, &view.query)),
                    None => (offer(&view.lens, &view.fields, &view.query, Place::New, None)),
                }
            }
        }
    }
}

fn expression_form(view: &View) -> Markup {
    let (l, fault) = (view.frame.locale, view.fault.as_ref());
    let names = crate::pages::names::address(&view.module.name);
    let expression = Expression {
        name: "filter",
        label: html! { (l.say("expression")) },
        help: Some(l.say("expression-help")),
        fault,
        focused: fault.is_some(),
        ..Expression::new(l, "expression", &view.query.filter, Offered::At(&names))
    };
    html! {
        details.menu open[fault.is_some()] {
            summary.btn.quiet title=(l.say("expression")) { (icon(assets::icon::LIST_FILTER)) span.label { (l.say("expression")) } }
            form.pop.end.roomy action=(format!("/{}", view.module.name)) {
                @for (key, value) in view.query.kept("filter") { input type="hidden" name=(key) value=(value); }
                div.field { (expression) }
                button.btn.main-action { (l.say("apply")) }
            }
        }
    }
}
