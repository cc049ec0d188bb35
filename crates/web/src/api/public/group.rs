//! What an organisation does: it asks for tickets, and answers whether it agrees to a new price.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::{Actor, Record};
use serde_json::{Value, json};
use store::{Result, Work};
use ticketing::GroupRequest;

use super::super::answer::{Reply, Write};
use super::super::keys;
use super::order_json;
use crate::caller::locale;
use crate::problem::Problem;
use crate::state::Web;

/// Takes in the request of an organisation; its questionnaire goes out by letter.
pub(crate) async fn request(
    State(web): State<Web>,
    Path(slug): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let body = write.object()?;
    let language = locale(None, &write.headers, web.app.workspace().knowledge().settings.locale);
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &["company", "contact"])?;
        for (name, known) in [("company", ["name", "inn", "country"]), ("contact", ["name", "email", "phone"])] {
            if let Some(Value::Object(part)) = body.get(name) {
                keys::known(part, &format!("{name}."), &known)?;
            }
        }
        let event = app.ticketing().public_event(work, &slug)?.id;
        let request = GroupRequest::from_json(event, &Value::Object(body.clone()))?;
        let letter = if app.letters_wait(work, request.contact.email.as_deref())? { "later" } else { "sent" };
        app.request_group(work, &GroupRequest { locale: Some(language), ..request })?;
        // The link goes to the contact's address alone: whoever asks has not shown yet that it is theirs.
        Ok(Reply::new(StatusCode::CREATED, json!({"status": "questionnaire", "letter": letter})))
    };
    write.run(&web, Actor::Public, run).await
}

/// Agrees to the new price of an order by its link.
pub(crate) async fn agree(
    State(web): State<Web>,
    Path(token): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    press(web, token, write, |app, work, token| app.ticketing().buyer_agree(work, token)).await
}

/// Declines the new price of an order by its link.
pub(crate) async fn decline(
    State(web): State<Web>,
    Path(token): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    press(web, token, write, |app, work, token| app.ticketing().buyer_decline(work, token)).await
}

async fn press(
    web: Web,
    token: String,
    write: Write,
    verb: fn(&app::App, &mut Work<'_>, &str) -> Result<Record>,
) -> Result<Response, Problem> {
    let (app, body) = (web.app.clone(), write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        let order = verb(&app, work, &token)?;
        let shown = work.as_process(|work| order_json(&app, work, order))?;
        Ok(Reply::new(StatusCode::OK, shown))
    };
    write.run(&web, Actor::Public, run).await
}
