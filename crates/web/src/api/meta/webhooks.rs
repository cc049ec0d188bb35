//! Webhooks of rules: what was sent or would have been, sending it once more, and the secret that signs them.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use model::rights::Capability;
use serde_json::{Value, json};
use store::{Error, Webhook, WebhookState, WebhooksAsked, Work};

use crate::api::answer::{Reply, Write};
use crate::api::keys;
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// Webhooks of a page where nobody says how many.
const LIMIT: usize = 50;

/// The webhooks of all rules, newest first.
pub(crate) async fn all(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let asked = asked(query.as_deref())?;
    let read = move |work: &mut Work<'_>| page(work, &asked);
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?))
}

/// The webhooks of a rule, newest first.
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let asked = WebhooksAsked { rule: Some(name.clone()), ..asked(query.as_deref())? };
    let read = move |work: &mut Work<'_>| {
        let page = page(work, &asked)?;
        if page["data"].as_array().is_none_or(Vec::is_empty) && work.definitions().rule(&name).is_none() {
            return Err(Error::NotFound { module: "rules".to_owned(), id: name.clone() });
        }
        Ok(page)
    };
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?))
}

/// Sends a webhook once more.
pub(crate) async fn redeliver(
    State(web): State<Web>,
    caller: Caller,
    Path(webhook): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let id = id("webhooks", &webhook)?;
    keys::known(&write.object()?, "", &[])?;
    let run = move |work: &mut Work<'_>| {
        let webhook = work.redeliver_webhook(id)?;
        Ok(Reply::new(StatusCode::OK, shown(work, &webhook)?))
    };
    write.run(&web, caller.author(), run).await
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

fn asked(query: Option<&str>) -> Result<WebhooksAsked, Problem> {
    let mut asked = WebhooksAsked { limit: LIMIT, ..WebhooksAsked::default() };
    for (key, value) in pairs(query)? {
        let wrong = |code, how: &str| Problem::bad_request(code, how.to_owned());
        match key.as_str() {
            "cursor" => {
                let foreign = || wrong("invalid_cursor", "the cursor does not belong to this list");
                asked.before = Some(value.parse::<Id>().map_err(|_| foreign())?);
            }
            "limit" => {
                let number = value.parse().ok().filter(|limit| (1..=500).contains(limit));
                asked.limit = number.ok_or_else(|| wrong("invalid_parameter", "limit is a number from 1 to 500"))?;
            }
            "state" => {
                let state = WebhookState::parse(&value);
                let known = || wrong("invalid_parameter", "state is one of waiting, sent, failed, sandbox");
                asked.state = Some(state.ok_or_else(known)?);
            }
            _ => {}
        }
    }
    Ok(asked)
}

fn page(work: &mut Work<'_>, asked: &WebhooksAsked) -> store::Result<Value> {
    work.require(Capability::Administer)?;
    let mut all = work.webhooks(&WebhooksAsked { limit: asked.limit + 1, ..asked.clone() })?;
    let is_more = all.len() > asked.limit;
    all.truncate(asked.limit);
    let next = all.last().filter(|_| is_more).map(|one| one.id.to_string());
    let data = all.iter().map(|webhook| shown(work, webhook)).collect::<store::Result<Vec<_>>>()?;
    Ok(json!({"data": data, "next_cursor": next}))
}

fn shown(work: &mut Work<'_>, webhook: &Webhook) -> store::Result<Value> {
    let next = match webhook.state {
        WebhookState::Waiting => work.webhook_due_at(webhook.id)?,
        WebhookState::Sent | WebhookState::Failed | WebhookState::Sandbox => None,
    };
    Ok(json!({
        "id": webhook.id.to_string(), "rule": webhook.rule, "cause": webhook.cause, "module": webhook.module,
        "record": webhook.record.to_string(), "url": webhook.url,
        "body": serde_json::from_str::<Value>(&webhook.body).unwrap_or_default(), "state": webhook.state.name(),
        "attempts": webhook.attempts, "answer": webhook.answer, "created_at": webhook.created_at.to_string(),
        "ended_at": webhook.ended_at.map(|at| at.to_string()), "next_attempt_at": next.map(|at| at.to_string()),
    }))
}
