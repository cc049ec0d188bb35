//! The page of a place in the line for whoever stands there: which it is, the seats that are held, and the way out of it.
//! Without a script.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Actor;
use store::{Error, Origin, Work};
use ticketing::WaitingPlace;

use super::super::visitor::Guest;
use super::{Head, contact, private};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::{Lens, Words};

struct View {
    lens: Lens,
    head: Head,
    place: WaitingPlace,
    token: String,
}

/// The page.
pub(crate) async fn page(State(web): State<Web>, guest: Guest, Path(token): Path<String>) -> Result<Response, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| {
        let place = app.ticketing().waiting_place(work, &token)?;
        let head = Head::of(locale, &work.settings().clone(), &place.event);
        Ok(View { lens: Lens::of(work, locale), head, place, token: token.clone() })
    };
    let view = web.app.workspace().read(Actor::Public, read).await?;
    Ok(private(&guest, drawn(&view, &guest)))
}

/// Leaves the line.
pub(crate) async fn leave(State(web): State<Web>, Path(token): Path<String>) -> Result<Response, Problem> {
    let (app, secret) = (web.app.clone(), token.clone());
    let write = move |work: &mut Work<'_>| app.ticketing().leave_waiting_list(work, &secret);
    match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
        // What became of it meanwhile stands on the page.
        Ok(_) | Err(Error::Conflict { .. }) => Ok(Redirect::to(&format!("/p/w/{token}")).into_response()),
        Err(error) => Err(error.into()),
    }
}

fn drawn(view: &View, guest: &Guest) -> Markup {
    let (l, place) = (view.lens.locale, &view.place);
    let entry = &place.entry;
    let seats = entry.get("seats").as_int().unwrap_or(1);
    let what = l.say_with("waiting-what", &[("kind", place.kind.as_str().into()), ("seats", seats.into())]);
    let content = html! {
        (view.head.header())
        section {
            @match (&place.offer, place.place, entry.text("status")) {
                (Some((_, until)), ..) => {
                    h2 { (l.say("offer-title")) }
                    p { (what) }
                    p { (l.say_with("order-offered", &[("moment", view.lens.moment(*until).into())])) }
                },
                (None, Some(number), _) => {
                    h2 { (l.say("waiting-taken")) }
                    p { (what) }
                    p { b { (l.say_with("waiting-place", &[("place", number.to_string().into())])) } }
                    p.dim { (l.say("waiting-place-text")) }
                },
                (None, None, Some("taken" | "offered")) => { h2 { (l.say("waiting-got")) } p { (l.say("waiting-got-text")) } },
                (None, None, _) => { h2 { (l.say("waiting-gone")) } p { (l.say("waiting-gone-text")) } },
            }
        }
        @if let Some((order, _)) = &place.offer {
            div.stack { a.btn.main-action href=(format!("/p/o/{order}")) { (l.say("waiting-offered")) } }
        }
        @if place.offer.is_some() || place.place.is_some() {
            form.form method="post" action=(format!("/p/w/{}", view.token)) {
                p.fine { (l.say("waiting-leave-text")) }
                button.btn.danger { (l.say("waiting-leave")) }
            }
        } @else if let Some(slug) = place.event.text("slug") {
            div.stack { a.btn href=(format!("/e/{slug}")) { (l.say("waiting-back")) } }
        }
        @if let Some(contact) = contact(&place.event) { section { p.fine { (l.say("questions")) " " (contact) } } }
    };
    view.head.sheet(guest, &guest.languages(), content)
}
