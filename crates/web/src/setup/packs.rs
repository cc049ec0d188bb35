//! The packs that are applied.

use model::Actor;
use store::Error;
use store::shape::Applying;

use crate::blocking::blocking;
use crate::problem::Problem;
use crate::state::Web;

/// The packs that are applied, for whoever may shape the workspace.
pub(crate) async fn applied(web: &Web, actor: Actor) -> Result<Vec<Applying>, Problem> {
    let app = web.app.clone();
    let read = move || {
        let workspace = app.workspace();
        app::shape::may_shape(&actor, &workspace.knowledge().definitions)?;
        workspace.packs_with_past().map_err(plain)
    };
    Ok(blocking(read).await??)
}

pub(crate) fn plain(error: store::shape::ShapeError) -> Error {
    match error {
        store::shape::ShapeError::Store(error) => error,
        other => Error::Db(store::db::DbError::Corrupt(other.to_string())),
    }
}
