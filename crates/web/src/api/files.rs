//! Files attached to records.

use app::{Shape, present};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use store::{Error, Work};

use super::answer::{Reply, Write, data};
use super::records::id;
use crate::caller::Caller;
use crate::downloads;
use crate::problem::Problem;
use crate::state::Web;
use crate::uploads;

/// Attaches files: each part of the form that has a file name is one; a part `field` names a field that takes the first.
pub(crate) async fn attach(
    State(web): State<Web>,
    caller: Caller,
    Path((module, record)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (id, app, write) = (id(&module, &record)?, web.app.clone(), Write::head(&web, &request)?);
    uploads::expected(&web, caller.actor(), &module, id).await?;
    let parcel = uploads::receive(&web, request).await?;
    if parcel.files.is_empty() {
        return Err(Error::field("file", "required", "send at least one part with a file name").into());
    }
    let field = Some(parcel.typed.text("field").to_owned()).filter(|name| !name.is_empty());
    let write = write.with_body(parcel.content().as_bytes());
    let work = move |work: &mut Work<'_>| {
        let attached = app.attach(work, &module, id, &parcel.files, field.as_deref())?;
        Ok(Reply::new(StatusCode::CREATED, data(present(work, &attached, &Shape::default())?)))
    };
    write.run(&web, caller.author(), work).await
}

/// The file itself.
pub(crate) async fn content(
    State(web): State<Web>,
    caller: Caller,
    Path((module, record, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (record, file) = (id(&module, &record)?, id(model::module::FILES, &file)?);
    let attached = web.app.attached(caller.actor(), file, Some((module, record))).await?;
    downloads::answer(&web.app, &attached, &headers, true).await
}
