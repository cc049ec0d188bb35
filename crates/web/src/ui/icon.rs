//! Icons of the sprite.

use maud::{Markup, html};

/// The icon behind `address`, one of [`assets::icon`].
pub(crate) fn icon(address: &str) -> Markup {
    html! { svg.ic aria-hidden="true" { use href=(address) {} } }
}

/// The icon of a module, by its name; a plain one where the sprite lacks it.
pub(crate) fn named(name: &str) -> Markup {
    icon(assets::icon_path(name).unwrap_or(assets::icon::CIRCLE))
}
