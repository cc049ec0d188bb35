//! The order form of an event. Of one ticket it asks at once for everything; of several it asks on a second page who will
//! come.

mod form;
mod offers;
mod view;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::{Actor, Record};
use store::{Error, Origin, Result, Work};
use ticketing::OrderRequest;

use self::form::Sheet;
use self::offers::Offer;
use super::super::home::remember_language;
use super::super::visitor::Guest;
use super::{Head, embed};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::{self, Typed};
use crate::ui::{Lens, Words};

/// What the page shows.
struct View {
    lens: Lens,
    head: Head,
    event: Record,
    offers: Vec<Offer>,
    sheet: Sheet,
    /// Whether organisations order here as well.
    groups: bool,
    /// Where the form is sent when it stands in a page of another site.
    framed: Option<String>,
}

/// The form.
pub(crate) async fn form(
    State(web): State<Web>,
    guest: Guest,
    Path(slug): Path<String>,
    RawQuery(raw): RawQuery,
) -> std::result::Result<Response, Problem> {
    let framed = framed(raw.as_deref(), &slug, &guest);
    let typed = typed::read(raw.unwrap_or_default().as_bytes())?;
    let view = read(&web, &guest, slug, Sheet::new(typed), framed).await?;
    let mut response = view::page(&view, &guest).into_response();
    remember_language(&mut response, &guest);
    Ok(response)
}

/// Places the order, or says what is missing and keeps what was typed.
pub(crate) async fn place(
    State(web): State<Web>,
    guest: Guest,
    Path(slug): Path<String>,
    RawQuery(raw): RawQuery,
    typed: Typed,
) -> std::result::Result<Response, Problem> {
    let framed = framed(raw.as_deref(), &slug, &guest);
    let mut view = read(&web, &guest, slug.clone(), Sheet::new(typed), framed.clone()).await?;
    if view.sheet.is_robot() {
        return Ok(Redirect::to(&framed.unwrap_or_else(|| format!("/e/{slug}"))).into_response());
    }
    if view.sheet.is_back() {
        return Ok(view::page(&view, &guest).into_response());
    }
    view.sheet.judge(guest.locale, &view.offers);
    if view.sheet.is_wrong() || view.sheet.asks_for_attendees() {
        let status = if view.sheet.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return Ok((status, view::page(&view, &guest)).into_response());
    }
    let request = view.sheet.request(view.event.id, guest.locale);
    let app = web.app.clone();
    let write = move |work: &mut Work<'_>| placed(&app, work, &request);
    let error = match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
        Ok((token, _)) if framed.is_some() => {
            return Ok(Redirect::to(&embed::placed_address(&token, &guest)).into_response());
        }
        Ok((token, _)) => return Ok(Redirect::to(&format!("/p/o/{token}")).into_response()),
        Err(error) => error,
    };
    let problem = match error {
        error @ (Error::Invalid(_) | Error::Conflict { .. }) => Problem::from(error),
        error => return Err(error.into()),
    };
    // Seats and prices may have changed: the page is read again, with what was typed.
    let status = problem.status;
    let mut view = read(&web, &guest, slug, Sheet::new(view.sheet.typed), framed).await?;
    view.sheet.refused(guest.locale, &view.offers, &problem);
    Ok((status, view::page(&view, &guest)).into_response())
}

fn placed(app: &app::App, work: &mut Work<'_>, request: &OrderRequest) -> Result<String> {
    let order = app.ticketing().place(work, request)?;
    order.text("token").map(str::to_owned).ok_or_else(|| Error::not_found("orders", order.id))
}

fn framed(query: Option<&str>, slug: &str, guest: &Guest) -> Option<String> {
    embed::is_embedded(query).then(|| embed::form_address(slug, guest))
}

async fn read(
    web: &Web,
    guest: &Guest,
    slug: String,
    sheet: Sheet,
    framed: Option<String>,
) -> std::result::Result<View, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = web.app.workspace().read(Actor::Public, move |work| {
        let event = app.ticketing().public_event(work, &slug)?;
        let offers = offers::of(&app, work, &event)?;
        let head = Head::of(locale, &work.settings().clone(), &event);
        let (sheet, framed) = (sheet.clone(), framed.clone());
        let groups = app.sells_to_groups(work);
        Ok(View { lens: Lens::of(work, locale), head, event, offers, sheet, groups, framed })
    });
    let mut view = read.await?;
    view.sheet.steps(&view.offers);
    Ok(view)
}

/// Why a ticket type cannot be ordered now.
fn unsold(lens: &Lens, offer: &Offer) -> Option<String> {
    use self::offers::State;
    match offer.state {
        State::Open => None,
        State::SoldOut => Some(lens.locale.say("sold-out")),
        State::NotYet(from) => Some(lens.locale.say_with("sold-from", &[("moment", lens.moment(from).into())])),
        State::Closed => Some(lens.locale.say("sale-over")),
    }
}
