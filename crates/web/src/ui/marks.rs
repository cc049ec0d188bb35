//! A text with marks: buttons that put them around what is selected, which script brings to life, and how it looks.

use channels::letters::body;
use channels::mime::sanitised;
use maud::{Markup, PreEscaped, html};
use model::Locale;

use super::{Words, icon};

/// What each button does, as the list of keys calls it too; its name, and its sign.
const MARKS: [(&str, &str, &str); 7] = [
    ("bold", "mark-bold", assets::icon::BOLD),
    ("italic", "mark-italic", assets::icon::ITALIC),
    ("link", "mark-link", assets::icon::LINK),
    ("heading", "mark-heading", assets::icon::HEADING),
    ("bullets", "mark-bullets", assets::icon::LIST),
    ("numbers", "mark-numbers", assets::icon::LIST_ORDERED),
    ("quote", "mark-quote", assets::icon::TEXT_QUOTE),
];

/// The buttons over a text. Without script they are not there: marks are typed.
pub(crate) fn bar(l: Locale, control: &str) -> Markup {
    html! {
        div.marks role="toolbar" aria-label=(l.say("marks")) aria-controls=(control) {
            @for (index, (mark, name, sign)) in MARKS.into_iter().enumerate() {
                @let name = l.say(name);
                // One stop on the way through the form; arrows go on.
                button.btn.quiet.small.icon type="button" data-mark=(mark) tabindex=[(index > 0).then_some("-1")]
                    aria-label=(name) title=(with_keys(&name, mark)) { (icon(sign)) }
            }
        }
    }
}

/// The name of a mark, with the keys that put it.
fn with_keys(name: &str, mark: &str) -> String {
    match assets::keys().find(|(what, _)| *what == mark) {
        Some((_, keys)) => format!("{name} ({})", keys.join(", ")),
        None => name.to_owned(),
    }
}

/// How a text looks that somebody formatted: made as letters are made, and cleaned as letters of others are.
pub(crate) fn formatted(text: &str) -> Markup {
    cleaned(&body(text))
}

/// HTML of a letter, ours or not, as it may stand in a page.
pub(crate) fn cleaned(html: &str) -> Markup {
    PreEscaped(sanitised(html))
}
