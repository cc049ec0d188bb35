//! Letters and short messages that people write: about a record, changed or taken back while they have not gone.

use app::queue::MESSAGES;
use app::writing::{Said, SaidShort};
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Map, Value};
use store::Work;

use super::answer::Write;
use super::records::{id, made, stands};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::body::Body;
use crate::state::Web;

/// Writes a letter about a record.
pub(crate) async fn write(
    State(web): State<Web>,
    caller: Caller,
    Path((module, record)): Path<(String, String)>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id(&module, &record)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        let letter = app.write_letter(work, (module.as_str(), id), &said(&body)?, &[])?;
        made(work, &letter)
    };
    write.run(&web, caller.author(), run).await
}

/// Writes a short message about a record.
pub(crate) async fn text(
    State(web): State<Web>,
    caller: Caller,
    Path((module, record)): Path<(String, String)>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id(&module, &record)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        let message = app.write_short(work, (module.as_str(), id), &said_short(&body)?)?;
        made(work, &message)
    };
    write.run(&web, caller.author(), run).await
}

/// Says something else in a letter that has not gone yet.
pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(message): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id(MESSAGES, &message)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        let letter = app.rewrite_letter(work, id, &said(&body)?, &[])?;
        stands(work, &letter)
    };
    write.run(&web, caller.author(), run).await
}

/// Takes a letter back that has not gone yet.
pub(crate) async fn take_back(
    State(web): State<Web>,
    caller: Caller,
    Path(message): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id) = (web.app.clone(), id(MESSAGES, &message)?);
    let run = move |work: &mut Work<'_>| {
        let letter = app.take_letter_back(work, id)?;
        stands(work, &letter)
    };
    write.run(&web, caller.author(), run).await
}

fn said(body: &Map<String, Value>) -> store::Result<Said> {
    let mut body = Body::new(body.clone(), &["to", "cc", "subject", "text", "files", "anyway"]);
    let to = body.text("to", true);
    let cc = body.texts("cc").unwrap_or_default();
    // Its line breaks are judged with the rest of it.
    let subject = match body.raw("subject").cloned() {
        Some(Value::String(subject)) => subject,
        None => String::new(),
        Some(_) => body.wrong("subject", "invalid_type", "expected text in quotes").unwrap_or_default(),
    };
    let text = long(&mut body);
    let files = body.ids("files").unwrap_or_default().into_iter().collect();
    let anyway = body.flag("anyway").unwrap_or_default();
    body.check()?;
    Ok(Said { to, cc, subject, text, template: None, files, anyway })
}

fn said_short(body: &Map<String, Value>) -> store::Result<SaidShort> {
    let mut body = Body::new(body.clone(), &["line", "to", "text"]);
    let (to, line) = (body.text("to", true), body.text("line", true));
    let line = line.and_then(|line| match line.parse() {
        Ok(line) => Some(line),
        Err(_) => body.wrong("line", "invalid_id", "a line is told by its id"),
    });
    let text = long(&mut body);
    body.check()?;
    Ok(SaidShort { line, to, text })
}

/// What a message says, whatever its line breaks.
fn long(body: &mut Body) -> String {
    match body.raw("text").cloned() {
        Some(Value::String(text)) if text.contains('\0') => {
            body.wrong("text", "invalid_text", "the character U+0000 cannot be kept").unwrap_or_default()
        }
        Some(Value::String(text)) => text,
        None => String::new(),
        Some(_) => body.wrong("text", "invalid_type", "expected text in quotes").unwrap_or_default(),
    }
}
