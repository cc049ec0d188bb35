//! One user: name, roles, teams, a new password; letting them in no more, and looking through their eyes.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use store::{Account, Error, Origin, Team};

use super::users::{CONTROLS, Chosen, address, administers, body, password, ticked};
use super::{USERS, absence, frame, inputs};
use crate::pages::record::id;
use crate::pages::sees_as;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::users::changed;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, &user, None).await
}

/// Changes somebody, or lets them in no more.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(user): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let change = changed(&web, id("users", &user)?, body(&typed)).await?;
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), change).await {
        Ok(_) => Ok(Redirect::to(USERS).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = shown(&web, &visitor, &user, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The page, with what was typed and why it was refused.
async fn shown(web: &Web, visitor: &Visitor, user: &str, refused: Option<(&Typed, &Error)>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let id = id("users", user)?;
    let read = move |work: &mut store::Work<'_>| Ok((work.account(id)?, work.teams()?, work.absences()?));
    let (account, teams, away): (Account, Vec<Team>, _) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let at = format!("{USERS}/{id}");
    // Whoever was refused to be kept out typed nothing.
    let typed = refused.map(|(typed, _)| typed).filter(|typed| typed.has("name"));
    let of_teams = teams.iter().filter(|team| team.members.contains(&id)).map(|team| team.id);
    let chosen = Chosen {
        definitions: &definitions,
        teams: &teams,
        roles: match typed {
            Some(typed) => typed.all("roles").collect(),
            None => account.roles.iter().map(String::as_str).collect(),
        },
        of_teams: typed.map_or_else(|| of_teams.collect(), |typed| ticked(typed, "teams")),
    };
    let name = typed.map_or(account.name.as_str(), |typed| typed.text("name"));
    let email = typed.map_or(account.email.as_str(), |typed| typed.text("email"));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(USERS) { (l.say("settings-users")) } }
            h1 { (account.name) }
            @if !account.active { span.tag.cold { (l.say("users-disabled")) } }
        }
        div.page.narrow {
            (told.above(&definitions))
            form.form method="post" action=(at) id="user" data-guard {
                div.pair {
                    (inputs::line(told, "name", &l.say("users-name"), name, true))
                    (address(told, email))
                }
                (chosen.boxes(told))
                (password(told, &l.say("users-new-password"), false))
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(USERS) { (l.say("cancel")) } }
            }
            @let zone = web.app.workspace().knowledge().settings.zone();
            @if account.active { section { (absence::form(account.id, away.get(&account.id).copied(), &zone, l)) } }
            @if account.active && account.id != visitor.user.id { section { (sees_as::button(account.id, l)) } }
            section {
                form method="post" action=(at) {
                    input type="hidden" name="active" value=(!account.active);
                    p.help { (l.say("users-disable-help")) }
                    button.btn { (l.say(if account.active { "users-disable" } else { "users-enable" })) }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &account.name, at: USERS, content }))
}
