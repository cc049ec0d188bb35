//! Records of any module: list, make, read, change, move, bin.

use app::{Shape, Shown, present, shown};
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::rights::Scope;
use model::{Id, Record};
use serde::Serialize;
use serde_json::Value;
use store::{COUNT_LIMIT, Error, Work};

use super::answer::{Reply, Write, etag, if_match, json, written};
use super::keys;
use super::list_query::{Count, ListQuery};
use crate::caller::Bearer;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// The id in a path; what is no id is not there.
pub(crate) fn id(module: &str, text: &str) -> Result<Id, Problem> {
    text.parse().map_err(|_| Error::NotFound { module: module.to_owned(), id: text.to_owned() }.into())
}

/// One record in the form of the API.
pub(crate) fn one(work: &mut Work<'_>, record: &Record, shape: &Shape) -> store::Result<Value> {
    Ok(present(work, std::slice::from_ref(record), shape)?.into_iter().next().unwrap_or(Value::Null))
}

/// The answer with a record as it stands now.
pub(super) fn stands(work: &mut Work<'_>, record: &Record) -> store::Result<Reply> {
    told(work, record, StatusCode::OK)
}

/// The answer with a record that was made, and where it is.
pub(super) fn made(work: &mut Work<'_>, record: &Record) -> store::Result<Reply> {
    Ok(told(work, record, StatusCode::CREATED)?.with("location", address(record)))
}

fn told(work: &mut Work<'_>, record: &Record, status: StatusCode) -> store::Result<Reply> {
    Ok(Reply::new(status, one(work, record, &Shape::default())?).with("etag", etag(record.version)))
}

fn address(record: &Record) -> String {
    format!("/api/v1/{}/{}", record.module.name, record.id)
}

/// A page as it is answered.
#[derive(Serialize)]
struct Answer<'r> {
    data: Shown<'r>,
    next_cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_is_exact: Option<bool>,
}

pub(crate) async fn list(
    State(web): State<Web>,
    bearer: Bearer,
    Path(module): Path<String>,
    query: Result<ListQuery, Problem>,
) -> Result<Response, Problem> {
    let query = bearer.understood(&web, query).await?;
    let (app, reading) = (web.app.clone(), query.reading(&web, &module));
    let answer = bearer.read(&web, reading, move |work| {
        let list = query.list(work, &module)?;
        let known = work.module(&module)?;
        if work.grant(&known).read == Scope::None {
            // An empty list would look as if there were nothing.
            return Err(Error::forbidden("read_forbidden", format!("your roles may not read {module}")));
        }
        query.shape.check(work, &known)?;
        let page = match query.as_of {
            None => app.list(work, &module, &list)?,
            Some(at) => work.list_as_of(&module, &list, at)?,
        };
        let limit = match query.count {
            Count::No => None,
            Count::Capped => Some(Some(COUNT_LIMIT)),
            Count::Exact => Some(None),
        };
        let total = limit.map(|limit| work.count(&module, &list, limit)).transpose()?;
        let limit = limit.flatten().unwrap_or(i64::MAX);
        let answer = Answer {
            data: shown(work, &page.records, &query.shape)?,
            next_cursor: page.next,
            total: total.map(|total| total.min(limit)),
            total_is_exact: total.map(|total| total <= limit),
        };
        json(&answer, page.records.len())
    });
    Ok(written(answer.await?))
}

pub(crate) async fn create(
    State(web): State<Web>,
    bearer: Bearer,
    Path(module): Path<String>,
    write: Result<Write, Problem>,
) -> Result<Response, Problem> {
    let asked = write.and_then(|write| Ok((write.object()?, write)));
    let (fields, write) = bearer.understood(&web, asked).await?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        let (record, is_new) = app.create(work, &module, &fields)?;
        if is_new { made(work, &record) } else { Ok(stands(work, &record)?.with("location", address(&record))) }
    };
    write.run_for(&web, bearer, run).await
}

pub(crate) async fn get(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
    query: Result<ListQuery, Problem>,
) -> Result<Response, Problem> {
    let asked = query.and_then(|query| Ok((id(&module, &record)?, query)));
    let (id, query) = bearer.understood(&web, asked).await?;
    let (app, reading) = (web.app.clone(), query.reading(&web, &module));
    let answer = bearer.read(&web, reading, move |work| {
        let known = work.module(&module)?;
        query.shape.check(work, &known)?;
        let record = match query.as_of {
            None => app.get(work, &module, id)?,
            Some(at) => work.get_as_of(&module, id, at)?,
        };
        let shown = shown(work, std::slice::from_ref(&record), &query.shape)?;
        Ok((shown.iter().map(|record| json(&record, 1)).collect::<store::Result<Vec<_>>>()?.concat(), record.version))
    });
    let (answer, version) = answer.await?;
    Ok(([(header::ETAG, etag(version))], written(answer)).into_response())
}

pub(crate) async fn update(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
    write: Result<Write, Problem>,
) -> Result<Response, Problem> {
    let asked = write.and_then(|write| Ok((id(&module, &record)?, write.object()?, if_match(&write.headers)?, write)));
    let (id, fields, expected, write) = bearer.understood(&web, asked).await?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        let record = app.update(work, &module, id, &fields, expected)?;
        stands(work, &record)
    };
    write.run_for(&web, bearer, run).await
}

pub(crate) async fn delete(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    write: Result<Write, Problem>,
) -> Result<Response, Problem> {
    let asked = write
        .and_then(|write| Ok((id(&module, &record)?, if_match(&write.headers)?, is_purged(query.as_deref())?, write)));
    let (id, expected, purge, write) = bearer.understood(&web, asked).await?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        if purge {
            work.purge(&module, id, expected)?;
        } else {
            app.delete(work, &module, id, expected)?;
        }
        Ok(Reply::empty())
    };
    write.run_for(&web, bearer, run).await
}

/// Whether a deletion is for good.
fn is_purged(query: Option<&str>) -> Result<bool, Problem> {
    let mut purge = false;
    for (name, value) in pairs(query)? {
        match (name.as_str(), value.as_str()) {
            ("purge", "true") => purge = true,
            ("purge", "false") => {}
            _ => {
                return Err(Problem::bad_request("unknown_parameter", format!("there is no parameter {name}={value}")));
            }
        }
    }
    Ok(purge)
}

pub(crate) async fn restore(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record)): Path<(String, String)>,
    write: Result<Write, Problem>,
) -> Result<Response, Problem> {
    let asked = write.and_then(|write| Ok((id(&module, &record)?, write.object()?, write)));
    let (id, body, write) = bearer.understood(&web, asked).await?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        let record = app.restore(work, &module, id)?;
        stands(work, &record)
    };
    write.run_for(&web, bearer, run).await
}

pub(crate) async fn transition(
    State(web): State<Web>,
    bearer: Bearer,
    Path((module, record, name)): Path<(String, String, String)>,
    write: Result<Write, Problem>,
) -> Result<Response, Problem> {
    let asked = write.and_then(|write| Ok((id(&module, &record)?, write.object()?, write)));
    let (id, fields, write) = bearer.understood(&web, asked).await?;
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        let record = app.transition(work, &module, id, &name, &fields)?;
        stands(work, &record)
    };
    write.run_for(&web, bearer, run).await
}
