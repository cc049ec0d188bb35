//! The modules of the workspace, and a form for a new one.

use app::shape::Change;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Definitions, Locale, Module};
use serde_json::{Map, Value as Json, json};
use store::Error;

use super::{MODULES, frame, inputs, looks, shape, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    shown(&web, &visitor, &Typed::default(), None).await
}

/// Makes a module with what decides over it as a whole; its fields follow on its own page.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let body = body(&typed, &web.app.workspace().knowledge().definitions);
    match shape(&web, &visitor, Change::NewModule(body)).await? {
        Ok(()) => Ok(Redirect::to(&format!("{MODULES}/{}", typed.text("name"))).into_response()),
        Err(error) => {
            let page = shown(&web, &visitor, &typed, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The form in the form of the API.
fn body(typed: &Typed, definitions: &Definitions) -> Map<String, Json> {
    let mut body = looks::read(typed, None);
    body.insert("name".to_owned(), json!(typed.text("name")));
    body.insert("label".to_owned(), inputs::label_json(typed));
    body.insert("owners".to_owned(), json!(typed.has("owners")));
    // A form that does not ask leaves it in the menu.
    if typed.has("asks_menu") {
        body.insert("menu".to_owned(), json!(typed.has("menu")));
    }
    if let Some(parent) = definitions.module(typed.text("belongs_to")) {
        let link = link_to(&parent.name);
        let label = |label: &model::Label| json!({"ru": label.ru, "en": label.en});
        let title = json!({"name": "name", "type": "text", "required": true, "index": true, "label": {"ru": "Название", "en": "Name"}});
        let belonging = json!({"name": link, "type": "link", "module": parent.name, "label": label(&parent.one)});
        body.insert("fields".to_owned(), json!([title, belonging]));
        body.insert("belongs_to".to_owned(), json!(link));
    }
    body
}

/// What the link to records of a module is called: as one of them, by the rules of plain English plurals.
fn link_to(module: &str) -> String {
    let one = match (module.strip_suffix("ies"), module.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => module.to_owned(),
    };
    if one == "name" || model::module::SYSTEM_FIELDS.contains(&one.as_str()) { format!("{one}_link") } else { one }
}

async fn shown(web: &Web, visitor: &Visitor, typed: &Typed, error: Option<&Error>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let all: Vec<&Module> =
        definitions.modules().chain(definitions.retired_modules()).map(|module| &**module).collect();
    let title = l.say("settings-modules");
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, MODULES))
        div.page {
            section {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("settings-module")) } th { (l.say("settings-name")) } th.num { (l.say("settings-fields")) } th { (l.say("settings-state")) } } }
                        tbody {
                            @for module in all {
                                tr {
                                    td { a.link href=(format!("{MODULES}/{}", module.name)) { (module.label.get(l)) } }
                                    td data-label=(l.say("settings-name")) { code { (module.name) } }
                                    td.num data-label=(l.say("settings-fields")) { (module.fields.len()) }
                                    td { @if module.retired { span.tag { (l.say("settings-retired")) } } }
                                }
                            }
                        }
                    }
                }
            }
            section {
                h2 { (l.say("settings-new-module")) }
                (new_module(&definitions, typed, Told { l, error, controls: inputs::SHAPE }))
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: MODULES, content }))
}

fn new_module(definitions: &Definitions, typed: &Typed, told: Told<'_>) -> Markup {
    let l = told.l;
    let is_new = !typed.has("name");
    html! {
        form.form method="post" action=(MODULES) id="new-module" data-guard {
            (told.above(definitions))
            (inputs::labels(told, &inputs::typed_label(typed)))
            (looks::one(told, "", &looks::typed_one(typed)))
            (inputs::name(told, typed))
            (looks::icons(l, "", typed.text("icon")))
            input type="hidden" name="asks_menu" value="yes";
            div.options {
                (inputs::tick_with("menu", &l.say("settings-menu"), &l.say("module-menu-help"), is_new || typed.has("menu")))
                (inputs::tick_with("owners", &l.say("module-owners"), &l.say("module-owners-help"), is_new || typed.has("owners")))
            }
            (belonging(definitions, typed, told))
            footer.actions { button.btn.main-action { (l.say("settings-make")) } }
        }
    }
}

/// To records of which module those of the new one belong.
fn belonging(definitions: &Definitions, typed: &Typed, told: Told<'_>) -> Markup {
    let (l, chosen) = (told.l, typed.text("belongs_to"));
    let help = l.say("module-belongs-help");
    let below = told.below("belongs_to", "belongs_to", Some(&help));
    html! {
        div.field {
            label for="belongs_to" { (l.say("module-belongs")) " " small { (l.say("optional")) } }
            select id="belongs_to" name="belongs_to" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                option value="" { (l.say("module-belongs-nowhere")) }
                @for module in parents(definitions, l) {
                    option value=(module.name) selected[module.name == chosen] { (module.label.get(l)) }
                }
            }
            (below)
        }
    }
}

fn parents(definitions: &Definitions, l: Locale) -> Vec<&Module> {
    let mut parents: Vec<&Module> =
        definitions.modules().map(|module| &**module).filter(|module| module.menu).collect();
    parents.sort_by_key(|module| module.label.get(l).to_owned());
    parents
}
