//! What a list and each of its groups come to.

use maud::{Markup, html};
use model::field::FieldType;
use model::{Field, Module, Value};
use store::Total;

use crate::pages::cells;
use crate::pages::list::View;
use crate::ui::Words;

/// The columns that are summed up.
pub(in crate::pages::list) fn summed(module: &Module, columns: &[String]) -> Vec<String> {
    let sums = |field: &Field| {
        matches!(field.read_as(), FieldType::Number | FieldType::Decimal | FieldType::Money)
            && (field.is_stored() || module.derived(&field.name).is_some())
    };
    columns.iter().filter(|name| module.field(name).is_some_and(sums)).cloned().collect()
}

pub(super) fn told(view: &View, name: &str, value: &Value) -> String {
    // A mean has a scale of its own.
    match (view.module.field(name), value) {
        (_, Value::Null) => view.frame.locale.say("total-too-large"),
        (Some(field), value) => view.lens.text(field, value),
        (None, _) => String::new(),
    }
}

/// What the whole list comes to, under its columns.
pub(in crate::pages::list) fn foot(view: &View, has_picks: bool) -> Markup {
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
