//! The interface as an app on a device: its manifest, and what the head of a page says of it. Public pages say nothing of
//! it: they are for buyers.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde_json::json;

use crate::state::Web;

/// Where the manifest stands.
pub(crate) const MANIFEST: &str = "/app.webmanifest";
/// The ground of the pages in light and dark.
const LIGHT: &str = "#f9f9fb";
const DARK: &str = "#0e0f13";

/// What it is called, where it begins, how it looks. The same for everybody.
pub(crate) async fn manifest(State(web): State<Web>) -> impl IntoResponse {
    let settings = web.app.workspace().knowledge().settings;
    let icon = |source: &str, purpose: &str| json!({"src": source, "sizes": "any", "type": "image/svg+xml", "purpose": purpose});
    let manifest = json!({
        "id": "/", "name": settings.name, "short_name": settings.name, "lang": settings.locale,
        "start_url": "/", "scope": "/", "display": "standalone", "background_color": LIGHT, "theme_color": LIGHT,
        "icons": [
            icon(assets::LOGO_SVG, "any"), icon(assets::MASKABLE_SVG, "maskable"),
            {"src": assets::TOUCH_ICON_PNG, "sizes": "180x180", "type": "image/png"},
        ],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, manifest.to_string())
}

/// What the head of a page says.
pub(crate) fn head() -> Markup {
    html! {
        link rel="manifest" href=(MANIFEST);
        link rel="apple-touch-icon" href=(assets::TOUCH_ICON_PNG);
        meta name="theme-color" content=(LIGHT) media="(prefers-color-scheme: light)";
        meta name="theme-color" content=(DARK) media="(prefers-color-scheme: dark)";
    }
}
