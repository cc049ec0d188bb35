//! Saved views in the menu, under the module that is shown.

use maud::{Markup, html};

use super::addresses::QUEUE;
use super::frame::Frame;
use super::{Words, icon};

/// Views of one module in the menu at most; the tabs over its list have more of them.
pub(super) const SHOWN: usize = 8;

/// The views of a module.
pub(crate) fn of_module(frame: &Frame, module: &str) -> Markup {
    let views: Vec<_> = frame.views.iter().filter(|view| view.module == module).take(SHOWN).collect();
    html! {
        @for view in views {
            @let address = format!("/{module}?view={}", view.id);
            @let name = view.name.get(frame.locale);
            a.of-module href=(address) title=(name) aria-current=[is_present(frame, &address).then_some("true")] {
                (icon(assets::icon::BOOKMARK)) span { (name) }
            }
        }
    }
}

/// The queue of what came in, under the messages.
pub(crate) fn queue(frame: &Frame) -> Markup {
    let words = frame.locale.say("queue");
    html! {
        a.of-module href=(QUEUE) title=(words) aria-current=[is_present(frame, QUEUE).then_some("true")] {
            (icon(assets::icon::INBOX)) span { (words) }
        }
    }
}

/// Whether the page is the one behind this address, with more asked of it or not: what was just done is told there as well.
fn is_present(frame: &Frame, address: &str) -> bool {
    let rest = frame.here.strip_prefix(address);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('&') || rest.starts_with("?done="))
}
