//! All mailboxes, and setting another one up. The same service as the API's.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Locale;
use store::{Error, Mailbox, Origin, Visibility, Work};

use super::{MAILBOXES, form, moment, standing};
use crate::pages::settings::users::administers;
use crate::pages::settings::{frame, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::mailboxes::made;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    all(&web, &visitor, None).await
}

/// Sets a mailbox up.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let zone = web.app.workspace().knowledge().settings.zone();
    let make = made(form::body(&typed, &zone));
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), make).await {
        Ok((id, _)) => Ok(Redirect::to(&format!("{MAILBOXES}/{id}")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = all(&web, &visitor, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn all(web: &Web, visitor: &Visitor, refused: Option<(&Typed, &Error)>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let read = |work: &mut Work<'_>| Ok((work.mailboxes()?, work.accounts()?, work.teams()?));
    let (mailboxes, accounts, teams) = web.app.workspace().read(visitor.actor(), read).await?;
    let knowledge = web.app.workspace().knowledge();
    let (l, zone, title) = (frame.locale, knowledge.settings.zone(), frame.locale.say("settings-mailboxes"));
    let told = Told { l, error: refused.map(|(_, error)| error), controls: form::CONTROLS };
    let typed = refused.map_or_else(form::fresh, |(typed, _)| typed.clone());
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, MAILBOXES))
        div.page {
            p.help { (l.say("mailboxes-help")) }
            @if mailboxes.is_empty() {
                div.empty { (icon(assets::icon::MAIL)) h2 { (l.say("mailboxes-empty")) } p { (l.say("mailboxes-empty-help")) } }
            } @else { (table(&mailboxes, &zone, &title, l)) }
            section {
                h2 { (l.say("mailboxes-new")) }
                form.form method="post" action=(MAILBOXES) id="new-mailbox" data-guard autocomplete="off" {
                    (told.above(&knowledge.definitions))
                    (form::controls(told, &typed, (&accounts, &teams), true))
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("mailboxes-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: MAILBOXES, content }))
}

fn table(mailboxes: &[Mailbox], zone: &TimeZone, title: &str, l: Locale) -> Markup {
    html! {
        section {
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.plain.as-cards {
                    thead { tr {
                        th { (l.say("mailboxes-name")) } th { (l.say("mailboxes-state")) } th { (l.say("mailboxes-looked")) }
                        th { (l.say("mailboxes-letter")) } th { (l.say("mailboxes-letters")) }
                    } }
                    tbody { @for mailbox in mailboxes { (row(mailbox, zone, l)) } }
                }
            }
        }
    }
}

fn row(mailbox: &Mailbox, zone: &TimeZone, l: Locale) -> Markup {
    let at = format!("{MAILBOXES}/{}", mailbox.id);
    html! {
        tr {
            td {
                a.link href=(at) { (mailbox.setup.name) }
                @if mailbox.setup.visibility != Visibility::Full {
                    br; small.dim { (l.say("mailboxes-visibility")) ": " (l.say(form::called(mailbox.setup.visibility))) }
                }
            }
            td data-label=(l.say("mailboxes-state")) {
                (standing(mailbox, l))
                @if let Some(code) = &mailbox.state.error { " " span.dim { (l.told(code, code)) } }
            }
            td data-label=(l.say("mailboxes-looked")) { (moment(mailbox.state.looked_at, zone, l)) }
            td data-label=(l.say("mailboxes-letter")) { (moment(mailbox.state.letter_at, zone, l)) }
            td data-label=(l.say("mailboxes-letters")) { a.link href=(format!("{at}/letters")) { (l.say("mailboxes-where")) } }
        }
    }
}
