//! What is done with rules by forms.

use app::rules::AtOnce;
use app::shape::{WholeEdit, WholeKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::Id;
use serde_json::{Map, json};
use store::{Error, Origin, Work};

use super::{RULES, form, known, one, read, steps};
use crate::pages::settings::made;
use crate::pages::settings::rehearsed::{self, Columns};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::trial;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::typed::Typed;

/// Makes a rule, and goes to it.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    if let Some(typed) = steps::pressed(&typed) {
        return Ok(form::shown(&web, &visitor, typed.text("module"), &typed, None).await?.into_response());
    }
    let name = typed.text("name").to_owned();
    let made = match read::body(&typed) {
        Ok(mut body) => {
            // A new rule waits until somebody says that it runs.
            body.entry("active").or_insert(json!(false));
            keep(&web, &visitor, WholeEdit::New(body), &typed).await?
        }
        Err(error) => Err(Held::Refused(error)),
    };
    match made {
        Ok(()) => Ok(Redirect::to(&format!("{RULES}/{name}")).into_response()),
        Err(held) => {
            let page = form::shown(&web, &visitor, typed.text("module"), &typed, Some(&held)).await?;
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
    if let Some(typed) = steps::pressed(&typed) {
        let definitions = web.app.workspace().knowledge().definitions;
        let held = Some((Some(&typed), &Held::OnlyDrawn));
        return Ok(one::shown(&web, &visitor, known(&definitions, &rule)?, held, None).await?.into_response());
    }
    let made = match read::body(&typed) {
        Ok(mut body) => {
            body.remove("name");
            // What the form leaves empty is taken back.
            for key in ["if", "budget", "letters"] {
                body.entry(key).or_insert(serde_json::Value::Null);
            }
            keep(&web, &visitor, WholeEdit::Change { name: rule.clone(), body }, &typed).await?
        }
        Err(error) => Err(Held::Refused(error)),
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
    let made = keep(&web, &visitor, WholeEdit::Change { name: rule.clone(), body }, &typed).await?;
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
    let change = move |app: &app::App| {
        app.shape_whole(&by, WholeKind::Rule, WholeEdit::Change { name, body }, None, false).map(drop)
    };
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
            let page = one::shown(&web, &visitor, present, Some((None, &Held::Refused(error))), None).await?;
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
    match shape(&web, &visitor, WholeEdit::Delete { name: rule.clone() }).await? {
        Ok(()) => Ok(Redirect::to(RULES).into_response()),
        made => answered(&web, &visitor, &rule, made.map_err(Held::Refused), None).await,
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
    web.app.workspace().write(visitor.author(), Origin::from("interface"), run).await?;
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
    web.app.workspace().write(visitor.author(), Origin::from("interface"), run).await?;
    Ok(Redirect::to(&format!("{RULES}/{rule}?queued=true")).into_response())
}

async fn answered(
    web: &Web,
    visitor: &Visitor,
    rule: &str,
    made: Result<(), Held>,
    typed: Option<&Typed>,
) -> Result<Response, Problem> {
    let Err(held) = made else { return Ok(Redirect::to(&format!("{RULES}/{rule}")).into_response()) };
    let definitions = web.app.workspace().knowledge().definitions;
    let rule = known(&definitions, rule)?;
    let page = one::shown(web, visitor, rule, Some((typed, &held)), None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Why a change was not made.
pub(super) enum Held {
    /// It cannot be.
    Refused(Error),
    /// The rule would act at once, and nobody has said yes to that.
    ActsAtOnce(AtOnce),
    /// It was not asked for yet: a button has put the form's actions in another order.
    OnlyDrawn,
}

impl Held {
    /// What was refused.
    pub(super) fn error(&self) -> Option<&Error> {
        if let Self::Refused(error) = self { Some(error) } else { None }
    }

    /// What it would do at once.
    pub(super) fn at_once(&self) -> Option<AtOnce> {
        if let Self::ActsAtOnce(at_once) = self { Some(*at_once) } else { None }
    }
}

/// The same for a change that may let a rule run: one that would act on records at once is asked about first.
async fn keep(web: &Web, visitor: &Visitor, edit: WholeEdit, typed: &Typed) -> Result<Result<(), Held>, Problem> {
    if typed.text("sure") != "yes" {
        let (app, meant) = (web.app.clone(), edit.clone());
        let look = move |work: &mut Work<'_>| match app.edit_at_once(work, &meant) {
            Err(Error::Db(error)) => Err(Error::Db(error)),
            // What does not fit is told where it is made.
            told => Ok(told.ok().flatten().filter(|at_once| at_once.count > 0)),
        };
        if let Some(at_once) = web.app.workspace().read(visitor.actor(), look).await? {
            return Ok(Err(Held::ActsAtOnce(at_once)));
        }
    }
    Ok(shape(web, visitor, edit).await?.map_err(Held::Refused))
}

/// Makes a change of rules, or says why it cannot be.
async fn shape(web: &Web, visitor: &Visitor, edit: WholeEdit) -> Result<Result<(), Error>, Problem> {
    Ok(made(web, visitor, move |app, actor| app.shape_whole(actor, WholeKind::Rule, edit, None, false))
        .await?
        .map(drop))
}
