//! Processes: their states, moves and timers, changed by plain forms while records run through them. The same service as
//! the API's.

mod acts;
mod list;
mod moves;
mod one;
mod sheet;
mod state;
mod told;

use app::App;
use app::shape::{OwnFlow, ProcessEdit, may_shape};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::Markup;
use model::process::Process;
use model::{Actor, Definitions, Locale, Module};
use serde_json::{Map, Value as Json};
use store::Error;
use store::shape::Reshaped;

pub(super) use self::told::follows;
use super::rehearsed::{self, Columns};
use super::{made, of_the_form};
use crate::blocking::blocking;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::trial::{self, Trial};
use crate::state::Web;
pub(super) use crate::ui::addresses::PROCESSES;
use crate::ui::typed::Typed;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(PROCESSES, get(list::page).post(list::add))
        .route("/settings/processes/{process}", get(one::page).post(one::change))
        .route("/settings/processes/{process}/new-state", get(state::blank).post(state::add))
        .route("/settings/processes/{process}/states/{state}", get(state::page).post(state::change))
        .route("/settings/processes/{process}/new-move", get(moves::blank).post(moves::add))
        .route("/settings/processes/{process}/moves/{step}", get(moves::page).post(moves::change))
}

/// What stands on a page besides the process as it is.
#[derive(Default)]
struct Draft<'a> {
    typed: Option<&'a Typed>,
    error: Option<&'a Error>,
    outlook: Option<Markup>,
}

/// What a page is about.
struct Of<'d> {
    definitions: &'d Definitions,
    process: &'d Process,
    module: &'d Module,
    /// Whether a typed service makes and moves its records.
    is_fixed: bool,
    own: OwnFlow,
}

impl<'d> Of<'d> {
    /// The process called `name`, for whoever may shape the workspace.
    async fn read(web: &Web, visitor: &Visitor, definitions: &'d Definitions, name: &str) -> Result<Self, Problem> {
        may_shape(&visitor.actor(), definitions)?;
        let none = || Problem::not_found(format!("there is no process {name:?}"));
        let process = definitions.process_named(name).ok_or_else(none)?;
        let module = definitions.module(&process.module).ok_or_else(none)?;
        let (app, of) = (web.app.clone(), name.to_owned());
        let own = blocking(move || app.own_flow(&of)).await??;
        Ok(Self { definitions, process, module, is_fixed: module.service.is_some(), own })
    }

    /// Where its page stands.
    fn at(&self) -> String {
        format!("{PROCESSES}/{}", self.process.name)
    }

    /// What people call a state.
    fn state<'a>(&'a self, name: &'a str, l: Locale) -> &'a str {
        self.process.state(name).map_or(name, |state| state.label.or(l, name))
    }
}

/// What became of a change.
enum Tried {
    /// It is made.
    Made(Reshaped),
    /// It is only told what it would mean, or what would have come of it.
    Told(Markup),
}

/// Changes a process, or as the button says finds out what that would mean.
async fn tried(
    web: &Web,
    visitor: &Visitor,
    of: &Of<'_>,
    body: Map<String, Json>,
    typed: &Typed,
) -> Result<Result<Tried, Error>, Problem> {
    let (l, edit) = (visitor.locale, ProcessEdit::Change { process: of.process.name.clone(), body });
    let trial = match Trial::typed(typed) {
        Ok(trial) => trial,
        Err(error) => return Ok(Err(error)),
    };
    match trial {
        Trial::Make => Ok(edited(web, visitor, edit, false).await?.map(Tried::Made)),
        Trial::Plan => {
            let planned = edited(web, visitor, edit, true).await?;
            Ok(planned.map(|reshaped| Tried::Told(told::outlook(of, &reshaped, l))))
        }
        Trial::Rehearse(ahead) => {
            let by = visitor.actor();
            let change = move |app: &app::App| app.shape_process(&by, edit, None, false).map(drop);
            let told = of_the_form(trial::rehearse(web, &visitor.actor(), ahead, change).await)?;
            let zone = web.app.workspace().knowledge().settings.zone();
            let columns = Columns::of_a_change(l);
            Ok(told.map(|told| Tried::Told(rehearsed::drawn(&told, &columns, of.definitions, &zone, l))))
        }
    }
}

async fn edited(
    web: &Web,
    visitor: &Visitor,
    edit: ProcessEdit,
    dry_run: bool,
) -> Result<Result<Reshaped, Error>, Problem> {
    let shape = move |app: &App, actor: &Actor| app.shape_process(actor, edit, None, dry_run);
    Ok(made(web, visitor, shape).await?.map(|(_, reshaped)| reshaped))
}

/// One part of one kind, in the form of the API.
fn body(list: &str, name: &str, said: Json) -> Map<String, Json> {
    Map::from_iter([(list.to_owned(), Json::Object(Map::from_iter([(name.to_owned(), said)])))])
}

/// Back to the page of the process, which tells how many records follow.
fn back(process: &str, reshaped: &Reshaped) -> Response {
    let records: i64 = reshaped.followed.iter().map(|followed| followed.records).sum();
    let told = if records > 0 { format!("?follow={records}") } else { String::new() };
    Redirect::to(&format!("{PROCESSES}/{process}{told}")).into_response()
}

fn unprocessable(page: Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}
