//! The conditions of a filter as chips that people read, change in their place and take away.

use maud::{Markup, html};
use store::{Result, Work};

use super::fields::Fields;
use super::form::Form;
use super::sort::sort;
use super::tree::{Filter, Item, Part, Place};
use super::{address, named};
use crate::pages::list::View;
use crate::pages::list::conjuncts::Joint;
use crate::pages::list::query::Query;
use crate::ui::{Lens, Words, icon};

/// A filter whose names are known.
#[derive(Default)]
pub(in crate::pages::list) struct Chips(Filter);

/// Those of the list's filter.
pub(in crate::pages::list) fn of(
    work: &mut Work<'_>,
    lens: &mut Lens,
    fields: &Fields,
    query: &Query,
) -> Result<Chips> {
    let filter = Filter::read(&query.filter, fields);
    named::learn(work, lens, fields, &filter)?;
    Ok(Chips(filter))
}

impl Chips {
    /// In their order, with what holds them together.
    pub(in crate::pages::list) fn markup(&self, view: &View) -> Markup {
        let Self(filter) = self;
        let l = view.frame.locale;
        html! {
            @for (index, part) in filter.parts.iter().enumerate() {
                @if index == 1 {
                    @let flipped = view.query.filtered(&view.module.name, filter.clone().flipped().written());
                    a.joint href=(flipped) title=(l.say(flips(filter.joint))) {
                        (l.say(word(filter.joint))) span.visually-hidden { " · " (l.say(flips(filter.joint))) }
                    }
                } @else if index > 1 {
                    span.joint { (l.say(word(filter.joint))) }
                }
                @match part {
                    Part::One(item) => (self.chip(view, index, 0, item)),
                    Part::Group(items) => span.conds role="group" aria-label=(l.say("filter-group")) {
                        @for (at, item) in items.iter().enumerate() {
                            @if at > 0 { span.joint { (l.say(word(filter.joint.other()))) } }
                            (self.chip(view, index, at, item))
                        }
                    },
                }
            }
        }
    }

    fn chip(&self, view: &View, part: usize, at: usize, item: &Item) -> Markup {
        let (l, place) = (view.frame.locale, Place::At(part, at));
        let is_here = |form: &&Form| form.place() == place || at == 0 && form.place() == Place::In(part);
        let form = view.editing.as_ref().filter(is_here);
        let edit = address(&view.module, &view.query, &[("edit", place.text().as_str())]);
        let without = self.0.clone().without(part, at).written();
        let without = view.query.filtered(&view.module.name, without);
        let (label, words) = said(&view.lens, &view.fields, item);
        html! {
            span.cond {
                details.menu open[form.is_some()] data-load=(edit) {
                    summary title=(l.say_with("filter-change", &[("name", label.as_str().into())])) { (words) }
                    div.pop.roomy {
                        @match form {
                            Some(form) => (form.markup(&view.lens, &view.fields, &view.query)),
                            None => a.btn.small href=(edit) data-part { (l.say("filter-edit")) },
                        }
                    }
                }
                a.off href=(without) data-off aria-label=(l.say_with("remove-filter", &[("name", label.as_str().into())])) { (icon(assets::icon::X)) }
            }
        }
    }
}

/// What a chip says, in one line and marked up.
fn said(lens: &Lens, fields: &Fields, item: &Item) -> (String, Markup) {
    let known = item.condition.as_ref().and_then(|condition| Some((fields.field(&condition.field)?, condition)));
    let Some((field, condition)) = known else { return (item.text.clone(), html! { b { (item.text) } }) };
    let name = fields.label(lens, &condition.field);
    let operator = named::told(lens.locale, sort(&field), condition);
    let value = named::values(lens, &field, condition);
    let parts = [name.as_str(), &operator, &value];
    let line = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let words = html! {
        span { (name) }
        @if !operator.is_empty() { span { (operator) } }
        @if !value.is_empty() { b { (value) } }
    };
    (line, words)
}

fn word(joint: Joint) -> &'static str {
    match joint {
        Joint::All => "filter-and",
        Joint::Any => "filter-or",
    }
}

fn flips(joint: Joint) -> &'static str {
    match joint {
        Joint::All => "filter-any",
        Joint::Any => "filter-all",
    }
}
