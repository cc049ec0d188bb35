//! Settings → Mailboxes: where letters are fetched from, how each mailbox stands, and where a letter is.

mod form;
mod letters;
mod list;
mod one;

use axum::Router;
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Locale, l10n};
use store::Mailbox;

use crate::state::Web;
use crate::ui::Words;
pub(super) use crate::ui::addresses::MAILBOXES;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(MAILBOXES, get(list::page).post(list::add))
        .route("/settings/mailboxes/{mailbox}", get(one::page).post(one::change))
        .route("/settings/mailboxes/{mailbox}/try", post(one::attempt))
        .route("/settings/mailboxes/{mailbox}/look", post(one::look))
        .route("/settings/mailboxes/{mailbox}/letters", get(letters::page))
}

/// How a mailbox stands, in a word.
fn standing(mailbox: &Mailbox, l: Locale) -> Markup {
    let (tone, key) = match &mailbox.state {
        _ if !mailbox.setup.active => ("cold", "mailboxes-resting"),
        state if state.error.is_some() => ("bad", "mailboxes-trouble"),
        state if state.looked_at.is_none() => ("warn", "mailboxes-first"),
        _ => ("good", "mailboxes-well"),
    };
    html! { span class=(format!("tag {tone}")) { (l.say(key)) } }
}

/// A moment, or that there was none.
fn moment(at: Option<Timestamp>, zone: &TimeZone, l: Locale) -> String {
    at.map_or_else(|| l.say("mailboxes-never"), |at| l10n::date_time(l, at, zone))
}
