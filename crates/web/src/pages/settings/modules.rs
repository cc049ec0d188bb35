//! The modules of the workspace, and a form for a new one.

use app::shape::Change;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Module;
use serde_json::{Map, json};
use store::Error;

use super::{MODULES, frame, inputs, refusals, shape, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Typed;

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    shown(&web, &visitor, &Typed::default(), None).await
}

/// Makes a module with a name and nothing else; its fields follow on its own page.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let body = Map::from_iter([
        ("name".to_owned(), json!(typed.text("name"))),
        ("label".to_owned(), inputs::label_json(&typed)),
    ]);
    match shape(&web, &visitor, Change::NewModule(body)).await? {
        Ok(()) => Ok(Redirect::to(&format!("{MODULES}/{}", typed.text("name"))).into_response()),
        Err(error) => {
            let page = shown(&web, &visitor, &typed, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
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
                    table.plain {
                        thead { tr { th { (l.say("settings-module")) } th { (l.say("settings-name")) } th.num { (l.say("settings-fields")) } th { (l.say("settings-state")) } } }
                        tbody {
                            @for module in all {
                                tr {
                                    td { a.link href=(format!("{MODULES}/{}", module.name)) { (module.label.get(l)) } }
                                    td { code { (module.name) } }
                                    td.num { (module.fields.len()) }
                                    td { @if module.retired { span.tag { (l.say("settings-retired")) } } }
                                }
                            }
                        }
                    }
                }
            }
            section {
                h2 { (l.say("settings-new-module")) }
                form.form method="post" action=(MODULES) id="new-module" {
                    (refusals(error, l))
                    (inputs::labels(&inputs::typed_label(typed), l))
                    (inputs::name(typed, l))
                    footer.actions { button.btn.main-action { (l.say("settings-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: MODULES, content }))
}
