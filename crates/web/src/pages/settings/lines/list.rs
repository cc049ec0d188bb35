//! All lines, and setting another one up. The same service as the API's.

use app::requests::source;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Locale;
use store::{Error, Line, Origin, Work};

use super::{LINES, form};
use crate::pages::settings::users::administers;
use crate::pages::settings::{frame, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::lines::made;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    all(&web, &visitor, None).await
}

/// Sets a line up.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let make = made(web.app.clone(), form::body(&typed));
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), make).await {
        Ok((id, _)) => Ok(Redirect::to(&format!("{LINES}/{id}")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = all(&web, &visitor, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn all(web: &Web, visitor: &Visitor, refused: Option<(&Typed, &Error)>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let read = |work: &mut Work<'_>| {
        let mut lines = work.lines()?;
        // Those that bring requests have a page of their own.
        lines.retain(|line| source(line).is_none());
        Ok((lines, work.accounts()?))
    };
    let (lines, accounts) = web.app.workspace().read(visitor.actor(), read).await?;
    let knowledge = web.app.workspace().knowledge();
    let (l, title) = (frame.locale, frame.locale.say("settings-lines"));
    let told = Told { l, error: refused.map(|(_, error)| error), controls: form::CONTROLS };
    let typed = refused.map_or_else(form::fresh, |(typed, _)| typed.clone());
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, LINES))
        div.page {
            p.help { (l.say("lines-help")) }
            @if lines.is_empty() {
                div.empty { (icon(assets::icon::PHONE)) h2 { (l.say("lines-empty")) } p { (l.say("lines-empty-help")) } }
            } @else { (table(&lines, &title, l)) }
            section {
                h2 { (l.say("lines-new")) }
                form.form method="post" action=(LINES) id="new-line" data-guard autocomplete="off" {
                    (told.above(&knowledge.definitions))
                    (form::controls(told, &typed, &accounts, true))
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("lines-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: LINES, content }))
}

fn table(lines: &[Line], title: &str, l: Locale) -> Markup {
    html! {
        section {
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.plain.as-cards {
                    thead { tr {
                        th { (l.say("lines-name")) } th { (l.say("lines-kind")) } th { (l.say("lines-extensions")) }
                        th { (l.say("lines-state")) }
                    } }
                    tbody { @for line in lines { (row(line, l)) } }
                }
            }
        }
    }
}

fn row(line: &Line, l: Locale) -> Markup {
    let kind = form::KINDS.iter().find(|(kind, _)| *kind == line.setup.kind);
    let (tone, state) = if line.setup.active { ("good", "lines-on") } else { ("cold", "lines-off") };
    html! {
        tr {
            td { a.link href=(format!("{LINES}/{}", line.id)) { (line.setup.name) } }
            td data-label=(l.say("lines-kind")) { @if let Some((_, key)) = kind { (l.say(key)) } }
            td data-label=(l.say("lines-extensions")) { (line.setup.extensions.len()) }
            td data-label=(l.say("lines-state")) { span class=(format!("tag {tone}")) { (l.say(state)) } }
        }
    }
}
