//! All lines that bring requests, and setting another one up. The same service as the API's.

use app::requests::source;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Definitions, Locale};
use store::{Error, Line, Origin, Work};

use super::{REQUESTS, form};
use crate::pages::settings::users::administers;
use crate::pages::settings::{frame, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::lines::made;
use crate::state::Web;
use crate::ui::addresses::FORMS;
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
        Ok((id, _)) => Ok(Redirect::to(&format!("{REQUESTS}/{id}")).into_response()),
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
        lines.retain(|line| source(line).is_some());
        Ok(lines)
    };
    let lines = web.app.workspace().read(visitor.actor(), read).await?;
    let definitions = web.app.workspace().knowledge().definitions;
    let (l, title) = (frame.locale, frame.locale.say("settings-requests"));
    let told = Told { l, error: refused.map(|(_, error)| error), controls: form::CONTROLS };
    let typed = refused.map_or_else(form::fresh, |(typed, _)| typed.clone());
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, REQUESTS))
        div.page {
            p.dim { (l.say("requests-text")) }
            (told.above(&definitions))
            @if lines.is_empty() {
                div.empty { (icon(assets::icon::WEBHOOK)) h2 { (l.say("requests-empty")) } p { (l.say("requests-empty-help")) } }
            } @else { (table(&lines, &title, &definitions, l)) }
            section {
                h2 { (l.say("requests-new")) }
                form.form method="post" action=(REQUESTS) id="new-source" data-guard autocomplete="off" {
                    (form::new(told, &typed, &definitions))
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("requests-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: REQUESTS, content }))
}

fn table(lines: &[Line], title: &str, definitions: &Definitions, l: Locale) -> Markup {
    html! {
        section {
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.plain.as-cards {
                    thead { tr {
                        th { (l.say("lines-name")) } th { (l.say("requests-kind")) } th { (l.say("requests-form")) }
                        th { (l.say("lines-state")) }
                    } }
                    tbody { @for line in lines { (row(line, definitions, l)) } }
                }
            }
        }
    }
}

fn row(line: &Line, definitions: &Definitions, l: Locale) -> Markup {
    let form = line.setup.form.as_deref().unwrap_or_default();
    let (tone, state) = if line.setup.active { ("good", "lines-on") } else { ("cold", "lines-off") };
    html! {
        tr {
            td { a.link href=(format!("{REQUESTS}/{}", line.id)) { (line.setup.name) } }
            td data-label=(l.say("requests-kind")) { @if let Some(source) = source(line) { (form::called(l, source)) } }
            td data-label=(l.say("requests-form")) { (form_link(form, definitions, l)) }
            td data-label=(l.say("lines-state")) { span class=(format!("tag {tone}")) { (l.say(state)) } }
        }
    }
}

/// The form by which a line reads, with the way to it.
pub(super) fn form_link(name: &str, definitions: &Definitions, l: Locale) -> Markup {
    html! {
        @match definitions.form(name) {
            Some(form) => a.link href=(format!("{FORMS}/{name}")) { (form.label.or(l, name)) },
            None => span.bad { (l.say("error-form_gone")) },
        }
    }
}
