//! A record moved to another day or hour: its end moves along, and where the module's process has a move called
//! `reschedule` that is open, what this asks is asked first.

use app::App;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use maud::Markup;
use model::field::FieldType;
use model::process::Transition;
use model::{Field, Id, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Error, Origin, Result, Work};

use crate::pages::cells;
use crate::pages::list::shapes::dates::{self, Dates};
use crate::pages::moves::{Form, done};
use crate::pages::next::local;
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words};

/// The move that asks why a date is not kept.
const RESCHEDULE: &str = "reschedule";

/// What the form shows.
struct View {
    frame: Frame,
    record: Record,
    title: String,
    transition: Transition,
    inputs: Vec<Input>,
    faults: Vec<String>,
    /// What is asked for, to be sent again.
    asked: Typed,
}

/// The form that asks what moving asks.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(asked): Asked,
) -> std::result::Result<Markup, Problem> {
    let (id, partial) = (id(&module, &record)?, visitor.partial);
    let view = web.app.workspace().read(visitor.actor(), move |work| view(work, &visitor, &module, id, &asked)).await?;
    Ok(form_of(&view).shown(partial))
}

/// Moves the record.
pub(crate) async fn set(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    form: Typed,
) -> std::result::Result<Response, Problem> {
    let id = id(&module, &record)?;
    let (app, name, sent) = (web.app.clone(), module.clone(), form.clone());
    let write = move |work: &mut Work<'_>| apply(&app, work, &name, id, &sent);
    let next = match local(form.text("next")) {
        "/" => format!("/{module}?as=calendar"),
        next => next.to_owned(),
    };
    let error = match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok((true, set)) => return Ok(done(&visitor, &next, &visitor.locale.say("calendar-moved"), set)),
        Ok((false, _)) => {
            let asked: Vec<_> = ["by", "at", "next"].map(|name| (name, form.text(name))).into();
            let query = serde_urlencoded::to_string(asked).unwrap_or_default();
            return Ok(Redirect::to(&format!("/{module}/{id}/when?{query}")).into_response());
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) if form.has("asked") => error,
        Err(error) => return Err(error.into()),
    };
    let (locale, partial) = (visitor.locale, visitor.partial);
    let view = web.app.workspace().read(visitor.actor(), move |work| {
        let mut view = view(work, &visitor, &module, id, &form)?;
        inputs::type_in(work, &mut view.inputs, &form, locale)?;
        Ok(view)
    });
    let (problem, mut view) = (Problem::from(error), view.await?);
    view.faults = inputs::place_errors(&mut view.inputs, &problem.errors, locale);
    if problem.errors.is_empty() {
        view.faults.push(locale.refusal(&problem.code, &problem.detail));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, form_of(&view).shown(partial)).into_response())
}

/// Writes the dates, and makes the move that goes with it. False where that asks for something first.
fn apply(app: &App, work: &mut Work<'_>, module: &str, id: Id, form: &Typed) -> Result<bool> {
    let record = work.get(module, id)?;
    let zone = work.settings().zone();
    let changed = changed(work, &record, form, &zone)?;
    if changed.is_empty() {
        return Ok(true);
    }
    let reschedule = reschedule(work, &record)?;
    let asked = reschedule.as_ref().map(|transition| fields(work, &record, transition, &changed)).unwrap_or_default();
    if !asked.is_empty() && !form.has("asked") {
        work.check_may_update(module, id)?;
        return Ok(false);
    }
    let currency = inputs::currency(work, record.link("event"));
    let mut answers = inputs::to_json(&asked, form, &zone, currency)?;
    answers.retain(|_, value| !value.is_null());
    let missing: Vec<_> = asked.iter().filter(|field| !answers.contains_key(&field.name)).collect();
    if !missing.is_empty() {
        let fault = |field: &&Field| store::FieldError::new(&field.name, "required", "moving it asks for this");
        return Err(Error::Invalid(missing.iter().map(fault).collect()));
    }
    app.update(work, module, id, &changed, None)?;
    if reschedule.is_some() {
        app.transition(work, module, id, RESCHEDULE, &answers)?;
    }
    Ok(true)
}

