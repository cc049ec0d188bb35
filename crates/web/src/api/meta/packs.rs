//! The packs that are applied, what they were before, how another is applied, and the way back.

use app::App;
use app::packs::{FileChange, PackFileError, diff};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Id;
use model::pack::{Pack, PackError};
use serde_json::{Value, json};
use store::shape::{Applied, Applying};
use store::{Error, FieldError};

use super::rehearsal;
use super::shape::{is_dry_run, plan};
use crate::api::answer::{Reply, Write, data};
use crate::api::keys;
use crate::blocking::blocking;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::setup::packs::{applied, plain};
use crate::setup::trial::Trial;
use crate::state::Web;

pub(crate) async fn packs(State(web): State<Web>, caller: Caller) -> Result<Json<Value>, Problem> {
    Ok(Json(data(applied(&web, caller.actor()).await?.iter().map(shown).collect())))
}

/// One pack with its files, which can be applied elsewhere as they are.
pub(crate) async fn pack(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    let all = applied(&web, caller.actor()).await?;
    let pack = all.iter().find(|applying| applying.pack.manifest.name == name);
    let pack = pack.ok_or_else(|| Problem::not_found(format!("no pack {name:?} is applied")))?;
    let mut json = shown(pack);
    if let Some(map) = json.as_object_mut() {
        map.insert("files".to_owned(), json!(pack.pack.files));
    }
    Ok(Json(json))
}

/// Applies the pack in the body, or tells what that would do.
pub(crate) async fn apply(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    write: Write,
) -> Result<Response, Problem> {
    let trial = Trial::asked(query.as_deref())?;
    let body = write.object()?;
    if let Trial::Rehearse(ahead) = trial {
        keys::known(&body, "", &["name", "version", "files"])?;
        let (pack, by) = (read(body.get("files"))?, caller.actor());
        let change = move |app: &App| app.apply_pack(&by, &pack, false).map(drop);
        return rehearsal::answer(&web, caller.actor(), ahead, write, change).await;
    }
    let dry_run = matches!(trial, Trial::Plan);
    let (app, actor, by) = (web.app.clone(), caller.actor(), caller.actor());
    let done = || async move {
        let read = move || -> store::Result<_> {
            app::shape::may_shape(&by, &app.workspace().knowledge().definitions)?;
            keys::known(&body, "", &["name", "version", "files"])?;
            let pack = read(body.get("files"))?;
            let applied = app.workspace().packs().map_err(|error| plain(error.into()))?;
            let before = applied.iter().find(|there| there.manifest.name == pack.manifest.name);
            let changes: Vec<_> = diff(before, &pack).iter().map(change).collect();
            let reshaped = app.apply_pack(&by, &pack, dry_run)?;
            Ok((pack.manifest, changes, reshaped))
        };
        let (manifest, changes, reshaped) = blocking(read).await??;
        let mut told = plan(&reshaped);
        if let Some(map) = told.as_object_mut() {
            map.insert("name".to_owned(), json!(manifest.name));
            map.insert("version".to_owned(), json!(manifest.version));
            map.insert("files".to_owned(), json!(changes));
        }
        Ok(Reply::new(StatusCode::OK, told))
    };
    write.run_long(&web, actor, done).await
}

/// The pack that the body describes; what is wrong stands under the name of its file.
fn read(files: Option<&Value>) -> Result<Pack, Error> {
    let Some(Value::Object(map)) = files else {
        return Err(Error::field("files", "required", "an object: the text of every file by its name"));
    };
    let text = |(name, text): (&String, &Value)| match text {
        Value::String(text) => Ok((name.clone(), text.clone())),
        _ => Err(Error::field(format!("files.{name}"), "invalid_type", "the text of the file")),
    };
    let files = map.iter().map(text).collect::<Result<_, _>>()?;
    app::packs::read(files).map_err(|error| match error {
        PackFileError::Pack(errors) => {
            let fault =
                |error: &PackError| FieldError::new(format!("files.{}", error.file), error.code, error.message.clone());
            Error::Invalid(errors.iter().map(fault).collect())
        }
        other => Error::field("files", "unreadable_file", other.to_string()),
    })
}

/// What happens to a file.
fn change(change: &FileChange) -> Value {
    match change {
        FileChange::Added(file) => json!({"file": file, "change": "added"}),
        FileChange::Removed(file) => json!({"file": file, "change": "removed"}),
        FileChange::Changed(file, lines) => json!({"file": file, "change": "changed", "lines": lines}),
    }
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
        let reshaped = blocking(move || app.revert_pack(&by, &name, to, dry_run)).await??;
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
