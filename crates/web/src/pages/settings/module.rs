//! One module: its labels, its fields, a form for a new field, and taking it out of use.

use app::shape::Change;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Definitions, Field, Locale, Module};
use serde_json::{Map, json};
use store::Error;

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
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, &name, &Typed::default(), None).await
}

/// Takes other labels, or takes the module out of use and back.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let mut body = Map::new();
    if typed.has("retired") {
        body.insert("retired".to_owned(), json!(typed.text("retired") == "true"));
    } else {
        body.insert("label".to_owned(), inputs::label_json(&typed));
        body.insert("menu".to_owned(), json!(typed.has("menu")));
    }
    let change = Change::Module { module: name.clone(), body };
    answered(&web, &visitor, &name, &Typed::default(), change).await
}

/// Adds a field.
pub(super) async fn add_field(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let change = Change::NewField { module: name.clone(), body: inputs::field_json(&typed) };
    answered(&web, &visitor, &name, &typed, change).await
}

async fn answered(
    web: &Web,
    visitor: &Visitor,
    name: &str,
    typed: &Typed,
    change: Change,
) -> Result<Response, Problem> {
    match shape(web, visitor, change).await? {
        Ok(()) => Ok(Redirect::to(&format!("{MODULES}/{name}")).into_response()),
        Err(error) => {
            let page = shown(web, visitor, name, typed, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    name: &str,
    typed: &Typed,
    error: Option<&Error>,
) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let module = known(&definitions, name)?;
    let title = module.label.get(l).to_owned();
    let at = format!("{MODULES}/{}", module.name);
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(MODULES) { (l.say("settings-modules")) } }
            h1 { (title) }
            @if module.retired { span.tag { (l.say("settings-retired")) } }
        }
        div.page {
            (refusals(error, l))
            section { h2 { (l.say("settings-fields")) } (fields(module, &at, l)) }
            @if !module.retired { section { h2 { (l.say("settings-new-field")) } (new_field(&definitions, typed, &at, l)) } }
            section {
                h2 { (l.say("settings-module")) }
                form.form method="post" action=(at) id="module" {
                    (inputs::labels(&module.label, l))
                    (inputs::tick("menu", &l.say("settings-menu"), module.menu))
                    footer.actions { button.btn { (l.say("save")) } }
                }
                (retirement(&at, module.retired, l))
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: MODULES, content }))
}

/// A button that takes something out of use, or back.
pub(super) fn retirement(at: &str, is_retired: bool, l: Locale) -> Markup {
    html! {
        form method="post" action=(at) {
            input type="hidden" name="retired" value=(!is_retired);
            p.help { (l.say("settings-retire-help")) }
            button.btn { (l.say(if is_retired { "settings-bring-back" } else { "settings-retire" })) }
        }
    }
}

fn fields(module: &Module, at: &str, l: Locale) -> Markup {
    let label = l.say("settings-fields");
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table.plain {
                thead { tr { th { (l.say("settings-field")) } th { (l.say("settings-name")) } th { (l.say("settings-type")) } th { (l.say("settings-state")) } } }
                tbody {
                    @for field in module.fields.iter().chain(&module.retired_fields) {
                        tr {
                            td { a.link href=(format!("{at}/fields/{}", field.name)) { (shown_label(field, l)) } }
                            td { code { (field.name) } }
                            td { (type_of(field, l)) }
                            td { div.tags {
                                @if field.required { span.tag { (l.say("settings-required")) } }
                                @if field.unique { span.tag { (l.say("settings-unique")) } }
                                @if field.retired { span.tag.cold { (l.say("settings-retired")) } }
                            } }
                        }
                    }
                }
            }
        }
    }
}

/// What people read; the bare name where a pack gives none.
pub(super) fn shown_label(field: &Field, l: Locale) -> String {
    let label = field.label.get(l);
    if label.is_empty() { field.name.clone() } else { label.to_owned() }
}

/// The type in the reader's language.
pub(super) fn type_of(field: &Field, l: Locale) -> String {
    let name = json!(field.kind).as_str().unwrap_or_default().replace('_', "-");
    l.say_if(&format!("type-{name}")).unwrap_or(name)
}

fn new_field(definitions: &Definitions, typed: &Typed, at: &str, l: Locale) -> Markup {
    html! {
        form.form method="post" action=(format!("{at}/fields")) id="new-field" {
            (inputs::labels(&inputs::typed_label(typed), l))
            (inputs::name(typed, l))
            div.pair {
                div.field {
                    label for="type" { (l.say("settings-type")) }
                    select id="type" name="type" {
                        @for name in inputs::TYPES {
                            option value=(name) selected[typed.text("type") == name] { (l.say(&format!("type-{}", name.replace('_', "-")))) }
                        }
                    }
                }
                div.field {
                    label for="module" { (l.say("settings-target")) }
                    select id="module" name="module" {
                        @for module in definitions.modules() {
                            option value=(module.name) selected[typed.text("module") == module.name] { (module.label.get(l)) }
                        }
                    }
                }
            }
            div.field {
                label for="options" { (l.say("settings-options")) }
                textarea id="options" name="options" rows="4" aria-describedby="options-help" { (typed.text("options")) }
                p.help id="options-help" { (l.say("settings-options-help")) }
            }
            (inputs::line("expression", &l.say("settings-expression"), typed.text("expression"), false))
            (inputs::tick("required", &l.say("settings-required"), typed.has("required")))
            (inputs::tick("unique", &l.say("settings-unique"), typed.has("unique")))
            footer.actions { button.btn.main-action { (l.say("settings-add")) } }
        }
    }
}
