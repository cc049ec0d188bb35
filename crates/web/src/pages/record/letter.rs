//! A letter as its reader gets it. Its formatted text comes from outside as often as from us: it stands in a frame without
//! scripts, forms or an origin of its own, and nothing in it is fetched from anywhere.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use channels::outbox::plain_text;
use maud::{Markup, html};
use model::Record;
use store::{Error, Work};

use super::{View, id};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::markup::lines;
use crate::ui::{Words, icon, veil};

/// What the formatted text may do: look as it was written, and open links beside itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
                      frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// Fields that are shown as the letter and not among the fields.
pub(super) fn is_part(record: &Record, field: &str) -> bool {
    record.module.name == "messages" && matches!(field, "text" | "html")
}

/// The letter: as it looks where it is formatted, and its plain text.
pub(super) fn letter(view: &View) -> Markup {
    let l = view.frame.locale;
    let text = plain_text(&view.record);
    html! {
        @if view.record.text("html").is_some() {
            iframe.letter-frame src=(format!("/messages/{}/letter", view.record.id)) title=(l.say("letter-title"))
                sandbox="allow-popups allow-popups-to-escape-sandbox" {}
            @if let Some(text) = &text { details.group { summary.btn.quiet { (l.say("letter-plain")) (icon(assets::icon::CHEVRON_DOWN)) } div.prose { (lines(text)) } } }
        } @else if let Some(text) = &text {
            section.group aria-label=(l.say("letter-title")) { div.prose { (lines(text)) } }
        } @else if view.record.hides("text") {
            section.group aria-label=(l.say("letter-title")) { p { (veil::mark(l, &view.record)) } p.help { (l.say("hidden-help")) } }
        }
        (view.enclosed.of(&view.record, l))
        (super::writing::acts(view, &view.record))
        (super::conversation::conversation(view))
    }
}

/// The formatted text, for the frame alone.
pub(crate) async fn formatted(
    State(web): State<Web>,
    visitor: Visitor,
    Path(message): Path<String>,
) -> Result<Response, Problem> {
    let id = id("messages", &message)?;
    let read = move |work: &mut Work<'_>| {
        let message = work.get("messages", id)?;
        let is_hidden = work.grant(&message.module).hidden.iter().any(|hidden| hidden == "html");
        let html = message.text("html").filter(|_| !is_hidden).map(str::to_owned);
        html.ok_or_else(|| Error::not_found("messages", id))
    };
    let html = web.app.workspace().read(visitor.actor(), read).await?;
    // A link that opened in the frame would show nothing: no page lets itself be framed.
    let html = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let mut response = Html(html).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}
