//! Saved views: how people look at the list of a module.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use model::{Id, Locale};
use serde_json::{Value, json};
use store::{Audience, Look, Result, View, ViewChange, Work};

use crate::api::answer::{Reply, Write, data};
use crate::api::keys;
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::pairs;
use crate::setup::body::Body;
use crate::state::Web;

const FIELDS: [&str; 12] =
    ["name", "audience", "team", "kind", "filter", "q", "sort", "columns", "group_by", "by", "span", "who"];

pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(raw): RawQuery,
) -> Result<Json<Value>, Problem> {
    let mut module = None;
    for (name, value) in pairs(raw.as_deref())? {
        if name == "module" {
            module = Some(value);
        }
    }
    let read = move |work: &mut Work<'_>| match &module {
        Some(module) => Ok((work.views_of(module, usize::MAX)?, work.views_locale())),
        None => Ok((work.views()?, work.views_locale())),
    };
    let (views, l) = web.app.workspace().read(caller.actor(), read).await?;
    Ok(Json(data(views.iter().map(|view| shown(view, l)).collect())))
}

pub(crate) async fn create(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    let map = write.object()?;
    let run = move |work: &mut Work<'_>| {
        let mut body = Body::new(map.clone(), &[&["module"], &FIELDS[..]].concat());
        for key in ["module", "name"] {
            if !body.has(key) {
                body.wrong::<()>(key, "required", "this is never empty");
            }
        }
        let (module, name) = (body.text("module", true), body.text("name", true));
        let audience = audience(&mut body, Audience::Private);
        let look = look(&mut body, Look { kind: "table".to_owned(), ..Look::default() });
        body.check()?;
        let audience = audience.unwrap_or(Audience::Private);
        let view = work.add_view(&module.unwrap_or_default(), &name.unwrap_or_default(), audience, &look)?;
        let place = format!("/api/v1/meta/views/{}", view.id);
        Ok(Reply::new(StatusCode::CREATED, shown(&view, work.views_locale())).with(header::LOCATION.as_str(), place))
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(view): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, map) = (id("views", &view)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&map, "", &FIELDS)?;
        let before = work.view(id)?;
        let mut body = Body::new(map.clone(), &FIELDS);
        let name = body.text("name", true);
        let audience = audience(&mut body, before.audience);
        let look = look(&mut body, before.look);
        body.check()?;
        let view = work.change_view(id, &ViewChange { name, audience, look: Some(look) })?;
        Ok(Reply::new(StatusCode::OK, shown(&view, work.views_locale())))
    };
    write.run(&web, caller.author(), run).await
}

pub(crate) async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path(view): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id("views", &view)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        keys::known(&body, "", &[])?;
        work.remove_view(id)?;
        Ok(Reply::empty())
    };
    write.run(&web, caller.author(), run).await
}

/// Who is to see it; nothing where that is not said. A team implies its audience.
fn audience(body: &mut Body, before: Audience) -> Option<Audience> {
    let team = match body.raw("team").cloned() {
        None => before.team(),
        Some(Value::Null) => None,
        Some(team) => match team.as_str().and_then(|text| text.parse::<Id>().ok()) {
            Some(team) => Some(team),
            None => return body.wrong("team", "invalid_id", "expected the id of a team"),
        },
    };
    let name = match (body.text("audience", true), body.has("team")) {
        (Some(name), _) => name,
        (None, true) => team.map_or("private", |_| "team").to_owned(),
        (None, false) => return None,
    };
    let team = team.filter(|_| name == "team");
    match Audience::read(&name, team) {
        Some(audience) => Some(audience),
        None if name == "team" => body.wrong("team", "required", "which team?"),
        None => body.wrong("audience", "invalid_choice", format!("one of private, team, all, not {name:?}")),
    }
}

/// What it is to show: what is not named stays as it was.
fn look(body: &mut Body, before: Look) -> Look {
    Look {
        kind: body.text("kind", true).unwrap_or(before.kind),
        filter: filter(body).unwrap_or(before.filter),
        q: body.text("q", false).unwrap_or(before.q),
        sort: body.text("sort", false).unwrap_or(before.sort),
        columns: body.texts("columns").unwrap_or(before.columns),
        group_by: body.text("group_by", false).unwrap_or(before.group_by),
        by: body.text("by", false).unwrap_or(before.by),
        span: body.text("span", false).unwrap_or(before.span),
        who: body.text("who", false).unwrap_or(before.who),
    }
}

/// A filter may have several lines.
fn filter(body: &mut Body) -> Option<String> {
    match body.raw("filter")? {
        Value::String(text) if text.contains('\0') => {
            body.wrong("filter", "invalid_text", "the character U+0000 cannot be kept")
        }
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Null => Some(String::new()),
        _ => body.wrong("filter", "invalid_type", "expected text in quotes"),
    }
}

/// A view with its name in the language of whoever asks.
fn shown(view: &View, l: Locale) -> Value {
    let look = &view.look;
    let (pack, key) = view.pack.clone().unzip();
    json!({
        "id": view.id.to_string(), "module": view.module, "name": view.name.get(l),
        "owner": view.owner.map(|owner| owner.to_string()), "pack": pack, "key": key,
        "audience": view.audience.name(), "team": view.audience.team().map(|team| team.to_string()),
        "kind": look.kind, "filter": look.filter, "q": look.q, "sort": look.sort, "columns": look.columns,
        "group_by": look.group_by, "by": look.by, "span": look.span, "who": look.who,
        "may_change": view.is_open, "created_at": view.created_at.map(|at| at.to_string()),
        "updated_at": view.updated_at.map(|at| at.to_string()), "url": format!("/{}?view={}", view.module, view.id),
    })
}
