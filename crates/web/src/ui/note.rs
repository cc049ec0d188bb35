//! Messages of a page and of a field.

use maud::{Markup, html};

use super::icon;

/// What went wrong, above a form.
pub(crate) fn bad(text: &str) -> Markup {
    html! { div.note.bad role="alert" { (icon(assets::icon::CIRCLE_ALERT)) div { (text) } } }
}

/// What was done.
pub(crate) fn good(text: &str) -> Markup {
    html! { div.note.good role="status" { (icon(assets::icon::CHECK)) div { (text) } } }
}

/// What somebody should look at.
pub(crate) fn warn(content: &Markup) -> Markup {
    html! { div.note.warn role="status" { (icon(assets::icon::TRIANGLE_ALERT)) div { (content) } } }
}

/// What is wrong with the field whose control has this id.
pub(crate) fn of_field(id: &str, text: &str) -> Markup {
    html! { p.error id=(format!("{id}-error")) { (icon(assets::icon::CIRCLE_ALERT)) (text) } }
}
