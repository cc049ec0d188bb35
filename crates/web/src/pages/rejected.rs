//! A rejected request is corrected and sent again: the fields as they came, with what is wrong beside each.

use app::rejected::{REJECTED, content, faults};
use app::requests;
use app::site_letters::kept;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::field::SetBy;
use model::{Field, FieldType, Id, Label, Locale, Record, Value};
use serde_json::Value as Json;
use store::{Error, FieldError, Origin, Work};

use super::done;
use super::record::id;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::control::{input_text, is_typed};
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::site_letter;
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, icon, note};

/// What a fault of the source of a request is told of, and what people call it.
const SOURCE: &str = "form";
const FROM: &str = "requests-kind";

struct View {
    frame: Frame,
    request: Record,
    inputs: Vec<Input>,
    faults: Vec<String>,
}

/// The button on the page of a request that waits.
pub(super) fn button(l: model::Locale, request: &Record) -> Markup {
    let at = format!("/{REJECTED}/{}/resubmit", request.id);
    html! {
        @if is_waiting(request) {
            a.btn.main-action href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::SEND)) (l.say("resubmit")) }
        }
    }
}

/// A field of a rejected request: what it is called, what came, and what is wrong with it.
pub(super) struct Came {
    label: String,
    value: String,
    why: Option<String>,
}

/// What came in a rejected request, field by field; nothing of any other record.
pub(super) fn came(work: &Work<'_>, l: model::Locale, request: &Record) -> Vec<Came> {
    let module = Some(request).filter(|request| request.module.name == REJECTED);
    let Some(module) = module.and_then(|request| work.module(request.text("target")?).ok()) else { return Vec::new() };
    let (mut sent, wrong, grant) = (content(request), faults(request), work.grant(&module));
    sent.remove(requests::KEPT);
    if let Some(letter) = kept(request) {
        let text = Came { label: l.say(site_letter::LETTER), value: letter.text, why: None };
        let refused = wrong.iter().map(|fault| {
            let label = site_letter::place(l, &module, &fault.field);
            Came { label, value: String::new(), why: Some(l.error(fault)) }
        });
        return refused.chain([text]).collect();
    }
    let missing = wrong.iter().map(|fault| &fault.field).filter(|name| !sent.contains_key(*name));
    let names = sent.keys().chain(missing).filter(|name| !grant.hidden.contains(name));
    let one = |name: &String| {
        let fault = wrong.iter().find(|fault| fault.field == *name);
        if let Some(fault) = fault.filter(|fault| fault.field == SOURCE) {
            return Came { label: l.say(FROM), value: fault.message.clone(), why: Some(l.error(fault)) };
        }
        let field = module.field(name);
        let text = match sent.get(name) {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let option = field.and_then(|field| field.option(&text)).map(|option| option.label.get(l).to_owned());
        Came {
            label: field.map_or_else(|| name.clone(), |field| field.called(l).to_owned()),
            value: option.unwrap_or(text),
            why: fault.map(|fault| l.error(fault)),
        }
    };
    // What a network or program tells besides stands there, too.
    let more = requests::kept(request).map(|kept| requests::found(work, &kept).1).unwrap_or_default();
    let more = more.into_iter().map(|(label, value)| Came { label, value, why: None });
    names.map(one).chain(more).collect()
}

/// The same, drawn on the page of the request.
pub(super) fn section(l: model::Locale, came: &[Came]) -> Markup {
    html! {
        @if !came.is_empty() {
            section.group {
                h2 { (l.say("resubmit-came")) }
                dl.fields.roomy {
                    @for field in came {
                        dt { (field.label) }
                        dd {
                            @if field.value.is_empty() { span.faint { "—" } } @else { (field.value) }
                            @if let Some(why) = &field.why { br; span.bad { (why) } }
                        }
                    }
                }
            }
        }
    }
}

fn is_waiting(request: &Record) -> bool {
    request.module.name == REJECTED && request.text("status") == Some("waiting")
}

/// The sheet.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path(request): Path<String>,
) -> Result<Markup, Problem> {
    let (id, partial, actor) = (id(REJECTED, &request)?, visitor.partial, visitor.actor());
    let read = move |work: &mut Work<'_>| {
        let mut view = read(work, &visitor, id)?;
        let told = named(work, &view.request, faults(&view.request), visitor.locale);
        view.faults = inputs::place_errors(&mut view.inputs, &told, visitor.locale);
        Ok(view)
    };
    Ok(web.app.workspace().read(actor, read).await?.shown(partial))
}

/// Sends it again.
pub(crate) async fn make(
    State(web): State<Web>,
    visitor: Visitor,
    Path(request): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    let id = id(REJECTED, &request)?;
    let made = match web.app.fetch_rejected(visitor.actor(), id).await {
        Ok(is_fetched) => {
            let (app, sent) = (web.app.clone(), form.clone());
            let write = move |work: &mut Work<'_>| {
                let request = work.get(REJECTED, id)?;
                let (fields, settings) = (asked(work, &request)?, work.settings().clone());
                // What was not there yet nobody could correct.
                let fields = if is_fetched { Vec::new() } else { fields };
                let corrected = inputs::to_json(&fields, &sent, &settings.zone(), settings.currency)?;
                app.resubmit(work, id, &corrected).map(drop)
            };
            web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await
        }
        Err(error) => Err(error),
    };
    let error = match made {
        Ok((_, set)) => {
            return Ok(Redirect::to(&done::address(&format!("/{REJECTED}/{id}"), set)).into_response());
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let (locale, partial, actor) = (visitor.locale, visitor.partial, visitor.actor());
    let mut problem = Problem::from(error);
    let told = std::mem::take(&mut problem.errors);
    let read = move |work: &mut Work<'_>| {
        let mut view = read(work, &visitor, id)?;
        inputs::type_in(work, &mut view.inputs, &form, locale)?;
        let told = named(work, &view.request, told.clone(), locale);
        Ok((view, told))
    };
    let (mut view, told) = web.app.workspace().read(actor, read).await?;
    problem.errors = told;
    view.faults = inputs::place_errors(&mut view.inputs, &problem.errors, locale);
    if problem.errors.is_empty() {
        let words = locale.refusal(&problem.code, &problem.detail);
        // What the other side said is no sentence of ours.
        let is_theirs = problem.code == "request_unfetched";
        view.faults.push(if is_theirs { format!("{words} ({})", problem.detail) } else { words });
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, view.shown(partial)).into_response())
}

