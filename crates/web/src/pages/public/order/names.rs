//! The buyer says who will come: a form with a name, an e-mail and a phone for each ticket.

pub(crate) mod list;

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Actor, Id, Record};
use store::{Error, Origin, Work};
use ticketing::{AttendeeRequest, PersonRequest};

use super::super::line::Lines;
use super::super::private;
use super::view::{sheet, type_name};
use super::{View, load};
use crate::pages::visitor::Guest;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;
use crate::ui::{Words, note};

/// What is asked of each attendee.
const PARTS: [&str; 3] = ["name", "email", "phone"];

/// The form as it is shown.
#[derive(Default)]
struct Form {
    typed: Typed,
    /// Names of controls with what is wrong, in words.
    errors: BTreeMap<String, String>,
    /// What is wrong with the whole.
    faults: Vec<String>,
    /// What is wrong with a list that was sent, line by line.
    list: Vec<String>,
}

impl Form {
    /// With the names that stand on the tickets.
    fn of(view: &View) -> Self {
        let mut form = Self::default();
        for ticket in changeable(view) {
            for part in PARTS {
                form.typed.set(&control(part, ticket.id), ticket.text(&format!("attendee_{part}")).unwrap_or_default());
            }
        }
        form
    }
}

/// The form, with the names that stand on the tickets.
pub(crate) async fn form(State(web): State<Web>, guest: Guest, Path(token): Path<String>) -> Result<Response, Problem> {
    let view = load(&web, &guest, token).await?;
    if !view.can_be_renamed() {
        return Ok(Redirect::to(&format!("/p/o/{}", view.token)).into_response());
    }
    Ok(private(&guest, page(&view, &guest, &Form::of(&view))))
}

/// Saves the names, or says what is wrong beside them and keeps what was typed.
pub(crate) async fn save(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let view = load(&web, &guest, token.clone()).await?;
    // Names may come one after the other: a ticket without one is left as it is where nothing is typed.
    let is_said = |ticket: &Record| {
        let is_typed = |part: &&str| !typed.text(&control(part, ticket.id)).is_empty();
        typed.has(&control("name", ticket.id)) && (ticket.text("attendee_name").is_some() || PARTS.iter().any(is_typed))
    };
    let asked: Vec<&Record> = view.tickets.iter().filter(|ticket| is_said(ticket)).collect();
    let ids: Vec<Id> = asked.iter().map(|ticket| ticket.id).collect();
    let attendees: Vec<_> = asked.iter().map(|ticket| request(ticket, &typed)).collect();
    let (app, secret) = (web.app.clone(), token.clone());
    let write = move |work: &mut Work<'_>| app.ticketing().name_attendees(work, &secret, &attendees).map(|_| ());
    let problem = match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
        Ok(_) => return Ok(Redirect::to(&format!("/p/o/{token}")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => Problem::from(error),
        Err(error) => return Err(error.into()),
    };
    let mut form = Form { typed, ..Form::default() };
    for error in &problem.errors {
        let words = guest.locale.error(error);
        match place(&ids, &error.field) {
            Some(name) => drop(form.errors.entry(name).or_insert(words)),
            None => form.faults.push(words),
        }
    }
    if problem.errors.is_empty() {
        form.faults.push(guest.locale.refusal(&problem.code, &problem.detail));
    }
    form.faults.dedup();
    // A ticket may have been used or cancelled meanwhile.
    let view = load(&web, &guest, token).await?;
    Ok((problem.status, private(&guest, page(&view, &guest, &form))).into_response())
}

/// Tickets whose names may change.
fn changeable(view: &View) -> impl Iterator<Item = &Record> {
    view.tickets.iter().filter(|ticket| matches!(ticket.text("status"), Some("reserved" | "issued")))
}

fn control(part: &str, ticket: Id) -> String {
    format!("{part}.{ticket}")
}

fn request(ticket: &Record, typed: &Typed) -> AttendeeRequest {
    let part = |part: &str| Some(typed.text(&control(part, ticket.id)).to_owned()).filter(|text| !text.is_empty());
    AttendeeRequest {
        ticket: ticket.text("code").unwrap_or_default().to_owned(),
        person: PersonRequest { name: part("name"), email: part("email"), phone: part("phone") },
    }
}

/// The control that a path of the request, such as `[1].email`, belongs to.
fn place(asked: &[Id], path: &str) -> Option<String> {
    let (index, part) = path.strip_prefix('[')?.split_once("].")?;
    let ticket = asked.get(index.parse::<usize>().ok()?)?;
    PARTS.contains(&part).then(|| control(part, *ticket))
}

fn page(view: &View, guest: &Guest, form: &Form) -> Markup {
    let l = view.lens.locale;
    let here = format!("/p/o/{}", view.token);
    let until = view.event.get("rename_until").as_instant().map(|at| view.lens.moment(at));
    let is_wrong = !form.errors.is_empty() || !form.faults.is_empty();
    let lines = Lines { locale: l, typed: &form.typed, errors: &form.errors };
    let content = html! {
        (view.head.header())
        section {
            h2 { (l.say("change-names")) }
            p.dim {
                @match until {
                    Some(until) => (l.say_with("names-until", &[("moment", until.into())])),
                    None => (l.say("names-until-end")),
                }
                @if view.status() == "paid" { " " (l.say("names-new-code")) }
            }
        }
        form.form method="post" action=(format!("{here}/names")) novalidate {
            @if is_wrong { (note::bad(&l.say("form-faults"))) }
            @for fault in &form.faults { (note::bad(fault)) }
            @for (index, ticket) in changeable(view).enumerate() {
                fieldset.field {
                    legend { (type_name(view, ticket)) " " (index + 1) }
                    (lines.line(&control("name", ticket.id), &l.say("attendee-name"), "text", "off", true))
                    div.pair {
                        (lines.line(&control("email", ticket.id), &l.say("attendee-email"), "email", "off", false))
                        (lines.line(&control("phone", ticket.id), &l.say("attendee-phone"), "tel", "off", false))
                    }
                }
            }
            button.btn.main-action { (l.say("save-names")) }
            a.btn href=(here) { (l.say("back-to-order")) }
        }
        @if changeable(view).count() > 1 { (list::form(view, &form.list)) }
    };
    sheet(view, guest, content)
}

#[cfg(test)]
mod tests {
    use model::Id;

    use super::{control, place};

    #[test]
    fn paths_of_the_request_lead_to_controls() {
        let asked = [Id::new()];
        assert_eq!(place(&asked, "[0].email"), Some(control("email", asked[0])));
        assert_eq!(place(&asked, "[1].email"), None);
        assert_eq!(place(&asked, "[0].ticket"), None);
        assert_eq!(place(&asked, "body"), None);
    }
}
