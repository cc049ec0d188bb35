//! Rules that ask: what waits for the caller's answer, and the answer.

use app::rules::Approval;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use store::{Error, Work};

use super::answer::{Reply, Write, data};
use super::keys;
use super::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let app = web.app.clone();
    let all = web.app.workspace().read(caller.actor(), move |work| app.approvals(work)).await?;
    Ok(Json(data(all.iter().map(shown).collect())))
}

/// Agrees or refuses.
pub(crate) async fn answer(
    State(web): State<Web>,
    caller: Caller,
    Path((rule, run)): Path<(String, String)>,
    write: Write,
) -> Result<Response, Problem> {
    let body = write.object()?;
    keys::known(&body, "", &["approve"])?;
    let yes = body.get("approve").and_then(Value::as_bool);
    let yes = yes.ok_or_else(|| Error::field("approve", "invalid_type", "true or false"))?;
    let (app, id) = (web.app.clone(), id("approvals", &run)?);
    let answer = move |work: &mut Work<'_>| {
        let answered = app.answer_rule(work, &rule, id, yes)?;
        Ok(Reply::new(StatusCode::OK, json!({"id": answered.id.to_string(), "state": answered.state.name()})))
    };
    write.run(&web, caller.author(), answer).await
}

fn shown(approval: &Approval) -> Value {
    let run = &approval.run;
    json!({
        "id": run.id.to_string(), "rule": run.rule, "about": {"module": run.module, "id": run.record.to_string()},
        "title": approval.title, "step": approval.step, "asked_at": run.begun_at.to_string(),
        "may_answer": approval.is_second,
    })
}
