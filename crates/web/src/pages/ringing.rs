//! Who is calling the reader now: asked for by pages that are open when a call comes.

use axum::extract::State;
use maud::Markup;
use store::Work;

use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::ringing::ringing;

/// The place of the note, with what rings.
pub(super) async fn part(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| {
        let calls = app::telephone::ringing(work)?;
        Ok(Frame { ringing: calls, ..Frame::bare(work, &visitor) })
    };
    Ok(ringing(&web.app.workspace().read(actor, read).await?))
}
