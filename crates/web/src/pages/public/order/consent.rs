//! A new price, or seats of the waiting list, wait for the buyer: they agree or decline. A link in a letter asks; only a press of the button answers.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Actor, Record, l10n};
use store::{Error, Origin, Result, Work};
use ticketing::Ticketing;

use super::super::private;
use super::view::sheet;
use super::{View, load};
use crate::pages::visitor::Guest;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;

/// Asks whether the buyer agrees.
pub(crate) async fn ask(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
) -> std::result::Result<Response, Problem> {
    asked(&web, &guest, token, true).await
}

/// Asks whether the buyer declines.
pub(crate) async fn ask_decline(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
) -> std::result::Result<Response, Problem> {
    asked(&web, &guest, token, false).await
}

/// Agrees.
pub(crate) async fn agree(State(web): State<Web>, Path(token): Path<String>) -> std::result::Result<Response, Problem> {
    answered(&web, token, Ticketing::buyer_agree).await
}

/// Declines.
pub(crate) async fn decline(
    State(web): State<Web>,
    Path(token): Path<String>,
) -> std::result::Result<Response, Problem> {
    answered(&web, token, Ticketing::buyer_decline).await
}

async fn asked(web: &Web, guest: &Guest, token: String, agrees: bool) -> std::result::Result<Response, Problem> {
    let view = load(web, guest, token).await?;
    if !view.waits_for_consent && view.offered_until.is_none() {
        return Ok(Redirect::to(&format!("/p/o/{}", view.token)).into_response());
    }
    Ok(private(guest, page(&view, guest, agrees)))
}

async fn answered(
    web: &Web,
    token: String,
    verb: fn(&Ticketing, &mut Work<'_>, &str) -> Result<Record>,
) -> std::result::Result<Response, Problem> {
    let (app, secret) = (web.app.clone(), token.clone());
    let write = move |work: &mut Work<'_>| verb(app.ticketing(), work, &secret).map(|_| ());
    match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
        // What was answered already, or is asked no more, stands on the page of the order.
        Ok(_) | Err(Error::Conflict { .. }) => Ok(Redirect::to(&format!("/p/o/{token}")).into_response()),
        Err(error) => Err(error.into()),
    }
}

fn page(view: &View, guest: &Guest, agrees: bool) -> Markup {
    let l = view.lens.locale;
    let back = format!("/p/o/{}", view.token);
    let total = view.order.get("total").as_money().map(|total| l10n::money(l, total)).unwrap_or_default();
    let [question, text, button] = match (view.offered_until.is_some(), agrees) {
        (true, true) => ["take-question", "take-text", "take-seats"],
        (true, false) => ["leave-question", "leave-text", "leave-seats"],
        (false, true) => ["agree-question", "agree-text", "agree-price"],
        (false, false) => ["decline-question", "decline-text", "decline-price"],
    };
    let content = html! {
        (view.head.header())
        section {
            h2 { (l.say_with(question, &[("price", total.into())])) }
            p.dim { (l.say(text)) }
        }
        form.form method="post" action=(format!("{back}/{}", if agrees { "agree" } else { "decline" })) {
            @if agrees { button.btn.main-action { (l.say(button)) } } @else { button.btn.danger { (l.say(button)) } }
            a.btn href=(back) { (l.say("back-to-order")) }
        }
    };
    sheet(view, guest, content)
}
