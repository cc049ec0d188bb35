//! Tags of a record: put in and taken away where they stand, with those in use offered while one types.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Field, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Error, Origin, Work};

use super::fields::Fields;
use super::{id, may_update};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words, headers, htmx, icon, note, tag};

/// Tags in use that are offered.
const OFFERED: usize = 100;

/// The tags as the description of their label.
pub(super) fn strip(fields: &Fields<'_>, field: &Field, error: Option<&str>) -> Markup {
    let (l, record) = (fields.lens.locale, fields.record);
    let at = format!("/{}/{}/tags?field={}", record.module.name, record.id, field.name);
    let (input, list) = (format!("add-{}", field.name), format!("in-use-{}", field.name));
    let label = fields.lens.field_label(field);
    let tags = match record.get(&field.name) {
        Value::List(tags) => tags.as_slice(),
        _ => &[],
    };
    if !fields.is_changed(field) {
        return html! { dd { (fields.lens.value(field, record.get(&field.name))) } };
    }
    html! {
        dd.labels {
            @if !tags.is_empty() {
                form.tags method="post" action=(at) hx-post=(at) hx-target="closest dd" hx-swap="outerHTML" {
                    @for text in tags {
                        @let word = tag::word(field, text, l);
                        span class=(format!("{} removable", tag::class(field, text))) title=[tag::hint(word)] {
                            span { (word) }
                            button name="remove" value=(text) aria-label=(l.say_with("tags-remove", &[("tag", text.as_str().into())])) { (icon(assets::icon::X)) }
                        }
                    }
                }
            }
            form.add-label method="post" action=(at) hx-post=(at) hx-target="closest dd" hx-swap="outerHTML" {
                input id=(input) name="add" list=(list) maxlength="48" autocomplete="off" placeholder=(l.say("tags-add")) aria-label=(format!("{label}: {}", l.say("tags-add")))
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| format!("{input}-error"))]
                    hx-get=(at) hx-trigger="focus once" hx-target=(format!("#{list}")) hx-swap="outerHTML";
                datalist id=(list) {}
            }
            @if let Some(error) = error { (note::of_field(&input, error)) }
        }
    }
}

/// The tags in use, for whoever begins to type one.
pub(crate) async fn in_use(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
) -> Result<Response, Problem> {
    let (id, name) = (id(&module, &record)?, query.text("field").to_owned());
    if !visitor.partial {
        return Ok(Redirect::to(&format!("/{module}/{id}")).into_response());
    }
    let list = format!("in-use-{name}");
    let read = move |work: &mut Work<'_>| work.words_in_use(&module, &name, OFFERED);
    let words = web.app.workspace().read(visitor.actor(), read).await?;
    Ok(html! { datalist id=(list) { @for word in words { option value=(word) {} } } }.into_response())
}

/// Puts a tag in, or takes one away.
pub(crate) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
    form: Typed,
) -> Result<Response, Problem> {
    let (id, name) = (id(&module, &record)?, query.text("field").to_owned());
    let (app, of, field) = (web.app.clone(), module.clone(), name.clone());
    let write = move |work: &mut Work<'_>| {
        let record = work.get(&of, id)?;
        known(&record, &field)?;
        let tags = changed(record.get(&field), form.get("add"), form.get("remove"));
        let body = Map::from_iter([(field.clone(), tags)]);
        app.update(work, &of, id, &body, Some(record.version)).map(drop)
    };
    let l = visitor.locale;
    let error = match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok(_) => None,
        Err(Error::Invalid(faults)) => Some(faults.iter().map(|fault| l.error(fault)).collect::<Vec<_>>().join(" ")),
        Err(error) => return Err(error.into()),
    };
    if !visitor.partial {
        return Ok(Redirect::to(&format!("/{module}/{id}")).into_response());
    }
    let failed = error.clone();
    let read = move |work: &mut Work<'_>| {
        let record = work.get(&module, id)?;
        let lens = Lens::of(work, l);
        let (grant, is_open) = (work.grant(&record.module), may_update(work, &record)?);
        let fields = Fields { lens: &lens, record: &record, grant: &grant, is_open, governed: None, is_past: false };
        Ok(strip(&fields, &known(&record, &name)?, failed.as_deref()))
    };
    let mut response = web.app.workspace().read(visitor.actor(), read).await?.into_response();
    if error.is_none() {
        headers::add(&mut response, htmx::TRIGGER, &htmx::toast(&l.say("saved"), "good"));
    }
    Ok(response)
}

/// A field into which people put what they like.
fn known(record: &Record, name: &str) -> store::Result<Field> {
    let field = record.module.field(name).filter(|field| field.open);
    field.cloned().ok_or_else(|| Error::not_found(&record.module.name, record.id))
}

/// Several tags may come at once, parted by commas.
fn changed(present: &Value, add: Option<&str>, remove: Option<&str>) -> Json {
    let mut tags = match present {
        Value::List(tags) => tags.clone(),
        _ => Vec::new(),
    };
    tags.retain(|tag| remove != Some(tag.as_str()));
    tags.extend(add.unwrap_or_default().split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()));
    json!(tags)
}
