//! The doors over HTTP: the API for programs, the pages for people, the public pages for buyers. Handlers are thin: they
//! find out who asks, call `app`, and give the answer its form.

mod api;
mod assets_route;
mod bodies;
mod caller;
mod hashing;
mod limits;
mod pages;
mod problem;
mod proxies;
mod serving;
mod state;
mod ui;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;

pub use limits::PER_MINUTE;
pub use proxies::{Network, NotANetwork};
pub use serving::{Patience, serve};
pub use state::Web;

/// What browsers may do with our pages: only our own files, no script in the page, in frames only what is ours and
/// lets itself be framed.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every route.
pub fn router(web: Web) -> Router {
    let header = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .merge(api::routes())
        .merge(pages::routes())
        .merge(assets_route::routes())
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(web.clone(), limits::rate))
        .layer(middleware::from_fn(bodies::bounded))
        .layer(middleware::from_fn(problem::in_our_words))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn_with_state(web.clone(), pages::for_people))
        .layer(middleware::from_fn(unkept))
        .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(web)
}

/// Answers hold what only their reader may see: neither a browser's disk nor anything on the way keeps them. Assets say
/// otherwise themselves; the public page of an event is the same for everybody.
async fn unkept(request: Request, next: Next) -> Response {
    let is_everybodys = request.uri().path().starts_with("/e/");
    let mut response = next.run(request).await;
    if !is_everybodys {
        let kept = HeaderValue::from_static("private, no-store");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(kept);
    }
    response
}

/// Requests are traced by their route, never by their address: that of a link holds its secret.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    tracing::debug_span!("request", method = %request.method(), route)
}
