//! What is done with letters of sites by the pages of the settings.

use app::shape::{WholeEdit, WholeKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use serde_json::{Map, json};
use store::Error;

use super::one::News;
use super::{SITE_LETTERS, known, list, one, read};
use crate::pages::settings::{inputs, made};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

/// Makes a draft that reads what things are called in both languages, and goes to it.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let name = typed.text("name").to_owned();
    let mut body = Map::from_iter([
        ("name".to_owned(), json!(name)),
        ("label".to_owned(), inputs::label_json(&typed)),
        ("from".to_owned(), json!(typed.text("from"))),
        ("module".to_owned(), json!(typed.text("module"))),
        ("active".to_owned(), json!(false)),
    ]);
    body.extend(read::beginning(typed.text("module"), &definitions));
    match shape(&web, &visitor, WholeEdit::New(body)).await? {
        Ok(()) => Ok(Redirect::to(&format!("{SITE_LETTERS}/{name}")).into_response()),
        Err(error) => {
            let page = list::shown(&web, &visitor, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Changes how they are known and read.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let present = known(&definitions, &name)?;
    let made = match read::body(&typed, present, &definitions) {
        Ok(body) => shape(&web, &visitor, WholeEdit::Change { name: name.clone(), body }).await?,
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => Ok(Redirect::to(&format!("{SITE_LETTERS}/{name}?saved=true")).into_response()),
        Err(error) => refused(&web, &visitor, &name, News::Refused(Some(&typed), &error)).await,
    }
}

/// Deletes what the workspace says of them.
pub(super) async fn delete(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    match shape(&web, &visitor, WholeEdit::Delete { name: name.clone() }).await? {
        Ok(()) => Ok(Redirect::to(SITE_LETTERS).into_response()),
        Err(error) => refused(&web, &visitor, &name, News::Refused(None, &error)).await,
    }
}

/// Tells what would be made of a letter.
pub(super) async fn attempt(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Markup, Problem> {
    let text = typed.get("text").unwrap_or_default();
    let tried = web.app.try_site_letter(visitor.actor(), name.clone(), text).await?;
    let definitions = web.app.workspace().knowledge().definitions;
    one::shown(&web, &visitor, known(&definitions, &name)?, News::Tried(text, &tried)).await
}

async fn refused(web: &Web, visitor: &Visitor, name: &str, news: News<'_>) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let page = one::shown(web, visitor, known(&definitions, name)?, news).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Makes a change, or says why it cannot be.
async fn shape(web: &Web, visitor: &Visitor, edit: WholeEdit) -> Result<Result<(), Error>, Problem> {
    Ok(made(web, visitor, move |app, actor| app.shape_whole(actor, WholeKind::SiteLetter, edit, None, false))
        .await?
        .map(drop))
}
