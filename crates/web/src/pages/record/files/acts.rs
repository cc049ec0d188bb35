//! What people do with the files of a record: attach, make one the value of a field, look, take away.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::field::FieldType;
use model::module::FILES;
use model::{Field, Id, Record, Value};
use serde_json::Map;
use store::{Draft, Error, Origin, Work};

use super::{Files, chooser, read};
use crate::downloads;
use crate::pages::next::local;
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::pages::{cells, done};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words, headers, htmx, note};
use crate::uploads;

/// The control that chooses among what is attached already.
const CHOSEN: &str = "chosen";
/// What names the move that is made once the files are attached.
pub(in crate::pages::record) const PRESS: &str = "press";

struct View {
    frame: Frame,
    record: Record,
    title: String,
    files: Files,
    field: Option<(Field, String)>,
    /// The move that is made with it.
    press: Option<String>,
    /// The page one came from and goes back to; nothing for the record's own.
    next: Option<String>,
    fault: Option<String>,
}

/// A form that attaches a file, with `field` as the value of that field.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let id = id(&module, &record)?;
    let partial = visitor.partial;
    let view = view(&web, visitor, module, id, &query).await?;
    Ok(shown(&view, partial))
}

async fn view(web: &Web, visitor: Visitor, module: String, id: Id, typed: &Typed) -> Result<View, Problem> {
    let (actor, field, press) = (visitor.actor(), typed.text("field").to_owned(), named(typed, PRESS));
    let next = came_from(typed);
    let look = move |work: &mut Work<'_>| {
        let record = work.get(&module, id)?;
        app::attachments::may_attach(work, &record)?;
        let mut lens = Lens::of(work, visitor.locale);
        lens.learn(work, [&record])?;
        let known = record.module.field(&field).filter(|known| known.kind == FieldType::File).cloned();
        let field = known.map(|known| (known, lens.label(&record.module, &field)));
        let (files, frame) = (read(work, &record)?, Frame::unless_partial(work, &visitor)?);
        Ok(View {
            frame,
            title: cells::title_text(&lens, &record),
            files,
            field,
            press: press.clone(),
            next: next.clone(),
            record,
            fault: None,
        })
    };
    Ok(web.app.workspace().read(actor, look).await?)
}

/// What was sent under a name, where it is not empty.
fn named(typed: &Typed, name: &str) -> Option<String> {
    Some(typed.text(name).to_owned()).filter(|text| !text.is_empty())
}

/// The page that a form or an address names to go back to.
fn came_from(typed: &Typed) -> Option<String> {
    typed.has("next").then(|| local(typed.text("next")).to_owned())
}

