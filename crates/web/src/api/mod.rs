//! The API for programs (base `/api/v1`), and the endpoints of the public (`/api/public/v1`).

mod answer;
mod batch;
mod check_in;
mod health;
mod history;
mod list_query;
mod me;
mod meta;
mod openapi;
mod public;
mod records;
mod sandbox;
mod search;
mod tickets;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    let v1 = Router::new()
        .route("/openapi.json", get(openapi::document))
        .route("/me", get(me::me))
        .route("/search", get(search::search))
        .route("/jobs/{id}", get(history::job))
        .route("/change-sets/{id}", get(history::change_set))
        .route("/meta/modules", get(meta::modules))
        .route("/meta/modules/{module}", get(meta::module))
        .route("/meta/organisation", get(meta::organisation))
        .route("/meta/processes", get(meta::processes))
        .route("/meta/roles", get(meta::roles))
        .route("/check-in", post(check_in::check_in))
        .route("/sandbox/clock", get(sandbox::clock).post(sandbox::move_clock))
        .route("/sandbox/outbox", get(sandbox::outbox))
        .route("/sandbox/outbox/{id}/attachments/{index}", get(sandbox::attachment))
        .route("/tickets/{id}/pdf", get(tickets::pdf))
        .route("/{module}", get(records::list).post(records::create))
        .route("/{module}/batch", post(batch::batch))
        .route("/{module}/{id}", get(records::get).patch(records::update).delete(records::delete))
        .route("/{module}/{id}/restore", post(records::restore))
        .route("/{module}/{id}/timeline", get(history::of_record))
        .route("/{module}/{id}/transitions/{name}", post(records::transition));
    let public = Router::new()
        .route("/events/{slug}/orders", post(public::place))
        .route("/orders/{token}/cancel", post(public::cancel));
    Router::new()
        .nest("/api/v1", v1)
        .nest("/api/public/v1", public)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
}
