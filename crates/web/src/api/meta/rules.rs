//! Rules: made, changed, deleted, rehearsed; what they did, and what is tried again.

use app::App;
use app::rules::{AtOnce, Fired, Rehearsed, WouldSend};
use app::shape::{WholeEdit, WholeKind, version};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::rights::Capability;
use model::rule::Rule;
use model::{Actor, Definitions, Id};
use serde_json::{Map, Value, json};
use store::{Error, RuleCounts, RuleRun, RuleState, RunState, Work};

use super::rehearsal;
use super::whole::Whole;
use crate::api::answer::{Reply, Write, data, etag, if_match};
use crate::api::keys;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::pairs;
use crate::setup::trial::Trial;
use crate::state::Web;

/// Runs of a page where nobody says how many.
const RUNS: usize = 50;

/// How rules are made, changed and deleted.
const WHOLE: Whole = Whole { kind: WholeKind::Rule, shown: named };

pub(crate) async fn list(State(web): State<Web>, caller: Caller) -> Result<impl IntoResponse, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let known = definitions.clone();
    let read = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let (states, counts) = (work.rule_states()?, work.rule_counts()?);
        let shown = |(rule, pack): (&std::sync::Arc<Rule>, &str)| {
            let state = states.get(&rule.name).copied().unwrap_or_default();
            shown(rule, pack, state, counts.get(&rule.name).copied().unwrap_or_default())
        };
        Ok(known.rules().map(shown).collect::<Vec<_>>())
    };
    let rules = web.app.workspace().read(caller.actor(), read).await?;
    Ok(([(header::ETAG, etag(version(&definitions)))], Json(data(rules))))
}

pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let tag = etag(version(&web.app.workspace().knowledge().definitions));
    let read = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let definitions = work.definitions().clone();
        let rule = definitions.rule(&name).ok_or_else(|| no_rule(&name))?;
        let counts = work.rule_counts()?.remove(&name).unwrap_or_default();
        let pack = definitions.rule_pack(&name).unwrap_or_default();
        Ok(shown(rule, pack, work.rule_state(&name)?, counts))
    };
    Ok(([(header::ETAG, tag)], Json(web.app.workspace().read(caller.actor(), read).await?)))
}

pub(crate) async fn add(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = WholeEdit::New(write.object()?);
    shape(&web, caller.actor(), edit, write, query).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let edit = WholeEdit::Change { name, body: write.object()? };
    shape(&web, caller.actor(), edit, write, query).await
}

pub(crate) async fn delete(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    shape(&web, caller.actor(), WholeEdit::Delete { name }, write, query).await
}

async fn shape(
    web: &Web,
    actor: Actor,
    edit: WholeEdit,
    write: Write,
    query: Option<String>,
) -> Result<Response, Problem> {
    let trial = Trial::asked(query.as_deref())?;
    if let Trial::Rehearse(ahead) = trial {
        let (by, expected) = (actor.clone(), if_match(&write.headers)?);
        let change = move |app: &App| app.shape_whole(&by, WholeKind::Rule, edit, expected, false).map(drop);
        return rehearsal::answer(web, actor, ahead, write, change).await;
    }
    WHOLE.make(web, actor, edit, write, matches!(trial, Trial::Plan)).await
}

fn named(_: &App, definitions: &Definitions, name: &str) -> Option<Value> {
    let rule = definitions.rule(name)?;
    let pack = definitions.rule_pack(name).unwrap_or_default();
    Some(shown(rule, pack, RuleState::default(), RuleCounts::default()))
}

/// What the rule did, newest first.
pub(crate) async fn runs(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let (mut state, mut before, mut limit) = (None, None, RUNS);
    for (key, value) in pairs(query.as_deref())? {
        let wrong = |how: &str| Problem::bad_request("invalid_parameter", how.to_owned());
        match key.as_str() {
            "state" => {
                let parsed = RunState::parse(&value);
                state = Some(
                    parsed.ok_or_else(|| wrong("state is one of done, failed, cut, held, waiting, asked, refused"))?,
                );
            }
            "cursor" => {
                let foreign = || Problem::bad_request("invalid_cursor", "the cursor does not belong to this list");
                before = Some(value.parse::<Id>().map_err(|_| foreign())?);
            }
            "limit" => {
                let number = value.parse().ok().filter(|limit| (1..=500).contains(limit));
                limit = number.ok_or_else(|| wrong("limit is a number from 1 to 500"))?;
            }
            _ => {}
        }
    }
    let read = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let mut runs = work.rule_runs(&name, state, before, limit + 1)?;
        if runs.is_empty() && work.definitions().rule(&name).is_none() {
            return Err(no_rule(&name));
        }
        let is_more = runs.len() > limit;
        runs.truncate(limit);
        let next = runs.last().filter(|_| is_more).map(|run| run.id.to_string());
        Ok(json!({"data": runs.iter().map(run).collect::<Vec<_>>(), "next_cursor": next}))
    };
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?))
}

/// What the rule, with the properties in the body in place of its own, would have done.
pub(crate) async fn rehearse(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let body = write.object()?;
    let app = web.app.clone();
    let read = move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        let mut whole = match work.definitions().rule(&name).map(|rule| json!(**rule)) {
            Some(Value::Object(whole)) => whole,
            _ if body.contains_key("module") => Map::from_iter([("name".to_owned(), json!(name))]),
            _ => return Err(no_rule(&name)),
        };
        whole.extend(body.clone());
        let rule = app.read_rule(&whole)?;
        let module = rule.module.clone();
        let told = app.rehearse_rule(work, &rule)?;
        Ok(rehearsed(&module, &told, app.rule_at_once(work, &rule)?))
    };
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?).into_response())
}

