//! What is done with surveys by forms.

use app::shape::{WholeEdit, WholeKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::survey::{Question, Survey};
use serde_json::{Map, Value as Json, json};
use store::Error;

use super::{SURVEYS, known, list, one, question, read};
use crate::pages::settings::inputs;
use crate::pages::settings::made;
use crate::pages::settings::mover::{of_one, step};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

/// Makes a survey of one question, and goes to it.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let name = typed.text("name").to_owned();
    let first = inputs::both(&inputs::side(&typed, "question"));
    let body = json!({
        "name": name, "label": inputs::label_json(&typed),
        "questions": [{"key": "question", "kind": "long_text", "label": first}],
    });
    let Json::Object(body) = body else { return Err(Problem::internal()) };
    match shape(&web, &visitor, WholeEdit::New(body)).await? {
        Ok(()) => Ok(Redirect::to(&format!("{SURVEYS}/{name}")).into_response()),
        Err(error) => {
            let page = list::shown(&web, &visitor, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Changes what is said around the questions.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(survey): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let made = match read::survey(&typed) {
        Ok(body) => shape(&web, &visitor, WholeEdit::Change { name: survey.clone(), body }).await?,
        Err(error) => Err(error),
    };
    answered(&web, &visitor, &survey, made, Some(&typed)).await
}

/// Deletes what the workspace says of a survey.
pub(super) async fn delete(
    State(web): State<Web>,
    visitor: Visitor,
    Path(survey): Path<String>,
) -> Result<Response, Problem> {
    match shape(&web, &visitor, WholeEdit::Delete { name: survey.clone() }).await? {
        Ok(()) => Ok(Redirect::to(SURVEYS).into_response()),
        made => answered(&web, &visitor, &survey, made, None).await,
    }
}

/// Moves a question up or down, or takes it out of use and back.
pub(super) async fn order(
    State(web): State<Web>,
    visitor: Visitor,
    Path(survey): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let mut questions = known(&definitions, &survey)?.questions.clone();
    let place = |key: &str, questions: &[Question]| questions.iter().position(|question| question.key == key);
    for (button, is_up) in [("up", true), ("down", false)] {
        if let Some(at) = place(typed.text(button), &questions) {
            step(&mut questions, at, is_up);
        }
    }
    if let Some(question) = place(typed.text("retire"), &questions).and_then(|at| questions.get_mut(at)) {
        question.retired = !question.retired;
    }
    let made = put(&web, &visitor, &survey, questions.iter().map(|question| json!(question)).collect()).await?;
    answered(&web, &visitor, &survey, made, None).await
}

/// Adds a question behind the others.
pub(super) async fn add_question(
    State(web): State<Web>,
    visitor: Visitor,
    Path(survey): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let known = known(&definitions, &survey)?;
    let mut questions: Vec<Json> = known.questions.iter().map(|question| json!(question)).collect();
    let index = questions.len();
    let made = match read::question(&typed, None) {
        Ok(question) => {
            questions.push(question);
            put(&web, &visitor, &survey, questions).await?
        }
        Err(error) => Err(error),
    };
    changed(&web, &visitor, (known, None, index), made, &typed).await
}

/// Changes a question.
pub(super) async fn change_question(
    State(web): State<Web>,
    visitor: Visitor,
    Path((survey, key)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let known = known(&definitions, &survey)?;
    let (index, present) = question::of(known, &key)?;
    let mut questions: Vec<Json> = known.questions.iter().map(|question| json!(question)).collect();
    let made = match read::question(&typed, Some(present)) {
        Ok(question) => {
            if let Some(place) = questions.get_mut(index) {
                *place = question;
            }
            put(&web, &visitor, &survey, questions).await?
        }
        Err(error) => Err(error),
    };
    changed(&web, &visitor, (known, Some(present), index), made, &typed).await
}

async fn changed(
    web: &Web,
    visitor: &Visitor,
    (survey, present, index): (&Survey, Option<&Question>, usize),
    made: Result<(), Error>,
    typed: &Typed,
) -> Result<Response, Problem> {
    let Err(error) = made else {
        return Ok(Redirect::to(&format!("{SURVEYS}/{}#questions", survey.name)).into_response());
    };
    let error = of_one(error, "questions", index);
    let page = question::shown(web, visitor, (survey, present), Some((typed, &error))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn put(web: &Web, visitor: &Visitor, survey: &str, questions: Vec<Json>) -> Result<Result<(), Error>, Problem> {
    let body = Map::from_iter([("questions".to_owned(), Json::Array(questions))]);
    shape(web, visitor, WholeEdit::Change { name: survey.to_owned(), body }).await
}

async fn answered(
    web: &Web,
    visitor: &Visitor,
    survey: &str,
    made: Result<(), Error>,
    typed: Option<&Typed>,
) -> Result<Response, Problem> {
    let Err(error) = made else { return Ok(Redirect::to(&format!("{SURVEYS}/{survey}")).into_response()) };
    let definitions = web.app.workspace().knowledge().definitions;
    let page = one::shown(web, visitor, known(&definitions, survey)?, Some((typed, &error))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Makes a change of surveys, or says why it cannot be.
async fn shape(web: &Web, visitor: &Visitor, edit: WholeEdit) -> Result<Result<(), Error>, Problem> {
    Ok(made(web, visitor, move |app, actor| app.shape_whole(actor, WholeKind::Survey, edit, None, false))
        .await?
        .map(drop))
}
