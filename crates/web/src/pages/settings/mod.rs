//! Settings: what an administrator shapes. The organisation, its users, modules and their fields.

pub(super) mod absence;
mod field;
mod form;
mod forms;
mod inputs;
mod layout;
mod letters;
mod lines;
mod logo;
mod looks;
mod mailboxes;
mod module;
mod modules;
mod mover;
mod organisation;
mod packs;
mod parts;
mod processes;
mod rehearsed;
mod requests;
mod role;
mod roles;
pub(in crate::pages) mod rules;
mod site_letters;
mod stages;
mod steps;
mod surveys;
mod teams;
mod user;
mod users;
mod uses;

use app::App;
use app::shape::{Change, OwnPart, Shaped, may_shape};
use axum::Router;
use axum::routing::{get, post};
use maud::{Markup, html};
use model::rights::Capability;
use model::{Actor, Definitions, Label, Locale, Module};
use store::{Error, Work};

use self::form::Scribe;
use super::visitor::Visitor;
use crate::blocking::blocking;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::{MODULES, ORGANISATION, ROLES, VIEWS};
use crate::ui::frame::Frame;
use crate::ui::told::Told;
use crate::ui::{Words, note};

/// Where the pages of teams stand.
const TEAMS: &str = "/settings/teams";
/// Where the pages of users stand.
const USERS: &str = "/settings/users";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(ORGANISATION, get(organisation::page).post(organisation::change))
        .route(logo::LOGO, post(logo::change))
        .route(USERS, get(users::page).post(users::add))
        .route("/settings/users/{user}", get(user::page).post(user::change))
        .route("/settings/users/{user}/absence", post(absence::change))
        .route(TEAMS, get(teams::page).post(teams::add))
        .route("/settings/teams/{team}", get(teams::team).post(teams::change))
        .route(ROLES, get(roles::page).post(roles::add))
        .route("/settings/roles/{role}", get(role::page).post(role::change))
        .route("/settings/roles/{role}/delete", post(role::delete))
        .route("/settings/modules", get(modules::page).post(modules::add))
        .route("/settings/modules/{module}", get(module::page).post(module::change))
        .route("/settings/modules/{module}/names", get(module::names))
        .route("/settings/modules/{module}/fields", post(module::add_field))
        .route("/settings/modules/{module}/layout", post(layout::change))
        .route("/settings/modules/{module}/fields/{field}", get(field::page).post(field::change))
        .merge(packs::routes())
        .merge(processes::routes())
        .merge(rules::routes())
        .merge(surveys::routes())
        .merge(forms::routes())
        .merge(letters::routes())
        .merge(mailboxes::routes())
        .merge(site_letters::routes())
        .merge(lines::routes())
        .merge(requests::routes())
}

/// The settings, each with the message that it is called by. Views are there for everybody.
const PAGES: [(&str, &str); 16] = [
    (ORGANISATION, "settings-organisation"),
    (USERS, "settings-users"),
    (TEAMS, "settings-teams"),
    (ROLES, "settings-roles"),
    (MODULES, "settings-modules"),
    (processes::PROCESSES, "processes"),
    (rules::RULES, "rules"),
    (surveys::SURVEYS, "surveys"),
    (forms::FORMS, "forms"),
    (letters::LETTERS, "letter-letters"),
    (mailboxes::MAILBOXES, "settings-mailboxes"),
    (site_letters::SITE_LETTERS, "site-letters"),
    (lines::LINES, "settings-lines"),
    (requests::REQUESTS, "settings-requests"),
    (packs::PACKS, "packs"),
    (VIEWS, "views-title"),
];

/// A page of settings to go to.
pub(super) struct Place {
    pub(super) address: String,
    pub(super) label: String,
    /// Words that it is found by besides: those of the other language.
    pub(super) also: String,
}

/// The pages of settings that the caller may open, those of single modules, processes and roles included.
pub(super) fn places(work: &Work<'_>, l: Locale) -> Vec<Place> {
    let other = if l == Locale::Ru { Locale::En } else { Locale::Ru };
    let heading = other.say("settings");
    let page = |(address, key): &(&str, &str)| Place {
        address: (*address).to_owned(),
        label: l.say(key),
        also: format!("{heading} {}", other.say(key)),
    };
    if work.require(Capability::Administer).is_err() {
        return PAGES.iter().filter(|(address, _)| *address == VIEWS).map(page).collect();
    }
    let of = |base: &str, key: &str, name: &str, label: &Label| {
        let words = |l: Locale| format!("{}: {}", l.say(key), label.get(l));
        Place { address: format!("{base}/{name}"), label: words(l), also: format!("{heading} {}", words(other)) }
    };
    let definitions = work.definitions();
    let modules = definitions.modules().map(|it| of(MODULES, "settings-module", &it.name, &it.label));
    let governed = definitions.modules().filter_map(|module| Some((module, definitions.process(&module.name)?)));
    let processes = governed.map(|(module, it)| of(processes::PROCESSES, "processes-process", &module.name, &it.label));
    let roles = definitions.roles().map(|it| of(ROLES, "roles-role", &it.name, &it.label));
    PAGES.iter().map(page).chain(modules).chain(processes).chain(roles).collect()
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
            @for (address, key) in PAGES {
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
    made(web, visitor, move |app, actor| app.shape(actor, change, None, dry_run)).await
}

/// Does what shapes the workspace, in the name of whoever looks.
async fn made<T: Send + 'static>(
    web: &Web,
    visitor: &Visitor,
    make: impl FnOnce(&App, &Actor) -> Result<T, Error> + Send + 'static,
) -> Result<Result<T, Error>, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    of_the_form(blocking(move || make(&app, &actor)).await?)
}

/// What a form is told of stays with the form; all else is a page of its own.
fn of_the_form<T>(done: Result<T, Error>) -> Result<Result<T, Error>, Problem> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => Ok(Err(error)),
        Err(error) => Err(error.into()),
    }
}

/// What of a module the workspace has made itself.
async fn own_part(web: &Web, module: &str) -> Result<OwnPart, Problem> {
    let (app, module) = (web.app.clone(), module.to_owned());
    Ok(blocking(move || app.own_part(&module)).await??)
}

/// How the workspace writes numbers and moments.
fn scribe(web: &Web, l: Locale) -> Scribe {
    let settings = web.app.workspace().knowledge().settings;
    Scribe { zone: settings.zone(), currency: settings.currency, yes: l.say("yes") }
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
                ul { @for step in steps { li { (steps::said(step, l)) } } }
            }
        }
        @if !shaped.followed.is_empty() {
            p { (l.say("settings-outlook-expressions")) }
            ul { @for it in &shaped.followed { li { code { (it.place) } ": " code { (it.before) } " → " code { (it.after) } } } }
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

/// Why a change of shape was not made.
fn refusals(error: Option<&Error>, definitions: &Definitions, l: Locale) -> Markup {
    Told { l, error, controls: inputs::SHAPE }.above(definitions)
}
