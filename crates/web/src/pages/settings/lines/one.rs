//! One line: the addresses for its provider, what it is set to, taking it away.

use app::requests::source;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Locale;
use store::{Error, Line, Origin, Work};

use super::{LINES, form};
use crate::pages::record::id;
use crate::pages::settings::frame;
use crate::pages::settings::users::administers;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::lines::changed;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon, note};

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(line): Path<String>,
) -> Result<Markup, Problem> {
    drawn(&web, &visitor, &line, (None, None)).await
}

/// Changes a line, takes it away, or tells its bot where it tells of messages.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(line): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let (id, origin) = (id("lines", &line)?, Origin::from("interface"));
    if typed.has("delete") {
        web.app.workspace().write(visitor.author(), origin, move |work| work.delete_line(id)).await?;
        return Ok(Redirect::to(LINES).into_response());
    }
    if typed.has("connect") {
        let told = match web.app.connect_line(visitor.actor(), id).await {
            Ok(None) => return Ok(Redirect::to(&format!("{LINES}/{id}?connected=true")).into_response()),
            Ok(Some(words)) => words,
            Err(Error::Conflict { code, message, .. }) => {
                visitor.locale.say_if(&format!("error-{code}")).unwrap_or(message)
            }
            Err(error) => return Err(error.into()),
        };
        let page = drawn(&web, &visitor, &line, (None, Some(told.as_str()))).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let change = changed(web.app.clone(), id, form::body(&typed));
    match web.app.workspace().write(visitor.author(), origin, change).await {
        Ok(_) => Ok(Redirect::to(&format!("{LINES}/{id}?saved=true")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = drawn(&web, &visitor, &line, (Some((&typed, &error)), None)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `refused` is what was typed and why it was refused, or why the bot did not take what it was told.
async fn drawn(
    web: &Web,
    visitor: &Visitor,
    line: &str,
    (refused, unconnected): (Option<(&Typed, &Error)>, Option<&str>),
) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let id = id("lines", line)?;
    let read = move |work: &mut Work<'_>| {
        let line = work.line(id)?;
        // Those that bring requests have a page of their own.
        if source(&line).is_some() {
            return Err(Error::not_found("lines", id));
        }
        Ok((line, work.accounts()?))
    };
    let (line, accounts) = web.app.workspace().read(visitor.actor(), read).await?;
    let knowledge = web.app.workspace().knowledge();
    let (l, at) = (frame.locale, format!("{LINES}/{id}"));
    let told = Told { l, error: refused.map(|(_, error)| error), controls: form::CONTROLS };
    let typed = refused.map_or_else(|| form::of(&line), |(typed, _)| typed.clone());
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(LINES) { (l.say("settings-lines")) } }
            h1 { (line.setup.name) }
        }
        div.page.narrow {
            (told.above(&knowledge.definitions))
            @if refused.is_none() && visitor.here.ends_with("saved=true") { (note::good(&l.say("saved"))) }
            @if visitor.here.ends_with("connected=true") { (note::good(&l.say("lines-connected"))) }
            @if let Some(words) = unconnected { (note::bad(&l.say_with("lines-unconnected", &[("words", words.into())]))) }
            (door(web, &line, &at, l))
            section {
                h2 { (l.say("lines-set-up")) }
                form.form method="post" action=(at) id="line" data-guard autocomplete="off" {
                    (form::controls(told, &typed, &accounts, false))
                    footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(LINES) { (l.say("cancel")) } }
                }
            }
            (away(&at, l))
        }
    };
    Ok(shell::page(&frame, &Page { title: &line.setup.name, at: LINES, content }))
}

/// The addresses that its provider is told: for calls, for messages, or for both.
fn door(web: &Web, line: &Line, at: &str, l: Locale) -> Markup {
    let calls = match line.setup.kind.as_str() {
        "plenary" => Some("lines-door-plenary"),
        "mango" => Some("lines-door-mango"),
        "twilio" => Some("lines-door-twilio"),
        _ => None,
    };
    let messages = match line.setup.kind.as_str() {
        "twilio" => Some("lines-door-twilio-messages"),
        "smsc" => Some("lines-door-smsc"),
        "http" => Some("lines-door-http"),
        "telegram" => Some("lines-door-telegram"),
        _ => None,
    };
    html! {
        section {
            h2 { (l.say("lines-door")) }
            @if let Some(how) = calls { p { code { (web.app.line_url(line.id)) } } p.help { (l.say(how)) } }
            @if let Some(how) = messages { p { code { (web.app.message_url(line.id)) } } p.help { (l.say(how)) } }
            @if line.setup.kind == "telegram" {
                form method="post" action=(at) {
                    input type="hidden" name="connect" value="yes";
                    button.btn { (l.say("lines-connect")) }
                }
            }
        }
    }
}

/// Taking it away: what is not taken back by a button asks once more, without script too.
fn away(at: &str, l: Locale) -> Markup {
    html! {
        section {
            h2 { (l.say("lines-delete")) }
            p.help { (l.say("lines-delete-help")) }
            details.apart {
                summary.btn { (l.say("lines-delete")) }
                form method="post" action=(at) {
                    input type="hidden" name="delete" value="yes";
                    button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("lines-delete-sure")) }
                }
            }
        }
    }
}
