//! A new record: a form over the module's fields. What was typed is kept when something is wrong with it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rights::Grant;
use model::{Field, Id, Module, Value};
use serde_json::json;
use store::{Error, Origin, Work};

use super::known::{self, KNOWN};
use super::quick;
use super::record::ACTIVITIES;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::control::{input_text, soon, typed_text};
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words, note};

/// Whether somebody with these rights makes records of the module by filling in fields. Records of typed services are made
/// in their own ways, and letters are written on the page of what they are about.
pub(crate) fn can_be_made(module: &Module, grant: &Grant) -> bool {
    // What its author alone changes is written on the page of what it is about.
    let comes_in = ["messages", "rejected_requests"].contains(&module.name.as_str());
    grant.create && module.service.is_none() && !module.authored && !comes_in
}

pub(super) struct View {
    pub(super) frame: Frame,
    pub(super) module: Arc<Module>,
    pub(super) inputs: Vec<Input>,
    /// The event that the record is to belong to, where the address says so.
    event: Option<(Id, String)>,
    /// What is wrong and belongs to no field.
    pub(super) faults: Vec<String>,
    /// Modules of which the visitor makes records by hand.
    pub(super) others: Vec<Arc<Module>>,
}

/// The empty form; values in the address stand in it.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    Asked(given): Asked,
) -> Result<Markup, Problem> {
    let partial = visitor.partial;
    let view = web.app.workspace().read(visitor.actor(), move |work| read(work, &visitor, &module, &given));
    let view = view.await?;
    Ok(if partial { quick::dialog(&view) } else { page(&view) })
}

