//! What is done with letters by forms.

use app::shape::{WholeEdit, WholeKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value as Json, json};
use store::Error;

use super::one::Form;
use super::{LETTERS, known, list, one};
use crate::pages::settings::inputs;
use crate::pages::settings::made;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

/// Makes a letter, and goes to it.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let name = typed.text("name").to_owned();
    let mut body = read(&typed);
    body.insert("name".to_owned(), json!(name));
    match shape(&web, &visitor, WholeEdit::New(body)).await? {
        Ok(()) => Ok(Redirect::to(&format!("{LETTERS}/{name}")).into_response()),
        Err(error) => {
            let page = list::shown(&web, &visitor, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Changes a letter, or shows how it would look.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(letter): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let body = read(&typed);
    if typed.has("preview") {
        return preview(&web, &visitor, &letter, &typed, &body).await;
    }
    let made = shape(&web, &visitor, WholeEdit::Change { name: letter.clone(), body }).await?;
    answered(&web, &visitor, &letter, made, Some(&typed)).await
}

/// Takes back what the workspace says of a letter.
pub(super) async fn delete(
    State(web): State<Web>,
    visitor: Visitor,
    Path(letter): Path<String>,
) -> Result<Response, Problem> {
    let made = shape(&web, &visitor, WholeEdit::Delete { name: letter.clone() }).await?;
    if made.is_ok() && web.app.workspace().knowledge().definitions.letter(&letter).is_none() {
        return Ok(Redirect::to(LETTERS).into_response());
    }
    answered(&web, &visitor, &letter, made, None).await
}

async fn preview(
    web: &Web,
    visitor: &Visitor,
    name: &str,
    typed: &Typed,
    body: &Map<String, Json>,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    let present = known(&definitions, name)?;
    let letter = web.app.read_letter(&definitions, name, body);
    let looks = letter.and_then(|letter| web.app.preview_letter(&letter, typed.text("preview") != "least"));
    match looks {
        Ok(looks) => {
            let form = Form { typed: Some(typed), error: None, looks: Some(&looks) };
            Ok(one::shown(web, visitor, present, form).await?.into_response())
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => {
            let form = Form { typed: Some(typed), error: Some(&error), looks: None };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, one::shown(web, visitor, present, form).await?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What was typed; a language that was left empty takes the other's text.
fn read(typed: &Typed) -> Map<String, Json> {
    let mut body = Map::new();
    for key in ["label", "subject", "text"] {
        body.insert(key.to_owned(), inputs::both(&inputs::side(typed, key)));
    }
    for key in ["formatted", "marketing"] {
        body.insert(key.to_owned(), json!(typed.has(key)));
    }
    body
}

async fn answered(
    web: &Web,
    visitor: &Visitor,
    letter: &str,
    made: Result<(), Error>,
    typed: Option<&Typed>,
) -> Result<Response, Problem> {
    let Err(error) = made else { return Ok(Redirect::to(&format!("{LETTERS}/{letter}")).into_response()) };
    let definitions = web.app.workspace().knowledge().definitions;
    let form = Form { typed, error: Some(&error), looks: None };
    let page = one::shown(web, visitor, known(&definitions, letter)?, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Makes a change of letters, or says why it cannot be.
async fn shape(web: &Web, visitor: &Visitor, edit: WholeEdit) -> Result<Result<(), Error>, Problem> {
    Ok(made(web, visitor, move |app, actor| app.shape_whole(actor, WholeKind::Letter, edit, None, false))
        .await?
        .map(drop))
}
