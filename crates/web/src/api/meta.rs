//! How the workspace is shaped: modules, processes, roles, organisation.

use axum::Json;
use axum::extract::{Path, State};
use model::Module;
use model::definitions::Definitions;
use model::rights::Scope;
use serde_json::{Value, json};
use store::Error;

use super::answer::data;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// A module without the fields that the caller may not see.
fn shown(module: &Module, hidden: &[String], definitions: &Definitions) -> Value {
    let mut json = json!(module);
    if let Some(fields) = json.get_mut("fields").and_then(Value::as_array_mut) {
        fields.retain(|field| {
            field.get("name").and_then(Value::as_str).is_none_or(|name| !hidden.iter().any(|hidden| hidden == name))
        });
    }
    if let (Some(process), Some(map)) = (definitions.process(&module.name), json.as_object_mut()) {
        map.insert("process".to_owned(), json!(process.name));
    }
    json
}

pub(crate) async fn modules(State(web): State<Web>, caller: Caller) -> Json<Value> {
    let definitions = web.app.workspace().knowledge().definitions;
    let actor = caller.actor();
    let readable = definitions.modules().filter_map(|module| {
        let grant = actor.grant(&definitions, &module.name);
        (grant.read != Scope::None).then(|| shown(module, &grant.hidden, &definitions))
    });
    Json(data(readable.collect()))
}

pub(crate) async fn module(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let module = definitions.module(&name).ok_or(Error::NoModule(name))?;
    let grant = caller.actor().grant(&definitions, &module.name);
    if grant.read == Scope::None {
        return Err(Error::NoModule(module.name.clone()).into());
    }
    Ok(Json(shown(module, &grant.hidden, &definitions)))
}

pub(crate) async fn processes(State(web): State<Web>, caller: Caller) -> Json<Value> {
    let definitions = web.app.workspace().knowledge().definitions;
    let actor = caller.actor();
    let readable =
        definitions.processes().filter(|process| actor.grant(&definitions, &process.module).read != Scope::None);
    Json(data(readable.map(|process| json!(**process)).collect()))
}

pub(crate) async fn roles(State(web): State<Web>, _caller: Caller) -> Json<Value> {
    Json(data(web.app.workspace().knowledge().definitions.roles().map(|role| json!(**role)).collect()))
}

pub(crate) async fn organisation(State(web): State<Web>, _caller: Caller) -> Json<Value> {
    let settings = web.app.workspace().knowledge().settings;
    Json(json!({
        "name": settings.name, "locale": settings.locale, "time_zone": settings.time_zone,
        "currency": settings.currency, "payment_wait": settings.payment_wait, "sandbox": settings.sandbox,
        "legal_entities": settings.legal_entities,
    }))
}
