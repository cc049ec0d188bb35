//! Groups of a list with what each comes to, and what the whole list comes to.

use std::sync::Arc;

use maud::{Markup, html};
use model::field::FieldType;
use model::{Field, Module, Record, Value};
use store::{Group, List, Result, Total, Work};

use super::View;
use super::conjuncts::{join, quoted, split};
use super::read::Asked;
use crate::pages::cells;
use crate::ui::inputs::owner;
use crate::ui::{Lens, Words, icon};

/// The columns that are summed up.
pub(super) fn summed(module: &Module, columns: &[String]) -> Vec<String> {
    let sums = |field: &Field| {
        matches!(field.read_as(), FieldType::Number | FieldType::Decimal | FieldType::Money)
            && (field.is_stored() || module.derived(&field.name).is_some())
    };
    columns.iter().filter(|name| module.field(name).is_some_and(sums)).cloned().collect()
}

/// The groups of a list that is grouped, with their names: those whose heads stand between the records, and nothing where
/// no head does.
pub(super) fn of(
    work: &mut Work<'_>,
    lens: &mut Lens,
    (module, list): (&Arc<Module>, &List),
    summed: &[String],
    (records, asked): (&[Record], &Asked),
) -> Result<Vec<Group>> {
    let is_drawn = !(records.is_empty() || asked.is_part && asked.only.is_some());
    let (Some(name), true) = (&list.group, is_drawn) else { return Ok(Vec::new()) };
    let field = work.grouped(module, name)?;
    let mut heads: Vec<Value> = Vec::new();
    for present in records.iter().map(|record| value(record, &field)) {
        if !heads.contains(&present) {
            heads.push(present);
        }
    }
    if heads.first().map(marked) == asked.after && asked.after.is_some() {
        heads.remove(0);
    }
    let summed: Vec<&str> = summed.iter().map(String::as_str).collect();
    let groups = work.totals_among(&module.name, list, &summed, &heads)?;
    if field.kind == FieldType::Person {
        lens.learn_users(work, groups.iter().filter_map(Group::id))?;
    }
    Ok(groups)
}

/// The whole list.
pub(super) fn whole(
    work: &mut Work<'_>,
    module: &Arc<Module>,
    list: &List,
    summed: &[String],
) -> Result<Option<Group>> {
    let list = List { group: None, ..list.clone() };
    let summed: Vec<&str> = summed.iter().map(String::as_str).collect();
    Ok(work.totals(&module.name, &list, &summed)?.pop())
}

/// The field that the list is grouped by.
fn field(view: &View) -> Option<Field> {
    match view.query.group.as_str() {
        "" => None,
        "owner" => Some(owner()),
        name => view.module.field(name).cloned(),
    }
}

fn value(record: &Record, field: &Field) -> Value {
    if field.name == "owner" { record.owner.into() } else { record.get(&field.name).clone() }
}

/// The value of a record's group as an address carries it.
pub(super) fn mark(view: &View, record: &Record) -> Option<String> {
    field(view).map(|field| marked(&value(record, &field)))
}

fn marked(value: &Value) -> String {
    value.to_json().to_string()
}

/// The menu that groups.
pub(super) fn menu(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module);
    let by = |field: &&Field| field.makes_groups() && !view.grant.hidden.contains(&field.name);
    let mut names: Vec<&str> = module.fields.iter().filter(by).map(|field| field.name.as_str()).collect();
    names.extend(module.owners.then_some("owner"));
    html! {
        @if !names.is_empty() {
            @let is_grouped = !view.query.group.is_empty();
            details.menu {
                summary.btn.quiet.on[is_grouped] title=(l.say("group")) {
                    (icon(assets::icon::ROWS_3))
                    span.label {
                        @if is_grouped { (l.say_with("grouped", &[("name", view.lens.label(module, &view.query.group).into())])) }
                        @else { (l.say("group")) }
                    }
                }
                div.pop.end {
                    @for name in std::iter::once("").chain(names) {
                        @let is_on = view.query.group == name;
                        a href=(view.query.grouped(&module.name, name)) aria-current=[is_on.then_some("true")] {
                            @if is_on { (icon(assets::icon::CHECK)) }
                            @if name.is_empty() { (l.say("group-none")) } @else { (view.lens.label(module, name)) }
                        }
                    }
                }
            }
        }
    }
}

