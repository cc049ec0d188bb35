//! Tickets for an organisation: who asks is sent the questionnaire by letter.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Actor, Record};
use store::{Error, Origin, Work};
use ticketing::{CompanyRequest, GroupRequest, PersonRequest};

use super::line::Lines;
use super::{Head, contact, private};
use crate::pages::visitor::Guest;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;
use crate::ui::{Words, note};

/// Name of the control that no person sees.
const TRAP: &str = "website";

/// What the page shows.
struct View {
    head: Head,
    event: Record,
}

/// A form of a buyer as it is shown: what was typed, and what is wrong with it.
#[derive(Default)]
struct Form {
    typed: Typed,
    /// Names of controls with what is wrong, in words.
    errors: BTreeMap<String, String>,
    /// What is wrong with the whole.
    faults: Vec<String>,
}

impl Form {
    /// Puts a refusal beside the controls it speaks of, by the name that `place` gives to a path of the request.
    fn refused(&mut self, guest: &Guest, problem: &Problem, place: impl Fn(&str) -> Option<String>) {
        for error in &problem.errors {
            let words = guest.locale.error(error);
            match place(&error.field) {
                Some(name) => drop(self.errors.entry(name).or_insert(words)),
                None => self.faults.push(words),
            }
        }
        if problem.errors.is_empty() {
            self.faults.push(guest.locale.refusal(&problem.code, &problem.detail));
        }
        self.faults.dedup();
    }

    fn is_wrong(&self) -> bool {
        !self.errors.is_empty() || !self.faults.is_empty()
    }

    fn head(&self, guest: &Guest) -> Markup {
        html! {
            @if self.is_wrong() { (note::bad(&guest.locale.say("form-faults"))) }
            @for fault in &self.faults { (note::bad(fault)) }
        }
    }
}

/// The form.
pub(crate) async fn form(State(web): State<Web>, guest: Guest, Path(slug): Path<String>) -> Result<Response, Problem> {
    let view = read(&web, &guest, slug).await?;
    Ok(private(&guest, page(&view, &guest, &Form::default())))
}

/// Takes the request in, or says what is missing and keeps what was typed.
pub(crate) async fn request(
    State(web): State<Web>,
    guest: Guest,
    Path(slug): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let view = read(&web, &guest, slug.clone()).await?;
    if !typed.text(TRAP).is_empty() {
        return Ok(Redirect::to(&format!("/e/{slug}/group")).into_response());
    }
    let mut form = Form { typed, ..Form::default() };
    let request = wanted(&view, &guest, &form.typed);
    if form.typed.text("consent") == "yes" {
        let app = web.app.clone();
        let write = move |work: &mut Work<'_>| {
            let waits = app.letters_wait(work, request.contact.email.as_deref())?;
            app.request_group(work, &request).map(|_| waits)
        };
        match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
            Ok((waits, _)) => {
                let key = if waits { "group-taken-later" } else { "group-taken-text" };
                return Ok(private(&guest, taken(&view, &guest, key, form.typed.text("contact_email"))));
            }
            Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
                form.refused(&guest, &Problem::from(error), |path| Some(path.replacen('.', "_", 1)));
            }
            Err(error) => return Err(error.into()),
        }
    } else {
        form.errors.insert("consent".to_owned(), guest.locale.say("consent-needed"));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, private(&guest, page(&view, &guest, &form))).into_response())
}

fn wanted(view: &View, guest: &Guest, typed: &Typed) -> GroupRequest {
    let filled = |name: &str| Some(typed.text(name).to_owned()).filter(|text| !text.is_empty());
    GroupRequest {
        event: view.event.id,
        company: CompanyRequest { name: filled("company_name"), inn: filled("company_inn"), country: None },
        contact: PersonRequest {
            name: filled("contact_name"),
            email: filled("contact_email"),
            phone: filled("contact_phone"),
        },
        locale: Some(guest.locale),
    }
}

async fn read(web: &Web, guest: &Guest, slug: String) -> Result<View, Problem> {
    let (app, locale) = (web.app.clone(), guest.locale);
    let read = move |work: &mut Work<'_>| {
        let event = app.ticketing().public_event(work, &slug)?;
        Ok(View { head: Head::of(locale, &work.settings().clone(), &event), event })
    };
    Ok(web.app.workspace().read(Actor::Public, read).await?)
}

fn page(view: &View, guest: &Guest, form: &Form) -> Markup {
    let l = guest.locale;
    let slug = view.event.text("slug").unwrap_or_default();
    let lines = Lines { locale: l, typed: &form.typed, errors: &form.errors };
    let consent = form.errors.get("consent");
    let content = html! {
        (view.head.header())
        section { h2 { (l.say("group-title")) } p.dim { (l.say("group-text")) } }
        form.form method="post" action=(format!("/e/{slug}/group")) novalidate {
            (form.head(guest))
            (lines.line("company_name", &l.say("group-company"), "text", "organization", true))
            (lines.line("company_inn", &l.say("group-inn"), "text", "off", false))
            (lines.line("contact_name", &l.say("your-name"), "text", "name", true))
            div.pair {
                (lines.line("contact_email", &l.say("email"), "email", "email", true))
                (lines.line("contact_phone", &l.say("phone"), "tel", "tel", false))
            }
            div.field {
                label.option {
                    input type="checkbox" name="consent" value="yes" required checked[form.typed.text("consent") == "yes"]
                        aria-invalid=[consent.map(|_| "true")] aria-describedby=[consent.map(|_| "consent-error")];
                    (l.say_with("consent", &[("organisation", view.head.organisation.as_str().into())]))
                }
                @if let Some(error) = consent { (note::of_field("consent", error)) }
            }
            div.visually-hidden aria-hidden="true" {
                label { (l.say("leave-empty")) input name=(TRAP) tabindex="-1" autocomplete="off"; }
            }
            button.btn.main-action { (l.say("group-send")) }
            a.btn href=(format!("/e/{slug}")) { (l.say("group-back")) }
        }
        @if let Some(contact) = contact(&view.event) { section { p.fine { (l.say("questions")) " " (contact) } } }
    };
    view.head.sheet(guest, &format!("/e/{slug}/group?"), content)
}

fn taken(view: &View, guest: &Guest, key: &str, email: &str) -> Markup {
    let l = guest.locale;
    let slug = view.event.text("slug").unwrap_or_default();
    let content = html! {
        (view.head.header())
        section {
            h2 { (l.say("group-taken")) }
            p { (l.say_with(key, &[("email", email.into())])) }
        }
        @if let Some(contact) = contact(&view.event) { section { p.fine { (l.say("questions")) " " (contact) } } }
    };
    view.head.sheet(guest, &format!("/e/{slug}/group?"), content)
}
