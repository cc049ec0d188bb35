//! Teams: who shares what with whom; making, renaming, filling and taking them apart. The same service as the API's.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Id, Locale};
use serde_json::{Map, Value as Json, json};
use store::{Account, Audience, Error, Origin, Team, View, Work};

use super::users::{administers, ticked};
use super::{TEAMS, USERS, frame, inputs, tabs};
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::teams::{changed, made};
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::told::{Controls, Told};
use crate::ui::typed::Typed;
use crate::ui::{Words, icon, note};

/// The controls of a team's form.
const CONTROLS: Controls = &[("name", "name", "teams-name"), ("members", "members", "teams-members")];

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    all(&web, &visitor, &Typed::default(), None).await
}

/// Makes a team.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let make = made(body(&typed));
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), make).await {
        Ok(_) => Ok(Redirect::to(TEAMS).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = all(&web, &visitor, &typed, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn team(
    State(web): State<Web>,
    visitor: Visitor,
    Path(team): Path<String>,
) -> Result<Markup, Problem> {
    one(&web, &visitor, &team, None).await
}

/// Changes a team, or takes it apart.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(team): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let id = id("teams", &team)?;
    let origin = Origin::from("interface");
    let done = if typed.has("delete") {
        web.app.workspace().write(visitor.author(), origin, move |work| work.delete_team(id)).await
    } else {
        web.app.workspace().write(visitor.author(), origin, changed(id, body(&typed))).await
    };
    match done {
        Ok(_) => Ok(Redirect::to(TEAMS).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = one(&web, &visitor, &team, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn body(typed: &Typed) -> Map<String, Json> {
    let members: Json = typed.all("members").collect();
    Map::from_iter([("name".to_owned(), json!(typed.text("name"))), ("members".to_owned(), members)])
}

async fn all(web: &Web, visitor: &Visitor, typed: &Typed, error: Option<&Error>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let read = |work: &mut Work<'_>| Ok((work.teams()?, work.accounts()?, work.views_of_teams()?));
    let (teams, accounts, views) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let (title, told) = (l.say("settings-teams"), Told { l, error, controls: CONTROLS });
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, TEAMS))
        div.page {
            p.help { (l.say("teams-help")) }
            @if teams.is_empty() {
                div.empty { (icon(assets::icon::USERS)) h2 { (l.say("teams-empty")) } p { (l.say("teams-empty-help")) } }
            } @else {
                section {
                    div.scroll tabindex="0" role="region" aria-label=(title) {
                        table.plain.as-cards {
                            thead { tr { th { (l.say("teams-name")) } th { (l.say("teams-members")) } th.num { (l.say("teams-views")) } } }
                            tbody { @for team in &teams { (row(team, &accounts, views.get(&team.id).copied().unwrap_or(0), l)) } }
                        }
                    }
                }
            }
            section {
                h2 { (l.say("teams-new")) }
                form.form method="post" action=(TEAMS) id="new-team" data-guard {
                    (told.above(&definitions))
                    (inputs::line(told, "name", &l.say("teams-name"), typed.text("name"), true))
                    (members(told, &accounts, &ticked(typed, "members")))
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("teams-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: TEAMS, content }))
}

fn row(team: &Team, accounts: &[Account], views: i64, l: Locale) -> Markup {
    html! {
        tr {
            td { a.link href=(format!("{TEAMS}/{}", team.id)) { (team.name) } }
            td data-label=(l.say("teams-members")) { div.tags {
                @for account in accounts.iter().filter(|account| team.members.contains(&account.id)) {
                    span.tag.cold[!account.active] { (account.name) }
                }
            } }
            td.num data-label=(l.say("teams-views")) { (views) }
        }
    }
}

/// Everybody with a box; who is kept out only while they are a member still.
fn members(told: Told<'_>, accounts: &[Account], chosen: &BTreeSet<Id>) -> Markup {
    let l = told.l;
    let offered = accounts.iter().filter(|account| account.active || chosen.contains(&account.id));
    html! {
        @let below = told.below("members", "members", None);
        fieldset.field id="members" aria-describedby=[below.described()] {
            legend { (l.say("teams-members")) }
            div.options.many {
                @for account in offered {
                    label.option {
                        input type="checkbox" name="members" value=(account.id) checked[chosen.contains(&account.id)];
                        (account.name)
                        small { (account.email) @if !account.active { " · " (l.say("users-disabled")) } }
                    }
                }
            }
            (below)
        }
    }
}

/// A team with everything its page tells.
struct Whole {
    team: Team,
    accounts: Vec<Account>,
    /// How many views are shared with it.
    shared: i64,
    /// Those of them that the reader sees.
    views: Vec<View>,
}

fn whole(work: &mut Work<'_>, id: Id) -> store::Result<Whole> {
    let shared = work.views_of_teams()?.get(&id).copied().unwrap_or(0);
    let views = if shared > 0 { work.views()? } else { Vec::new() };
    let views = views.into_iter().filter(|view| view.audience == Audience::Team(id)).collect();
    Ok(Whole { team: work.team(id)?, accounts: work.accounts()?, shared, views })
}

/// The page, with what was typed and why it was refused.
async fn one(web: &Web, visitor: &Visitor, team: &str, refused: Option<(&Typed, &Error)>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let id = id("teams", team)?;
    let whole = web.app.workspace().read(visitor.actor(), move |work| whole(work, id)).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    // Whoever was refused to take it apart typed nothing.
    let typed = refused.map(|(typed, _)| typed).filter(|typed| typed.has("name"));
    let name = typed.map_or(whole.team.name.as_str(), |typed| typed.text("name"));
    let chosen = typed.map_or_else(|| whole.team.members.clone(), |typed| ticked(typed, "members"));
    let at = format!("{TEAMS}/{id}");
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(TEAMS) { (l.say("settings-teams")) } }
            h1 { (whole.team.name) }
        }
        div.page.narrow {
            (told.above(&definitions))
            form.form method="post" action=(at) id="team" data-guard {
                (inputs::line(told, "name", &l.say("teams-name"), name, true))
                (members(told, &whole.accounts, &chosen))
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(TEAMS) { (l.say("cancel")) } }
            }
            (people(&whole, l))
            (apart(&whole, &at, l))
        }
    };
    Ok(shell::page(&frame, &Page { title: &whole.team.name, at: TEAMS, content }))
}

/// The ways to the pages of its members.
fn people(whole: &Whole, l: Locale) -> Markup {
    let members: Vec<&Account> =
        whole.accounts.iter().filter(|account| whole.team.members.contains(&account.id)).collect();
    html! {
        @if !members.is_empty() {
            section {
                h2 { (l.say("teams-people")) }
                ul.plain-links { @for account in members { li { a.link href=(format!("{USERS}/{}", account.id)) { (account.name) } } } }
            }
        }
    }
}

/// Taking it apart: what rests on it, and what would follow.
fn apart(whole: &Whole, at: &str, l: Locale) -> Markup {
    let hidden = whole.shared - i64::try_from(whole.views.len()).unwrap_or(whole.shared);
    html! {
        section {
            h2 { (l.say("teams-delete")) }
            @if whole.shared > 0 {
                (note::warn(&html! { (l.say_with("teams-in-use", &[("count", whole.shared.into())])) }))
                ul.plain-links {
                    @for view in &whole.views { li { a.link href=(format!("/{}?view={}", view.module, view.id)) { (view.name.get(l)) } } }
                    @if hidden > 0 { li.dim { (l.say_with("teams-views-unseen", &[("count", hidden.into())])) } }
                }
            } @else {
                p.help { (l.say("teams-delete-help")) }
                // What is not taken back by a button asks once more, without script too.
                details.apart {
                    summary.btn { (l.say("teams-delete")) }
                    form method="post" action=(at) {
                        input type="hidden" name="delete" value="yes";
                        button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("teams-delete-sure")) }
                    }
                }
            }
        }
    }
}
