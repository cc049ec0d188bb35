//! What is asked before something is made of a message: the case, the lead, or whom it is passed to; what is taken, put back
//! or needs no answer asks nothing.

use app::queue::{MESSAGES, Way, described, is_live, is_waiting};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Field, Id, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Error, Origin, Work, seen_whole};

use super::place;
use crate::pages::done;
use crate::pages::errors::sentence;
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::control::input_text;
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::{Asked, Typed};
use crate::ui::words::IN_HAND;
use crate::ui::{Lens, Words, note};

/// What is asked of a case, and of a lead.
const CASE: [&str; 3] = ["subject", "kind", "priority"];
const LEAD: [&str; 5] = ["name", "email", "phone", "company", "need"];

struct View {
    frame: Frame,
    message: Record,
    /// `case`, `lead`, `person` or `nothing`.
    way: String,
    from: String,
    /// Who had it when the sheet was asked for.
    holder: String,
    inputs: Vec<Input>,
    faults: Vec<String>,
}

/// The sheet.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path(message): Path<String>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let (id, partial, actor) = (id(MESSAGES, &message)?, visitor.partial, visitor.actor());
    let view = web.app.workspace().read(actor, move |work| read(work, &visitor, id, &query)).await?;
    Ok(view.shown(partial))
}

/// Makes it.
pub(crate) async fn make(
    State(web): State<Web>,
    visitor: Visitor,
    Path(message): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    let id = id(MESSAGES, &message)?;
    let (app, sent) = (web.app.clone(), form.clone());
    let write = move |work: &mut Work<'_>| {
        let way = way(work, &sent)?;
        app.sort(work, id, &way).map(drop)
    };
    let made = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await;
    let error = match made {
        Ok((_, set)) => return Ok(Redirect::to(&after(form.text("from"), id, set)).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) if asks(form.text("as")) => error,
        Err(error @ Error::Conflict { code: IN_HAND, .. }) => {
            let problem = Problem::from(error);
            let Some(part) = place::back(form.text("from")) else { return Err(problem) };
            // Whoever was slower sees the inbox as it is now, and who has it.
            let why = sentence(visitor.locale, &problem);
            return Ok((StatusCode::CONFLICT, super::refused(&web, visitor, part, why).await?).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let (locale, partial, actor) = (visitor.locale, visitor.partial, visitor.actor());
    let read = move |work: &mut Work<'_>| {
        let mut view = read(work, &visitor, id, &form)?;
        inputs::type_in(work, &mut view.inputs, &form, locale)?;
        Ok(view)
    };
    let mut view = web.app.workspace().read(actor, read).await?;
    let problem = Problem::from(error);
    view.faults = inputs::place_errors(&mut view.inputs, &problem.errors, locale);
    if problem.errors.is_empty() {
        view.faults.push(locale.refusal(&problem.code, &problem.detail));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, view.shown(partial)).into_response())
}

/// Where one goes on: to the part of the inbox one came from, else to the message.
fn after(from: &str, message: Id, set: Option<Id>) -> String {
    place::after(from, set).unwrap_or_else(|| done::address(&format!("/{MESSAGES}/{message}"), set))
}

fn asks(way: &str) -> bool {
    matches!(way, "case" | "lead" | "person" | "nothing")
}

fn way(work: &Work<'_>, sent: &Typed) -> store::Result<Way> {
    let mut body = Map::new();
    body.insert("into".to_owned(), Json::from(sent.text("as")));
    if !sent.text("holder").is_empty() {
        body.insert("holder".to_owned(), Json::from(sent.text("holder")));
    }
    match sent.text("as") {
        "person" if sent.text("owner").is_empty() => {}
        "nothing" => drop(body.insert("reason".to_owned(), Json::from(sent.text("aside_reason")))),
        "person" => drop(body.insert("owner".to_owned(), Json::from(sent.text("owner")))),
        "case" | "lead" => {
            let fields = asked(work, sent.text("as"))?;
            let settings = work.settings();
            let json = inputs::to_json(&fields, sent, &settings.zone(), settings.currency)?;
            body.insert("fields".to_owned(), Json::Object(json));
        }
        _ => {}
    }
    Way::read(&body)
}

