//! The first page of a new installation: who organises, what, and who administers. Closed for ever once there is a user.

use app::App;
use app::passwords::{self, PasswordError};
use app::setup::{Organises, Setup, SetupError};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::identity::email;
use model::{Actor, Id, Locale};

use super::sign_in::open_session;
use super::visitor::Guest;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::door::{self, Kind, Sheet};
use crate::ui::typed::Typed;
use crate::ui::{Words, icon, note};

/// The form; afterwards the way in.
pub(crate) async fn form(State(web): State<Web>, guest: Guest) -> Result<Response, Problem> {
    if is_done(&web).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let mut typed = Typed::default();
    typed.set("locale", guest.locale.tag());
    let mut response = page(&guest, &typed, &[]).into_response();
    super::home::remember_language(&mut response, &guest);
    Ok(response)
}

/// Sets the workspace up and signs the administrator in.
pub(crate) async fn set_up(State(web): State<Web>, guest: Guest, form: Typed) -> Result<Response, Problem> {
    if is_done(&web).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let errors = faults(&form);
    if !errors.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&guest, &form, &errors)).into_response());
    }
    let (app, setup) = (web.app.clone(), read(&form));
    let organises = organises(&form).unwrap_or(Organises::Conference);
    let with_sample = form.has("sample");
    let user = match web.hashing.run(move || begun(&app, &setup, organises, with_sample)).await? {
        Ok(user) => user,
        Err(SetupError::AlreadySetUp | SetupError::UnderWay) => return Ok(Redirect::to("/sign-in").into_response()),
        Err(SetupError::Store(error)) => return Err(error.into()),
        Err(error) => {
            tracing::error!(%error, "set-up failed");
            return Err(failed());
        }
    };
    let mut response = Redirect::to("/").into_response();
    open_session(&web, &guest, user, None, &mut response).await?;
    Ok(response)
}

/// Sets up, then what can be done again by hand: where it fails, the workspace is there all the same.
fn begun(app: &App, setup: &Setup, organises: Organises, with_sample: bool) -> Result<Id, SetupError> {
    let user = app::setup::set_up(app.workspace(), setup)?;
    if let Err(error) = app::setup::prefer(app, &Actor::System("set-up"), organises) {
        tracing::error!(%error, "the kind of new events is not set");
    }
    if with_sample && let Err(error) = app::demo::sample::add(app, user, organises, setup.locale) {
        tracing::error!(%error, "there is no sample data");
    }
    Ok(user)
}

/// What was chosen.
fn organises(form: &Typed) -> Option<Organises> {
    Organises::parse(form.text("organises"))
}

async fn is_done(web: &Web) -> Result<bool, Problem> {
    Ok(web.app.workspace().read(Actor::System("set-up"), |work| work.has_users()).await?)
}

fn failed() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the set-up failed; it is in the log")
}

fn read(form: &Typed) -> Setup {
    Setup {
        admin_email: form.text("email").to_owned(),
        admin_password: form.get("password").unwrap_or_default().to_owned(),
        admin_name: form.text("name").to_owned(),
        organisation: form.text("organisation").to_owned(),
        packs: organises(form).map(|chosen| chosen.pack().to_owned()).into_iter().collect(),
        locale: Locale::parse(form.text("locale")).unwrap_or_default(),
        sandbox: form.has("sandbox"),
    }
}

/// What is wrong, by control: the code of the message.
fn faults(form: &Typed) -> Vec<(&'static str, &'static str)> {
    let mut faults: Vec<_> = ["organisation", "name", "email"]
        .into_iter()
        .filter(|name| form.text(name).is_empty())
        .map(|name| (name, "error-required"))
        .collect();
    if !form.text("email").is_empty() && email::normalise(form.text("email")).is_err() {
        faults.push(("email", "error-invalid_email"));
    }
    if organises(form).is_none() {
        faults.push(("organises", "error-required"));
    }
    match passwords_fault(form.get("password").unwrap_or_default()) {
        Some(PasswordError::TooShort) => faults.push(("password", "error-password_too_short")),
        Some(_) => faults.push(("password", "error-too_long")),
        None => {}
    }
    faults
}

