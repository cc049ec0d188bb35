//! Small pieces of many pages.

use maud::{Markup, html};

/// Text with its paragraphs and line breaks.
pub(crate) fn lines(text: &str) -> Markup {
    html! {
        @for (index, line) in text.trim().lines().enumerate() {
            @if index > 0 { br; }
            (line)
        }
    }
}

/// An e-mail address that may break after its @.
pub(crate) fn breakable(text: &str) -> Markup {
    html! {
        @match text.split_once('@') {
            Some((name, host)) => { (name) "@" wbr; (host) },
            None => (text),
        }
    }
}

/// The place of nothing.
pub(crate) fn nothing() -> Markup {
    html! { span.faint { "—" } }
}
