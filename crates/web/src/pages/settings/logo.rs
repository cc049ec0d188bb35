//! The logo of the organisation: sent as a file, or taken away.

use app::LOGO_TYPES;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Locale;
use store::FieldError;

use super::ORGANISATION;
use super::organisation::drawn;
use crate::brand::Brand;
use crate::pages::visitor::Visitor;
use crate::parts::Parts;
use crate::problem::Problem;
use crate::setup::organisation::keep_logo;
use crate::state::Web;
use crate::ui::{Below, Words};

/// Where it is sent.
pub(super) const LOGO: &str = "/settings/organisation/logo";

/// Keeps the picture that was sent, or none; says what is wrong with one that cannot be kept.
pub(super) async fn change(State(web): State<Web>, visitor: Visitor, parts: Parts) -> Result<Response, Problem> {
    let picture = sent(parts).await?;
    match keep_logo(&web, visitor.actor(), "interface", picture).await {
        Ok(_) => Ok(Redirect::to(&format!("{ORGANISATION}?saved=true")).into_response()),
        Err(problem) if !problem.errors.is_empty() => {
            let page = drawn(&web, &visitor, None, &problem.errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// The picture; nothing where it is to be taken away.
async fn sent(mut parts: Parts) -> Result<Option<Bytes>, Problem> {
    let mut picture = Some(Bytes::new());
    while let Some(part) = parts.next().await? {
        match part.control() {
            "remove" => picture = None,
            "logo" if picture.is_some() => picture = Some(part.bytes().await?),
            _ => {}
        }
    }
    Ok(picture)
}

/// The section of the organisation's page.
pub(super) fn section(brand: &Brand, errors: &[FieldError], l: Locale) -> Markup {
    let logo = brand.logo();
    let fault = errors.iter().find(|error| error.field == "logo").map(|error| l.error(error).into());
    let below = Below { id: "logo", fault, help: Some(l.say("logo-help").into()) };
    html! {
        section.logo-settings {
            h2 { (l.say("logo")) }
            @if let Some(logo) = &logo { (logo) }
            form.form method="post" action=(LOGO) enctype="multipart/form-data" {
                div.field {
                    label for="logo" { (l.say("logo-file")) }
                    input id="logo" name="logo" type="file" accept=(LOGO_TYPES.join(",")) required
                        aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                    (below)
                }
                footer.actions { button.btn { (l.say("logo-send")) } }
            }
            @if logo.is_some() {
                form method="post" action=(LOGO) enctype="multipart/form-data" { button.btn.quiet name="remove" value="yes" { (l.say("logo-remove")) } }
            }
        }
    }
}
