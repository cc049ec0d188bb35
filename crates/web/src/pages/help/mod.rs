//! Help: the manuals of `docs/` inside the program, and the section that fits the page one is on.

mod markdown;
mod pictures;
mod shelf;
mod view;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use maud::Markup;
use model::Actor;
use store::Work;

use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::HELP;
use crate::ui::frame::Frame;
use crate::ui::typed::Asked;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(HELP, get(manuals))
        .route("/help/{manual}", get(manual))
        .route("/help/pictures/{mark}/{language}/{file}", get(pictures::picture))
}

/// The manuals there are.
async fn manuals(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    if visitor.partial {
        return Ok(view::choice(visitor.locale));
    }
    Ok(view::manuals(&framed(&web, visitor).await?))
}

/// A manual; of it one section, where a part of a page is asked for.
async fn manual(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let manual = shelf::manual(&name, visitor.locale);
    let manual = manual.ok_or_else(|| Problem::not_found(format!("there is no manual called {name:?}")))?;
    if visitor.partial {
        return Ok(view::part(visitor.locale, manual, query.text("section")));
    }
    Ok(view::manual(&framed(&web, visitor).await?, manual))
}

async fn framed(web: &Web, visitor: Visitor) -> Result<Frame, Problem> {
    let actor: Actor = visitor.actor();
    Ok(web.app.workspace().read(actor, move |work: &mut Work<'_>| Frame::read(work, &visitor)).await?)
}

#[cfg(test)]
mod tests;
