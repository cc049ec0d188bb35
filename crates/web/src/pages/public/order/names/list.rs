//! A list of attendees in a file: all of it is taken, or what is wrong is told line by line and nothing is done.

use app::attendee_list::{self, Line};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Actor;
use store::{Error, Origin, Work};

use super::super::super::private;
use super::super::{View, load};
use super::{Form, page};
use crate::blocking::blocking;
use crate::pages::visitor::Guest;
use crate::parts::Parts;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::{Words, note};

/// Takes the list.
pub(crate) async fn take(
    State(web): State<Web>,
    guest: Guest,
    Path(token): Path<String>,
    parts: Parts,
) -> Result<Response, Problem> {
    let bytes = file(parts).await?;
    let view = load(&web, &guest, token.clone()).await?;
    let tickets = view.tickets.clone();
    // Unpacking a workbook takes its time.
    let (problem, lines) = match blocking(move || attendee_list::read(&bytes, &tickets)).await? {
        Err(error) => (Problem::from(error), Vec::new()),
        Ok(lines) => {
            let requests: Vec<_> = lines.iter().map(|line| line.request.clone()).collect();
            let (app, secret) = (web.app.clone(), token.clone());
            let write = move |work: &mut Work<'_>| app.ticketing().name_attendees(work, &secret, &requests).map(|_| ());
            match web.app.workspace().write(Actor::Public, Origin::from("public"), write).await {
                Ok(_) => return Ok(Redirect::to(&format!("/p/o/{token}")).into_response()),
                Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => (Problem::from(error), lines),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let form = Form { list: faults(&guest, &problem, &lines), ..Form::of(&view) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, private(&guest, page(&view, &guest, &form))).into_response())
}

/// The first file of the form.
async fn file(mut parts: Parts) -> Result<Bytes, Problem> {
    while let Some(part) = parts.next().await? {
        if part.control() == "list" {
            return part.bytes().await;
        }
    }
    Ok(Bytes::new())
}

/// What is wrong, each with the number of its line.
fn faults(guest: &Guest, problem: &Problem, lines: &[Line]) -> Vec<String> {
    let l = guest.locale;
    let said = |error: &store::FieldError| {
        let words = l.error(error);
        let line = error.message.strip_prefix("line ").and_then(|rest| rest.split_once(':')?.0.parse::<u64>().ok());
        if let Some(line) = line {
            return l.say_with("list-line", &[("line", line.into()), ("fault", words.into())]);
        }
        let index = error.field.strip_prefix('[').and_then(|rest| rest.split_once(']')?.0.parse::<usize>().ok());
        match index.and_then(|index| lines.get(index)) {
            Some(line) => l.say_with("list-line", &[("line", line.number.into()), ("fault", words.into())]),
            None => words,
        }
    };
    if problem.errors.is_empty() {
        return vec![l.refusal(&problem.code, &problem.detail)];
    }
    problem.errors.iter().map(said).collect()
}

/// The form that takes the list.
pub(super) fn form(view: &View, faults: &[String]) -> Markup {
    let l = view.lens.locale;
    html! {
        form.form method="post" enctype="multipart/form-data" action=(format!("/p/o/{}/names/list", view.token)) {
            h2 { (l.say("list-title")) }
            p.dim { (l.say("list-text")) }
            @for fault in faults { (note::bad(fault)) }
            div.field {
                label for="list" { (l.say("list-file")) }
                input id="list" name="list" type="file" accept=".xlsx,.csv,.txt,text/csv" required;
            }
            button.btn { (l.say("list-send")) }
        }
    }
}