/// The head of the group that begins with a record; nothing where the record before is of the same group.
pub(super) fn head(view: &View, index: usize, spanned: usize) -> Markup {
    let (Some(field), Some(record)) = (field(view), view.records.get(index)) else { return html! {} };
    let present = value(record, &field);
    let is_same = match index.checked_sub(1).and_then(|before| view.records.get(before)) {
        Some(before) => value(before, &field) == present,
        None => view.after.as_deref() == Some(marked(&present).as_str()),
    };
    if is_same {
        return html! {};
    }
    let l = view.frame.locale;
    let group = view.groups.iter().find(|group| group.value.as_ref() == Some(&present));
    let name = if present.is_null() {
        html! { (l.say("group-nothing")) }
    } else {
        view.lens.value(&field, &present)
    };
    html! {
        tr.group {
            th colspan=(spanned) scope="rowgroup" {
                div {
                    b { (name) }
                    @if let Some(group) = group {
                        a.dim href=(inside(view, &field, &present)) { (l.say_with("group-count", &[("count", group.count.into())])) }
                        @for (name, totals) in &group.totals {
                            @let sums: Vec<String> = totals.iter().map(|total| told(view, name, &total.sum)).collect();
                            span { span.dim { (view.lens.label(&view.module, name)) } " " (sums.join(" · ")) }
                        }
                    }
                }
            }
        }
    }
}

/// The list of one group.
fn inside(view: &View, field: &Field, value: &Value) -> String {
    let name = &field.name;
    let condition = match value {
        Value::Null => format!("!has({name})"),
        Value::Bool(true) => format!("{name} == true"),
        Value::Bool(false) => format!("{name} != true"),
        Value::Int(number) => format!("{name} == {number}"),
        other => format!("{name} == {}", quoted(other.to_json().as_str().unwrap_or_default())),
    };
    let mut conditions = split(&view.query.filter);
    if !conditions.contains(&condition) {
        conditions.push(condition);
    }
    view.query.filtered(&view.module.name, join(conditions.iter().map(String::as_str)))
}

fn told(view: &View, name: &str, value: &Value) -> String {
    // A mean has a scale of its own.
    match (view.module.field(name), value) {
        (_, Value::Null) => view.frame.locale.say("total-too-large"),
        (Some(field), value) => view.lens.text(field, value),
        (None, _) => String::new(),
    }
}

/// What the whole list comes to, under its columns.
pub(super) fn foot(view: &View, has_picks: bool) -> Markup {
    let l = view.frame.locale;
    if summed(&view.module, &view.columns).is_empty() {
        return html! {};
    }
    html! {
        tfoot {
            tr {
                @if has_picks { td.pick {} }
                @for (index, name) in view.columns.iter().enumerate() {
                    @let totals = view.totals.as_ref().and_then(|whole| whole.totals.get(name));
                    td class=[cells::class(&view.module, name, index == 0)] data-label=(view.lens.label(&view.module, name)) {
                        @match (index, &view.totals) {
                            (0, Some(whole)) => (l.say_with("group-count", &[("count", whole.count.into())])),
                            (0, None) => a href=(all_totals(view)) { (l.say("show-totals")) },
                            _ => {},
                        }
                        @for total in totals.into_iter().flatten() { (line(view, name, total)) }
                    }
                }
            }
        }
    }
}

fn line(view: &View, name: &str, total: &Total) -> Markup {
    let l = view.frame.locale;
    html! {
        div.total {
            b { abbr title=(l.say("total-sum")) { "Σ" } "\u{a0}" (told(view, name, &total.sum)) }
            small { (l.say_with("total-mean", &[("value", told(view, name, &total.mean).into())])) }
        }
    }
}

/// A list of very many is summed up when somebody asks for it.
fn all_totals(view: &View) -> String {
    let address = view.query.address(&view.module.name);
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}totals=true")
}
