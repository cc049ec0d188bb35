//! What is done with forms by the pages of the settings.

use app::shape::{WholeEdit, WholeKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::Module;
use model::field::SetBy;
use model::form::{Asked, Form};
use serde_json::{Map, Value as Json, json};
use store::Error;

use super::{FORMS, field, known, list, one, read};
use crate::pages::settings::inputs;
use crate::pages::settings::made;
use crate::pages::settings::mover::{of_one, step};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

/// Makes a draft that asks for what every record of its module has, and goes to it.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let (name, module) = (typed.text("name").to_owned(), typed.text("module").to_owned());
    let definitions = web.app.workspace().knowledge().definitions;
    let first: Vec<Json> = definitions.module(&module).map(|module| wanted(module)).unwrap_or_default();
    let body = json!({
        "name": name, "label": inputs::label_json(&typed), "module": module, "active": false, "fields": first,
    });
    let Json::Object(body) = body else { return Err(Problem::internal()) };
    match shape(&web, &visitor, WholeEdit::New(body)).await? {
        Ok(()) => Ok(Redirect::to(&format!("{FORMS}/{name}")).into_response()),
        Err(error) => {
            let page = list::shown(&web, &visitor, Some((&typed, &error))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// What every record of the module has to have.
fn wanted(module: &Module) -> Vec<Json> {
    let is_wanted = |field: &&model::Field| {
        let is_ways = field.name == "email";
        is_ways || field.required && field.default.is_none() && field.set_by != SetBy::Process
    };
    module.fields.iter().filter(is_wanted).map(|field| json!({"field": field.name, "required": true})).collect()
}

/// Changes what is said around the fields.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(form): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let present = known(&definitions, &form)?;
    let module = definitions.module(&present.module).ok_or_else(|| Error::NoModule(present.module.clone()))?;
    let made = match read::form(&typed, module) {
        Ok(body) => shape(&web, &visitor, WholeEdit::Change { name: form.clone(), body }).await?,
        Err(error) => Err(error),
    };
    answered(&web, &visitor, &form, made, Some(&typed)).await
}

/// Deletes what the workspace says of a form.
pub(super) async fn delete(
    State(web): State<Web>,
    visitor: Visitor,
    Path(form): Path<String>,
) -> Result<Response, Problem> {
    match shape(&web, &visitor, WholeEdit::Delete { name: form.clone() }).await? {
        Ok(()) => Ok(Redirect::to(FORMS).into_response()),
        made => answered(&web, &visitor, &form, made, None).await,
    }
}

/// Moves a field up or down, or takes it out.
pub(super) async fn order(
    State(web): State<Web>,
    visitor: Visitor,
    Path(form): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let mut fields = known(&definitions, &form)?.fields.clone();
    let place = |name: &str, fields: &[Asked]| fields.iter().position(|asked| asked.field == name);
    for (button, is_up) in [("up", true), ("down", false)] {
        if let Some(at) = place(typed.text(button), &fields) {
            step(&mut fields, at, is_up);
        }
    }
    fields.retain(|asked| asked.field != typed.text("remove"));
    let made = put(&web, &visitor, &form, fields.iter().map(|asked| json!(asked)).collect()).await?;
    answered(&web, &visitor, &form, made, None).await
}

/// Adds a field behind the others.
pub(super) async fn add_field(
    State(web): State<Web>,
    visitor: Visitor,
    Path(form): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let known = known(&definitions, &form)?;
    let mut fields: Vec<Json> = known.fields.iter().map(|asked| json!(asked)).collect();
    let index = fields.len();
    fields.push(read::asked(&typed, None));
    let made = put(&web, &visitor, &form, fields).await?;
    changed(&web, &visitor, (known, None, index), made, &typed).await
}

/// Changes how a field is asked for.
pub(super) async fn change_field(
    State(web): State<Web>,
    visitor: Visitor,
    Path((form, name)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let known = known(&definitions, &form)?;
    let (index, present) = field::of(known, &name)?;
    let mut fields: Vec<Json> = known.fields.iter().map(|asked| json!(asked)).collect();
    if let Some(place) = fields.get_mut(index) {
        *place = read::asked(&typed, Some(present));
    }
    let made = put(&web, &visitor, &form, fields).await?;
    changed(&web, &visitor, (known, Some(present), index), made, &typed).await
}

async fn changed(
    web: &Web,
    visitor: &Visitor,
    (form, present, index): (&Form, Option<&Asked>, usize),
    made: Result<(), Error>,
    typed: &Typed,
) -> Result<Response, Problem> {
    let Err(error) = made else {
        return Ok(Redirect::to(&format!("{FORMS}/{}#fields", form.name)).into_response());
    };
    let error = of_one(error, "fields", index);
    let page = field::shown(web, visitor, (form, present), Some((typed, &error))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn put(web: &Web, visitor: &Visitor, form: &str, fields: Vec<Json>) -> Result<Result<(), Error>, Problem> {
    let body = Map::from_iter([("fields".to_owned(), Json::Array(fields))]);
    shape(web, visitor, WholeEdit::Change { name: form.to_owned(), body }).await
}

async fn answered(
    web: &Web,
    visitor: &Visitor,
    form: &str,
    made: Result<(), Error>,
    typed: Option<&Typed>,
) -> Result<Response, Problem> {
    let Err(error) = made else { return Ok(Redirect::to(&format!("{FORMS}/{form}")).into_response()) };
    let definitions = web.app.workspace().knowledge().definitions;
    let page = one::shown(web, visitor, known(&definitions, form)?, Some((typed, &error))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Makes a change of forms, or says why it cannot be.
async fn shape(web: &Web, visitor: &Visitor, edit: WholeEdit) -> Result<Result<(), Error>, Problem> {
    Ok(made(web, visitor, move |app, actor| app.shape_whole(actor, WholeKind::Form, edit, None, false))
        .await?
        .map(drop))
}
