//! Settings → Telephone and messages: lines whose providers tell of calls or carry messages, and whose extension is whose.

mod form;
mod list;
mod one;

use axum::Router;
use axum::routing::get;

use crate::state::Web;
pub(super) use crate::ui::addresses::LINES;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(LINES, get(list::page).post(list::add))
        .route("/settings/lines/{line}", get(one::page).post(one::change))
}
