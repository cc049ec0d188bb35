//! Mailboxes, for administrators: how each is reached and stands, and what became of its letters.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use serde_json::{Value, json};
use store::{LetterState, Mailbox, MailboxLetter, Result, Work};

use crate::api::answer::{Reply, Write, data};
use crate::api::keys;
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::pairs;
use crate::setup::mailboxes::{changed, made};
use crate::state::Web;

/// Letters of a page where nobody says how many.
const LIMIT: usize = 50;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let mailboxes = web.app.workspace().read(caller.actor(), |work| work.mailboxes()).await?;
    Ok(Json(data(mailboxes.iter().map(shown).collect())))
}

pub(crate) async fn create(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let make = made(write.object()?);
    let run = move |work: &mut Work<'_>| {
        let id = make(work)?;
        answer(work, id, StatusCode::CREATED)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(mailbox): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let id = id("mailboxes", &mailbox)?;
    let change = changed(id, write.object()?);
    let run = move |work: &mut Work<'_>| {
        change(work)?;
        answer(work, id, StatusCode::OK)
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path(mailbox): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id("mailboxes", &mailbox)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        work.delete_mailbox(id)?;
        Ok(Reply::empty())
    };
    write.run(&web, caller.author(), run).await
}

/// Connects to a mailbox as it is set up: nothing is fetched.
pub(crate) async fn attempt(
    State(web): State<Web>,
    caller: Caller,
    Path(mailbox): Path<String>,
    write: Write,
) -> Result<Json<Value>, Problem> {
    let id = id("mailboxes", &mailbox)?;
    keys::known(&write.object()?, "", &[])?;
    let wrong = web.app.try_mailbox(caller.actor(), id).await?;
    let (code, answer) = wrong.map(|wrong| (wrong.code, wrong.words)).unzip();
    Ok(Json(json!({"connected": code.is_none(), "error": code, "answer": answer})))
}

/// Asks that a mailbox is looked into now.
pub(crate) async fn look(
    State(web): State<Web>,
    caller: Caller,
    Path(mailbox): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id("mailboxes", &mailbox)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        work.look_into_mailbox(id)?;
        answer(work, id, StatusCode::OK)
    };
    write.run(&web, caller.author(), run).await
}

/// What became of the letters that were seen in a mailbox, newest first.
pub(crate) async fn letters(
    State(web): State<Web>,
    caller: Caller,
    Path(mailbox): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let id = id("mailboxes", &mailbox)?;
    let (mut words, mut state, mut before, mut limit) = (String::new(), None, None, LIMIT);
    for (key, value) in pairs(query.as_deref())? {
        let wrong = |code, how: &str| Problem::bad_request(code, how.to_owned());
        match key.as_str() {
            "q" => words = value,
            "state" => {
                let known = LetterState::parse(&value);
                state = Some(known.ok_or_else(|| {
                    wrong("invalid_parameter", "state is one of taken, merged, rejected, failed, old")
                })?);
            }
            "cursor" => {
                let foreign = || wrong("invalid_cursor", "the cursor does not belong to this list");
                before = Some(value.parse::<Id>().map_err(|_| foreign())?);
            }
            "limit" => {
                let number = value.parse().ok().filter(|limit| (1..=500).contains(limit));
                limit = number.ok_or_else(|| wrong("invalid_parameter", "limit is a number from 1 to 500"))?;
            }
            _ => {}
        }
    }
    let read = move |work: &mut Work<'_>| {
        let mut all = app::mail::letters_of(work, id, &words, state, (before, limit + 1))?;
        let is_more = all.len() > limit;
        all.truncate(limit);
        let next = all.last().filter(|_| is_more).map(|one| one.id.to_string());
        Ok(json!({"data": all.iter().map(told).collect::<Vec<_>>(), "next_cursor": next}))
    };
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?))
}

fn answer(work: &mut Work<'_>, id: Id, status: StatusCode) -> Result<Reply> {
    let mailbox = work.mailbox(id)?;
    Ok(Reply::new(status, shown(&mailbox)))
}

fn shown(mailbox: &Mailbox) -> Value {
    let (setup, state) = (&mailbox.setup, &mailbox.state);
    json!({
        "id": mailbox.id.to_string(), "name": setup.name, "host": setup.host, "port": setup.port,
        "security": setup.security, "login": setup.login, "folder": setup.folder, "certificate": setup.certificate,
        "owner": setup.owner.map(|owner| owner.to_string()), "since": setup.since.to_string(), "active": setup.active,
        "visibility": setup.visibility.name(),
        "readers": {"users": texts(&setup.readers.users), "teams": texts(&setup.readers.teams)},
        "state": {
            "looked_at": state.looked_at.map(|at| at.to_string()), "letter_at": state.letter_at.map(|at| at.to_string()),
            "error": state.error, "answer": state.answer, "failures": state.failures,
            "next_at": state.next_at.filter(|_| setup.active).map(|at| at.to_string()),
        },
    })
}

fn texts(ids: &BTreeSet<Id>) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn told(letter: &MailboxLetter) -> Value {
    let record = letter.record.as_ref().map(|(module, id)| json!({"module": module, "id": id.to_string()}));
    json!({
        "id": letter.id.to_string(), "validity": letter.place.validity, "uid": letter.place.uid,
        "message_id": letter.message_id, "size": letter.size, "state": letter.state.name(), "reason": letter.reason,
        "answer": letter.answer, "record": record, "attempts": letter.attempts,
        "retry_at": letter.retry_at.map(|at| at.to_string()), "at": letter.at.to_string(),
    })
}