/// The fields that the sheet asks for.
fn asked(work: &Work<'_>, way: &str) -> store::Result<Vec<Field>> {
    let (module, names) = match way {
        "lead" => ("leads", &LEAD[..]),
        "nothing" => {
            let field = work.module(MESSAGES)?.field("aside_reason").cloned();
            return Ok(field.into_iter().map(|field| Field { required: true, ..field }).collect());
        }
        "person" => return Ok(vec![Field { required: true, ..inputs::owner() }]),
        _ => ("cases", &CASE[..]),
    };
    let module = work.module(module)?;
    let grant = work.grant(&module);
    let is_open = |field: &&Field| !grant.hidden.contains(&field.name) && !grant.read_only.contains(&field.name);
    Ok(names.iter().filter_map(|name| module.field(name)).filter(is_open).cloned().collect())
}

fn read(work: &mut Work<'_>, visitor: &Visitor, id: Id, query: &Typed) -> store::Result<View> {
    work.check_may_update(MESSAGES, id)?;
    let message = work.get(MESSAGES, id)?;
    let way = if asks(query.text("as")) { query.text("as").to_owned() } else { "case".to_owned() };
    if !(is_waiting(&message) || way == "person" && is_live(&message)) {
        return Err(Error::conflict("already_sorted", "something has been made of this message already"));
    }
    if matches!(way.as_str(), "case" | "lead") {
        seen_whole(&message)?;
    }
    let (said, zone) = (described(&message), work.settings().zone());
    let text = |field: &Field| match (way.as_str(), field.name.as_str()) {
        ("lead", name) => said.get(name).and_then(Json::as_str).unwrap_or_default().to_owned(),
        ("case", "subject") => message.text("subject").unwrap_or_default().to_owned(),
        ("case", "priority") => input_text(field, &Value::from("normal"), &zone),
        _ => String::new(),
    };
    let fields: Vec<_> = asked(work, &way)?.into_iter().map(|field| (field.clone(), text(&field))).collect();
    let inputs = inputs::of(work, &mut Lens::of(work, visitor.locale), fields, visitor.partial)?;
    let frame = Frame::unless_partial(work, visitor)?;
    let (from, holder) = (query.text("from").to_owned(), query.text("holder").to_owned());
    Ok(View { frame, message, way, from, holder, inputs, faults: Vec::new() })
}

impl View {
    fn shown(&self, partial: bool) -> Markup {
        let l = self.frame.locale;
        let (heading, button, told) = match self.way.as_str() {
            "lead" => ("queue-lead-title", "queue-lead-do", "queue-lead-text"),
            "nothing" => ("queue-nothing-title", "queue-nothing-do", "queue-nothing-text"),
            "person" => ("queue-person-title", "queue-person-do", "queue-person-text"),
            _ => ("queue-case-title", "queue-case-do", "queue-case-text"),
        };
        let (heading, title) = (l.say(heading), self.message.title());
        let page = format!("/{MESSAGES}/{}", self.message.id);
        let back = place::back(&self.from).map_or_else(|| page.clone(), place::address);
        let sheet = Sheet {
            frame: &self.frame,
            partial,
            id: "sort",
            heading: &heading,
            title: &title,
            crumbs: &[("/messages", self.message.module.label.get(l)), (&page, &title)],
        };
        sheet.form(&Form {
            kind: Kind::Typed,
            action: &format!("{page}/sort"),
            rows: self.rows(&l.say(told)),
            button: Some(&l.say(button)),
            back: (&back, &l.say("cancel")),
        })
    }

    fn rows(&self, told: &str) -> Markup {
        html! {
            @for fault in &self.faults { (note::bad(fault)) }
            input type="hidden" name="as" value=(self.way);
            input type="hidden" name="from" value=(self.from);
            @if !self.holder.is_empty() { input type="hidden" name="holder" value=(self.holder); }
            p.dim { (told) }
            @for input in &self.inputs { (input.row(self.frame.locale)) }
        }
    }
}
