//! How the order form gets into the organiser's own site.

use maud::{Markup, html};

use super::View;
use crate::pages::public::embed::snippet;
use crate::ui::{Words, icon};

/// The lines of HTML with a button that copies them; nothing for an event without an address.
pub(super) fn section(view: &View) -> Markup {
    let (l, Some(url)) = (view.frame.locale, &view.public_url) else { return html! {} };
    html! {
        section {
            details.card.roomy {
                summary.link { (l.say("embed-title")) }
                div.form {
                    p.help { (l.say("embed-help")) }
                    div.field {
                        label for="embed-code" { (l.say("embed-code")) }
                        textarea.code id="embed-code" readonly rows="4" spellcheck="false" { (snippet(url, &view.event.title())) }
                    }
                    div.buttons {
                        button.btn.small type="button" data-copies="embed-code" data-copied=(l.say("copied")) hidden { (icon(assets::icon::COPY)) (l.say("copy")) }
                        a.btn.small.quiet href=(format!("{url}?embed=1")) target="_blank" rel="noopener" { (l.say("embed-look")) }
                    }
                }
            }
        }
    }
}
