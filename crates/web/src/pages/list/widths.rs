//! How wide the columns of a list are: as each user has made them, for each list and view by itself. The page comes with
//! the widths in it, as attributes of its columns, so that nothing moves when it has loaded.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use model::Module;
use model::field::FieldType;
use store::{NARROWEST_COLUMN, WIDEST_COLUMN, Widths, Work};

use super::own::{self, Own};
use super::{View, bulk, columns};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// By how much a press makes a column narrower or wider.
const STEP: u16 = 24;

/// The width of a column that nobody has set, beside others that are set.
fn usual(module: &Module, name: &str) -> u16 {
    if name == module.title {
        return 216;
    }
    match module.field(name).map(model::Field::read_as) {
        Some(FieldType::Number | FieldType::Rating | FieldType::Checkbox | FieldType::Time | FieldType::Colour) => 96,
        Some(FieldType::Money | FieldType::Decimal | FieldType::Date | FieldType::Choice) => 128,
        Some(_) => 168,
        None => 144,
    }
}

/// The width of a column as it is shown where any is set.
fn width(module: &Module, widths: &Widths, name: &str) -> u16 {
    widths.get(name).copied().unwrap_or_else(|| usual(module, name))
}

/// The columns of the table with their widths; without any where none is set.
pub(super) fn group(view: &View) -> Markup {
    let is_set = !view.widths.is_empty();
    html! {
        colgroup data-widths=(address(&view.module)) data-view=[view.query.view()] {
            @if bulk::has_any(view) { col; }
            @for name in &view.columns {
                col data-column=(name) width=[is_set.then(|| width(&view.module, &view.widths, name))];
            }
        }
    }
}

/// The edge of a column's head, by which it is made wider; the script takes hold of it.
pub(super) fn edge() -> Markup {
    html! { span.edge data-edge aria-hidden="true" {} }
}

fn address(module: &Module) -> String {
    format!("/{}/widths", module.name)
}

/// The buttons in the form of the columns that make one narrower and wider.
pub(super) fn buttons(view: &View, name: &str) -> Markup {
    let (l, address, label) = (view.frame.locale, address(&view.module), view.lens.label(&view.module, name));
    let button = |does: &str, key: &str, symbol: &'static str| {
        let words = l.say_with(key, &[("name", label.as_str().into())]);
        html! {
            button.btn.quiet.small.icon.width formmethod="post" formaction=(address) name=(does) value=(name) aria-label=(words) title=(words) { (icon(symbol)) }
        }
    };
    html! {
        (button("narrower", "column-narrower", assets::icon::MINUS))
        (button("wider", "column-wider", assets::icon::PLUS))
    }
}

/// The button that gives all columns of the list back, where any width is set.
pub(super) fn reset(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @if !view.widths.is_empty() {
            button.btn.small.quiet.width formmethod="post" formaction=(address(&view.module)) name="fit" value="true" { (l.say("columns-fit")) }
        }
    }
}

/// Keeps widths: those that the script has measured, or one that was pressed for.
pub(crate) async fn keep(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    own::keep(&web, &visitor, module, form, change).await
}

fn change(work: &mut Work<'_>, of: &Own<'_>) -> store::Result<String> {
    let Own { module, grant, query, form } = of;
    let view = query.view();
    let before = work.widths(&module.name, view)?;
    let widths = if form.has("fit") { Widths::new() } else { asked(module, before, form) };
    work.set_widths(&module.name, view, &widths)?;
    let address = columns::asked(module, grant, query, form).unwrap_or_else(|| query.address(&module.name));
    let mark = if address.contains('?') { '&' } else { '?' };
    Ok(format!("{address}{mark}open=columns"))
}

/// The widths as they are then. What is not named stays.
fn asked(module: &Module, mut widths: Widths, form: &Typed) -> Widths {
    for (name, width) in form.text("widths").split(',').filter_map(|pair| pair.split_once(':')) {
        if let Some(width) = width.parse().ok().filter(|_| columns::is_known(module, name)) {
            widths.insert(name.to_owned(), width);
        }
    }
    for (key, is_wider) in [("narrower", false), ("wider", true)] {
        let name = form.text(key);
        if columns::is_known(module, name) {
            let present = width(module, &widths, name);
            let other = if is_wider { present.saturating_add(STEP) } else { present.saturating_sub(STEP) };
            widths.insert(name.to_owned(), other.clamp(NARROWEST_COLUMN, WIDEST_COLUMN));
        }
    }
    // Those of fields that are gone would stay for ever.
    widths.retain(|name, _| columns::is_known(module, name));
    widths
}
