//! The inbox in the menu, and saved views under the module that is shown.

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

/// The inbox, over the modules.
pub(crate) fn inbox(frame: &Frame, at: &str) -> Markup {
    let words = frame.locale.say("queue");
    html! {
        a.inbox href=(QUEUE) title=(words) aria-current=[(at == QUEUE).then_some("page")] {
            (icon(assets::icon::INBOX)) span { (words) }
        }
    }
}

/// Whether the page is the one behind this address, with more asked of it or not.
fn is_present(frame: &Frame, address: &str) -> bool {
    let rest = frame.here.strip_prefix(address);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('&'))
}
