//! The doors over HTTP: the API for programs, the pages for people, the public pages for buyers. Handlers are thin: they
//! find out who asks, call `app`, and give the answer its form.

mod acting;
mod api;
mod assets_route;
mod attempts;
mod blocking;
mod bodies;
mod brand;
mod caller;
mod downloads;
mod drawn;
mod hashing;
mod install;
mod limits;
mod live;
mod pages;
mod parts;
mod problem;
mod proxies;
mod query;
mod serving;
mod setup;
mod sight;
mod state;
mod ticket_file;
mod ui;
mod uploads;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use tower_http::trace::TraceLayer;
use tracing::Span;

pub use limits::PER_MINUTE;
pub use proxies::{Network, NotANetwork};
pub use serving::{Patience, serve};
pub use state::{Door, Web};

/// What browsers may do with our pages: only our own files, no script in the page, in frames only what is ours and
/// lets itself be framed.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      manifest-src 'self'; worker-src 'self'";

/// The same for the order form where a page of another site shows it.
const FRAMED: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *";

/// Headers of every answer that does not say otherwise itself.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
];

/// Every route. What stands around the handlers is two layers and not one for each concern: every layer copies all that
/// is below it for every request.
pub fn router(web: Web) -> Router {
    Router::new()
        .merge(api::routes())
        .merge(pages::routes())
        .merge(assets_route::routes())
        .merge(brand::routes())
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(
            ServiceBuilder::new()
                .layer(TraceLayer::new_for_http().make_span_with(span))
                .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_of_one_piece)))
                .layer(middleware::from_fn_with_state(web.clone(), around))
                .layer(CatchPanicLayer::custom(problem::panicked))
                .layer(middleware::from_fn_with_state(web.clone(), within)),
        )
        .with_state(web)
}

/// Whether an answer is made small on its way: what can be asked for in parts has a length that is told before.
fn is_of_one_piece(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// What happens to an answer, also to that of a handler that fell over.
async fn around(State(web): State<Web>, request: Request, next: Next) -> Response {
    let is_everybodys = request.uri().path().starts_with("/e/");
    let is_framed = pages::is_framed(request.uri());
    let mut response = pages::for_people(&web, request, next).await;
    let headers = response.headers_mut();
    // Answers hold what only their reader may see: neither a browser's disk nor anything on the way keeps them. Assets
    // say otherwise themselves; the public page of an event is the same for everybody.
    if !is_everybodys {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    }
    if is_framed {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(FRAMED));
    }
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What happens to a request before its handler: how often it comes, how large it is, how long it takes to come.
async fn within(State(web): State<Web>, request: Request, next: Next) -> Response {
    let response = match limits::refusal(&web, &request) {
        Some(refusal) => refusal.into_response(),
        None => match refusal(&web, &request).await {
            Some(refusal) => refusal.into_response(),
            None => next.run(bodies::bounded(request)).await,
        },
    };
    problem::in_our_words(response)
}

/// Why a request is refused that would write while its session looks through the eyes of another, or that asks an operation
/// for what it does not know.
fn refusal(web: &Web, request: &Request) -> impl Future<Output = Option<problem::Problem>> + use<> {
    let (web, pass, misunderstood) = (web.clone(), sight::would_write(request), api::misunderstood(web, request));
    async move {
        let looking = match pass {
            Some(pass) => sight::refusal(&web, pass).await,
            None => None,
        };
        match looking {
            None => misunderstood.await,
            refusal => refusal,
        }
    }
}

/// Requests are traced by their route, never by their address: that of a link holds its secret.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    tracing::debug_span!("request", method = %request.method(), route)
}
