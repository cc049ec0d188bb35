//! A survey as whoever answers it will see it; nothing is kept.

use axum::extract::{Path, State};
use maud::Markup;

use super::SURVEYS;
use crate::pages::public::survey;
use crate::pages::visitor::{Guest, Visitor};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Asked;

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    guest: Guest,
    Path(name): Path<String>,
    Asked(asked): Asked,
) -> Result<Markup, Problem> {
    app::shape::may_shape(&visitor.actor(), &web.app.workspace().knowledge().definitions)?;
    let at = format!("{SURVEYS}/{name}/preview");
    survey::preview(&web, &visitor.actor(), &guest, name, at, asked).await
}
