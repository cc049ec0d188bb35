//! Who asks: by token at the API, by the cookie of a session at the pages.

use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use model::actor::User;
use model::{Actor, Locale};
use store::{Author, Origin, Pass, Reading, Work};

use crate::problem::Problem;
use crate::sight;
use crate::state::Web;

/// Name of the cookie of a session.
pub(crate) const SESSION: &str = "plenary_session";

/// Somebody who showed a token, or whose session's cookie came with a request of our own pages.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// As they were when the request came in.
    pub(crate) user: User,
    pass: Pass,
}

impl Caller {
    /// The caller as an actor.
    pub(crate) fn actor(&self) -> Actor {
        Actor::User(Box::new(self.user.clone()))
    }

    /// The caller as whoever writes: what was taken away from them while their request came in, they do not have.
    pub(crate) fn author(&self) -> Author {
        Author::from(self.pass.clone())
    }
}

/// What somebody shows who comes to read or to write. Who it is turns out in the turn of the database that does it for them.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    pass: Pass,
    spoken: Spoken,
}

impl Bearer {
    /// What a request with these headers and extensions shows.
    ///
    /// # Errors
    /// 401 where it shows nothing.
    pub(crate) fn shown(headers: &HeaderMap, extensions: &Extensions) -> Result<Self, Problem> {
        let spoken = extensions.get::<Spoken>().cloned().unwrap_or_default();
        Ok(Self { pass: shown(headers).ok_or_else(Problem::unauthorised)?, spoken })
    }

    /// Reads as whoever it is.
    ///
    /// # Errors
    /// 401 where the pass lets nobody in; those of `work`.
    pub(crate) async fn read<T: Send + 'static>(
        self,
        web: &Web,
        reading: Reading,
        mut work: impl FnMut(&mut Work<'_>) -> store::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let Self { pass, spoken } = self;
        let read = move |under_way: &mut Work<'_>| {
            spoken.heard(under_way);
            work(under_way)
        };
        Ok(web.app.workspace().read_as(pass, reading, read).await?)
    }

    /// Writes as whoever it is: they are found out, and may do it, in the transaction that does it.
    ///
    /// # Errors
    /// 401 where the pass lets nobody in; those of `work`.
    pub(crate) async fn write<T: Send + 'static>(
        self,
        web: &Web,
        mut work: impl FnMut(&mut Work<'_>) -> store::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let Self { pass, spoken } = self;
        let write = move |under_way: &mut Work<'_>| {
            spoken.heard(under_way);
            work(under_way)
        };
        Ok(web.app.workspace().write(pass, Origin::from("api"), write).await?.0)
    }

    /// What was understood of a request. A misunderstanding is told only to those who may come in, in their language.
    ///
    /// # Errors
    /// The misunderstanding, or 401.
    pub(crate) async fn understood<T>(&self, web: &Web, asked: Result<T, Problem>) -> Result<T, Problem> {
        if asked.is_err() {
            self.clone().read(web, Reading::One, |_| Ok(())).await?;
        }
        asked
    }
}

impl FromRequestParts<Web> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Problem> {
        Self::shown(&parts.headers, &parts.extensions)
    }
}

/// What a request shows: a token, or the cookie of a session.
fn shown(headers: &HeaderMap) -> Option<Pass> {
    match bearer(headers) {
        Some(secret) => Some(Pass::token(secret)),
        // A page of another site may make a browser send our cookie, but not say that the request is its own.
        None if is_own(headers) => sight::pass(headers),
        None => None,
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let pass = shown(&parts.headers).ok_or_else(Problem::unauthorised)?;
        let user = bearer_of(web, pass.clone()).await?.ok_or_else(Problem::unauthorised)?;
        Spoken::note(&parts.extensions, user.locale);
        Ok(Self { user, pass })
    }
}

/// Whose a pass is.
pub(crate) async fn bearer_of(web: &Web, pass: Pass) -> store::Result<Option<User>> {
    web.app.workspace().read_brief(Actor::System("sign-in"), move |work| work.bearer(&pass)).await
}

/// The language of whoever turns out to ask, for what is said about the request afterwards.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoken(Arc<OnceLock<Locale>>);

impl Spoken {
    /// Notes it in a request that can carry it.
    pub(crate) fn note(extensions: &Extensions, locale: Locale) {
        if let Some(spoken) = extensions.get::<Self>() {
            let _ = spoken.0.set(locale);
        }
    }

    /// Notes that of whoever is at work.
    fn heard(&self, under_way: &Work<'_>) {
        if let Some(locale) = under_way.actor().locale() {
            let _ = self.0.set(locale);
        }
    }

    /// What was noted.
    pub(crate) fn locale(&self) -> Option<Locale> {
        self.0.get().copied()
    }
}

impl OptionalFromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Option<Self>, Problem> {
        match <Self as FromRequestParts<Web>>::from_request_parts(parts, web).await {
            Ok(caller) => Ok(Some(caller)),
            Err(problem) if problem.status == axum::http::StatusCode::UNAUTHORIZED => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}

/// The token that a request shows.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// The secret in the session's cookie.
pub(crate) fn session(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == SESSION).map(|(_, secret)| secret.to_owned())
}

/// Whether a request that brings the cookie comes from our own pages (or was typed by the user).
pub(crate) fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        // Browsers that do not say so name the origin with everything that writes.
        None => match (text("origin"), text("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
            _ => true,
        },
    }
}

/// The language of the answer: the user's, else what the browser asks for, else the workspace's.
pub(crate) fn locale(user: Option<&User>, headers: &HeaderMap, workspace: Locale) -> Locale {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    user.map(|user| user.locale).or_else(|| asked.and_then(Locale::from_accept_language)).unwrap_or(workspace)
}
