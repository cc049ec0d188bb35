//! Settings: what an administrator shapes. The organisation, its users, modules and their fields.

mod field;
mod form;
mod inputs;
mod layout;
mod logo;
mod module;
mod modules;
mod organisation;
mod packs;
mod role;
mod roles;
mod stages;
mod users;

use app::shape::{Change, OwnPart, Shaped, may_shape};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use maud::{Markup, html};
use model::{Definitions, Locale, Module};
use store::{Error, FieldError};

use self::form::Scribe;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::{Words, note};

/// Where the pages of modules stand.
const MODULES: &str = "/settings/modules";
/// Where the page of the organisation stands, the first of them.
pub(crate) const ORGANISATION: &str = "/settings/organisation";
/// Where the pages of roles stand.
const ROLES: &str = "/settings/roles";
/// Where the pages of users stand.
const USERS: &str = "/settings/users";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(ORGANISATION, get(organisation::page).post(organisation::change))
        .route(logo::LOGO, post(logo::change))
        .route(USERS, get(users::page).post(users::add))
        .route("/settings/users/{user}", get(users::user).post(users::change))
        .route(ROLES, get(roles::page).post(roles::add))
        .route("/settings/roles/{role}", get(role::page).post(role::change))
        .route("/settings/roles/{role}/delete", post(role::delete))
        .route("/settings/modules", get(modules::page).post(modules::add))
        .route("/settings/modules/{module}", get(module::page).post(module::change))
        .route("/settings/modules/{module}/fields", post(module::add_field))
        .route("/settings/modules/{module}/layout", post(layout::change))
        .route("/settings/modules/{module}/fields/{field}", get(field::page).post(field::change))
        .merge(packs::routes())
}

/// The frame of a page, for whoever may shape the workspace.
async fn frame(web: &Web, visitor: &Visitor) -> Result<Frame, Problem> {
    may_shape(&visitor.actor(), &web.app.workspace().knowledge().definitions)?;
    let (actor, visitor) = (visitor.actor(), visitor.clone());
    Ok(web.app.workspace().read(actor, move |work| Frame::read(work, &visitor)).await?)
}

/// The ways to the other settings.
fn tabs(l: Locale, at: &str) -> Markup {
    html! {
        nav.tabs aria-label=(l.say("settings")) {
            @for (address, key) in [(ORGANISATION, "settings-organisation"), (USERS, "settings-users"), (ROLES, "settings-roles"), (MODULES, "settings-modules"), (packs::PACKS, "packs")] {
                a href=(address) aria-current=[(at == address).then_some("page")] { (l.say(key)) }
            }
        }
    }
}

/// Makes a change, or says why it cannot be.
async fn shape(web: &Web, visitor: &Visitor, change: Change) -> Result<Result<(), Error>, Problem> {
    Ok(tried(web, visitor, change, false).await?.map(|_| ()))
}

/// Makes a change, or with `dry_run` finds out what it would mean.
async fn tried(web: &Web, visitor: &Visitor, change: Change, dry_run: bool) -> Result<Result<Shaped, Error>, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    match tokio::task::spawn_blocking(move || app.shape(&actor, change, None, dry_run)).await {
        Ok(Ok(shaped)) => Ok(Ok(shaped)),
        Ok(Err(error @ (Error::Invalid(_) | Error::Conflict { .. }))) => Ok(Err(error)),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(failed()),
    }
}

/// What of a module the workspace has made itself.
async fn own_part(web: &Web, module: &str) -> Result<OwnPart, Problem> {
    let (app, module) = (web.app.clone(), module.to_owned());
    Ok(tokio::task::spawn_blocking(move || app.own_part(&module)).await.map_err(|_| failed())??)
}

fn failed() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the request failed; it is in the log")
}

/// How the workspace writes numbers and moments.
fn scribe(web: &Web, l: Locale) -> Scribe {
    let settings = web.app.workspace().knowledge().settings;
    Scribe { zone: settings.zone(), currency: settings.currency, yes: l.say("yes") }
}

/// What is wrong, by field.
fn faults(error: Option<&Error>) -> &[FieldError] {
    match error {
        Some(Error::Invalid(faults) | Error::Conflict { errors: faults, .. }) => faults,
        _ => &[],
    }
}

/// What a change would mean for the data.
fn outlook(shaped: &Shaped, l: Locale) -> Markup {
    let (touches, steps) = (shaped.reshaped.touches, &shaped.reshaped.plan.steps);
    let content = html! {
        b { (l.say("settings-outlook")) } " "
        (l.say_with("settings-outlook-records", &[("count", touches.records.into())])) " "
        @if touches.empty > 0 { (l.say_with("settings-outlook-empty", &[("count", touches.empty.into())])) " " }
        @if steps.is_empty() { (l.say("settings-outlook-no-steps")) }
        @else {
            details {
                summary.link { (l.say_with("settings-outlook-steps", &[("count", steps.len().into())])) }
                ul lang="en" { @for step in steps { li { (step.title) } } }
            }
        }
    };
    note::warn(&content)
}

/// The module called `name`, in use or not.
fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d Module, Problem> {
    let retired = || definitions.retired_modules().find(|module| module.name == name);
    let module = definitions.module(name).or_else(retired);
    Ok(module.ok_or_else(|| Error::NoModule(name.to_owned()))?)
}

/// What stands in the way as a whole, where it is said in the reader's language and not by each fault.
fn conflict(error: &Error, l: Locale) -> Option<String> {
    let Error::Conflict { code, errors, .. } = error else { return None };
    let is_said = errors.iter().any(|fault| fault.code == *code);
    l.say_if(&format!("error-{code}")).filter(|_| !is_said)
}

/// Why a change was not made: what belongs to a field of the form stands there in the form's own words.
fn refusals(error: Option<&Error>, l: Locale) -> Markup {
    let Some(error) = error else { return html! {} };
    let (Error::Invalid(faults) | Error::Conflict { errors: faults, .. }) = error else {
        return note::bad(&error.to_string());
    };
    html! {
        (note::bad(&l.say("settings-refused")))
        @if let Some(words) = conflict(error, l) { (note::bad(&words)) }
        @else if faults.is_empty() { (note::bad(&error.to_string())) }
        @for fault in faults { (note::bad(&format!("{}: {}", fault.field, l.error(fault)))) }
    }
}
