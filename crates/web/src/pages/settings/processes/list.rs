//! All processes, and a form that makes one for a module that has none.

use app::shape::ProcessEdit;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Definitions, Locale, Module};
use serde_json::{Map, Value as Json, json};
use store::Error;

use super::super::{frame, tabs};
use super::told::{CONTROLS, of_part};
use super::{PROCESSES, acts, edited, unprocessable};
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

/// Makes a process.
pub(super) async fn add(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let module = typed.text("module").to_owned();
    let mut body = Map::from_iter([("module".to_owned(), json!(module))]);
    body.insert("states".to_owned(), typed.text("states").lines().filter_map(of_line).collect());
    match edited(&web, &visitor, ProcessEdit::New(body), false).await? {
        Ok(_) => Ok(Redirect::to(&format!("{PROCESSES}/{module}")).into_response()),
        Err(error) => Ok(unprocessable(shown(&web, &visitor, &typed, Some(&of_part(error, "states"))).await?)),
    }
}

/// `name = Label`, or the name alone.
fn of_line(line: &str) -> Option<Json> {
    let (name, label) = line.split_once('=').unwrap_or((line, ""));
    let (name, label) = (name.trim(), label.trim());
    if name.is_empty() {
        return None;
    }
    Some(if label.is_empty() { json!({"name": name}) } else { json!({"name": name, "label": label}) })
}

async fn shown(web: &Web, visitor: &Visitor, typed: &Typed, error: Option<&Error>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let (l, definitions) = (frame.locale, web.app.workspace().knowledge().definitions);
    let title = l.say("processes");
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, PROCESSES))
        div.page {
            section {
                p.help { (l.say("processes-help")) }
                (table(&definitions, &title, l))
            }
            section {
                h2 { (l.say("processes-new")) }
                (new(&definitions, typed, Told { l, error, controls: CONTROLS }))
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: PROCESSES, content }))
}

fn table(definitions: &Definitions, title: &str, l: Locale) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(title) {
            table.plain.as-cards {
                thead { tr { th { (l.say("processes-process")) } th { (l.say("settings-module")) } th { (l.say("processes-states")) } th { (l.say("processes-timers")) } } }
                tbody {
                    @for process in definitions.processes() {
                        tr {
                            td { a.link href=(format!("{PROCESSES}/{}", process.name)) { (process.label.or(l, &process.name)) } }
                            td data-label=(l.say("settings-module")) { (definitions.module(&process.module).map_or(process.module.as_str(), |module| module.label.get(l))) }
                            td data-label=(l.say("processes-states")) { (process.states_in_use().map(|state| state.label.or(l, &state.name)).collect::<Vec<_>>().join(" · ")) }
                            td data-label=(l.say("processes-timers")) {
                                @let lengths = acts::lengths(definitions, process, l);
                                @if lengths.is_empty() { span.faint { "—" } } @else { (lengths) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn new(definitions: &Definitions, typed: &Typed, told: Told<'_>) -> Markup {
    let (l, chosen) = (told.l, typed.text("module"));
    let help = l.say("processes-new-states-help");
    let (of_module, of_states) = (told.below("module", "module", None), told.below("states", "states", Some(&help)));
    html! {
        form.form method="post" action=(PROCESSES) id="new-process" data-guard {
            (told.above(definitions))
            div.field {
                label for="module" { (l.say("settings-module")) }
                select id="module" name="module" aria-invalid=[of_module.invalid()] aria-describedby=[of_module.described()] {
                    @for module in without(definitions, l) {
                        option value=(module.name) selected[module.name == chosen] { (module.label.get(l)) }
                    }
                }
                (of_module)
            }
            div.field {
                label for="states" { (l.say("processes-states")) }
                textarea id="states" name="states" rows="4" required autocapitalize="off" spellcheck="false"
                    aria-invalid=[of_states.invalid()] aria-describedby=[of_states.described()] { (typed.get("states").unwrap_or_default()) }
                (of_states)
            }
            footer.actions { button.btn.main-action { (l.say("processes-make")) } }
        }
    }
}

/// The modules that a process can be made for.
fn without(definitions: &Definitions, l: Locale) -> Vec<&Module> {
    let is_free =
        |module: &&Module| definitions.process(&module.name).is_none() && module.service.is_none() && !module.authored;
    let mut modules: Vec<&Module> = definitions.modules().map(|module| &**module).filter(is_free).collect();
    modules.sort_by_key(|module| module.label.get(l).to_owned());
    modules
}
