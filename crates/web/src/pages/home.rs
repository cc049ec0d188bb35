//! The first page, and the language of the pages.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use model::Locale;
use model::rights::Scope;
use store::{Origin, UserChange};

use super::next::local;
use super::start;
use super::visitor::{Guest, LANGUAGE, Visitor};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::START;
use crate::ui::headers;
use crate::ui::typed::Typed;

const YEAR: u32 = 60 * 60 * 24 * 365;

/// Where somebody's work begins: the first steps while some are open, then the first module of the menu that they may read.
pub(crate) async fn home(State(web): State<Web>, visitor: Visitor) -> Result<Redirect, Problem> {
    const FIRST: [&str; 6] = ["orders", "leads", "cases", "submissions", "tickets", "events"];
    let definitions = web.app.workspace().knowledge().definitions;
    let actor = visitor.actor();
    if web.app.workspace().read(actor.clone(), start::is_first).await? {
        return Ok(Redirect::to(START));
    }
    let reads = |name: &str| actor.grant(&definitions, name).read != Scope::None;
    let first = FIRST.into_iter().find(|name| definitions.module(name).is_some() && reads(name));
    let first = first.or_else(|| definitions.modules().map(|module| module.name.as_str()).find(|name| reads(name)));
    let first = first.ok_or_else(|| {
        Problem::new(axum::http::StatusCode::FORBIDDEN, "missing_right", "no role lets you read anything")
    })?;
    Ok(Redirect::to(&format!("/{first}")))
}

/// Chooses the language: that of the user for good, and that of this browser for when nobody is signed in.
pub(crate) async fn language(
    State(web): State<Web>,
    guest: Guest,
    user: Option<Caller>,
    form: Typed,
) -> Result<Response, Problem> {
    let mut response = Redirect::to(local(form.text("next"))).into_response();
    if let Some(locale) = Locale::parse(form.text("lang")) {
        headers::cookie(&mut response, LANGUAGE, locale.tag(), YEAR, guest.is_secure);
        if let Some(user) = user {
            let change = UserChange { locale: Some(locale), ..UserChange::default() };
            let save = move |work: &mut store::Work<'_>| work.change_self(&change, None);
            web.app.workspace().write(user.actor(), Origin::from("interface"), save).await?;
        }
    }
    Ok(response)
}

/// Remembers a language that was asked for in the address.
pub(crate) fn remember_language(response: &mut Response, guest: &Guest) {
    if guest.asked {
        headers::cookie(response, LANGUAGE, guest.locale.tag(), YEAR, guest.is_secure);
    }
}
