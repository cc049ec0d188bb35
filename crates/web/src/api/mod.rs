//! The API for programs (base `/api/v1`), and the endpoints of the public (`/api/public/v1`).
//!
//! What is served stands in [`ROUTES`] alone: the router is built from it, and the OpenAPI document describes it
//! (`openapi/text`); a row without a description fails a test.

mod answer;
mod approvals;
mod asked;
mod batch;
mod check_in;
mod convert;
mod files;
mod groups;
mod health;
mod history;
mod hooks;
mod keys;
mod letters;
mod list_query;
mod me;
mod meta;
mod notices;
mod openapi;
mod papers;
pub(crate) mod privacy;
mod public;
mod queue;
mod records;
mod route;
mod sandbox;
mod search;
mod setup;
pub(crate) mod surveys;
mod tickets;
mod tokens;

use axum::Router;
use axum::routing::{any, on};

use crate::problem::no_such_page;
use crate::state::Web;

pub(crate) use asked::misunderstood;
use route::{Route, delete, get, patch, post, put};

/// Every operation of the API.
pub(crate) const ROUTES: &[Route] = &[
    get("/healthz", |by| on(by, health::alive)),
    get("/readyz", |by| on(by, health::ready)),
    get("/api/v1/openapi.json", |by| on(by, openapi::answer)),
    get("/api/v1/me", |by| on(by, me::me)),
    patch("/api/v1/me", |by| on(by, setup::own::change)),
    get("/api/v1/tokens", |by| on(by, tokens::list)),
    delete("/api/v1/tokens/{id}", |by| on(by, tokens::revoke)),
    get("/api/v1/search", |by| on(by, search::search)),
    get("/api/v1/stream", |by| on(by, crate::live::stream)),
    get("/api/v1/notifications", |by| on(by, notices::list)),
    post("/api/v1/notifications/read", |by| on(by, notices::read)),
    get("/api/v1/approvals", |by| on(by, approvals::list)),
    post("/api/v1/approvals/{rule}/{run}", |by| on(by, approvals::answer)),
    get("/api/v1/jobs/{id}", |by| on(by, history::job)),
    get("/api/v1/change-sets/{id}", |by| on(by, history::change_set)),
    post("/api/v1/undo/{id}", |by| on(by, history::undo)),
    get("/api/v1/undo/{id}", |by| on(by, history::course)),
    get("/api/v1/meta/modules", |by| on(by, meta::modules)),
    get("/api/v1/meta/modules/{module}", |by| on(by, meta::module)),
    post("/api/v1/meta/modules", |by| on(by, meta::shape::add_module)),
    patch("/api/v1/meta/modules/{module}", |by| on(by, meta::shape::change_module)),
    get("/api/v1/meta/modules/{module}/fields", |by| on(by, meta::shape::fields)),
    post("/api/v1/meta/modules/{module}/fields", |by| on(by, meta::shape::add_field)),
    patch("/api/v1/meta/modules/{module}/fields/{field}", |by| on(by, meta::shape::change_field)),
    delete("/api/v1/meta/modules/{module}/fields/{field}", |by| on(by, meta::shape::retire_field)),
    get("/api/v1/meta/packs", |by| on(by, meta::packs::packs)),
    post("/api/v1/meta/packs", |by| on(by, meta::packs::apply)),
    get("/api/v1/meta/packs/{pack}", |by| on(by, meta::packs::pack)),
    post("/api/v1/meta/packs/{pack}/revert", |by| on(by, meta::packs::revert)),
    get("/api/v1/meta/organisation", |by| on(by, setup::organisation::read)),
    patch("/api/v1/meta/organisation", |by| on(by, setup::organisation::change)),
    put("/api/v1/meta/organisation/logo", |by| on(by, setup::organisation::put_logo)),
    delete("/api/v1/meta/organisation/logo", |by| on(by, setup::organisation::remove_logo)),
    get("/api/v1/meta/users", |by| on(by, setup::users::list)),
    post("/api/v1/meta/users", |by| on(by, setup::users::create)),
    patch("/api/v1/meta/users/{id}", |by| on(by, setup::users::change)),
    put("/api/v1/meta/users/{id}/absence", |by| on(by, setup::absence::set)),
    get("/api/v1/meta/teams", |by| on(by, setup::teams::list)),
    post("/api/v1/meta/teams", |by| on(by, setup::teams::create)),
    patch("/api/v1/meta/teams/{id}", |by| on(by, setup::teams::change)),
    delete("/api/v1/meta/teams/{id}", |by| on(by, setup::teams::remove)),
    get("/api/v1/meta/mailboxes", |by| on(by, setup::mailboxes::list)),
    post("/api/v1/meta/mailboxes", |by| on(by, setup::mailboxes::create)),
    patch("/api/v1/meta/mailboxes/{id}", |by| on(by, setup::mailboxes::change)),
    delete("/api/v1/meta/mailboxes/{id}", |by| on(by, setup::mailboxes::remove)),
    post("/api/v1/meta/mailboxes/{id}/try", |by| on(by, setup::mailboxes::attempt)),
    post("/api/v1/meta/mailboxes/{id}/look", |by| on(by, setup::mailboxes::look)),
    get("/api/v1/meta/mailboxes/{id}/letters", |by| on(by, setup::mailboxes::letters)),
    get("/api/v1/meta/lines", |by| on(by, setup::lines::list)),
    post("/api/v1/meta/lines", |by| on(by, setup::lines::create)),
    patch("/api/v1/meta/lines/{id}", |by| on(by, setup::lines::change)),
    delete("/api/v1/meta/lines/{id}", |by| on(by, setup::lines::remove)),
    post("/api/v1/meta/lines/{id}/connect", |by| on(by, setup::lines::connect)),
    post("/api/v1/meta/lines/{id}/try", |by| on(by, setup::lines::attempt)),
    get("/api/v1/meta/views", |by| on(by, setup::views::list)),
    post("/api/v1/meta/views", |by| on(by, setup::views::create)),
    patch("/api/v1/meta/views/{id}", |by| on(by, setup::views::change)),
    delete("/api/v1/meta/views/{id}", |by| on(by, setup::views::remove)),
    get("/api/v1/meta/processes", |by| on(by, meta::processes::list)),
    post("/api/v1/meta/processes", |by| on(by, meta::processes::add)),
    get("/api/v1/meta/processes/{process}", |by| on(by, meta::processes::one)),
    patch("/api/v1/meta/processes/{process}", |by| on(by, meta::processes::change)),
    get("/api/v1/meta/processes/{process}/picture", |by| on(by, meta::drawn::picture)),
    get("/api/v1/meta/processes/{process}/numbers", |by| on(by, meta::drawn::numbers)),
    get("/api/v1/meta/roles", |by| on(by, meta::roles::list)),
    post("/api/v1/meta/roles", |by| on(by, meta::roles::add)),
    patch("/api/v1/meta/roles/{role}", |by| on(by, meta::roles::change)),
    delete("/api/v1/meta/roles/{role}", |by| on(by, meta::roles::delete)),
    get("/api/v1/meta/rules", |by| on(by, meta::rules::list)),
    post("/api/v1/meta/rules", |by| on(by, meta::rules::add)),
    get("/api/v1/meta/rules/{rule}", |by| on(by, meta::rules::one)),
    patch("/api/v1/meta/rules/{rule}", |by| on(by, meta::rules::change)),
    delete("/api/v1/meta/rules/{rule}", |by| on(by, meta::rules::delete)),
    get("/api/v1/meta/rules/{rule}/runs", |by| on(by, meta::rules::runs)),
    post("/api/v1/meta/rules/{rule}/runs", |by| on(by, meta::rules::once_more)),
    post("/api/v1/meta/rules/{rule}/dry-run", |by| on(by, meta::rules::rehearse)),
    post("/api/v1/meta/rules/{rule}/rerun", |by| on(by, meta::rules::rerun)),
    post("/api/v1/meta/rules/{rule}/resume", |by| on(by, meta::rules::resume)),
    post("/api/v1/meta/rules/{rule}/address", |by| on(by, meta::rules::address)),
    get("/api/v1/meta/rules/{rule}/webhooks", |by| on(by, meta::webhooks::list)),
    get("/api/v1/meta/webhooks", |by| on(by, meta::webhooks::all)),
    post("/api/v1/meta/webhooks/{id}/redeliver", |by| on(by, meta::webhooks::redeliver)),
    post("/api/v1/meta/webhook-secret", |by| on(by, meta::webhooks::secret)),
    get("/api/v1/meta/letters", |by| on(by, meta::letters::list)),
    post("/api/v1/meta/letters", |by| on(by, meta::letters::add)),
    get("/api/v1/meta/letters/{letter}", |by| on(by, meta::letters::one)),
    patch("/api/v1/meta/letters/{letter}", |by| on(by, meta::letters::change)),
    delete("/api/v1/meta/letters/{letter}", |by| on(by, meta::letters::delete)),
    post("/api/v1/meta/letters/{letter}/preview", |by| on(by, meta::letters::preview)),
    get("/api/v1/meta/surveys", |by| on(by, meta::surveys::list)),
    post("/api/v1/meta/surveys", |by| on(by, meta::surveys::add)),
    get("/api/v1/meta/surveys/{survey}", |by| on(by, meta::surveys::one)),
    patch("/api/v1/meta/surveys/{survey}", |by| on(by, meta::surveys::change)),
    delete("/api/v1/meta/surveys/{survey}", |by| on(by, meta::surveys::delete)),
    get("/api/v1/meta/surveys/{survey}/results", |by| on(by, surveys::outcome)),
    get("/api/v1/meta/surveys/{survey}/answers.csv", |by| on(by, surveys::table)),
    get("/api/v1/meta/forms", |by| on(by, meta::forms::list)),
    post("/api/v1/meta/forms", |by| on(by, meta::forms::add)),
    get("/api/v1/meta/forms/{form}", |by| on(by, meta::forms::one)),
    patch("/api/v1/meta/forms/{form}", |by| on(by, meta::forms::change)),
    delete("/api/v1/meta/forms/{form}", |by| on(by, meta::forms::delete)),
    get("/api/v1/meta/site_letters", |by| on(by, meta::site_letters::list)),
    post("/api/v1/meta/site_letters", |by| on(by, meta::site_letters::add)),
    get("/api/v1/meta/site_letters/{site_letter}", |by| on(by, meta::site_letters::one)),
    patch("/api/v1/meta/site_letters/{site_letter}", |by| on(by, meta::site_letters::change)),
    delete("/api/v1/meta/site_letters/{site_letter}", |by| on(by, meta::site_letters::delete)),
    post("/api/v1/meta/site_letters/{site_letter}/try", |by| on(by, meta::site_letters::attempt)),
    post("/api/v1/check-in", |by| on(by, check_in::check_in)),
    get("/api/v1/sandbox/clock", |by| on(by, sandbox::clock)),
    post("/api/v1/sandbox/clock", |by| on(by, sandbox::move_clock)),
    get("/api/v1/sandbox/outbox", |by| on(by, sandbox::outbox)),
    get("/api/v1/sandbox/outbox/{id}/attachments/{index}", |by| on(by, sandbox::attachment)),
    get("/api/v1/tickets/{id}/pdf", |by| on(by, tickets::pdf)),
    get("/api/v1/leads/{id}/convert", |by| on(by, convert::offer)),
    post("/api/v1/leads/{id}/convert", |by| on(by, convert::convert)),
    post("/api/v1/deals/{id}/questionnaire", |by| on(by, groups::answer)),
    post("/api/v1/deals/{id}/contract", |by| on(by, papers::contract)),
    post("/api/v1/deals/{id}/invoice", |by| on(by, papers::invoice)),
    put("/api/v1/messages/{id}/letter", |by| on(by, letters::change)),
    delete("/api/v1/messages/{id}/letter", |by| on(by, letters::take_back)),
    post("/api/v1/deals/{id}/papers", |by| on(by, papers::send)),
    get("/api/v1/contracts/{id}/pdf", |by| on(by, papers::contract_pdf)),
    get("/api/v1/invoices/{id}/pdf", |by| on(by, groups::invoice)),
    post("/api/v1/messages/{id}/sort", |by| on(by, queue::sort)),
    post("/api/v1/intake", |by| on(by, queue::intake)),
    post("/api/v1/rejected_requests/{id}/resubmit", |by| on(by, queue::resubmit)),
    post("/api/v1/surveys/send", |by| on(by, surveys::send)),
    post("/api/v1/surveys/{id}/send", |by| on(by, surveys::send_again)),
    get("/api/v1/{module}", |by| on(by, records::list)),
    post("/api/v1/{module}", |by| on(by, records::create)),
    post("/api/v1/{module}/batch", |by| on(by, batch::batch)),
    get("/api/v1/{module}/{id}", |by| on(by, records::get)),
    patch("/api/v1/{module}/{id}", |by| on(by, records::update)),
    delete("/api/v1/{module}/{id}", |by| on(by, records::delete)),
    post("/api/v1/{module}/{id}/restore", |by| on(by, records::restore)),
    get("/api/v1/{module}/{id}/personal-data", |by| on(by, privacy::export)),
    get("/api/v1/{module}/{id}/erase", |by| on(by, privacy::foresee)),
    post("/api/v1/{module}/{id}/erase", |by| on(by, privacy::erase)),
    get("/api/v1/{module}/{id}/timeline", |by| on(by, history::of_record)),
    get("/api/v1/{module}/{id}/history", |by| on(by, history::of_field)),
    get("/api/v1/{module}/{id}/follow", |by| on(by, notices::following)),
    put("/api/v1/{module}/{id}/follow", |by| on(by, notices::follow)),
    post("/api/v1/{module}/{id}/letters", |by| on(by, letters::write)),
    post("/api/v1/{module}/{id}/messages", |by| on(by, letters::text)),
    post("/api/v1/{module}/{id}/files", |by| on(by, files::attach)),
    get("/api/v1/{module}/{id}/files/{file_id}", |by| on(by, files::content)),
    post("/api/v1/{module}/{id}/transitions/{name}", |by| on(by, records::transition)),
    post("/api/public/v1/events/{slug}/orders", |by| on(by, public::place)),
    post("/api/public/v1/events/{slug}/group-orders", |by| on(by, public::group::request)),
    post("/api/public/v1/events/{slug}/waiting-list", |by| on(by, public::waiting::join)),
    post("/api/public/v1/orders/{token}/agree", |by| on(by, public::group::agree)),
    post("/api/public/v1/orders/{token}/decline", |by| on(by, public::group::decline)),
    post("/api/public/v1/orders/{token}/cancel", |by| on(by, public::cancel)),
    put("/api/public/v1/orders/{token}/attendees", |by| on(by, public::name_attendees)),
    post("/api/public/v1/forms/{form}", |by| on(by, public::forms::take)),
    post("/hooks/{secret}", |by| on(by, hooks::call)),
    post("/api/hooks/telephone/{line}", |by| on(by, hooks::telephone::hear)),
    post("/api/hooks/telephone/{line}/events/{event}", |by| on(by, hooks::telephone::hear_event)),
    post("/api/hooks/messages/{line}", |by| on(by, hooks::messages::hear)),
    get("/api/hooks/requests/{line}", |by| on(by, hooks::requests::verify)),
    post("/api/hooks/requests/{line}", |by| on(by, hooks::requests::hear)),
    get("/api/public/v1/surveys/{token}", |by| on(by, surveys::open)),
    post("/api/public/v1/surveys/{token}", |by| on(by, surveys::answer)),
    post("/api/public/v1/surveys/{token}/files", |by| on(by, surveys::send_file)),
];

/// Under `/api` there is nothing for people: what is no operation is a problem, never a page of a module called `api`.
pub(crate) fn routes() -> Router<Web> {
    let nothing = ["/api", "/api/", "/api/{*rest}"];
    let router = nothing.iter().fold(Router::new(), |router, path| router.route(path, any(no_such_page)));
    ROUTES.iter().fold(router, |router, route| router.route(route.path, route.serve()))
}

/// The address of every operation.
#[cfg(test)]
pub(crate) fn addresses() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().map(|route| route.path)
}
