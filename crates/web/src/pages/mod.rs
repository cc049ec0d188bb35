//! The pages: for people who work here, and for buyers. A page is a function over typed data; handlers read the data under
//! the visitor's rights in one snapshot and hand it over.

mod acts;
mod approvals;
mod cells;
mod convert;
mod done;
mod errors;
mod event;
mod help;
mod home;
mod known;
mod list;
mod me;
mod moves;
mod names;
mod new;
mod notices;
mod order;
mod own_menu;
mod palette;
mod papers;
mod pick;
mod privacy;
mod process;
mod public;
mod queue;
mod quick;
mod record;
mod rejected;
mod ringing;
mod search;
mod sees_as;
mod set_up;
mod settings;
mod sign_in;
mod start;
mod surveys;
mod undo;
mod views;
mod write;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::caller::is_own;
use crate::install;
use crate::problem::Problem;
use crate::state::Web;
// Every page asks who looks.
use crate::ui::{next, visitor};

pub(crate) use errors::for_people;
pub(crate) use public::embed::is_framed;
pub(crate) use public::form::is_ticked;
pub(crate) use public::survey::form::plain_answers;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(home::home))
        .route(install::MANIFEST, get(install::manifest))
        .route("/set-up", get(set_up::form).post(set_up::set_up))
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/language", post(home::language))
        .route("/search", get(search::search))
        .route("/search/palette", get(palette::palette))
        .route("/search/hits", get(palette::hits))
        .route("/search/links", get(pick::links))
        .route("/search/people", get(pick::people))
        .route(known::KNOWN, get(known::known))
        .route("/e/{slug}", get(public::event::form).post(public::event::place))
        .route("/e/{slug}/group", get(public::group::form).post(public::group::request))
        .route("/e/{slug}/waiting", get(public::waiting::form).post(public::waiting::join))
        .route("/p/o/{token}", get(public::order::page))
        .route("/p/o/{token}/agree", get(public::order::consent::ask).post(public::order::consent::agree))
        .route("/p/o/{token}/decline", get(public::order::consent::ask_decline).post(public::order::consent::decline))
        .route("/p/o/{token}/invoice", get(public::ticket::invoice))
        .route("/p/o/{token}/names/list", post(public::order::names::list::take))
        .route("/p/o/{token}/placed", get(public::order::placed))
        .route("/p/o/{token}/cancel", get(public::order::ask_cancel).post(public::order::cancel))
        .route("/p/o/{token}/names", get(public::order::names::form).post(public::order::names::save))
        .route("/p/o/{token}/tickets/{code}", get(public::ticket::pdf))
        .route("/p/c/{token}", get(public::case::page).post(public::case::answer))
        .route("/p/w/{token}", get(public::waiting_place::page).post(public::waiting_place::leave))
        .route("/p/u/{token}", get(public::consent::page).post(public::consent::decide))
        .route("/p/s/{token}", get(public::survey::page).post(public::survey::answer))
        .route("/forms/{form}", get(public::form::page).post(public::form::send))
        .route("/undo/{set}", get(undo::course).post(undo::undo))
        .route("/orders/{id}/payments", get(order::payment_form).post(order::book_payment))
        .route("/orders/{id}/requisites", post(order::take_over))
        .merge(acts::routes())
        .merge(me::routes())
        .merge(help::routes())
        .merge(settings::routes())
        .merge(start::routes())
        .merge(sees_as::routes())
        .merge(approvals::routes())
        .merge(notices::routes())
        .merge(own_menu::routes())
        .route("/leads/{id}/convert", get(convert::form).post(convert::make))
        .route("/deals/{id}/papers/{paper}", get(papers::form).post(papers::make))
        .route("/invoices/{id}/payments", get(order::invoice_payment_form).post(order::book_invoice_payment))
        .route(queue::QUEUE, get(queue::page))
        .route("/telephone/ringing", get(ringing::part))
        .route("/messages/call", get(queue::call::form).post(queue::call::make))
        .route("/messages/{id}/sort", get(queue::sort::form).post(queue::sort::make))
        .route("/rejected_requests/{id}/resubmit", get(rejected::form).post(rejected::make))
        .route(surveys::RESULTS, get(surveys::results::list))
        .route("/surveys/results/{survey}", get(surveys::results::page))
        .route("/surveys/results/{survey}/answers.csv", get(surveys::results::table))
        .route("/surveys/{id}/send", post(surveys::send::again))
        .route("/comments/{id}", get(record::talk::page))
        .route("/comments/{id}/text", post(record::talk::change))
        .route("/comments/{id}/delete", post(record::talk::take_away))
        .route("/files/{id}", get(record::files::preview))
        .route("/files/{id}/content", get(record::files::content))
        .route("/files/{id}/delete", post(record::files::take_away))
        .route(write::OUTBOX, get(write::outbox::page))
        .route("/messages/{id}/rewrite", get(write::again).post(write::send_again))
        .route("/messages/{id}/reword", get(write::short::again).post(write::short::send_again))
        .route("/messages/{id}/take-back", post(write::take_back))
        .route("/messages/{id}/letter", get(record::letter::formatted))
        .route("/messages/{id}/attachments/{index}", get(record::enclosed::document))
        .route("/processes/{module}", get(process::page))
        .route("/views", get(views::page).post(list::keep))
        .route("/views/first", post(views::first))
        .route("/views/{view}", post(list::save))
        .route("/views/{view}/share", post(views::share))
        .route(list::ACT, get(list::watch))
        .route(list::STOP, post(list::stop))
        .route("/{module}/bulk", post(list::bulk))
        .route("/{module}/widths", post(list::keep_widths))
        .route("/{module}/folds", post(list::keep_folds))
        .route("/{module}", get(list::list))
        .route("/export/{module}", get(list::export))
        .route("/{module}/names", get(names::names))
        .route("/{module}/new", get(new::form).post(new::create))
        .route("/{module}/{id}", get(record::page))
        .route("/{module}/{id}/edit", get(record::edit::form).post(record::edit::save))
        .route("/{module}/{id}/history", get(record::history::of_field))
        .route("/{module}/{id}/access", get(record::access::page))
        .route("/{module}/{id}/erase", get(privacy::form).post(privacy::make))
        .route("/{module}/{id}/delete", post(record::delete))
        .route("/{module}/{id}/restore", post(record::restore))
        .route("/{module}/{id}/comments", post(record::talk::say))
        .route("/{module}/{id}/mentions", get(record::talk::people))
        .route("/{module}/{id}/files", get(record::files::form).post(record::files::attach))
        .route("/{module}/{id}/write", get(write::form).post(write::send))
        .route("/{module}/{id}/text", get(write::short::form).post(write::short::send))
        .route("/{module}/{id}/surveys", get(surveys::send::form).post(surveys::send::make))
        .route("/{module}/{id}/follow", post(record::talk::follow))
        .route("/{module}/{id}/tags", get(record::tags::in_use).post(record::tags::change))
        .route("/{module}/{id}/stage", get(list::shapes::board::ways::menu).post(list::shapes::board::stage::enter))
        .route("/{module}/{id}/when", get(list::shapes::calendar::when::form).post(list::shapes::calendar::when::set))
        .route("/{module}/{id}/transitions/{name}", get(record::transition::form).post(record::transition::make))
        .layer(middleware::from_fn(own_forms))
}

/// What writes must come from a page of ours: another site could send the cookie along.
async fn own_forms(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Whoever has the link needs no cookie: mail programs post there by themselves.
    let is_open = request.uri().path().starts_with(public::consent::DOOR);
    if reads || is_open || is_own(request.headers()) {
        return next.run(request).await;
    }
    Problem::new(StatusCode::FORBIDDEN, "foreign_request", "this form was sent from another site").into_response()
}
