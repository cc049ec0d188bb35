//! Who looks at a page: somebody signed in, or anybody.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use model::actor::User;
use model::{Actor, Locale};
use store::{Author, Pass, Sight};

use super::htmx;
use super::next::escaped;
use crate::caller::Spoken;
use crate::problem::Problem;
use crate::sight;
use crate::state::Web;

/// Name of the cookie that remembers the language.
pub(crate) const LANGUAGE: &str = "lang";

/// Somebody who signed in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) user: User,
    /// The administrator who looks through their eyes: who they are, not what they may.
    pub(crate) looker: Option<User>,
    pub(crate) locale: Locale,
    pub(crate) theme: Option<&'static str>,
    /// Whether rows of lists stand close together.
    pub(crate) is_compact: bool,
    /// Whether there is something to be told about an act of theirs on many records.
    pub(crate) has_act: bool,
    /// Path and query of the page.
    pub(crate) here: String,
    /// Whether htmx asks for a part of the page.
    pub(crate) partial: bool,
    pass: Pass,
}

impl Visitor {
    pub(crate) fn actor(&self) -> Actor {
        Actor::User(Box::new(self.user.clone()))
    }

    /// The visitor as whoever writes: what was taken away from them while their form came in, they do not have.
    pub(crate) fn author(&self) -> Author {
        Author::from(self.pass.clone())
    }
}

/// Anybody: what is known without asking who it is.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    pub(crate) locale: Locale,
    pub(crate) theme: Option<&'static str>,
    /// Path and query, without the language.
    pub(crate) here: String,
    /// Where they are; nothing where only a proxy is known.
    pub(crate) address: Option<IpAddr>,
    pub(crate) is_secure: bool,
    pub(crate) agent: Option<String>,
    /// The language was asked for in the address and is to be remembered.
    pub(crate) asked: bool,
}

/// Whoever turns out to look at a page, for what is shown in the place of a page that they may not see.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen(Arc<OnceLock<Visitor>>);

impl Seen {
    /// Who it was.
    pub(crate) fn visitor(&self) -> Option<&Visitor> {
        self.0.get()
    }
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let partial = htmx::is_partial(&parts.headers);
        let here = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let Some(pass) = sight::pass(&parts.headers) else { return Err(turned_away(web, &here, partial).await) };
        match sight::of(web, pass.clone()).await.map_err(|error| Problem::from(error).into_response())? {
            Some(Sight { user, looker }) => {
                // Whoever looks as another reads what they find in their own language.
                let locale = looker.as_ref().unwrap_or(&user).locale;
                Spoken::note(&parts.extensions, locale);
                let visitor = Self {
                    has_act: looker.is_none() && web.acting.has_any(user.id),
                    user,
                    looker,
                    locale,
                    theme: theme(&parts.headers),
                    is_compact: cookie(&parts.headers, "density") == Some("compact"),
                    here,
                    partial,
                    pass,
                };
                if let Some(seen) = parts.extensions.get::<Seen>() {
                    let _ = seen.0.set(visitor.clone());
                }
                Ok(visitor)
            }
            None => Err(turned_away(web, &here, partial).await),
        }
    }
}

/// To the sign-in page, or to the set-up page while there is nobody who could sign in.
async fn turned_away(web: &Web, here: &str, partial: bool) -> Response {
    if partial {
        // The page asks to sign in again, over itself: what is typed in it stays.
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match web.app.workspace().read_brief(Actor::System("sign-in"), |work| work.has_users()).await {
        Ok(false) => Redirect::to("/set-up").into_response(),
        Ok(true) if here == "/" => Redirect::to("/sign-in").into_response(),
        Ok(true) => Redirect::to(&format!("/sign-in?next={}", escaped(here))).into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

impl FromRequestParts<Web> for Guest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let headers = &parts.headers;
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default();
        let asked = pairs.iter().find(|(name, _)| name == "lang").and_then(|(_, tag)| Locale::parse(tag));
        let workspace = web.app.workspace().knowledge().settings.locale;
        let rest: Vec<_> = pairs.iter().filter(|(name, _)| name != "lang").collect();
        let query = serde_urlencoded::to_string(&rest).unwrap_or_default();
        let path = parts.uri.path();
        let forwarded = headers.get("x-forwarded-proto").is_some_and(|value| value == "https");
        Ok(Self {
            locale: asked.unwrap_or_else(|| guessed(headers, workspace)),
            theme: theme(headers),
            here: if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") },
            address: web.proxies.stranger(&parts.extensions, headers),
            is_secure: forwarded || web.app.ticketing().event_url("").starts_with("https://"),
            agent: headers
                .get(header::USER_AGENT)
                .and_then(|value| value.to_str().ok())
                .map(|text| text.chars().take(200).collect()),
            asked: asked.is_some(),
        })
    }
}

impl Guest {
    /// The address of this page, ready for `lang=`.
    pub(crate) fn languages(&self) -> String {
        format!("{}{}", self.here, if self.here.contains('?') { '&' } else { '?' })
    }
}

/// The language that was chosen before, else the browser's, else the workspace's.
pub(crate) fn guessed(headers: &HeaderMap, workspace: Locale) -> Locale {
    let chosen = cookie(headers, LANGUAGE).and_then(Locale::parse);
    chosen.unwrap_or_else(|| crate::caller::locale(None, headers, workspace))
}

/// The theme that was chosen; nothing where the system's holds.
pub(crate) fn theme(headers: &HeaderMap) -> Option<&'static str> {
    match cookie(headers, "theme") {
        Some("light") => Some("light"),
        Some("dark") => Some("dark"),
        _ => None,
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}
