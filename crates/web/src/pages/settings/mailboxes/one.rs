//! One mailbox: how it stands, what it is set to, trying it, taking it away.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use channels::imap::ImapError;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Locale;
use store::{Error, Mailbox, Origin, Work};

use super::{MAILBOXES, form, moment, standing};
use crate::pages::record::id;
use crate::pages::settings::frame;
use crate::pages::settings::users::administers;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::mailboxes::changed;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon, note};

/// What the page has to tell besides the mailbox.
enum News<'a> {
    Nothing,
    /// What was typed was refused.
    Refused(&'a Typed, &'a Error),
    /// It was tried.
    Tried(Result<Option<ImapError>, &'a Error>),
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(mailbox): Path<String>,
) -> Result<Markup, Problem> {
    drawn(&web, &visitor, &mailbox, News::Nothing).await
}

/// Changes a mailbox, or takes it away.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(mailbox): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let (id, origin) = (id("mailboxes", &mailbox)?, Origin::from("interface"));
    if typed.has("delete") {
        web.app.workspace().write(visitor.author(), origin, move |work| work.delete_mailbox(id)).await?;
        return Ok(Redirect::to(MAILBOXES).into_response());
    }
    let zone = web.app.workspace().knowledge().settings.zone();
    let change = changed(id, form::body(&typed, &zone));
    match web.app.workspace().write(visitor.author(), origin, change).await {
        Ok(_) => Ok(Redirect::to(&format!("{MAILBOXES}/{id}?saved=true")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = drawn(&web, &visitor, &mailbox, News::Refused(&typed, &error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Connects, and says what is wrong.
pub(super) async fn attempt(
    State(web): State<Web>,
    visitor: Visitor,
    Path(mailbox): Path<String>,
) -> Result<Markup, Problem> {
    administers(&web, &visitor)?;
    let id = id("mailboxes", &mailbox)?;
    match web.app.try_mailbox(visitor.actor(), id).await {
        Ok(told) => drawn(&web, &visitor, &mailbox, News::Tried(Ok(told))).await,
        Err(error @ Error::Conflict { .. }) => drawn(&web, &visitor, &mailbox, News::Tried(Err(&error))).await,
        Err(error) => Err(error.into()),
    }
}

/// Asks that it is looked into now.
pub(super) async fn look(
    State(web): State<Web>,
    visitor: Visitor,
    Path(mailbox): Path<String>,
) -> Result<Redirect, Problem> {
    let id = id("mailboxes", &mailbox)?;
    let ask = move |work: &mut Work<'_>| work.look_into_mailbox(id);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), ask).await?;
    Ok(Redirect::to(&format!("{MAILBOXES}/{id}?asked=true")))
}

async fn drawn(web: &Web, visitor: &Visitor, mailbox: &str, news: News<'_>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let id = id("mailboxes", mailbox)?;
    let read = move |work: &mut Work<'_>| Ok((work.mailbox(id)?, work.accounts()?, work.teams()?));
    let (mailbox, accounts, teams) = web.app.workspace().read(visitor.actor(), read).await?;
    let knowledge = web.app.workspace().knowledge();
    let (l, zone, at) = (frame.locale, knowledge.settings.zone(), format!("{MAILBOXES}/{id}"));
    let refused = if let News::Refused(typed, error) = &news { Some((*typed, *error)) } else { None };
    let told = Told { l, error: refused.map(|(_, error)| error), controls: form::CONTROLS };
    let typed = refused.map_or_else(|| form::of(&mailbox, &zone), |(typed, _)| typed.clone());
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(MAILBOXES) { (l.say("settings-mailboxes")) } }
            h1 { (mailbox.setup.name) }
            (standing(&mailbox, l))
        }
        div.page.narrow {
            (told.above(&knowledge.definitions))
            (said(&news, visitor, l))
            (state(&mailbox, &at, &zone, l))
            section {
                h2 { (l.say("mailboxes-set-up")) }
                form.form method="post" action=(at) id="mailbox" data-guard autocomplete="off" {
                    (form::controls(told, &typed, (&accounts, &teams), false))
                    footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(MAILBOXES) { (l.say("cancel")) } }
                }
            }
            (away(&at, l))
        }
    };
    Ok(shell::page(&frame, &Page { title: &mailbox.setup.name, at: MAILBOXES, content }))
}

/// What has just been done.
fn said(news: &News<'_>, visitor: &Visitor, l: Locale) -> Markup {
    html! {
        @match news {
            News::Tried(Ok(None)) => { (note::good(&l.say("mailboxes-tried"))) }
            News::Tried(Ok(Some(wrong))) => { (trouble(wrong.code, Some(wrong.words.as_str()), l)) }
            News::Tried(Err(error)) => { (note::bad(&crate::ui::told::whole(error, l))) }
            News::Nothing if visitor.here.ends_with("saved=true") => { (note::good(&l.say("saved"))) }
            News::Nothing if visitor.here.ends_with("asked=true") => { (note::good(&l.say("mailboxes-asked"))) }
            _ => {}
        }
    }
}

/// What is wrong, in a sentence, and in the server's words beside it.
fn trouble(code: &str, answer: Option<&str>, l: Locale) -> Markup {
    html! {
        (note::bad(&l.told(code, answer.unwrap_or(code))))
        @if let Some(answer) = answer { p.dim { (l.say("mailboxes-server-said")) " " span lang="en" { (answer) } } }
    }
}

/// How it stands, and what can be done about it.
fn state(mailbox: &Mailbox, at: &str, zone: &TimeZone, l: Locale) -> Markup {
    let state = &mailbox.state;
    let next = state.next_at.filter(|_| mailbox.setup.active);
    let rows = [("mailboxes-looked", state.looked_at), ("mailboxes-letter", state.letter_at), ("mailboxes-next", next)];
    html! {
        section {
            @if let Some(code) = &state.error { (trouble(code, state.answer.as_deref(), l)) }
            table.plain {
                tbody { @for (key, at) in rows { tr { th scope="row" { (l.say(key)) } td { (moment(at, zone, l)) } } } }
            }
            div.buttons {
                form method="post" action=(format!("{at}/try")) { button.btn { (l.say("mailboxes-try")) } }
                @if mailbox.setup.active {
                    form method="post" action=(format!("{at}/look")) { button.btn { (icon(assets::icon::REFRESH_CW)) (l.say("mailboxes-look")) } }
                }
                a.btn href=(format!("{at}/letters")) { (icon(assets::icon::SEARCH)) (l.say("mailboxes-where")) }
            }
        }
    }
}

/// Taking it away: what is not taken back by a button asks once more, without script too.
fn away(at: &str, l: Locale) -> Markup {
    html! {
        section {
            h2 { (l.say("mailboxes-delete")) }
            p.help { (l.say("mailboxes-delete-help")) }
            details.apart {
                summary.btn { (l.say("mailboxes-delete")) }
                form method="post" action=(at) {
                    input type="hidden" name="delete" value="yes";
                    button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("mailboxes-delete-sure")) }
                }
            }
        }
    }
}
