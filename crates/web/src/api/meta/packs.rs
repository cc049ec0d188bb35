//! The packs that are applied, what they were before, and the way back.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use serde_json::{Value, json};
use store::Error;
use store::shape::{Applied, Applying};

use super::shape::{blocking, is_dry_run, plan};
use crate::api::answer::{Reply, Write, data};
use crate::api::keys;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

pub(crate) async fn packs(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    let app = web.app.clone();
    let all = blocking(move || {
        let workspace = app.workspace();
        app::shape::may_shape(&caller.actor(), &workspace.knowledge().definitions)?;
        workspace.packs_with_past().map_err(|error| match error {
            store::shape::ShapeError::Store(error) => error,
            other => Error::Db(store::db::DbError::Corrupt(other.to_string())),
        })
    });
    Ok(Json(data(all.await?.iter().map(shown).collect())))
}

pub(crate) async fn revert(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let dry_run = is_dry_run(query.as_deref())?;
    let body = write.object()?;
    keys::known(&body, "", &["to"])?;
    let to = match body.get("to") {
        None | Some(Value::Null) => None,
        Some(number) => Some(number.as_i64().ok_or_else(|| {
            Error::field("to", "invalid_type", "a number of the pack's past, as GET /api/v1/meta/packs tells them")
        })?),
    };
    let app = web.app.clone();
    let (actor, by) = (caller.actor(), caller.actor());
    let done = || async move {
        let reshaped = blocking(move || app.revert_pack(&by, &name, to, dry_run)).await?;
        Ok(Reply::new(StatusCode::OK, plan(&reshaped)))
    };
    write.run_long(&web, actor, done).await
}

fn shown(applying: &Applying) -> Value {
    let manifest = &applying.pack.manifest;
    json!({
        "name": manifest.name, "label": manifest.label, "version": manifest.version, "requires": manifest.requires,
        "applied_at": applying.applied_at.to_string(), "applied_by": person(applying.applied_by),
        "files": applying.pack.files.keys().collect::<Vec<_>>(),
        "past": applying.past.iter().map(past).collect::<Vec<_>>(),
    })
}

fn past(applied: &Applied) -> Value {
    json!({
        "number": applied.number, "version": applied.version,
        "applied_at": applied.applied_at.map(|at| at.to_string()), "applied_by": person(applied.applied_by),
        "replaced_at": applied.replaced_at.to_string(),
    })
}

fn person(id: Option<Id>) -> Value {
    json!(id.map(|id| id.to_string()))
}
