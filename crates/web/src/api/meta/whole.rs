//! What is common to definitions that are made, changed and deleted whole: rules, surveys, forms, letters.

use app::App;
use app::shape::{WholeEdit, WholeKind, version};
use axum::http::StatusCode;
use axum::response::Response;
use model::{Actor, Definitions};
use serde_json::Value;

use super::shape::{is_dry_run, plan};
use crate::api::answer::{Reply, Write, etag, if_match};
use crate::blocking::blocking;
use crate::problem::Problem;
use crate::state::Web;

/// How definitions of a kind are shaped and shown.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    pub(super) kind: WholeKind,
    /// One by its name, as programs see it.
    pub(super) shown: fn(&App, &Definitions, &str) -> Option<Value>,
}

impl Whole {
    /// Makes a change, or with `?dry_run=true` tells what it would be.
    pub(super) async fn shape(
        self,
        web: &Web,
        actor: Actor,
        edit: WholeEdit,
        write: Write,
        query: Option<String>,
    ) -> Result<Response, Problem> {
        let dry_run = is_dry_run(query.as_deref())?;
        self.make(web, actor, edit, write, dry_run).await
    }

    /// The same by what the query was found to ask.
    pub(super) async fn make(
        self,
        web: &Web,
        actor: Actor,
        edit: WholeEdit,
        write: Write,
        dry_run: bool,
    ) -> Result<Response, Problem> {
        let expected = if_match(&write.headers)?;
        let status = match edit {
            WholeEdit::New(_) => Some(StatusCode::CREATED),
            WholeEdit::Change { .. } => Some(StatusCode::OK),
            WholeEdit::Delete { .. } => None,
        };
        let (app, by) = (web.app.clone(), actor.clone());
        let done = || async move {
            let shaping = app.clone();
            let (name, reshaped) =
                blocking(move || shaping.shape_whole(&by, self.kind, edit, expected, dry_run)).await??;
            if dry_run {
                return Ok(Reply::new(StatusCode::OK, plan(&reshaped)));
            }
            let definitions = &reshaped.definitions;
            let shown = || (self.shown)(&app, definitions, &name).unwrap_or_default();
            let reply = status.map_or_else(Reply::empty, |status| Reply::new(status, shown()));
            Ok(reply.with("etag", etag(version(definitions))))
        };
        write.run_long(web, actor, done).await
    }
}
