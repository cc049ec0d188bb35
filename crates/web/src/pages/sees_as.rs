//! An administrator looks as another user: begins, is told so on every page, and comes back.

use app::shape::may_shape;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use maud::{Markup, html};
use model::{Id, Locale};
use store::{Error, Sight};

use super::record::id;
use super::visitor::{Guest, Visitor};
use crate::problem::Problem;
use crate::sight::{self, END, SECONDS, SEES_AS};
use crate::state::Web;
use crate::ui::{Words, headers, icon};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/settings/users/{user}/see", post(begin)).route(END, post(end))
}

/// Begins to look.
async fn begin(
    State(web): State<Web>,
    visitor: Visitor,
    guest: Guest,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    may_shape(&visitor.actor(), &web.app.workspace().knowledge().definitions)?;
    let user = id("users", &user)?;
    let seen = web.app.workspace().read(visitor.actor(), move |work| work.user(user)).await?;
    let seen = seen.filter(|seen| seen.id != visitor.user.id).ok_or_else(|| {
        Error::conflict("nobody_to_see_as", "one looks as another user who may come in, not as oneself")
    })?;
    tracing::info!(administrator = %visitor.user.id, user = %seen.id, "an administrator looks as another user");
    let mut response = Redirect::to("/").into_response();
    headers::cookie(&mut response, SEES_AS, &seen.id.to_string(), SECONDS, guest.is_secure);
    Ok(response)
}

/// Comes back, to the page of the user one looked as.
async fn end(State(web): State<Web>, guest: Guest, headers: HeaderMap) -> Result<Response, Problem> {
    let sight = match sight::pass(&headers) {
        Some(pass) => sight::of(&web, pass).await?,
        None => None,
    };
    let page = match sight {
        Some(Sight { user, looker: Some(looker) }) => {
            tracing::info!(administrator = %looker.id, user = %user.id, "an administrator looks no more as another user");
            format!("/settings/users/{}", user.id)
        }
        _ => "/".to_owned(),
    };
    let mut response = Redirect::to(&page).into_response();
    headers::cookie(&mut response, SEES_AS, "", 0, guest.is_secure);
    Ok(response)
}

/// The button on a user's page.
pub(crate) fn button(user: Id, l: Locale) -> Markup {
    html! {
        form method="post" action=(format!("/settings/users/{user}/see")) {
            p.help { (l.say("sees-as-help")) }
            button.btn { (icon(assets::icon::EYE)) (l.say("sees-as-begin")) }
        }
    }
}