/// Tries failed runs again: all, or the one that the body names.
pub(crate) async fn rerun(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let body = write.object()?;
    keys::known(&body, "", &["run"])?;
    let only = match body.get("run") {
        None | Some(Value::Null) => None,
        Some(run) => {
            let id = run.as_str().and_then(|text| text.parse::<Id>().ok());
            Some(id.ok_or_else(|| Error::field("run", "invalid_id", "the id of a run"))?)
        }
    };
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        Ok(Reply::new(StatusCode::OK, json!({"queued": app.rerun_rule(work, &name, only)?})))
    };
    write.run(&web, caller.author(), run).await
}

/// Does once more what a run did.
pub(crate) async fn once_more(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let body = write.object()?;
    keys::known(&body, "", &["once_more"])?;
    let id = body.get("once_more").and_then(Value::as_str).and_then(|text| text.parse::<Id>().ok());
    let id = id.ok_or_else(|| Error::field("once_more", "invalid_id", "the id of a run that is done"))?;
    let app = web.app.clone();
    let put = move |work: &mut Work<'_>| {
        let made = app.run_rule_once_more(work, &name, id)?;
        Ok(Reply::new(StatusCode::CREATED, run(&made)))
    };
    write.run(&web, caller.author(), put).await
}

/// Makes another address for a rule that is called from outside. Whoever repeats the request under its key is told the same
/// one.
pub(crate) async fn address(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    keys::known(&write.object()?, "", &[])?;
    let (app, secret) = (web.app.clone(), web.app.new_hook_secret()?);
    let run = move |work: &mut Work<'_>| {
        let address = app.new_hook(work, &name, &secret)?;
        Ok(Reply::new(StatusCode::CREATED, json!({"address": address})))
    };
    write.run(&web, caller.author(), run).await
}

/// Lets a rule go on that has used up its budget.
pub(crate) async fn resume(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    keys::known(&write.object()?, "", &[])?;
    let app = web.app.clone();
    let run =
        move |work: &mut Work<'_>| Ok(Reply::new(StatusCode::OK, json!({"queued": app.resume_rule(work, &name)?})));
    write.run(&web, caller.author(), run).await
}

fn no_rule(name: &str) -> Error {
    Error::NotFound { module: "rules".to_owned(), id: name.to_owned() }
}

fn shown(rule: &Rule, pack: &str, state: RuleState, counts: RuleCounts) -> Value {
    let mut json = json!(rule);
    if let Some(map) = json.as_object_mut() {
        map.insert("pack".to_owned(), json!(pack));
        map.insert("held_at".to_owned(), json!(state.held_at.map(|at| at.to_string())));
        map.insert("last_run_at".to_owned(), json!(counts.last.map(|at| at.to_string())));
        let RuleCounts { done, failed, cut, held, waiting, asked, refused, .. } = counts;
        let runs = json!({
            "done": done, "failed": failed, "cut": cut, "held": held, "waiting": waiting, "asked": asked,
            "refused": refused,
        });
        map.insert("runs".to_owned(), runs);
    }
    json
}

fn run(run: &RuleRun) -> Value {
    let code = run.reason.as_ref().map(|reason| reason.code.as_str()).filter(|code| !code.is_empty());
    json!({
        "id": run.id.to_string(), "module": run.module, "record": run.record.to_string(), "version": run.version,
        "caused_by": run.caused_by.map(|id| id.to_string()), "cause": run.cause, "state": run.state.name(),
        "reason": run.reason.as_ref().map(|reason| reason.message.as_str()), "reason_code": code, "trail": run.trail, "made": run.made.map(|id| id.to_string()), "attempts": run.attempts,
        "letters": run.letters,
        "begun_at": run.begun_at.to_string(), "ended_at": run.ended_at.to_string(),
    })
}

fn rehearsed(module: &str, told: &Rehearsed, at_once: Option<AtOnce>) -> Value {
    let fired = |fired: &Fired| {
        json!({
            "module": module, "record": fired.record.to_string(), "title": fired.title, "at": fired.at.to_string(),
            "change_set": fired.change_set.map(|id| id.to_string()),
        })
    };
    let letter = |letter: &WouldSend| {
        json!({
            "record": letter.record.to_string(), "at": letter.at.to_string(), "template": letter.template,
            "to": letter.to, "subject": letter.subject, "text": letter.text,
        })
    };
    let at_once = at_once.map(|at_once| {
        let next = at_once.next.map(|(until, count)| json!({"until": until.to_string(), "count": count}));
        json!({"count": at_once.count, "whole": at_once.is_whole, "next": next})
    });
    json!({
        "count": told.count, "set_off": told.set_off, "whole": told.is_whole,
        "uncounted": told.uncounted,
        "first": told.first.iter().map(fired).collect::<Vec<_>>(),
        "letters": {
            "count": told.letters, "unsent": told.unsent,
            "first": told.first_letters.iter().map(letter).collect::<Vec<_>>(),
        },
        "at_once": at_once,
    })
}
