//! How the workspace is shaped: modules, processes, roles.

pub(super) mod drawn;
pub(super) mod forms;
pub(super) mod letters;
pub(super) mod packs;
pub(super) mod processes;
mod rehearsal;
pub(super) mod roles;
pub(super) mod rules;
pub(super) mod shape;
pub(super) mod site_letters;
pub(super) mod surveys;
pub(super) mod webhooks;
mod whole;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use model::Module;
use model::definitions::Definitions;
use model::rights::Scope;
use serde_json::{Value, json};

use super::answer::{data, etag};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// A module without the fields that the caller may not see, wherever they are named.
fn shown(module: &Module, hidden: &[String], definitions: &Definitions) -> Value {
    let mut seen = module.clone();
    let is_seen = |name: &String| !hidden.contains(name);
    seen.fields.retain(|field| is_seen(&field.name));
    seen.columns.retain(is_seen);
    seen.search.retain(is_seen);
    seen.indexes.retain(|names| names.iter().all(is_seen));
    seen.groups.iter_mut().for_each(|group| group.fields.retain(is_seen));
    seen.groups.retain(|group| !group.fields.is_empty());
    for veil in &mut seen.veils {
        veil.fields.retain(is_seen);
        veil.over = veil.over.take().filter(is_seen);
    }
    seen.veils.retain(|veil| !veil.fields.is_empty());
    seen.subtitle = seen.subtitle.filter(is_seen);
    seen.belongs_to = seen.belongs_to.filter(is_seen);
    seen.also_belongs_to = seen.also_belongs_to.filter(is_seen);
    if !is_seen(&seen.title) {
        "id".clone_into(&mut seen.title);
    }
    let mut json = json!(seen);
    if let (Some(process), Some(map)) = (definitions.process(&module.name), json.as_object_mut()) {
        map.insert("process".to_owned(), json!(process.name));
    }
    json
}

pub(crate) async fn modules(State(web): State<Web>, caller: Caller) -> impl IntoResponse {
    let definitions = web.app.workspace().knowledge().definitions;
    let actor = caller.actor();
    let readable = definitions.modules().filter_map(|module| {
        let grant = actor.grant(&definitions, &module.name);
        (grant.read != Scope::None).then(|| shown(module, &grant.hidden, &definitions))
    });
    let tag = etag(app::shape::version(&definitions));
    ([(header::ETAG, tag)], Json(data(readable.collect())))
}

pub(crate) async fn module(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let actor = caller.actor();
    let may_shape = app::shape::may_shape(&actor, &definitions).is_ok();
    let module = shape::readable(&definitions, &actor, &name, may_shape)?;
    let grant = actor.grant(&definitions, &module.name);
    let tag = etag(app::shape::version(&definitions));
    Ok(([(header::ETAG, tag)], Json(shown(module, &grant.hidden, &definitions))))
}
