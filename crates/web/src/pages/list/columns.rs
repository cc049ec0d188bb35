//! The columns of a list: which, in which order. They are chosen in a form that works without script.

use maud::{Markup, html};
use model::field::FieldType;
use model::rights::Grant;
use model::{Field, Module};

use super::query::Query;
use super::{View, widths};
use crate::ui::control::is_written;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// Fields that every record has and that a list can show.
const SYSTEM: [&str; 4] = ["owner", "created_at", "updated_at", "created_by"];

/// The columns that are shown: those that were chosen, else the module's. What names the record stands first.
pub(super) fn shown(module: &Module, grant: &Grant, chosen: &[String]) -> Vec<String> {
    let chosen = if chosen.is_empty() { &module.columns } else { chosen };
    let mut columns: Vec<String> = chosen.iter().filter(|name| is_seen(module, grant, name)).cloned().collect();
    let named = columns.iter().position(|name| *name == module.title);
    match named {
        Some(at) => columns[..=at].rotate_right(1),
        None => columns.insert(0, module.title.clone()),
    }
    columns
}

/// Whether the reader has such a column.
fn is_seen(module: &Module, grant: &Grant, name: &str) -> bool {
    is_known(module, name) && !grant.hidden.iter().any(|hidden| hidden == name)
}

/// Whether the module has such a column.
pub(super) fn is_known(module: &Module, name: &str) -> bool {
    match module.field(name) {
        Some(field) => is_shown(field),
        None => SYSTEM.contains(&name) && (name != "owner" || module.owners),
    }
}

fn is_shown(field: &Field) -> bool {
    !field.secret
        && (field.kind != FieldType::Json
            || is_written(field)
            || field.name == "price_tiers"
            || field.name == "allocations")
}

/// The address of the list as the form of the columns asks for it; nothing where that form was not sent.
pub(super) fn asked(module: &Module, grant: &Grant, query: &Query, form: &Typed) -> Option<String> {
    if !form.has("choose") {
        return None;
    }
    if form.has("reset") {
        return Some(query.with_columns(Vec::new()).address(&module.name));
    }
    let mut names = shown(module, grant, &super::query::names(&form.all("column").collect::<Vec<_>>().join(",")));
    let moved = |names: &[String], key: &str| names.iter().skip(1).position(|name| name == form.text(key));
    // The first one names the record and stays where it is.
    let is_moved = match (moved(&names, "up"), moved(&names, "down")) {
        (Some(at), _) if at > 0 => {
            names.swap(at, at + 1);
            true
        }
        (_, Some(at)) if at + 2 < names.len() => {
            names.swap(at + 1, at + 2);
            true
        }
        (up, down) => up.is_some() || down.is_some(),
    };
    // As the module has them: then they follow the module.
    let chosen = if names == shown(module, grant, &[]) { Vec::new() } else { names };
    let address = query.with_columns(chosen).address(&module.name);
    let mark = if address.contains('?') { '&' } else { '?' };
    Some(if is_moved { format!("{address}{mark}open=columns") } else { address })
}

/// The form: a box for each column in its order, with buttons that move it.
pub(super) fn form(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module);
    let chosen = &view.columns;
    let names = module.fields.iter().map(|field| field.name.as_str()).chain(SYSTEM);
    let others: Vec<&str> =
        names.filter(|name| is_seen(module, &view.grant, name) && !chosen.iter().any(|known| known == name)).collect();
    html! {
        details.menu.wide open[view.opened == "columns"] {
            summary.btn.quiet title=(l.say("columns")) aria-label=(l.say("columns")) { (icon(assets::icon::COLUMNS_3)) span.label { (l.say("columns")) } }
            form.pop.roomy.columns action=(format!("/{}", module.name)) {
                @for (key, value) in view.query.kept("columns") { input type="hidden" name=(key) value=(value); }
                input type="hidden" name="choose" value="columns";
                // Enter applies, and moves nothing.
                button.visually-hidden tabindex="-1" aria-hidden="true" { (l.say("apply")) }
                ul {
                    @for (index, name) in chosen.iter().enumerate() {
                        @let label = view.lens.label(module, name);
                        li {
                            label.option { input type="checkbox" name="column" value=(name) checked disabled[index == 0]; (label) }
                            (widths::buttons(view, name))
                            @if index > 0 {
                                button.btn.quiet.small.icon name="up" value=(name) disabled[index == 1]
                                    aria-label=(l.say_with("column-up", &[("name", label.as_str().into())])) { (icon(assets::icon::ARROW_UP)) }
                                button.btn.quiet.small.icon name="down" value=(name) disabled[index + 1 == chosen.len()]
                                    aria-label=(l.say_with("column-down", &[("name", label.as_str().into())])) { (icon(assets::icon::ARROW_DOWN)) }
                            }
                        }
                    }
                    @for name in others {
                        li { label.option { input type="checkbox" name="column" value=(name); (view.lens.label(module, name)) } }
                    }
                }
                div.buttons {
                    button.btn.small.main-action { (l.say("apply")) }
                    button.btn.small.quiet name="reset" value="true" { (l.say("columns-reset")) }
                    (widths::reset(view))
                }
            }
        }
    }
}
