//! Users: who works here, with which roles; adding one, changing one, letting one in no more. The same service as the
//! API's.

use app::shape::may_shape;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Definitions, Locale};
use serde_json::{Map, Value as Json, json};
use store::{Account, Error, Origin};

use super::{USERS, frame, inputs, refusals, tabs};
use crate::pages::record::id;
use crate::pages::sees_as;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::users::{changed, made};
use crate::state::Web;
use crate::ui::Words;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Typed;

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    all(&web, &visitor, &Typed::default(), None).await
}

/// Adds somebody.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let body = Map::from_iter([
        ("email".to_owned(), json!(typed.text("email"))),
        ("name".to_owned(), json!(typed.text("name"))),
        ("roles".to_owned(), roles(&typed)),
        ("password".to_owned(), json!(typed.get("password").unwrap_or_default())),
    ]);
    let make = made(&web, body).await?;
    match web.app.workspace().write(visitor.actor(), Origin::from("interface"), make).await {
        Ok(_) => Ok(Redirect::to(USERS).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = all(&web, &visitor, &typed, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn user(
    State(web): State<Web>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Result<Markup, Problem> {
    one(&web, &visitor, &user, None).await
}

/// Changes somebody, or lets them in no more.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(user): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let mut body = Map::new();
    if typed.has("active") {
        body.insert("active".to_owned(), json!(typed.text("active") == "true"));
    } else {
        body.insert("name".to_owned(), json!(typed.text("name")));
        body.insert("roles".to_owned(), roles(&typed));
        if let Some(password) = typed.get("password").filter(|password| !password.is_empty()) {
            body.insert("password".to_owned(), json!(password));
        }
    }
    let change = changed(&web, id("users", &user)?, body).await?;
    match web.app.workspace().write(visitor.actor(), Origin::from("interface"), change).await {
        Ok(_) => Ok(Redirect::to(USERS).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = one(&web, &visitor, &user, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Judged before a password is hashed: that takes a core for a while.
fn administers(web: &Web, visitor: &Visitor) -> Result<(), Problem> {
    Ok(may_shape(&visitor.actor(), &web.app.workspace().knowledge().definitions)?)
}

fn roles(typed: &Typed) -> Json {
    typed.all("roles").collect()
}

/// A role in the reader's language; what no pack knows any more by its name.
fn role(definitions: &Definitions, name: &str, l: Locale) -> String {
    definitions.role(name).map_or(name, |role| role.called(l)).to_owned()
}

fn role_boxes(definitions: &Definitions, chosen: &[&str], l: Locale) -> Markup {
    html! {
        fieldset.field {
            legend { (l.say("users-roles")) }
            div.options {
                @for known in definitions.roles() {
                    label.option {
                        input type="checkbox" name="roles" value=(known.name) checked[chosen.contains(&known.name.as_str())];
                        (role(definitions, &known.name, l))
                    }
                }
            }
        }
    }
}

fn password(label: &str, l: Locale, is_needed: bool) -> Markup {
    html! {
        div.field {
            label for="password" { (label) @if !is_needed { " " small { (l.say("optional")) } } }
            input id="password" name="password" type="password" autocomplete="new-password" required[is_needed] aria-describedby="password-help";
            p.help id="password-help" { (l.say("password-help")) }
        }
    }
}

async fn all(web: &Web, visitor: &Visitor, typed: &Typed, error: Option<&Error>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let accounts = web.app.workspace().read(visitor.actor(), |work| work.accounts()).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let (title, chosen) = (l.say("settings-users"), typed.all("roles").collect::<Vec<_>>());
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, USERS))
        div.page {
            section {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table.plain {
                        thead { tr { th { (l.say("users-name")) } th { (l.say("email")) } th { (l.say("users-roles")) } th { (l.say("settings-state")) } } }
                        tbody { @for account in &accounts { (row(account, &definitions, l)) } }
                    }
                }
            }
            section {
                h2 { (l.say("users-new")) }
                form.form method="post" action=(USERS) id="new-user" {
                    (refusals(error, l))
                    div.pair {
                        (inputs::line("name", &l.say("users-name"), typed.text("name"), true))
                        div.field {
                            label for="email" { (l.say("email")) }
                            input id="email" name="email" type="email" value=(typed.text("email")) required autocomplete="off";
                        }
                    }
                    (role_boxes(&definitions, &chosen, l))
                    (password(&l.say("password"), l, true))
                    footer.actions { button.btn.main-action { (l.say("users-add")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: USERS, content }))
}

fn row(account: &Account, definitions: &Definitions, l: Locale) -> Markup {
    html! {
        tr {
            td { a.link href=(format!("{USERS}/{}", account.id)) { (account.name) } }
            td { (account.email) }
            td { div.tags { @for name in &account.roles { span.tag { (role(definitions, name, l)) } } } }
            td { @if !account.active { span.tag.cold { (l.say("users-disabled")) } } }
        }
    }
}

async fn one(web: &Web, visitor: &Visitor, user: &str, error: Option<&Error>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let id = id("users", user)?;
    let account = web.app.workspace().read(visitor.actor(), move |work| work.account(id)).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let at = format!("{USERS}/{id}");
    let chosen: Vec<&str> = account.roles.iter().map(String::as_str).collect();
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(USERS) { (l.say("settings-users")) } }
            h1 { (account.name) }
            @if !account.active { span.tag.cold { (l.say("users-disabled")) } }
        }
        div.page.narrow {
            (refusals(error, l))
            p.dim { (account.email) }
            form.form method="post" action=(at) id="user" {
                (inputs::line("name", &l.say("users-name"), &account.name, true))
                (role_boxes(&definitions, &chosen, l))
                (password(&l.say("users-new-password"), l, false))
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(USERS) { (l.say("cancel")) } }
            }
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
