//! The doors over HTTP: the API for programs, the pages for people, the public pages for buyers. Handlers are thin: they
//! find out who asks, call `app`, and give the answer its form.

mod api;
mod assets_route;
mod caller;
mod limits;
mod pages;
mod problem;
mod state;
mod ui;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderValue, header};
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;

pub use limits::PER_MINUTE;
pub use state::Web;

/// What browsers may do with our pages: only our own files, no script in the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

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
        .layer(DefaultBodyLimit::max(limits::BODY_LIMIT))
        .layer(middleware::from_fn(problem::in_our_words))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn_with_state(web.clone(), pages::for_people))
        .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(web)
}

/// Requests are traced by their route, never by their address: that of a link holds its secret.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    tracing::debug_span!("request", method = %request.method(), route)
}
