//! The line below the rows of a list: which of them stand there, of how many, and the way to those before and behind.
//! Its words and its way on follow what scrolling brings, so the script is told how they are said.

use maud::{Markup, html};
use store::COUNT_LIMIT;

use super::groups::Grouped;
use super::{LIMIT, View, export};
use crate::ui::{Words, icon};

/// What stands for the number of the last row, where the script puts it in.
const LAST: &str = "{to}";

pub(super) fn pager(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module.name);
    let first = view.query.before(LIMIT) + 1;
    let found = (view.total <= COUNT_LIMIT).then_some(view.total);
    let further = view.next.as_ref().map(|cursor| view.query.next(module, cursor));
    html! {
        nav.pager aria-label=(l.say("pages")) {
            @if view.records.is_empty() {
                span { (l.say_with("group-count", &[("count", view.total.into())])) }
            } @else {
                span data-shown=(shown(view, LAST)) data-first=(first) data-found=[found] {
                    (shown(view, &number(view, first + view.records.len() - 1)))
                }
            }
            @if view.grouped.as_ref().is_some_and(Grouped::hides_some) { span.faint { (l.say("groups-folded")) } }
            (step(view.query.previous(module), "prev", &html! { (icon(assets::icon::CHEVRON_LEFT)) (l.say("pager-previous")) }))
            (step(further, "next", &html! { (l.say("pager-next")) (icon(assets::icon::CHEVRON_RIGHT)) }))
            (export::button(view))
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

fn number(view: &View, number: usize) -> String {
    view.lens.number(i64::try_from(number).unwrap_or(i64::MAX))
}

/// "51–100 of 128"; of very many only that there are more.
fn shown(view: &View, to: &str) -> String {
    let from = number(view, view.query.before(LIMIT) + 1);
    let total = view.lens.number(view.total.min(COUNT_LIMIT));
    let key = if view.total > COUNT_LIMIT { "pager-more" } else { "pager" };
    view.frame.locale.say_with(key, &[("from", from.into()), ("to", to.to_owned().into()), ("total", total.into())])
}
