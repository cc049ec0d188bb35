//! Styles, scripts, icons and fonts from the binary.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::state::Web;

/// Where the script for other sites stands: an address that never changes.
pub(crate) const EMBED: &str = "/embed.js";

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/assets/{name}", get(asset)).route(EMBED, get(embed))
}

/// The script for pages of other sites, which name it by an address without a digest.
async fn embed() -> Response {
    let name = assets::EMBED_JS.trim_start_matches("/assets/");
    let Some(asset) = assets::file(name) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, asset.bytes).into_response()
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = assets::file(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let brotli = asset.brotli.filter(|_| accepts.split(',').any(|coding| coding.trim().starts_with("br")));
    let mut response = brotli.unwrap_or(asset.bytes).into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    if brotli.is_some() {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let caching = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}
