//! A form as whoever fills it in will see it, drafts too; nothing is kept.

use axum::extract::{Path, State};
use maud::Markup;

use super::FORMS;
use crate::pages::public::form;
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
    let at = format!("{FORMS}/{name}/test");
    form::test(&web, &visitor.actor(), &guest, name, at, asked).await
}
