//! The keys of the interface, as a dialog that every page has ready.

use maud::{Markup, html};
use model::Locale;

use super::{Words, icon};

/// All of them, as the script acts on them.
pub(crate) fn shortcuts(l: Locale) -> Markup {
    html! {
        dialog.dialog id="shortcuts" aria-labelledby="shortcuts-title" {
            header {
                h2 id="shortcuts-title" { (l.say("keys")) }
                form.close method="dialog" { button.btn.quiet.icon aria-label=(l.say("close")) { (icon(assets::icon::X)) } }
            }
            // It may scroll, and nothing else in it takes the focus.
            div.body tabindex="0" role="group" aria-labelledby="shortcuts-title" {
                dl.keys {
                    @for (what, combinations) in assets::keys() {
                        dt { (l.say(&format!("key-{what}"))) }
                        dd { @for keys in combinations { kbd { (keys) } " " } }
                    }
                }
            }
        }
    }
}