/// Faults of a letter of a site, each with what it is about in words.
fn named(work: &Work<'_>, request: &Record, faults: Vec<FieldError>, l: Locale) -> Vec<FieldError> {
    if requests::kept(request).is_some() {
        let called = |field: &str| if field == SOURCE { l.say(FROM) } else { field.to_owned() };
        return faults.into_iter().map(|fault| FieldError { field: called(&fault.field), ..fault }).collect();
    }
    let module = kept(request).and_then(|_| work.module(request.text("target")?).ok());
    let Some(module) = module else { return faults };
    let called = |field: &str| if field == "text" { field.to_owned() } else { site_letter::place(l, &module, field) };
    faults.into_iter().map(|fault| FieldError { field: called(&fault.field), ..fault }).collect()
}

/// The fields that came, and those that are missing.
fn asked(work: &Work<'_>, request: &Record) -> store::Result<Vec<Field>> {
    let module = work.module(request.text("target").unwrap_or_default())?;
    if kept(request).is_some() {
        let label = Label { ru: Locale::Ru.say(site_letter::LETTER), en: Locale::En.say(site_letter::LETTER) };
        return Ok(vec![Field { label, required: true, ..Field::new("text", FieldType::LongText) }]);
    }
    let (mut sent, wrong, grant) = (content(request), faults(request), work.grant(&module));
    let of_line = requests::kept(request);
    if of_line.as_ref().is_some_and(|kept| kept.unfetched.is_some()) {
        return Ok(Vec::new());
    }
    // Of a request that was answered elsewhere whatever its form asks for may be corrected.
    let form = of_line.as_ref().and_then(|kept| work.definitions().form(&kept.form));
    for asked in form.iter().flat_map(|form| &form.fields).filter(|asked| !asked.file) {
        sent.entry(asked.field.clone()).or_insert(Json::Null);
    }
    let is_asked = |field: &&Field| {
        is_typed(field)
            && field.set_by != SetBy::Process
            && !grant.hidden.contains(&field.name)
            && (sent.contains_key(&field.name) || wrong.iter().any(|fault| fault.field == field.name))
    };
    Ok(module.fields.iter().filter(is_asked).cloned().collect())
}

fn read(work: &mut Work<'_>, visitor: &Visitor, id: Id) -> store::Result<View> {
    work.check_may_update(REJECTED, id)?;
    let request = work.get(REJECTED, id)?;
    if !is_waiting(&request) {
        return Err(Error::conflict("invalid_transition", "this request does not wait to be corrected"));
    }
    let (mut sent, settings) = (content(&request), work.settings().clone());
    if let Some(kept) = requests::kept(&request) {
        for (name, value) in requests::found(work, &kept).0 {
            sent.entry(name).or_insert(value);
        }
    }
    let letter = kept(&request);
    let text = |field: &Field| {
        // Of a letter of a site its text alone is corrected.
        if let Some(letter) = &letter {
            return letter.text.clone();
        }
        let Some(json) = sent.get(&field.name) else { return String::new() };
        match (Value::read(field, json, settings.reading()), json) {
            (Ok(value), _) => input_text(field, &value, &settings.zone()),
            // What cannot be read stands there as it came.
            (Err(_), Json::String(text)) => text.clone(),
            (Err(_), other) => other.to_string(),
        }
    };
    let fields: Vec<_> = asked(work, &request)?.into_iter().map(|field| (field.clone(), text(&field))).collect();
    let inputs = inputs::of(work, &mut Lens::of(work, visitor.locale), fields, visitor.partial)?;
    let frame = Frame::unless_partial(work, visitor)?;
    Ok(View { frame, request, inputs, faults: Vec::new() })
}

impl View {
    fn shown(&self, partial: bool) -> Markup {
        let l = self.frame.locale;
        let (heading, title) = (l.say("resubmit"), self.request.title());
        let (list, page) = (format!("/{REJECTED}"), format!("/{REJECTED}/{}", self.request.id));
        let sheet = Sheet {
            frame: &self.frame,
            partial,
            id: "resubmit",
            heading: &heading,
            title: &title,
            crumbs: &[(&list, self.request.module.label.get(l)), (&page, &title)],
        };
        let rows = html! {
            @for fault in &self.faults { (note::bad(fault)) }
            p.dim { (l.say("resubmit-text")) }
            @for input in &self.inputs { (input.row(l)) }
        };
        sheet.form(&Form {
            kind: Kind::Typed,
            action: &format!("{page}/resubmit"),
            rows,
            button: Some(&l.say("resubmit-do")),
            back: (&page, &l.say("cancel")),
        })
    }
}
