//! Settings: what an administrator shapes. The organisation, its users, modules and their fields.

mod field;
mod inputs;
mod module;
mod modules;
mod organisation;
mod role;
mod roles;
mod users;

use app::shape::{Change, may_shape};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use maud::{Markup, html};
use model::{Definitions, Locale, Module};
use store::Error;

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
        .route(USERS, get(users::page).post(users::add))
        .route("/settings/users/{user}", get(users::user).post(users::change))
        .route(ROLES, get(roles::page).post(roles::add))
        .route("/settings/roles/{role}", get(role::page).post(role::change))
        .route("/settings/modules", get(modules::page).post(modules::add))
        .route("/settings/modules/{module}", get(module::page).post(module::change))
        .route("/settings/modules/{module}/fields", post(module::add_field))
        .route("/settings/modules/{module}/fields/{field}", get(field::page).post(field::change))
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
            @for (address, key) in [(ORGANISATION, "settings-organisation"), (USERS, "settings-users"), (ROLES, "settings-roles"), (MODULES, "settings-modules")] {
                a href=(address) aria-current=[(at == address).then_some("page")] { (l.say(key)) }
            }
        }
    }
}

/// Makes a change, or says why it cannot be.
async fn shape(web: &Web, visitor: &Visitor, change: Change) -> Result<Result<(), Error>, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    let done = tokio::task::spawn_blocking(move || app.shape(&actor, change, None, false)).await;
    match done {
        Ok(Ok(_)) => Ok(Ok(())),
        Ok(Err(error @ (Error::Invalid(_) | Error::Conflict { .. }))) => Ok(Err(error)),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => {
            Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the request failed; it is in the log"))
        }
    }
}

/// The module called `name`, in use or not.
fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d Module, Problem> {
    let retired = || definitions.retired_modules().find(|module| module.name == name);
    let module = definitions.module(name).or_else(retired);
    Ok(module.ok_or_else(|| Error::NoModule(name.to_owned()))?)
}

/// Why a change was not made: what belongs to a field of the form stands there in the form's own words.
fn refusals(error: Option<&Error>, l: Locale) -> Markup {
    let Some(error) = error else { return html! {} };
    let (Error::Invalid(faults) | Error::Conflict { errors: faults, .. }) = error else {
        return note::bad(&error.to_string());
    };
    html! {
        (note::bad(&l.say("settings-refused")))
        @if faults.is_empty() { (note::bad(&error.to_string())) }
        @for fault in faults { (note::bad(&format!("{}: {}", fault.field, l.error(fault)))) }
    }
}