/// The dates of the record once it begins at what the form says.
fn changed(work: &Work<'_>, record: &Record, form: &Typed, zone: &TimeZone) -> Result<Map<String, Json>> {
    let module = &record.module;
    let grant = work.grant(module);
    let unfit = |what: &str| Error::bad_query("invalid_date", format!("{} are not moved to {what:?}", module.name));
    let dates = dates::chosen(module, &grant, form.text("by")).ok_or_else(|| unfit("a date"))?;
    let at = form.text("at");
    let when = dates.when(record, zone).ok_or_else(|| unfit(at))?;
    let begin = begin(when.begin, at).ok_or_else(|| unfit(at))?;
    let by = when.begin.duration_until(begin);
    let mut changed = Map::new();
    if by.is_zero() {
        return Ok(changed);
    }
    for field in moved_fields(&dates, record, zone) {
        let value = record.get(&field.name);
        if let Some(moved) = dates::moved(value, by, zone).filter(|moved| moved != value) {
            changed.insert(field.name.clone(), moved.to_json());
        }
    }
    Ok(changed)
}

fn moved_fields<'m>(dates: &Dates<'m>, record: &Record, zone: &TimeZone) -> impl Iterator<Item = &'m Field> {
    [Some(dates.leading(record)), dates.last(record, zone)].into_iter().flatten()
}

/// A day keeps the time of day; an hour keeps the minutes.
fn begin(present: DateTime, at: &str) -> Option<DateTime> {
    if let Ok(day) = at.parse::<Date>().map_err(drop)
        && !at.contains('T')
    {
        return Some(day.to_datetime(present.time()));
    }
    let given: DateTime = at.parse().ok()?;
    given.with().minute(present.minute()).second(present.second()).build().ok()
}

/// The move of the process that goes with another date, where it is open.
fn reschedule(work: &mut Work<'_>, record: &Record) -> Result<Option<Transition>> {
    let Some(process) = work.definitions().process(&record.module.name).cloned() else { return Ok(None) };
    let open = work.open_transitions(&process, record)?;
    Ok(open.into_iter().find(|transition| transition.name == RESCHEDULE).cloned())
}

/// What the move asks besides the dates themselves.
fn fields(work: &Work<'_>, record: &Record, transition: &Transition, changed: &Map<String, Json>) -> Vec<Field> {
    let grant = work.grant(&record.module);
    let asked = transition.asks.iter().filter_map(|name| record.module.field(name).cloned());
    let is_date = |field: &Field| matches!(field.kind, FieldType::Date | FieldType::Datetime);
    let asked = asked.filter(|field| !changed.contains_key(&field.name) && !grant.hidden.contains(&field.name));
    let asked = asked.filter(|field| !is_date(field) || record.get(&field.name) == &Value::Null);
    asked.map(|field| Field { required: true, ..field }).collect()
}

fn view(work: &mut Work<'_>, visitor: &Visitor, module: &str, id: Id, asked: &Typed) -> Result<View> {
    let record = work.get(module, id)?;
    let zone = work.settings().zone();
    let changed = changed(work, &record, asked, &zone)?;
    let transition = reschedule(work, &record)?.ok_or_else(|| Error::not_found(module, id))?;
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, [&record])?;
    let fields = fields(work, &record, &transition, &changed).into_iter();
    let fields = fields.map(|field| (field, String::new()));
    let inputs = inputs::of(work, &mut lens, fields, visitor.partial)?;
    let title = cells::title_text(&lens, &record);
    let frame = Frame::unless_partial(work, visitor)?;
    Ok(View { frame, record, title, transition, inputs, faults: Vec::new(), asked: asked.clone() })
}

fn form_of(view: &View) -> Form<'_> {
    let carried = ["by", "at", "next"].map(|name| (name, view.asked.text(name)));
    Form {
        frame: &view.frame,
        record: &view.record,
        title: &view.title,
        transition: &view.transition,
        stage: None,
        address: format!("/{}/{}/when", view.record.module.name, view.record.id),
        carried: carried.into_iter().chain([("asked", "yes")]).collect(),
        told: Some(view.title.clone()),
        faults: &view.faults,
        inputs: &view.inputs,
        back: local(view.asked.text("next")),
    }
}
