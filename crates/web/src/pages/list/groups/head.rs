//! Heads of groups: what the group is called, how many it has, what they come to, and whether it is folded.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use model::{Locale, Period, Value, l10n};
use serde_json::Value as Json;
use store::{Group, Grouping};

use super::totals::told;
use super::{Grouped, folds, marked};
use crate::pages::list::filter::{Condition, Fields, Filter};
use crate::pages::list::query::Query;
use crate::pages::list::{LIMIT, View};
use crate::ui::{Lens, Words};

/// The head of the group that begins with a record, behind the heads of folded groups that stand before it; nothing where
/// the record before is of the same group.
pub(in crate::pages::list) fn head(view: &View, index: usize, spanned: usize) -> Markup {
    let (Some(grouped), Some(record)) = (&view.grouped, view.records.get(index)) else { return html! {} };
    let present = grouped.by.shared(record);
    let before = index.checked_sub(1).and_then(|before| view.records.get(before));
    let is_same = match before {
        Some(before) => grouped.by.shared(before) == present,
        None => view.after.as_deref() == Some(marked(&present).as_str()),
    };
    if is_same {
        return html! {};
    }
    let place = grouped.place(&present);
    let begin = match before {
        Some(before) => grouped.place(&grouped.by.shared(before)).map_or(0, |place| place + 1),
        None => first(view, grouped, place),
    };
    html! {
        (between(view, grouped, begin..place.unwrap_or(begin), spanned))
        (row(view, grouped, &present, place.and_then(|place| grouped.heads.get(place)), spanned))
    }
}

/// The heads of folded groups behind the last record of the list, and that there are more groups than are shown.
pub(in crate::pages::list) fn rest(view: &View, spanned: usize) -> Markup {
    let Some(grouped) = view.grouped.as_ref().filter(|_| view.next.is_none()) else { return html! {} };
    let begin = match view.records.last() {
        Some(record) => grouped.place(&grouped.by.shared(record)).map_or(0, |place| place + 1),
        None => first(view, grouped, None),
    };
    html! {
        (between(view, grouped, begin..grouped.heads.len(), spanned))
        @if grouped.is_cut {
            tr.group { th colspan=(spanned) { div { span.dim { (view.frame.locale.say_with("groups-cut", &[("count", grouped.heads.len().into())])) } } } }
        }
    }
}

/// The heads alone, as they are now.
pub(in crate::pages::list) fn heads(view: &View, spanned: usize) -> Markup {
    let Some(grouped) = &view.grouped else { return html! {} };
    html! {
        @for group in &grouped.heads {
            @if let Some(value) = &group.value { (row(view, grouped, value, Some(group), spanned)) }
        }
    }
}

/// The first group of which a page may tell: behind the one in which the page before ended.
fn first(view: &View, grouped: &Grouped, place: Option<usize>) -> usize {
    if let Some(after) = &view.after {
        return grouped.place_of_mark(after).map_or(0, |place| place + 1);
    }
    if view.query.before(LIMIT) == 0 {
        return 0;
    }
    let before = grouped.heads.iter().take(place.unwrap_or_default()).rev();
    place.unwrap_or_default() - before.take_while(|group| grouped.is_folded(group)).count()
}

fn between(view: &View, grouped: &Grouped, range: std::ops::Range<usize>, spanned: usize) -> Markup {
    html! {
        @for group in grouped.heads.get(range).unwrap_or_default() {
            @if let Some(value) = group.value.as_ref().filter(|_| grouped.is_folded(group)) {
                (row(view, grouped, value, Some(group), spanned))
            }
        }
    }
}

fn row(view: &View, grouped: &Grouped, value: &Value, group: Option<&Group>, spanned: usize) -> Markup {
    let l = view.frame.locale;
    let field = grouped.by.head();
    let text = in_words(l, &grouped.by, value);
    let called = text.clone().unwrap_or_else(|| view.lens.text(&field, value));
    html! {
        tr.group {
            th colspan=(spanned) scope="rowgroup" data-mark=(marked(value)) {
                div {
                    (folds::button(l, &marked(value), &called, grouped.folds.is_folded(&value.to_json())))
                    b { @match &text { Some(text) => (text), None => (view.lens.value(&field, value)) } }
                    @if let Some(group) = group {
                        a.dim href=(inside(&view.query, &view.fields, &grouped.by, value)) { (l.say_with("group-count", &[("count", group.count.into())])) }
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

/// What a group is called that is not called by a value.
fn in_words(l: Locale, by: &Grouping, value: &Value) -> Option<String> {
    match (by.period, value) {
        (_, Value::Null) => Some(l.say("group-nothing")),
        (Some(period), Value::Date(first)) => Some(named(l, period, *first)),
        _ => None,
    }
}

/// What a group is called.
pub(in crate::pages::list) fn called(lens: &Lens, by: &Grouping, value: &Value) -> String {
    in_words(lens.locale, by, value).unwrap_or_else(|| lens.text(&by.head(), value))
}

/// What a period that begins on a day is called.
fn named(l: Locale, period: Period, first: Date) -> String {
    let year = first.year().to_string();
    match period {
        Period::Day => format!("{}, {}", l10n::date(l, first), l10n::weekday_short(l, first.weekday())),
        Period::Week => l10n::date_range(l, first, first.saturating_add(6.days())),
        Period::Month => l10n::month_and_year(l, first),
        Period::Quarter => {
            let quarter = (first.month() + 2) / 3;
            l.say_with("group-quarter", &[("quarter", i64::from(quarter).into()), ("year", year.into())])
        }
        Period::Year => l.say_with("group-year", &[("year", year.into())]),
    }
}

/// The list of one group, as a table.
pub(in crate::pages::list) fn inside(query: &Query, fields: &Fields, by: &Grouping, value: &Value) -> String {
    let name = &by.field.name;
    let condition = match (by.period, value) {
        (Some(period), Value::Date(first)) => {
            Condition::among(name, *first, period.after(*first).yesterday().unwrap_or(*first))
        }
        (_, Value::Null) => Condition::that(fields, name, None),
        (_, value) => Condition::that(fields, name, Some(&bare(value))),
    };
    let filter = Filter::read(&query.filter, fields).narrowed(condition, fields);
    query.as_table(&fields.module().name, filter.written())
}

/// A value as the form of a condition says it.
fn bare(value: &Value) -> String {
    match value.to_json() {
        Json::String(text) => text,
        json => json.to_string(),
    }
}
