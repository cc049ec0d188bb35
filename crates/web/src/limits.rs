//! How often: public doors are limited per address (not in a sandbox). A form that is sent counts for several requests, and
//! with files for more: it leaves something behind.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::problem::Problem;
use crate::state::Web;

/// Requests one address may send to the public doors a minute, where nobody says otherwise.
pub const PER_MINUTE: u32 = 600;
/// Where programs of sites send what was filled in.
const FORMS: &str = "/api/public/v1/forms/";
/// For how many requests a form counts that is sent …
const FORM: u32 = 10;
/// … and one that brings files.
const FORM_WITH_FILES: u32 = 60;
/// When so many addresses are remembered, those that have been quiet are forgotten.
const ADDRESSES: usize = 10_000;

/// Counts what each address sends to the public doors.
pub(crate) struct PublicLimit(Option<(NonZeroU32, DefaultKeyedRateLimiter<IpAddr>)>);

impl PublicLimit {
    /// So many requests a minute; zero is no limit.
    pub(crate) fn new(per_minute: u32) -> Self {
        let limit = NonZeroU32::new(per_minute);
        Self(limit.map(|limit| (limit, DefaultKeyedRateLimiter::keyed(Quota::per_minute(limit)))))
    }

    /// Whether something goes through that counts for `cost` requests, at most for all of a minute.
    fn allows(&self, address: IpAddr, cost: NonZeroU32) -> bool {
        let Some((limit, limiter)) = &self.0 else { return true };
        if limiter.len() > ADDRESSES {
            limiter.retain_recent();
        }
        matches!(limiter.check_key_n(&address, cost.min(*limit)), Ok(Ok(())))
    }
}

/// Refuses what comes too often.
pub(crate) fn refusal(web: &Web, request: &Request) -> Option<Problem> {
    let path = request.uri().path();
    let public = ["/api/public/", "/p/", "/e/", "/forms/"].iter().any(|door| path.starts_with(door));
    let public = public || ["/hooks/", "/api/hooks/"].iter().any(|door| path.starts_with(door)) || path == "/sign-in";
    if !public || web.app.workspace().knowledge().settings.sandbox {
        return None;
    }
    let address = web.proxies.client(request.extensions(), request.headers())?;
    let detail = "too many requests from this address: wait a little";
    let refusal = || Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
    (!web.limit.allows(address, cost(request))).then(refusal)
}

/// For how many requests it counts.
fn cost(request: &Request) -> NonZeroU32 {
    let path = request.uri().path();
    let is_form = request.method() == Method::POST && (path.starts_with("/forms/") || path.starts_with(FORMS));
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let has_files = kind.to_ascii_lowercase().starts_with("multipart/");
    let cost = if !is_form {
        1
    } else if has_files {
        FORM_WITH_FILES
    } else {
        FORM
    };
    NonZeroU32::new(cost).unwrap_or(NonZeroU32::MIN)
}
