//! The page on which whoever gets news and offers says that they want no more of them, or wants them again: one press, without a
//! script. Mail programs press by themselves (RFC 8058): they post to the same address, and what they send is not read.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use model::{Actor, Locale, Record};
use store::{Origin, Work};

use super::super::visitor::Guest;
use super::{Head, private};
use crate::brand::Brand;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::markup::lines;
use crate::ui::typed::Asked;
use crate::ui::{Lens, Words, note};

/// Where these pages stand.
pub(crate) const DOOR: &str = "/p/u/";

struct View {
    lens: Lens,
    head: Head,
    consent: Record,
    token: String,
    /// Whether it was decided just now.
    is_decided: bool,
}

/// The page.
pub(crate) async fn page(State(web): State<Web>, guest: Guest, Path(token): Path<String>) -> Result<Response, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| {
        let consent = app.open_consent(work, &token)?;
        Ok(view(work, locale, consent, (&token, false)))
    };
    let view = web.app.workspace().read(Actor::Public, read).await?;
    Ok(private(&guest, drawn(&view, &guest)))
}

/// Takes the consent back, or gives it `again`; once more changes nothing. It is answered at once: mail programs follow no
/// address that they are sent to.
pub(crate) async fn decide(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
    Asked(query): Asked,
) -> Result<Response, Problem> {
    let (app, locale, is_given) = (web.app.clone(), guest.locale, query.has("again"));
    let write = move |work: &mut Work<'_>| {
        let consent = app.decide_consent(work, &token, is_given)?;
        Ok(view(work, locale, consent, (&token, true)))
    };
    let (view, _) = web.app.workspace().write(Actor::Public, Origin::from("public"), write).await?;
    Ok(private(&guest, drawn(&view, &guest)))
}

fn view(work: &Work<'_>, locale: Locale, consent: Record, (token, is_decided): (&str, bool)) -> View {
    let settings = work.settings().clone();
    let (organisation, brand) = (settings.name.clone(), Brand::of(&settings));
    let head = Head { organisation, brand, event: locale.say("consent-title"), line: String::new() };
    View { lens: Lens::of(work, locale), head, consent, token: token.to_owned(), is_decided }
}

fn drawn(view: &View, guest: &Guest) -> Markup {
    let (l, consent) = (view.lens.locale, &view.consent);
    let is_given = consent.text("status") == Some("given");
    let email = consent.text("email").unwrap_or("—");
    let at = consent.get(if is_given { "given_at" } else { "withdrawn_at" }).as_instant();
    let wording = consent.text("text").unwrap_or_default();
    let said = |key: &str| l.say_with(key, &[("email", email.into())]);
    let action = format!("{DOOR}{}{}", view.token, if is_given { "" } else { "?again=1" });
    let content = html! {
        (view.head.header())
        section {
            @if view.is_decided { (note::good(&l.say(if is_given { "consent-is-given" } else { "consent-is-withdrawn" }))) }
            p { (said(if is_given { "consent-given" } else { "consent-withdrawn" })) }
            @if let Some(at) = at { p.dim { (l.say_with("consent-since", &[("moment", view.lens.moment(at).into())])) } }
            @if !wording.is_empty() { p.fine { (l.say("consent-wording")) " " (lines(wording)) } }
            p.fine { (l.say("consent-business")) }
        }
        form.form method="post" action=(action) {
            @if is_given { button.btn.main-action { (l.say("consent-withdraw")) } } @else { button.btn { (l.say("consent-again")) } }
        }
    };
    view.head.sheet(guest, &guest.languages(), content)
}
