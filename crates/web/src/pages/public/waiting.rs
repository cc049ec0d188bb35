//! The waiting list: whoever finds no seats leaves a name and an address, and is written to when seats come free.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Actor, Id, Record};
use store::{Error, Origin, Work};
use ticketing::{PersonRequest, WaitingRequest};

use super::line::Lines;
use super::{Head, contact, private};
use crate::pages::visitor::Guest;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::{self, Typed};
use crate::ui::{Words, note};

/// Name of the control that no person sees.
const TRAP: &str = "website";

/// What the page shows.
struct View {
    head: Head,
    event: Record,
    /// What is on sale and limited: id, name, and whether nothing is left.
    types: Vec<(Id, String, bool)>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Form {
    typed: Typed,
    errors: BTreeMap<String, String>,
    faults: Vec<String>,
}

/// The form.
pub(crate) async fn form(
    State(web): State<Web>,
    guest: Guest,
    Path(slug): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let typed = typed::read(raw.unwrap_or_default().as_bytes())?;
    let view = read(&web, &guest, slug.clone()).await?;
    if offered(&view, &typed).next().is_none() {
        // Nobody needs to wait.
        return Ok(Redirect::to(&format!("/e/{slug}")).into_response());
    }
    Ok(private(&guest, page(&view, &guest, &Form { typed, ..Form::default() })))
}

/// Takes somebody into the list, or says what is missing and keeps what was typed.
pub(crate) async fn join(
    State(web): State<Web>,
    guest: Guest,
    Path(slug): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let view = read(&web, &guest, slug.clone()).await?;
    if !typed.text(TRAP).is_empty() {
        return Ok(Redirect::to(&format!("/e/{slug}")).into_response());
    }
    let mut form = Form { typed, ..Form::default() };
    let request = wanted(&view, &guest, &form.typed);
    if form.typed.text("consent") == "yes" {
        let app = web.app.clone();
        let write = move |work: &mut Work<'_>| app.ticketing().join_waiting_list(work, &request);
        match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
            Ok(_) => return Ok(private(&guest, taken(&view, &guest, form.typed.text("email")))),
            Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => form.refused(&guest, &Problem::from(error)),
            Err(error) => return Err(error.into()),
        }
    } else {
        form.errors.insert("consent".to_owned(), guest.locale.say("consent-needed"));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, private(&guest, page(&view, &guest, &form))).into_response())
}

impl Form {
    fn refused(&mut self, guest: &Guest, problem: &Problem) {
        for error in &problem.errors {
            self.errors.entry(error.field.clone()).or_insert_with(|| guest.locale.error(error));
        }
        if problem.errors.is_empty() {
            self.faults.push(guest.locale.refusal(&problem.code, &problem.detail));
        }
    }
}

fn wanted(view: &View, guest: &Guest, typed: &Typed) -> WaitingRequest {
    let filled = |name: &str| Some(typed.text(name).to_owned()).filter(|text| !text.is_empty());
    WaitingRequest {
        event: view.event.id,
        ticket_type: typed.text("ticket_type").to_owned(),
        // What is no number is none that anybody may ask for.
        seats: Some(typed.text("seats").parse().unwrap_or(0)),
        person: PersonRequest { name: filled("name"), email: filled("email"), phone: filled("phone") },
        locale: Some(guest.locale),
    }
}

async fn read(web: &Web, guest: &Guest, slug: String) -> Result<View, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| {
        let event = app.ticketing().public_event(work, &slug)?;
        let offers = app.ticketing().offers(work, event.id)?.into_iter();
        let limited = offers.filter(|offer| offer.price.is_ok() && offer.seats.available.is_some());
        let types = limited.map(|offer| (offer.kind.id, offer.kind.name, offer.seats.available == Some(0))).collect();
        Ok(View { head: Head::of(locale, &work.settings().clone(), &event), event, types })
    };
    Ok(web.app.workspace().read(Actor::Public, read).await?)
}

