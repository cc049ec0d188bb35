//! "See as this user": an administrator looks through the eyes of another user, and changes nothing meanwhile
//! (`docs/decisions/018`). A cookie says whose; it counts only beside a session of somebody who administers. That nothing is
//! written is seen to where every write begins (`store::Workspace`): here it is only said early, before a body is read.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use model::{Actor, Id};
use store::{Pass, Sight};

use crate::caller::{bearer, session};
use crate::problem::Problem;
use crate::state::Web;

/// Name of the cookie.
pub(crate) const SEES_AS: &str = "sees_as";
/// Where one stops looking.
pub(crate) const END: &str = "/sees-as/end";
/// How long one looks at most, in seconds: it is soon forgotten that one does.
pub(crate) const SECONDS: u32 = 60 * 60 * 8;

/// What a request is read by that brings a session's cookie.
pub(crate) fn pass(headers: &HeaderMap) -> Option<Pass> {
    Some(Pass::session(&session(headers)?).seeing(wanted(headers)))
}

/// Whose eyes the cookie names.
fn wanted(headers: &HeaderMap) -> Option<Id> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == SEES_AS)?.1.parse().ok()
}

/// Who reads by a pass, and through whose eyes.
pub(crate) async fn of(web: &Web, pass: Pass) -> store::Result<Option<Sight>> {
    web.app.workspace().read_brief(Actor::System("sign-in"), move |work| work.sight(&pass)).await
}

/// The pass of a request that would write by a session whose cookie says that it only looks; to be asked about.
pub(crate) fn would_write(request: &Request) -> Option<Pass> {
    let (headers, path) = (request.headers(), request.uri().path());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // The same judge as whose request it is: any other authorisation leaves it to the cookie.
    let by_token = path.starts_with("/api/") && bearer(headers).is_some();
    if reads || by_token || matches!(path, END | "/sign-out" | "/sign-in") || wanted(headers).is_none() {
        return None;
    }
    pass(headers)
}

/// Refuses what would write while somebody looks through the eyes of another.
pub(crate) async fn refusal(web: &Web, pass: Pass) -> Option<Problem> {
    match of(web, pass).await {
        Ok(Some(Sight { looker: Some(_), .. })) => {
            let detail = "you only look as another user: nothing is changed. Come back to yourself first";
            Some(Problem::new(StatusCode::FORBIDDEN, "only_looking", detail))
        }
        Ok(_) => None,
        Err(error) => Some(error.into()),
    }
}
