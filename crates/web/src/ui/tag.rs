//! States and choices as coloured tags.

use maud::{Markup, html};
use model::Locale;
use model::field::ChoiceOption;

/// A choice as a tag in its colour.
pub(crate) fn choice(option: &ChoiceOption, locale: Locale) -> Markup {
    tag(&option.colour, option.label.get(locale))
}

/// A tag; with a tone it has a dot.
pub(crate) fn tag(tone: &str, text: &str) -> Markup {
    html! {
        span class=(format!("tag {tone}").trim_end()) {
            @if !tone.is_empty() { span.dot {} }
            (text)
        }
    }
}
