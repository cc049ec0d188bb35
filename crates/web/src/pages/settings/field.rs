//! One field: its label, its rules, taking it out of use and back.

use app::shape::Change;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::field::FieldType;
use model::{Field, Module};
use serde_json::{Map, Value as Json, json};
use store::Error;

use super::form::{self, FieldForm, Scribe};
use super::module::{retirement, type_of};
use super::{MODULES, frame, known, outlook, own_part, refusals, scribe, tried, uses};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::shell::{self, Page};
use crate::ui::told::faults;
use crate::ui::typed::Typed;

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, field)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, &module, &field, Draft::default()).await
}

pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, field)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let mut draft = Draft { typed: Some(&typed), ..Draft::default() };
    if form::is_only_redrawn(&typed) {
        return Ok(shown(&web, &visitor, &module, &field, draft).await?.into_response());
    }
    let body = if typed.has("retired") {
        Map::from_iter([("retired".to_owned(), json!(typed.text("retired") == "true"))])
    } else {
        let definitions = web.app.workspace().knowledge().definitions;
        scribe(&web, visitor.locale).changes(&typed, present(known(&definitions, &module)?, &field)?)
    };
    let of = format!("{MODULES}/{module}");
    let dry_run = typed.has("dry_run");
    if body.is_empty() && !dry_run {
        return Ok(Redirect::to(&of).into_response());
    }
    let change = Change::Field { module: module.clone(), field: field.clone(), body };
    match tried(&web, &visitor, change, dry_run).await? {
        Ok(_) if !dry_run => Ok(Redirect::to(&of).into_response()),
        Ok(shaped) => {
            draft.outlook = Some(outlook(&shaped, visitor.locale));
            Ok(shown(&web, &visitor, &module, &field, draft).await?.into_response())
        }
        Err(error) => {
            draft.error = Some(&error);
            let page = shown(&web, &visitor, &module, &field, draft).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// What stands on the page besides the field as it is.
#[derive(Default)]
struct Draft<'a> {
    typed: Option<&'a Typed>,
    error: Option<&'a Error>,
    outlook: Option<Markup>,
}

fn present<'m>(module: &'m Module, name: &str) -> Result<&'m Field, Problem> {
    let mut all = module.fields.iter().chain(&module.retired_fields);
    let none = || Problem::not_found(format!("{} have no field {name:?}", module.name));
    all.find(|field| field.name == name).ok_or_else(none)
}

/// What stands in the form: the field, and over it what was typed.
fn values(field: &Field, typed: Option<&Typed>, scribe: &Scribe) -> Map<String, Json> {
    let mut values = match json!(field) {
        Json::Object(values) => values,
        _ => Map::new(),
    };
    if let Some(typed) = typed.filter(|typed| typed.has("label_ru")) {
        values.extend(scribe.read(typed, field.kind));
    }
    values
}

async fn shown(web: &Web, visitor: &Visitor, module: &str, name: &str, draft: Draft<'_>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let own = own_part(web, module).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let module = known(&definitions, module)?;
    let field = present(module, name)?;
    let of = (module.name.clone(), field.name.clone());
    let views = web.app.workspace().read(visitor.actor(), move |work| uses::views(work, &of.0, &of.1)).await?;
    let (title, of) = (field.called(l).to_owned(), format!("{MODULES}/{}", module.name));
    let at = format!("{of}/fields/{}", field.name);
    let sheet = FieldForm {
        l,
        definitions: &definitions,
        module,
        present: Some(field),
        values: values(field, draft.typed, &scribe(web, l)),
        faults: faults(draft.error),
        is_own: own.fields.contains(&field.name),
    };
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(MODULES) { (l.say("settings-modules")) } a href=(of) { (module.label.get(l)) }
            }
            h1 { (title) }
            @if field.retired { span.tag.cold { (l.say("settings-retired")) } }
        }
        div.page.narrow {
            (refusals(draft.error, &definitions, l))
            @if let Some(outlook) = &draft.outlook { (outlook) }
            dl.fields.roomy {
                dt { (l.say("settings-name")) } dd { code { (field.name) } }
                dt { (l.say("settings-type")) } dd { (type_of(field, l)) }
                @if let Some(target) = field.module.as_deref().and_then(|target| definitions.module(target)) {
                    dt { (l.say("settings-target")) } dd { a.link href=(format!("{MODULES}/{}", target.name)) { (target.label.get(l)) } }
                }
                @if field.kind == FieldType::Decimal { dt { (l.say("settings-scale")) } dd { (field.scale) } }
            }
            form.form.shape method="post" action=(at) id="field" data-guard {
                (sheet.all())
                footer.actions {
                    button.btn.main-action { (l.say("save")) }
                    button.btn name="dry_run" value="yes" { (l.say("settings-dry-run")) }
                    a.btn.quiet href=(of) { (l.say("cancel")) }
                }
            }
            section {
                @if !field.retired { (uses::section(&definitions, (&module.name, &field.name), &views, l)) }
                (retirement(&at, field.retired, l))
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: MODULES, content }))
}
