//! Signing in and out. An unknown name and a wrong password get the same answer after the same time.

use std::time::Instant;

use app::passwords;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use maud::{Markup, html};
use model::identity::email;
use model::{Actor, Id};
use store::{Credentials, Origin};

use super::next::local;
use super::visitor::Guest;
use crate::attempts::Key;
use crate::brand::Brand;
use crate::caller::{SESSION, session};
use crate::hashing;
use crate::problem::Problem;
use crate::sight::SEES_AS;
use crate::state::Web;
use crate::ui::door::{self, Kind, Sheet};
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Words, headers, note};

/// How long a session lasts.
const DAYS: u32 = 14;
const SECONDS: u32 = DAYS * 24 * 60 * 60;

/// The form.
pub(crate) async fn form(State(web): State<Web>, guest: Guest, Asked(query): Asked) -> Result<Response, Problem> {
    if !web.app.workspace().read_brief(Actor::System("sign-in"), |work| work.has_users()).await? {
        return Ok(Redirect::to("/set-up").into_response());
    }
    let mut response = page(&web, &guest, &query, None).into_response();
    super::home::remember_language(&mut response, &guest);
    Ok(response)
}

/// Judges name and password; opens a new session.
pub(crate) async fn sign_in(State(web): State<Web>, guest: Guest, form: Typed) -> Result<Response, Problem> {
    let name =
        email::normalise(form.text("email")).map(String::from).unwrap_or_else(|_| form.text("email").to_lowercase());
    let account = Key::Account(name.chars().take(254).collect());
    let keys: Vec<Key> = std::iter::once(account).chain(guest.address.map(Key::Address)).collect();
    if let Err(wait) = web.attempts.begin(&keys, Instant::now()) {
        let seconds = wait.as_secs().saturating_add(1);
        let text = guest.locale.say_with("sign-in-wait", &[("seconds", seconds.into())]);
        return Ok(later(StatusCode::TOO_MANY_REQUESTS, seconds, page(&web, &guest, &form, Some(&text))));
    }
    let judged = judge(&web, name, form.get("password").unwrap_or_default().to_owned()).await;
    if judged.is_err() {
        web.attempts.take_back(&keys);
    }
    let judged = match judged {
        Err(problem) if problem.code == hashing::BUSY => {
            let text = guest.locale.refusal(&problem.code, &problem.detail);
            return Ok(later(problem.status, 1, page(&web, &guest, &form, Some(&text))));
        }
        judged => judged?,
    };
    match judged {
        Some(judged) => {
            web.attempts.succeeded(&keys);
            let mut response = Redirect::to(local(form.text("next"))).into_response();
            if open_session(&web, &guest, judged.id, Some(judged), &mut response).await? {
                return Ok(response);
            }
            let text = guest.locale.say("sign-in-wrong");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&web, &guest, &form, Some(&text))).into_response())
        }
        None => {
            let text = guest.locale.say("sign-in-wrong");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&web, &guest, &form, Some(&text))).into_response())
        }
    }
}

/// Ends the session.
pub(crate) async fn sign_out(State(web): State<Web>, guest: Guest, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(secret) = session(&headers) {
        let close = move |work: &mut store::Work<'_>| work.close_session(&secret);
        web.app.workspace().write(Actor::System("sign-in"), Origin::from("interface"), close).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    headers::cookie(&mut response, SESSION, "", 0, guest.is_secure);
    headers::cookie(&mut response, SEES_AS, "", 0, guest.is_secure);
    Ok(response)
}

/// Opens a session for a user and puts its secret into the answer's cookie. False, and none, where what they were judged by
/// holds no longer.
pub(crate) async fn open_session(
    web: &Web,
    guest: &Guest,
    user: Id,
    judged: Option<Credentials>,
    response: &mut Response,
) -> Result<bool, Problem> {
    let secret = app::secrets::new().map_err(|error| {
        tracing::error!(%error, "no secret for a session");
        Problem::internal()
    })?;
    let (kept, agent) = (secret.clone(), guest.agent.clone());
    let open = move |work: &mut store::Work<'_>| {
        let ends =
            work.now().saturating_add(SignedDuration::from_secs(i64::from(SECONDS))).unwrap_or(jiff::Timestamp::MAX);
        let holds = judged.as_ref().map_or(Ok(true), |judged| work.still_hold(judged))?;
        if holds {
            work.open_session(user, &kept, ends, agent.as_deref())?;
        }
        Ok(holds)
    };
    let (is_open, _) = web.app.workspace().write(Actor::System("sign-in"), Origin::from("interface"), open).await?;
    if is_open {
        headers::cookie(response, SESSION, &secret, SECONDS, guest.is_secure);
        headers::cookie(response, SEES_AS, "", 0, guest.is_secure);
    }
    Ok(is_open)
}

/// The user with this name and password.
async fn judge(web: &Web, name: String, password: String) -> Result<Option<Credentials>, Problem> {
    let find = move |work: &mut store::Work<'_>| work.credentials(&name);
    let known = web.app.workspace().read_brief(Actor::System("sign-in"), find).await?;
    let judge = move || {
        let known = known.filter(|known| known.active);
        let same = passwords::verify(&password, known.as_ref().map(|known| known.password_hash.as_str()));
        known.filter(|_| same)
    };
    web.hashing.run(judge).await
}

/// The page, and when to come again.
fn later(status: StatusCode, seconds: u64, page: Markup) -> Response {
    (status, [(header::RETRY_AFTER, seconds.to_string())], page).into_response()
}

fn page(web: &Web, guest: &Guest, typed: &Typed, error: Option<&str>) -> Markup {
    let l = guest.locale;
    let settings = web.app.workspace().knowledge().settings;
    let (organisation, brand) = (settings.name.clone(), Brand::of(&settings));
    let content = html! {
        (door::branded_head(&l.say("sign-in-title"), &organisation, &brand))
        form.form method="post" action="/sign-in" {
            @if let Some(error) = error { (note::bad(error)) }
            input type="hidden" name="next" value=(local(typed.text("next")));
            div.field {
                label for="email" { (l.say("email")) }
                input id="email" name="email" type="email" autocomplete="username" required autofocus value=(typed.text("email"));
            }
            div.field {
                label for="password" { (l.say("password")) }
                input id="password" name="password" type="password" autocomplete="current-password" required;
            }
            button.btn.main-action { (l.say("sign-in")) }
        }
    };
    let title = l.say("sign-in-title");
    let languages = guest.languages();
    let sheet =
        Sheet { locale: l, theme: guest.theme, title: &title, kind: Kind::Door, content, languages: Some(&languages) };
    door::branded(&sheet, &brand)
}
