//! How much and how often: bodies are bounded, public doors are limited per address (not in a sandbox).

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::problem::Problem;
use crate::state::Web;

/// The largest body that is read, in bytes.
pub(crate) const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// Requests one address may send to the public doors a minute …
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// … and all at once.
const BURST: NonZeroU32 = NonZeroU32::new(60).unwrap();

/// Counts what each address sends.
pub(crate) struct PublicLimit(DefaultKeyedRateLimiter<IpAddr>);

impl PublicLimit {
    pub(crate) fn new() -> Self {
        Self(DefaultKeyedRateLimiter::keyed(Quota::per_minute(PER_MINUTE).allow_burst(BURST)))
    }
}

/// Refuses what comes too often.
pub(crate) async fn rate(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let public = path.starts_with("/api/public/") || path.starts_with("/p/") || path == "/sign-in";
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let (true, Some(address), false) = (public, address, web.app.workspace().knowledge().settings.sandbox) {
        if web.limit.0.check_key(&address).is_err() {
            let detail = "too many requests from this address: wait a little";
            return Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).into_response();
        }
    }
    next.run(request).await
}
