//! Processes: their states, moves and timers, changed by plain forms while records run through them. The same service as
//! the API's.

mod list;
mod moves;
mod one;
mod sheet;
mod state;
mod told;

use app::shape::{OwnFlow, ProcessEdit, may_shape};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::Markup;
use model::process::Process;
use model::{Definitions, Locale, Module};
use serde_json::{Map, Value as Json};
use store::Error;
use store::shape::Reshaped;

pub(super) use self::told::follows;
use crate::blocking::blocking;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

/// Where the pages of processes stand.
pub(super) const PROCESSES: &str = "/settings/processes";

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

/// Changes a process, or with `dry_run` finds out what it would mean.
async fn tried(
    web: &Web,
    visitor: &Visitor,
    process: &str,
    body: Map<String, Json>,
    dry_run: bool,
) -> Result<Result<Reshaped, Error>, Problem> {
    edited(web, visitor, ProcessEdit::Change { process: process.to_owned(), body }, dry_run).await
}

async fn edited(
    web: &Web,
    visitor: &Visitor,
    edit: ProcessEdit,
    dry_run: bool,
) -> Result<Result<Reshaped, Error>, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    match blocking(move || app.shape_process(&actor, edit, None, dry_run)).await? {
        Ok((_, reshaped)) => Ok(Ok(reshaped)),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => Ok(Err(error)),
        Err(error) => Err(error.into()),
    }
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
