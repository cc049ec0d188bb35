//! Users: who works here, with which roles and in which teams; adding one. The same service as the API's.

use std::collections::BTreeSet;

use app::shape::may_shape;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Definitions, Id, Locale};
use serde_json::{Map, Value as Json, json};
use store::{Account, Error, Origin, Team};

use super::{USERS, frame, inputs, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::users::made;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::shell::{self, Page};
use crate::ui::told::{Controls, Told};
use crate::ui::typed::Typed;

/// The controls of a user's form.
pub(super) const CONTROLS: Controls = &[
    ("name", "name", "users-name"),
    ("email", "email", "email"),
    ("roles", "roles", "users-roles"),
    ("teams", "teams", "settings-teams"),
    ("password", "password", "password"),
];

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    all(&web, &visitor, &Typed::default(), None).await
}

/// Adds somebody.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let mut body = Map::from_iter([
        ("email".to_owned(), json!(typed.text("email"))),
        ("name".to_owned(), json!(typed.text("name"))),
        ("roles".to_owned(), typed.all("roles").collect()),
        ("password".to_owned(), json!(typed.get("password").unwrap_or_default())),
    ]);
    if typed.has("teams") {
        body.insert("teams".to_owned(), typed.all("teams").collect());
    }
    let make = made(&web, body).await?;
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), make).await {
        Ok(_) => Ok(Redirect::to(USERS).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = all(&web, &visitor, &typed, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Judged before a password is hashed: that takes a core for a while.
pub(super) fn administers(web: &Web, visitor: &Visitor) -> Result<(), Problem> {
    Ok(may_shape(&visitor.actor(), &web.app.workspace().knowledge().definitions)?)
}

/// A role in the reader's language; what no pack knows any more by its name.
fn role(definitions: &Definitions, name: &str, l: Locale) -> String {
    definitions.role(name).map_or(name, |role| role.called(l)).to_owned()
}

/// What can be chosen for a user, and what is.
pub(super) struct Chosen<'a> {
    pub(super) definitions: &'a Definitions,
    pub(super) teams: &'a [Team],
    pub(super) roles: Vec<&'a str>,
    pub(super) of_teams: BTreeSet<Id>,
}

impl Chosen<'_> {
    /// The roles and the teams, each with a box.
    pub(super) fn boxes(&self, told: Told<'_>) -> Markup {
        let l = told.l;
        html! {
            @let below = told.below("roles", "roles", None);
            fieldset.field id="roles" aria-describedby=[below.described()] {
                legend { (l.say("users-roles")) }
                div.options {
                    @for known in self.definitions.roles() {
                        label.option {
                            input type="checkbox" name="roles" value=(known.name) checked[self.roles.contains(&known.name.as_str())];
                            (role(self.definitions, &known.name, l))
                        }
                    }
                }
                (below)
            }
            @if !self.teams.is_empty() {
                @let below = told.below("teams", "teams", None);
                fieldset.field id="teams" aria-describedby=[below.described()] {
                    legend { (l.say("settings-teams")) " " small { (l.say("optional")) } }
                    input type="hidden" name="has_teams" value="yes";
                    div.options {
                        @for team in self.teams {
                            label.option {
                                input type="checkbox" name="teams" value=(team.id) checked[self.of_teams.contains(&team.id)];
                                (team.name)
                            }
                        }
                    }
                    (below)
                }
            }
        }
    }
}

/// The ids that are ticked.
pub(super) fn ticked(typed: &Typed, name: &str) -> BTreeSet<Id> {
    typed.all(name).filter_map(|id| id.parse().ok()).collect()
}

/// The address to sign in by.
pub(super) fn address(told: Told<'_>, value: &str) -> Markup {
    let below = told.below("email", "email", None);
    html! {
        div.field {
            label for="email" { (told.l.say("email")) }
            input id="email" name="email" type="email" value=(value) required autocomplete="off"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

pub(super) fn password(told: Told<'_>, label: &str, is_needed: bool) -> Markup {
    let help = told.l.say("password-help");
    let below = told.below("password", "password", Some(&help));
    html! {
        div.field {
            label for="password" { (label) @if !is_needed { " " small { (told.l.say("optional")) } } }
            input id="password" name="password" type="password" autocomplete="new-password" required[is_needed]
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

async fn all(web: &Web, visitor: &Visitor, typed: &Typed, error: Option<&Error>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let read = |work: &mut store::Work<'_>| Ok((work.accounts()?, work.teams()?));
    let (accounts, teams): (Vec<Account>, Vec<Team>) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let told = Told { l, error, controls: CONTROLS };
    let title = l.say("settings-users");
    let chosen = Chosen {
        definitions: &definitions,
        teams: &teams,
        roles: typed.all("roles").collect(),
        of_teams: ticked(typed, "teams"),
    };
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, USERS))
        div.page {
            section {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("users-name")) } th { (l.say("email")) } th { (l.say("users-roles")) } th { (l.say("settings-teams")) } th { (l.say("settings-state")) } } }
                        tbody { @for account in &accounts { (row(account, &teams, &definitions, l)) } }
                    }
                }
            }
            section {
                h2 { (l.say("users-new")) }
                form.form method="post" action=(USERS) id="new-user" data-guard {
                    (told.above(&definitions))
                    div.pair {
                        (inputs::line(told, "name", &l.say("users-name"), typed.text("name"), true))
                        (address(told, typed.text("email")))
                    }
                    (chosen.boxes(told))
                    (password(told, &l.say("password"), true))
                    footer.actions { button.btn.main-action { (l.say("users-add")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: USERS, content }))
}

fn row(account: &Account, teams: &[Team], definitions: &Definitions, l: Locale) -> Markup {
    html! {
        tr {
            td { a.link href=(format!("{USERS}/{}", account.id)) { (account.name) } }
            td data-label=(l.say("email")) { (account.email) }
            td data-label=(l.say("users-roles")) { div.tags { @for name in &account.roles { span.tag { (role(definitions, name, l)) } } } }
            td data-label=(l.say("settings-teams")) { div.tags { @for team in teams.iter().filter(|team| team.members.contains(&account.id)) { span.tag { (team.name) } } } }
            td { @if !account.active { span.tag.cold { (l.say("users-disabled")) } } }
        }
    }
}

/// A body of the API out of the form of one user.
pub(super) fn body(typed: &Typed) -> Map<String, Json> {
    let mut body = Map::new();
    if typed.has("active") {
        body.insert("active".to_owned(), json!(typed.text("active") == "true"));
        return body;
    }
    body.insert("name".to_owned(), json!(typed.text("name")));
    if typed.has("email") {
        body.insert("email".to_owned(), json!(typed.text("email")));
    }
    body.insert("roles".to_owned(), typed.all("roles").collect());
    // None ticked is none, where there were any to tick.
    if typed.has("has_teams") || typed.has("teams") {
        body.insert("teams".to_owned(), typed.all("teams").collect());
    }
    if let Some(password) = typed.get("password").filter(|password| !password.is_empty()) {
        body.insert("password".to_owned(), json!(password));
    }
    body
}
