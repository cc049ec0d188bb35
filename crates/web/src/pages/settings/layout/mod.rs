//! The layout of a module: groups of its record page with their fields, columns of its list, what search reads, what names a
//! record. One form; its buttons move things and draw it anew, and nothing is kept before it is saved.

mod state;
mod view;

use app::shape::Change;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use self::state::Layout;
use super::known;
use super::module::{Draft, answered, shown};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

pub(super) use view::section;

/// Keeps the layout, goes back to that of the pack, or draws the form with what a button moved.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let is_reset = typed.text("do") == "reset";
    if typed.has("do") && !is_reset {
        let draft = Draft { typed: &typed, error: None, outlook: None };
        return Ok(shown(&web, &visitor, &name, &draft).await?.into_response());
    }
    let definitions = web.app.workspace().knowledge().definitions;
    let module = known(&definitions, &name)?;
    let body = if is_reset { state::undone() } else { Layout::read(module, &typed).changes(module) };
    answered(&web, &visitor, &name, &typed, Change::Module { module: name.clone(), body }).await
}
