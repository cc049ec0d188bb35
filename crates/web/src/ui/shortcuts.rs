//! The keys of the interface, as a dialog that every page has ready.

use maud::{Markup, html};
use model::Locale;

use super::{Words, icon};

/// All of them.
pub(crate) fn shortcuts(l: Locale) -> Markup {
    html! {
        dialog.dialog id="shortcuts" aria-labelledby="shortcuts-title" {
            header {
                h2 id="shortcuts-title" { (l.say("keys")) }
                form.close method="dialog" { button.btn.quiet.icon aria-label=(l.say("close")) { (icon(assets::icon::X)) } }
            }
            div.body {
                dl.keys {
                    dt { (l.say("key-search")) } dd { kbd { "/" } " " kbd { "Ctrl K" } }
                    dt { (l.say("key-new")) } dd { kbd { "C" } }
                    dt { (l.say("key-filter")) } dd { kbd { "F" } }
                    dt { (l.say("key-step")) } dd { kbd { "J" } " " kbd { "K" } }
                    dt { (l.say("key-cells")) } dd { kbd { "←" } " " kbd { "→" } " " kbd { "↑" } " " kbd { "↓" } }
                    dt { (l.say("key-edit")) } dd { kbd { "Enter" } " " kbd { "F2" } }
                    dt { (l.say("key-pick")) } dd { kbd { "X" } }
                    dt { (l.say("key-width")) } dd { kbd { "Alt Shift ←" } " " kbd { "→" } " " kbd { "↓" } }
                    dt { (l.say("key-open")) } dd { kbd { "Enter" } }
                    dt { (l.say("key-fold")) } dd { kbd { "←" } " " kbd { "→" } }
                    dt { (l.say("key-cards")) } dd { kbd { "←" } " " kbd { "→" } " " kbd { "↑" } " " kbd { "↓" } }
                    dt { (l.say("key-move")) } dd { kbd { "Shift" } " + " kbd { "←" } " " kbd { "→" } }
                    dt { (l.say("help-here")) } dd { kbd { "H" } " " kbd { "F1" } }
                    dt { (l.say("key-close")) } dd { kbd { "Esc" } }
                }
            }
        }
    }
}
