//! The fonts of a page, asked for beside its styles and not after them, when what was laid out in another font is laid out
//! again.

use maud::{Markup, html};
use model::Locale;

/// What the head of a page in this language says: only the parts of the font that every such page shows.
pub(crate) fn ahead(l: Locale) -> Markup {
    let cyrillic = (l == Locale::Ru).then_some(assets::INTER_CYRILLIC_WGHT_NORMAL_WOFF2);
    html! {
        @for font in [Some(assets::INTER_LATIN_WGHT_NORMAL_WOFF2), cyrillic].into_iter().flatten() {
            link rel="preload" as="font" type="font/woff2" href=(font) crossorigin;
        }
    }
}