fn passwords_fault(password: &str) -> Option<PasswordError> {
    match password.chars().count() {
        length if length < passwords::SHORTEST => Some(PasswordError::TooShort),
        length if length > passwords::LONGEST => Some(PasswordError::TooLong),
        _ => None,
    }
}

/// How a choice looks, what it is called, and what one gets.
fn offered(organises: Organises) -> (&'static str, &'static str, &'static str) {
    match organises {
        Organises::Conference => (assets::icon::PRESENTATION, "set-up-conference", "set-up-conference-help"),
        Organises::Exhibition => (assets::icon::STORE, "set-up-exhibition", "set-up-exhibition-help"),
        Organises::Course => (assets::icon::GRADUATION_CAP, "set-up-course", "set-up-course-help"),
        Organises::Other => (assets::icon::BRIEFCASE, "set-up-other", "set-up-other-help"),
    }
}

fn page(guest: &Guest, typed: &Typed, errors: &[(&str, &str)]) -> Markup {
    let l = guest.locale;
    let chosen = organises(typed).unwrap_or(Organises::Conference);
    let error = |name: &str| errors.iter().find(|error| error.0 == name).map(|error| l.say(error.1));
    let line = |name: &str, label: &str, kind: &str, auto: &str, help: Option<String>| {
        html! {
            div.field {
                label for=(name) { (label) }
                input id=(name) name=(name) type=(kind) autocomplete=(auto) required value=[(kind != "password").then(|| typed.text(name))]
                    aria-invalid=[error(name).map(|_| "true")] aria-describedby=[error(name).map(|_| format!("{name}-error"))];
                @if let Some(error) = error(name) { (note::of_field(name, &error)) }
                @else if let Some(help) = help { p.help { (help) } }
            }
        }
    };
    let content = html! {
        (door::head(&l.say("set-up-title"), &l.say("set-up-text")))
        form.form method="post" action="/set-up" {
            @if !errors.is_empty() { (note::bad(&l.say("form-faults"))) }
            (line("organisation", &l.say("set-up-organisation"), "text", "organization", None))
            fieldset.field {
                legend { (l.say("set-up-pack")) }
                div.options {
                    @for one in Organises::ALL {
                        @let (image, label, help) = offered(one);
                        label.option.boxed.choice {
                            input type="radio" name="organises" value=(one.kind()) checked[chosen == one];
                            span { (icon(image)) (l.say(label)) }
                            small { (l.say(help)) }
                        }
                    }
                }
            }
            fieldset.field {
                legend { (l.say("set-up-language")) }
                div.options {
                    @for (language, key) in [(Locale::Ru, "language-ru"), (Locale::En, "language-en")] {
                        label.option { input type="radio" name="locale" value=(language.tag()) checked[typed.text("locale") == language.tag()]; (l.say(key)) }
                    }
                }
            }
            label.option { input type="checkbox" name="sample" value="true" checked[typed.has("sample")]; (l.say("set-up-sample")) small { (l.say("set-up-sample-help")) } }
            label.option { input type="checkbox" name="sandbox" value="true" checked[typed.has("sandbox")]; (l.say("set-up-sandbox")) small { (l.say("set-up-sandbox-help")) } }
            div.pair {
                (line("name", &l.say("your-name"), "text", "name", None))
                (line("email", &l.say("email"), "email", "username", None))
            }
            (line("password", &l.say("password"), "password", "new-password", Some(l.say("password-help"))))
            button.btn.main-action { (l.say("set-up-begin")) }
        }
    };
    let (title, languages) = (l.say("set-up-title"), guest.languages());
    door::sheet(&Sheet {
        locale: l,
        theme: guest.theme,
        title: &title,
        kind: Kind::RoomyDoor,
        content,
        languages: Some(&languages),
    })
}
