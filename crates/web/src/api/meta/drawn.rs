//! A process as a picture, and the numbers that stand in it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use model::Id;
use model::process::Process;
use model::rights::Scope;
use serde_json::{Value, json};
use store::{Error, Work};

use crate::caller::Caller;
use crate::drawn::{self, DAYS, Numbers, Seen, Walk};
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// The picture, under the rights and in the language of the caller; with `record` the way of that record on it, 404 where the state
/// of the records is hidden from the caller.
pub(crate) async fn picture(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (l, record) = (caller.user.locale, asked(query.as_deref())?);
    let read = move |work: &mut Work<'_>| {
        let process = named(work, &name)?;
        if let Some(id) = record {
            let module = work.module(&process.module)?;
            work.get(&module.name, id)?;
            if work.grant(&module).hidden.contains(&process.field) {
                return Err(missing(&name));
            }
            let walk = Walk::read(work, &process, &module, id)?;
            let rules = work.definitions().rules_of(&process.module);
            return Ok(drawn::alone(l, &process, rules, Seen::Walk(&walk)).into_string());
        }
        let numbers = Numbers::read(work, &process)?;
        let seen = numbers.as_ref().map_or(Seen::Plain, Seen::Numbers);
        Ok(drawn::alone(l, &process, work.definitions().rules_of(&process.module), seen).into_string())
    };
    let picture = web.app.workspace().read(caller.actor(), read).await?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))];
    Ok((kind, picture).into_response())
}

/// The record whose way is asked for.
fn asked(query: Option<&str>) -> Result<Option<Id>, Problem> {
    let asked = pairs(query)?.into_iter().rfind(|(key, _)| key == "record");
    let id = asked.map(|(_, value)| value.parse::<Id>()).transpose();
    id.map_err(|_| Problem::bad_request("invalid_parameter", "record is the id of a record"))
}

/// The numbers; 404 where the state of the records is hidden from the caller.
pub(crate) async fn numbers(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    let read = move |work: &mut Work<'_>| {
        let process = named(work, &name)?;
        let numbers = Numbers::read(work, &process)?.ok_or_else(|| missing(&name))?;
        let state = |state: &model::process::State| {
            let (count, median) = (numbers.count(&state.name), numbers.median(&state.name));
            json!({"state": state.name, "count": count, "median_seconds": median})
        };
        // What is wrong with a process names roles and conditions: it is for whoever may change it.
        let may_shape = app::shape::may_shape(work.actor(), work.definitions()).is_ok();
        let findings = if may_shape { work.findings(&process)? } else { Vec::new() };
        Ok(json!({
            "process": process.name,
            "module": process.module,
            "field": process.field,
            "days": DAYS,
            "moves": numbers.moves(),
            "elsewhere": numbers.elsewhere(&process),
            "bottleneck": numbers.bottleneck(&process).map(|state| &state.name),
            "states": process.states.iter().map(state).collect::<Vec<_>>(),
            "findings": findings,
        }))
    };
    Ok(Json(web.app.workspace().read(caller.actor(), read).await?))
}

/// The process of that name, for whoever reads its module.
fn named(work: &Work<'_>, name: &str) -> Result<Arc<Process>, Error> {
    let found = work.definitions().processes().find(|process| process.name == name).cloned();
    let module = |process: &Arc<Process>| work.module(&process.module).map(|module| work.grant(&module).read);
    found.filter(|process| module(process).is_ok_and(|read| read != Scope::None)).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Error {
    Error::NotFound { module: "processes".to_owned(), id: name.to_owned() }
}
