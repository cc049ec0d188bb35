//! The menu that groups a list.

use maud::{Markup, html};
use model::Period;

use super::folds;
use crate::pages::list::View;
use crate::ui::{Words, icon};

pub(in crate::pages::list) fn menu(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module);
    let asked = view.query.group.as_str();
    let (called, period) = asked.split_once('.').unwrap_or((asked, ""));
    let shown = match asked {
        "" => l.say("group"),
        _ => l.say_with("grouped", &[("name", view.lens.label(module, called).into())]),
    };
    let names = view.groupings.iter().map(|field| field.name.as_str());
    let choice = |address: String, is_on: bool, label: String| {
        html! {
            a href=(address) aria-current=[is_on.then_some("true")] {
                @if is_on { (icon(assets::icon::CHECK)) }
                (label)
            }
        }
    };
    html! {
        @if !view.groupings.is_empty() {
            details.menu {
                summary.btn.quiet.on[!asked.is_empty()] title=(l.say("group")) aria-label=(shown) {
                    (icon(assets::icon::ROWS_3))
                    span.label { (shown) }
                }
                div.pop.end.group-by {
                    @if let Some(grouped) = &view.grouped {
                        @if let Some(present) = grouped.by.period {
                            @for other in Period::ALL {
                                @let address = view.query.grouped(&module.name, &format!("{called}.{}", other.name()));
                                (choice(address, other == present, l.say(words(other))))
                            }
                            hr;
                        }
                        (folds::all(l))
                        hr;
                    }
                    @for name in std::iter::once("").chain(names) {
                        @let is_on = called == name;
                        // A date that is chosen again stays parted as it is.
                        @let by = if is_on && !period.is_empty() { asked } else { name };
                        @let label = if name.is_empty() { l.say("group-none") } else { view.lens.label(module, name) };
                        (choice(view.query.grouped(&module.name, by), is_on, label))
                    }
                }
            }
        }
    }
}

fn words(period: Period) -> &'static str {
    match period {
        Period::Day => "group-by-day",
        Period::Week => "group-by-week",
        Period::Month => "group-by-month",
        Period::Quarter => "group-by-quarter",
        Period::Year => "group-by-year",
    }
}
