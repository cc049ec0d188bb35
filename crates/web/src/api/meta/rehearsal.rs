//! What a change would have come to, as programs read it.

use app::App;
use app::rehearsal::{Outcome, Rehearsal};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Span;
use model::Actor;
use serde_json::{Value, json};

use crate::api::answer::{Reply, Write};
use crate::problem::Problem;
use crate::setup::trial;
use crate::state::Web;

/// Rehearses the change and answers what happened with it and without.
pub(super) async fn answer(
    web: &Web,
    actor: Actor,
    ahead: Span,
    write: Write,
    change: impl FnOnce(&App) -> store::Result<()> + Send + 'static,
) -> Result<Response, Problem> {
    let by = actor.clone();
    let done = || async move {
        let rehearsal = trial::rehearse(web, &by, ahead, change).await?;
        Ok(Reply::new(StatusCode::OK, told(&rehearsal)))
    };
    write.run_long(web, actor, done).await
}

fn told(rehearsal: &Rehearsal) -> Value {
    json!({
        "from": rehearsal.from.to_string(), "to": rehearsal.to.to_string(),
        "as_it_is": outcome(&rehearsal.as_it_is), "changed": outcome(&rehearsal.changed),
    })
}

fn outcome(outcome: &Outcome) -> Value {
    let letters: Vec<_> = outcome
        .letters
        .iter()
        .map(|(template, count)| json!({"template": Some(template).filter(|name| !name.is_empty()), "count": count}))
        .collect();
    let first = |letter: &app::rehearsal::Letter| json!({"at": letter.at.to_string(), "to": letter.to, "subject": letter.subject, "text": letter.text});
    let moves: Vec<_> = outcome
        .moves
        .iter()
        .flat_map(|(module, moves)| moves.iter().map(move |moved| (module, moved)))
        .map(|(module, moved)| json!({"module": module, "from": moved.from, "to": moved.to, "count": moved.count}))
        .collect();
    let rules: Vec<_> = outcome
        .rules
        .iter()
        .map(|(rule, ran)| {
            json!({"rule": rule, "done": ran.done, "failed": ran.failed, "cut": ran.cut, "held": ran.held})
        })
        .collect();
    let failures: Vec<_> =
        outcome.failures.iter().map(|failure| json!({"kind": failure.kind, "error": failure.error})).collect();
    json!({
        "jobs": outcome.jobs, "whole": outcome.is_whole, "letters": letters,
        "first_letters": outcome.first_letters.iter().map(first).collect::<Vec<_>>(),
        "moves": moves, "rules": rules, "failures": failures,
    })
}