/// What one may wait for: what is sold out, and what was asked for where too few are left.
fn offered<'a>(view: &'a View, typed: &Typed) -> impl Iterator<Item = &'a (Id, String, bool)> {
    let asked = typed.text("ticket_type").parse::<Id>().ok();
    view.types.iter().filter(move |(id, _, is_sold_out)| *is_sold_out || asked == Some(*id))
}

fn page(view: &View, guest: &Guest, form: &Form) -> Markup {
    let l = guest.locale;
    let slug = view.event.text("slug").unwrap_or_default();
    let lines = Lines { locale: l, typed: &form.typed, errors: &form.errors };
    let is_wrong = !form.errors.is_empty() || !form.faults.is_empty();
    let content = html! {
        (view.head.header())
        section { h2 { (l.say("waiting-title")) } p.dim { (l.say("waiting-text")) } }
        form.form method="post" action=(format!("/e/{slug}/waiting")) novalidate {
            @if is_wrong { (note::bad(&l.say("form-faults"))) }
            @for fault in &form.faults { (note::bad(fault)) }
            (seats(view, guest, form))
            (lines.line("name", &l.say("your-name"), "text", "name", true))
            div.pair {
                (lines.line("email", &l.say("email"), "email", "email", true))
                (lines.line("phone", &l.say("phone"), "tel", "tel", false))
            }
            (consent(view, guest, form))
            div.visually-hidden aria-hidden="true" {
                label { (l.say("leave-empty")) input name=(TRAP) tabindex="-1" autocomplete="off"; }
            }
            button.btn.main-action { (l.say("waiting-join")) }
            a.btn href=(format!("/e/{slug}")) { (l.say("waiting-back")) }
        }
        @if let Some(contact) = contact(&view.event) { section { p.fine { (l.say("questions")) " " (contact) } } }
    };
    let languages = format!("/e/{}/waiting?", view.event.text("slug").unwrap_or_default());
    view.head.sheet(guest, &languages, content)
}

/// What is waited for, and how many.
fn seats(view: &View, guest: &Guest, form: &Form) -> Markup {
    let l = guest.locale;
    let chosen = form.typed.text("ticket_type");
    let seats = if form.typed.has("seats") { form.typed.text("seats") } else { "1" };
    let (of_type, of_seats) = (form.errors.get("ticket_type"), form.errors.get("seats"));
    html! {
        div.pair {
            div.field {
                label for="ticket_type" { (l.say("waiting-type")) }
                select id="ticket_type" name="ticket_type" aria-invalid=[of_type.map(|_| "true")] {
                    @for (id, name, _) in offered(view, &form.typed) { option value=(id) selected[id.to_string() == chosen] { (name) } }
                }
                @if let Some(error) = of_type { (note::of_field("ticket_type", error)) }
            }
            div.field {
                label for="seats" { (l.say("waiting-seats")) }
                input id="seats" name="seats" type="number" min="1" max="100" inputmode="numeric" required value=(seats)
                    aria-invalid=[of_seats.map(|_| "true")] aria-describedby=[of_seats.map(|_| "seats-error")];
                @if let Some(error) = of_seats { (note::of_field("seats", error)) }
            }
        }
    }
}

fn consent(view: &View, guest: &Guest, form: &Form) -> Markup {
    let (l, error) = (guest.locale, form.errors.get("consent"));
    html! {
        div.field {
            label.option {
                input type="checkbox" name="consent" value="yes" required checked[form.typed.text("consent") == "yes"]
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "consent-error")];
                (l.say_with("consent", &[("organisation", view.head.organisation.as_str().into())]))
            }
            @if let Some(error) = error { (note::of_field("consent", error)) }
        }
    }
}

fn taken(view: &View, guest: &Guest, email: &str) -> Markup {
    let l = guest.locale;
    let content = html! {
        (view.head.header())
        section {
            h2 { (l.say("waiting-taken")) }
            p { (l.say_with("waiting-taken-text", &[("email", email.into())])) }
        }
        @if let Some(contact) = contact(&view.event) { section { p.fine { (l.say("questions")) " " (contact) } } }
    };
    let languages = format!("/e/{}/waiting?", view.event.text("slug").unwrap_or_default());
    view.head.sheet(guest, &languages, content)
}
