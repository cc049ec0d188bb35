//! How often: public doors are limited per address (not in a sandbox).

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::Request;
use axum::http::StatusCode;
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::problem::Problem;
use crate::state::Web;

/// Requests one address may send to the public doors a minute, where nobody says otherwise.
pub const PER_MINUTE: u32 = 600;
/// When so many addresses are remembered, those that have been quiet are forgotten.
const ADDRESSES: usize = 10_000;

/// Counts what each address sends to the public doors.
pub(crate) struct PublicLimit(Option<DefaultKeyedRateLimiter<IpAddr>>);

impl PublicLimit {
    /// So many requests a minute; zero is no limit.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self(NonZeroU32::new(per_minute).map(|limit| DefaultKeyedRateLimiter::keyed(Quota::per_minute(limit))))
    }

    fn allows(&self, address: IpAddr) -> bool {
        let Some(limiter) = &self.0 else { return true };
        if limiter.len() > ADDRESSES {
            limiter.retain_recent();
        }
        limiter.check_key(&address).is_ok()
    }
}

/// Refuses what comes too often.
pub(crate) fn refusal(web: &Web, request: &Request) -> Option<Problem> {
    let path = request.uri().path();
    let public = ["/api/public/", "/p/", "/e/", "/forms/"].iter().any(|door| path.starts_with(door));
    let public = public || path.starts_with("/hooks/") || path == "/sign-in";
    if !public || web.app.workspace().knowledge().settings.sandbox {
        return None;
    }
    let address = web.proxies.client(request.extensions(), request.headers())?;
    let detail = "too many requests from this address: wait a little";
    let refusal = || Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
    (!web.limit.allows(address)).then(refusal)
}
