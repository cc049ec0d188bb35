//! One field: its label, its rules, taking it out of use and back.

use app::shape::Change;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::field::FieldType;
use serde_json::{Map, json};
use store::Error;

use super::module::{retirement, shown_label, type_of};
use super::{MODULES, frame, inputs, known, refusals, shape};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Typed;

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, field)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, &module, &field, None).await
}

pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, field)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let mut body = Map::new();
    if typed.has("retired") {
        body.insert("retired".to_owned(), json!(typed.text("retired") == "true"));
    } else {
        body.insert("label".to_owned(), inputs::label_json(&typed));
        // A formula has no such rules.
        if typed.has("rules") {
            body.insert("required".to_owned(), json!(typed.has("required")));
            body.insert("unique".to_owned(), json!(typed.has("unique")));
        }
    }
    let change = Change::Field { module: module.clone(), field: field.clone(), body };
    match shape(&web, &visitor, change).await? {
        Ok(()) => Ok(Redirect::to(&format!("{MODULES}/{module}")).into_response()),
        Err(error) => {
            let page = shown(&web, &visitor, &module, &field, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    module: &str,
    name: &str,
    error: Option<&Error>,
) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let module = known(&definitions, module)?;
    let mut all = module.fields.iter().chain(&module.retired_fields);
    let Some(field) = all.find(|field| field.name == name) else {
        return Err(Problem::not_found(format!("{} have no field {name:?}", module.name)));
    };
    let (title, of) = (shown_label(field, l), format!("{MODULES}/{}", module.name));
    let at = format!("{of}/fields/{}", field.name);
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(MODULES) { (l.say("settings-modules")) } a href=(of) { (module.label.get(l)) }
            }
            h1 { (title) }
            @if field.retired { span.tag.cold { (l.say("settings-retired")) } }
        }
        div.page.narrow {
            (refusals(error, l))
            dl.fields.roomy {
                dt { (l.say("settings-name")) } dd { code { (field.name) } }
                dt { (l.say("settings-type")) } dd { (type_of(field, l)) }
                @if let Some(expression) = &field.expression { dt { (l.say("settings-expression")) } dd { code { (expression) } } }
            }
            form.form method="post" action=(at) id="field" {
                (inputs::labels(&field.label, l))
                @if field.is_stored() {
                    input type="hidden" name="rules" value="on";
                    (inputs::tick("required", &l.say("settings-required"), field.required))
                    @if field.kind != FieldType::Links { (inputs::tick("unique", &l.say("settings-unique"), field.unique)) }
                }
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(of) { (l.say("cancel")) } }
            }
            section { (retirement(&at, field.retired, l)) }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: MODULES, content }))
}
