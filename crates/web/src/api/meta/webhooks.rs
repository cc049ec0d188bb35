//! Webhooks of rules: what was sent or would have been, and the secret that signs them.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use model::rights::Capability;
use serde_json::{Value, json};
use store::{Error, Webhook, Work};

use crate::api::answer::{Reply, Write};
use crate::api::keys;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// Webhooks of a page where nobody says how many.
const LIMIT: usize = 50;

/// The webhooks of a rule, newest first.
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let (mut before, mut limit) = (None, LIMIT);
    for (key, value) in pairs(query.as_deref())? {
        let wrong = |code, how: &str| Problem::bad_request(code, how.to_owned());
        match key.as_str() {
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
        work.require(Capability::Administer)?;
        let mut all = work.webhooks(&name, before, limit + 1)?;
        if all.is_empty() && work.definitions().rule(&name).is_none() {
            return Err(Error::NotFound { module: "rules".to_owned(), id: name.clone() });
        }
        let is_more = all.len() > limit;
        all.truncate(limit);
        let next = all.last().filter(|_| is_more).map(|one| one.id.to_string());
        Ok(json!({"data": all.iter().map(shown).collect::<Vec<_>>(), "next_cursor": next}))
    };
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?))
}

/// Makes another secret. Whoever repeats the request under its key is told the same one.
pub(crate) async fn secret(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    keys::known(&write.object()?, "", &[])?;
    let secret = web.app.new_webhook_secret()?;
    let keep = move |work: &mut Work<'_>| {
        work.keep_webhook_secret(&secret)?;
        Ok(Reply::new(StatusCode::CREATED, json!({"secret": secret})))
    };
    write.run(&web, caller.author(), keep).await
}

fn shown(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id.to_string(), "cause": webhook.cause, "module": webhook.module,
        "record": webhook.record.to_string(), "url": webhook.url,
        "body": serde_json::from_str::<Value>(&webhook.body).unwrap_or_default(), "state": webhook.state.name(),
        "attempts": webhook.attempts, "answer": webhook.answer, "created_at": webhook.created_at.to_string(),
        "ended_at": webhook.ended_at.map(|at| at.to_string()),
    })
}
