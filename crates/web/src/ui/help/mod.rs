//! The ways to help: to what fits the page, and to all manuals.

pub(crate) mod topics;

use maud::{Markup, html};
use model::Locale;

use self::topics::{is_help, topic};
use super::addresses::HELP;
use super::frame::Frame;
use super::{Words, icon};

/// The sign beside the bell: to what fits the page. The script opens it beside the page, without it the manual is opened.
pub(crate) fn sign(frame: &Frame) -> Markup {
    let l = frame.locale;
    html! {
        a.helps href=(topic(&frame.here)) data-help aria-label=(l.say("help-here")) title=(l.say("help-here")) aria-keyshortcuts="H F1"
            aria-current=[is_help(&frame.here).then_some("page")] data-say-help=(l.say("help")) data-say-help-whole=(l.say("help-whole")) {
            (icon(assets::icon::CIRCLE_HELP))
        }
    }
}

/// The manuals in the menu of the user.
pub(crate) fn of_menu(l: Locale) -> Markup {
    html! { a href=(HELP) { (icon(assets::icon::BOOK_OPEN)) (l.say("help-manuals")) } }
}
