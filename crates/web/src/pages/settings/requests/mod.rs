//! Settings → Requests from outside: lead forms of VK and Meta, and programs that bring requests; by which form each is read, and
//! what would be made of a sample.

mod form;
mod list;
mod one;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Web;
pub(super) use crate::ui::addresses::REQUESTS;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(REQUESTS, get(list::page).post(list::add))
        .route("/settings/requests/{source}", get(one::page).post(one::change))
        .route("/settings/requests/{source}/try", post(one::attempt))
}
