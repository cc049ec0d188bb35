//! What is done with rules by forms.

use app::shape::RuleEdit;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::Id;
use serde_json::{Map, json};
use store::{Error, Origin, Work};

use super::{RULES, form, known, one, read};
use crate::blocking::blocking;
use crate::pages::settings::rehearsed::{self, Columns};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::trial;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::typed::Typed;

/// Makes a rule, and goes to it.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let name = typed.text("name").to_owned();
    let made = match read::body(&typed) {
        Ok(body) => shape(&web, &visitor, RuleEdit::New(body)).await?,
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => Ok(Redirect::to(&format!("{RULES}/{name}")).into_response()),
        Err(error) => {
            let page = form::shown(&web, &visitor, typed.text("module"), &typed, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Changes a rule.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(rule): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let made = match read::body(&typed) {
        Ok(mut body) => {
            body.remove("name");
            // What the form leaves empty is taken back.
            for key in ["if", "budget"] {
                body.entry(key).or_insert(serde_json::Value::Null);
            }
            shape(&web, &visitor, RuleEdit::Change { rule: rule.clone(), body }).await?
        }
        Err(error) => Err(error),
    };
    answered(&web, &visitor, &rule, made, Some(&typed)).await
}

/// Switches a rule on or off.
pub(super) async fn switch(
    State(web): State<Web>,
    visitor: Visitor,
    Path(rule): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let body = Map::from_iter([("active".to_owned(), json!(typed.text("active") == "true"))]);
    let made = shape(&web, &visitor, RuleEdit::Change { rule: rule.clone(), body }).await?;
    match (made, typed.text("back")) {
        (Ok(()), "list") => Ok(Redirect::to(RULES).into_response()),
        (made, _) => answered(&web, &visitor, &rule, made, None).await,
    }
}

/// Rehearses on a copy how it goes on with the rule the other way round: on where it is off, off where it is on.
pub(super) async fn rehearse(
    State(web): State<Web>,
    visitor: Visitor,
    Path(rule): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let present = known(&definitions, &rule)?;
    let is_on = present.active;
    let (by, name) = (visitor.actor(), rule.clone());
    let body = Map::from_iter([("active".to_owned(), json!(!is_on))]);
    let change =
        move |app: &app::App| app.shape_rule(&by, RuleEdit::Change { rule: name, body }, None, false).map(drop);
    let told = match trial::read(typed.text("ahead")) {
        Ok(ahead) => trial::rehearse(&web, &visitor.actor(), ahead, change).await,
        Err(error) => Err(error),
    };
    let l = visitor.locale;
    let (off, on) = (l.say("rehearsal-off"), l.say("rehearsal-on"));
    let columns = if is_on { Columns { as_it_is: on, changed: off } } else { Columns { as_it_is: off, changed: on } };
    match told {
        Ok(told) => {
            let zone = web.app.workspace().knowledge().settings.zone();
            let drawn = rehearsed::drawn(&told, &columns, &definitions, &zone, l);
            Ok(one::shown(&web, &visitor, present, None, Some(drawn)).await?.into_response())
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let page = one::shown(&web, &visitor, present, Some((None, &error)), None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes what the workspace says of a rule.
pub(super) async fn delete(
    State(web): State<Web>,
    visitor: Visitor,
    Path(rule): Path<String>,
) -> Result<Response, Problem> {
    match shape(&web, &visitor, RuleEdit::Delete { rule: rule.clone() }).await? {
        Ok(()) => Ok(Redirect::to(RULES).into_response()),
        made => answered(&web, &visitor, &rule, made, None).await,
    }
}

/// Tries failed runs again.
pub(super) async fn rerun(
    State(web): State<Web>,
    visitor: Visitor,
    Path(rule): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let only = typed.text("run").parse::<Id>().ok();
    let (app, name) = (web.app.clone(), rule.clone());
    let run = move |work: &mut Work<'_>| app.rerun_rule(work, &name, only);
    web.app.workspace().write(visitor.actor(), Origin::from("interface"), run).await?;
    Ok(Redirect::to(&format!("{RULES}/{rule}?queued=true")).into_response())
}

/// Lets a rule go on that has used up its budget.
pub(super) async fn resume(
    State(web): State<Web>,
    visitor: Visitor,
    Path(rule): Path<String>,
) -> Result<Response, Problem> {
    let (app, name) = (web.app.clone(), rule.clone());
    let run = move |work: &mut Work<'_>| app.resume_rule(work, &name);
    web.app.workspace().write(visitor.actor(), Origin::from("interface"), run).await?;
    Ok(Redirect::to(&format!("{RULES}/{rule}?queued=true")).into_response())
}

async fn answered(
    web: &Web,
    visitor: &Visitor,
    rule: &str,
    made: Result<(), Error>,
    typed: Option<&Typed>,
) -> Result<Response, Problem> {
    let Err(error) = made else { return Ok(Redirect::to(&format!("{RULES}/{rule}")).into_response()) };
    let definitions = web.app.workspace().knowledge().definitions;
    let rule = known(&definitions, rule)?;
    let page = one::shown(web, visitor, rule, Some((typed, &error)), None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Makes a change of rules, or says why it cannot be.
async fn shape(web: &Web, visitor: &Visitor, edit: RuleEdit) -> Result<Result<(), Error>, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    match blocking(move || app.shape_rule(&actor, edit, None, false)).await? {
        Ok(_) => Ok(Ok(())),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => Ok(Err(error)),
        Err(error) => Err(error.into()),
    }
}