/// Attaches what was sent, and makes the move that it is wanted for; or makes what is attached already the value of a field, or
/// empties it.
pub(crate) async fn attach(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let id = id(&module, &record)?;
    uploads::expected(&web, visitor.actor(), &module, id).await?;
    let parcel = uploads::receive(&web, request).await?;
    let typed = parcel.typed.clone();
    let (field, press) = (named(&typed, "field"), named(&typed, PRESS));
    let chosen = field.clone().and_then(|field| Some((field, parcel.typed.get(CHOSEN)?.parse::<Id>().ok())));
    let count = parcel.files.len();
    let (app, name) = (web.app.clone(), module.clone());
    let write = move |work: &mut Work<'_>| match &chosen {
        Some((field, chosen)) if parcel.files.is_empty() => {
            work.update(&name, id, Draft::new().set(field, *chosen), None).map(drop)
        }
        _ if parcel.files.is_empty() => Err(Error::field("file", "required", "choose a file")),
        _ => {
            app.attach(work, &name, id, &parcel.files, field.as_deref())?;
            match &press {
                Some(press) => app.transition(work, &name, id, press, &Map::new()).map(drop),
                None => Ok(()),
            }
        }
    };
    let l = visitor.locale;
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok(((), set)) => {
            let back = format!("/{module}/{id}");
            if visitor.partial {
                let mut response = StatusCode::NO_CONTENT.into_response();
                headers::add(
                    &mut response,
                    htmx::TRIGGER,
                    &htmx::done(l, &l.say_with("files-attached", &[("count", count.into())]), set),
                );
                return Ok(response);
            }
            let back = match came_from(&typed) {
                Some(next) => done::address(&next, set),
                None => format!("{}#files", done::address(&back, set)),
            };
            Ok(Redirect::to(&back).into_response())
        }
        Err(Error::Invalid(faults)) => {
            let partial = visitor.partial;
            let mut view = view(&web, visitor, module, id, &typed).await?;
            view.fault = Some(faults.iter().map(|fault| l.error(fault)).collect::<Vec<_>>().join(" "));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown(&view, partial)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The file itself.
pub(crate) async fn content(
    State(web): State<Web>,
    visitor: Visitor,
    Path(file): Path<String>,
    Asked(query): Asked,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let attached = web.app.attached(visitor.actor(), id(FILES, &file)?, None).await?;
    downloads::answer(&web.app, &attached, &headers, query.has("save")).await
}

/// Takes a file away; its history brings it back.
pub(crate) async fn take_away(
    State(web): State<Web>,
    visitor: Visitor,
    Path(file): Path<String>,
) -> Result<Redirect, Problem> {
    let file = id(FILES, &file)?;
    let write = move |work: &mut Work<'_>| {
        let about = work.get(FILES, file)?.get("about").clone();
        work.delete(FILES, file, None).map(|_| about)
    };
    let (about, set) = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    let back = match about {
        Value::Record { module, id } => format!("/{module}/{id}"),
        _ => format!("/{FILES}"),
    };
    Ok(Redirect::to(&done::address(&back, set)))
}

fn title(view: &View) -> String {
    let l = view.frame.locale;
    view.field.as_ref().map_or_else(|| l.say("files-attach"), |(_, label)| label.clone())
}

fn rows(view: &View) -> Markup {
    let l = view.frame.locale;
    let now = view.field.as_ref().and_then(|(field, _)| view.record.get(&field.name).as_id());
    html! {
        @if let Some(fault) = &view.fault { (note::bad(fault)) }
        div.field {
            label for="attach" { (l.say("files-choose")) }
            @if view.field.is_some() { input id="attach" type="file" name="file"; } @else { (chooser(l, true)) }
        }
        @if let Some(next) = &view.next { input type="hidden" name="next" value=(next); }
        @if let Some(press) = &view.press { input type="hidden" name=(PRESS) value=(press); }
        @if let Some((field, label)) = &view.field {
            input type="hidden" name="field" value=(field.name);
            @if !view.files.files.is_empty() {
                fieldset.field {
                    legend { (l.say("files-or")) }
                    div.options aria-label=(label) {
                        label.option { input type="radio" name=(CHOSEN) value="" checked[now.is_none()]; (l.say("files-none")) }
                        @for file in &view.files.files {
                            label.option { input type="radio" name=(CHOSEN) value=(file.id) checked[now == Some(file.id)]; (file.title()) }
                        }
                    }
                }
            }
        }
    }
}

fn address(view: &View) -> String {
    format!("/{}/{}/files", view.record.module.name, view.record.id)
}

fn shown(view: &View, partial: bool) -> Markup {
    let (l, heading) = (view.frame.locale, title(view));
    let module = &view.record.module;
    let (list, record) = (format!("/{}", module.name), format!("/{}/{}", module.name, view.record.id));
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "files-form",
        heading: &heading,
        title: &heading,
        crumbs: &[(&list, module.label.get(l)), (&record, &view.title)],
    };
    sheet.form(&Form {
        kind: Kind::Files,
        action: &address(view),
        rows: rows(view),
        button: Some(&l.say("save")),
        back: (view.next.as_deref().unwrap_or(&record), &l.say("back")),
    })
}
