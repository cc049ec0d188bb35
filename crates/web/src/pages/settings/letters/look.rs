//! How a letter looks over made-up data.

use channels::letters::Rendered;
use maud::{Markup, html};
use model::Locale;

use crate::ui::Words;
use crate::ui::marks::cleaned;

/// The letter in both languages; formatted where it is.
pub(super) fn drawn(looks: &[(Locale, Rendered)], is_formatted: bool, l: Locale) -> Markup {
    html! {
        section id="look" {
            h2 { (l.say("letter-look")) }
            p.help { (l.say("letter-look-help")) }
            div.pair {
                @for (locale, look) in looks {
                    article.letter-look lang=(locale) {
                        h3 { (look.subject) }
                        @if is_formatted { div.formatted { (cleaned(&look.html)) } } @else { p { (look.text) } }
                    }
                }
            }
        }
    }
}
