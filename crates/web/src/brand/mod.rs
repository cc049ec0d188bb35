//! What is the organisation's own on our pages: its logo and its colour. A style sheet's address holds the colour and a
//! picture's its digest, so that both are kept for ever by whoever has read them.

mod colour;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use store::Settings;

use crate::blocking::blocking;
use crate::state::Web;

pub(crate) use colour::Colour;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A picture never runs anything, also not an SVG that is opened on its own.
const PICTURE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// What pages show of the organisation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brand {
    accent: Option<Colour>,
    logo: Option<String>,
    name: String,
}

impl Brand {
    /// That of a workspace.
    pub(crate) fn of(settings: &Settings) -> Self {
        let accent = settings.accent.as_deref().and_then(Colour::parse);
        Self { accent, logo: settings.logo.clone(), name: settings.name.clone() }
    }

    /// The link to the colour's style sheet, for the head of a page.
    pub(crate) fn styles(&self) -> Markup {
        html! { @if let Some(accent) = self.accent { link rel="stylesheet" href=(format!("/assets/brand/{}.css", accent.digits())); } }
    }

    /// The logo, if there is one.
    pub(crate) fn logo(&self) -> Option<Markup> {
        let logo = self.logo.as_ref()?;
        Some(html! { img.logo src=(format!("/assets/brand/{logo}")) alt=(self.name); })
    }

    /// The same beside the name, which says it already.
    pub(crate) fn mark(&self) -> Option<Markup> {
        let logo = self.logo.as_ref()?;
        Some(html! { img.logo src=(format!("/assets/brand/{logo}")) alt=""; })
    }
}

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/assets/brand/{file}", get(file))
}

async fn file(State(web): State<Web>, Path(file): Path<String>) -> Response {
    if let Some(colour) = file.strip_suffix(".css") {
        return match Colour::parse(&format!("#{colour}")) {
            Some(colour) => answer("text/css; charset=utf-8", "default-src 'none'", colour.styles()),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    let found = blocking(move || web.app.logo(&file)).await;
    match found.ok().flatten() {
        Some((bytes, content_type)) => answer(content_type, PICTURE, bytes),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(content_type: &'static str, policy: &'static str, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    (headers, body).into_response()
}