/// Makes the record.
pub(crate) async fn create(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    let (app, name, typed, user) = (web.app.clone(), module.clone(), form.clone(), visitor.user.id);
    let make = move |work: &mut Work<'_>| {
        let known = made_by_hand(work, &name)?;
        let fields = inputs::filled_by_hand(work, &known, &work.grant(&known), true);
        let currency = inputs::currency(work, typed.text("event").parse().ok());
        let mut json = inputs::to_json(&fields, &typed, &work.settings().zone(), currency)?;
        // What was left empty takes its default.
        json.retain(|_, value| !value.is_null());
        // Whoever makes a record answers for it, unless they chose somebody else, or nobody.
        if known.owners && !typed.has("owner") {
            json.insert("owner".to_owned(), json!(user.to_string()));
        }
        app.create(work, &name, &json).map(|(record, _)| record.id)
    };
    let made = web.app.workspace().write(visitor.author(), Origin::from("interface"), make).await;
    let error = match made {
        Ok((id, Some(set))) if visitor.partial => return quick::made(&web, visitor, module, id, set).await,
        Ok((id, _)) => return Ok(Redirect::to(&after(&module, id, form.text("event"))).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let (locale, partial) = (visitor.locale, visitor.partial);
    let view = web.app.workspace().read(visitor.actor(), move |work| {
        let mut given = Typed::default();
        given.set("event", form.text("event"));
        for choice in [soon::name("starts_at"), soon::name("due_at")].iter().filter(|choice| form.has(choice)) {
            given.set(choice, form.text(choice));
        }
        let mut view = read(work, &visitor, &module, &given)?;
        inputs::type_in(work, &mut view.inputs, &form, locale)?;
        if view.module.identity.is_some() {
            known::tell(work, locale, &mut view.inputs)?;
        }
        Ok(view)
    });
    let mut view = view.await?;
    let problem = Problem::from(error);
    let module = view.module.clone();
    view.faults = inputs::place_errors_of(&module, &mut view.inputs, &problem.errors, locale);
    inputs::mark_missing(&mut view.inputs, locale);
    if problem.errors.is_empty() {
        view.faults.push(locale.refusal(&problem.code, &problem.detail));
    }
    let again = if partial { quick::dialog(&view) } else { page(&view) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// Where one is led from a new record: a ticket type is one step of setting an event up, so back to the event.
fn after(module: &str, id: Id, event: &str) -> String {
    match event.parse::<Id>() {
        Ok(event) if module == "ticket_types" => format!("/events/{event}#{id}"),
        _ => format!("/{module}/{id}"),
    }
}

fn made_by_hand(work: &Work<'_>, name: &str) -> store::Result<Arc<Module>> {
    let module = work.module(name)?;
    let grant = work.grant(&module);
    if grant.create && !can_be_made(&module, &grant) {
        return Err(Error::NoModule(name.to_owned()));
    }
    if !grant.create {
        return Err(Error::forbidden("create_forbidden", format!("your roles may not make records of {name}")));
    }
    Ok(module)
}

fn inputs_of(
    work: &mut Work<'_>,
    visitor: &Visitor,
    module: &Module,
    lens: &mut Lens,
    given: &Typed,
) -> store::Result<Vec<Input>> {
    let fields = inputs::filled_by_hand(work, module, &work.grant(module), true);
    let zone = work.settings().zone();
    let text = |field: &Field| match field.name.as_str() {
        name if given.has(name) || given.has(&soon::name(name)) => typed_text(field, name, given),
        "owner" => visitor.user.id.to_string(),
        _ => {
            let default = field.default.as_ref().map_or(Value::Null, |json| lens.read_value(field, json));
            input_text(field, &default, &zone)
        }
    };
    let fields: Vec<_> = fields.into_iter().map(|field| (field.clone(), text(&field))).collect();
    let mut inputs = inputs::of(work, lens, fields, visitor.partial)?;
    if module.name == ACTIVITIES {
        offer_soon(&mut inputs, lens, given);
    }
    Ok(inputs)
}

fn read(work: &mut Work<'_>, visitor: &Visitor, name: &str, given: &Typed) -> store::Result<View> {
    let module = made_by_hand(work, name)?;
    let mut lens = Lens::of(work, visitor.locale);
    let inputs = inputs_of(work, visitor, &module, &mut lens, given)?;
    let event = match given.text("event").parse::<Id>() {
        Ok(id) => {
            lens.learn_link(work, "events", id)?;
            lens.title("events", id).map(|name| (id, name.to_owned()))
        }
        Err(_) => None,
    };
    let others = quick::makeable(work);
    Ok(View { frame: Frame::unless_partial(work, visitor)?, module, inputs, event, faults: Vec::new(), others })
}

/// When something is to be done is asked for first: a meeting has a beginning, anything else a term.
fn offer_soon(inputs: &mut [Input], lens: &Lens, given: &Typed) {
    let is_begun = |name: &str| given.has(name) || given.has(&soon::name(name));
    let begins = !is_begun("due_at") && (given.text("kind") == "meeting" || is_begun("starts_at"));
    let asked = if begins { "starts_at" } else { "due_at" };
    inputs.iter_mut().filter(|input| input.field.name == asked).for_each(|input| input.offer_soon(lens));
}

fn page(view: &View) -> Markup {
    let l = view.frame.locale;
    let at = format!("/{}", view.module.name);
    let heading = l.say_with("new-title", &[("name", view.module.one.get(l).into())]);
    let event = view.event.as_ref().map(|(id, name)| (format!("/events/{id}"), name));
    let of_event = event.as_ref().map(|(address, name)| (address.as_str(), name.as_str()));
    let crumbs: Vec<_> = [(at.as_str(), view.module.label.get(l))].into_iter().chain(of_event).collect();
    let sheet = Sheet {
        frame: &view.frame,
        partial: false,
        id: "new-record",
        heading: &heading,
        title: &heading,
        crumbs: &crumbs,
    };
    sheet.form(&Form {
        kind: Kind::Typed,
        action: &format!("{at}/new"),
        rows: rows(view),
        button: Some(&l.say("save")),
        back: (&at, &l.say("cancel")),
    })
}

/// What is wrong, and the controls.
pub(super) fn rows(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        (inputs::summary(&view.inputs, l))
        @if view.module.identity.is_some() { template data-known=(KNOWN) {} }
        @for fault in &view.faults { (note::bad(fault)) }
        (inputs::rows(&view.module, &view.inputs, l))
    }
}
