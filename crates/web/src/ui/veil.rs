//! What is hidden from its reader in one record alone, in words: which mailbox hides it, where one does.

use maud::{Markup, html};
use model::{Locale, Record};

use super::{Words, icon};

/// Why a field is empty in the record.
pub(crate) fn words(l: Locale, record: &Record) -> String {
    match record.text("mailbox") {
        Some(mailbox) => l.say_with("hidden-by-mailbox", &[("mailbox", mailbox.into())]),
        None => l.say("hidden-here"),
    }
}

/// The same in the place of the value.
pub(crate) fn mark(l: Locale, record: &Record) -> Markup {
    html! { span.dim { (icon(assets::icon::EYE_OFF)) (words(l, record)) } }
}
