//! A call that somebody took is noted as a message: the manager who took it answers for it.

use app::queue::MESSAGES;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Field;
use model::field::FieldType;
use serde_json::json;
use store::{Error, Origin, Work};

use super::QUEUE;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, note};

/// What is asked of a call.
const ASKED: [&str; 4] = ["from", "from_name", "subject", "text"];

struct View {
    frame: Frame,
    inputs: Vec<Input>,
    faults: Vec<String>,
}

/// The sheet.
pub(crate) async fn form(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let (partial, actor) = (visitor.partial, visitor.actor());
    Ok(web.app.workspace().read(actor, move |work| read(work, &visitor)).await?.shown(partial))
}

/// Notes the call.
pub(crate) async fn make(State(web): State<Web>, visitor: Visitor, form: Typed) -> Result<Response, Problem> {
    let (app, sent, user) = (web.app.clone(), form.clone(), visitor.user.id);
    let write = move |work: &mut Work<'_>| {
        let (fields, settings) = (asked(work)?, work.settings().clone());
        let mut call = inputs::to_json(&fields, &sent, &settings.zone(), settings.currency)?;
        call.retain(|_, value| !value.is_null());
        call.insert("channel".to_owned(), json!("phone"));
        call.insert("direction".to_owned(), json!("in"));
        call.insert("owner".to_owned(), json!(user.to_string()));
        app.create(work, MESSAGES, &call).map(|(call, _)| call.id)
    };
    let made = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await;
    let error = match made {
        Ok((call, _)) => return Ok(Redirect::to(&format!("/{MESSAGES}/{call}")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let (locale, partial, actor) = (visitor.locale, visitor.partial, visitor.actor());
    let read = move |work: &mut Work<'_>| {
        let mut view = read(work, &visitor)?;
        inputs::type_in(work, &mut view.inputs, &form, locale)?;
        Ok(view)
    };
    let mut view = web.app.workspace().read(actor, read).await?;
    let problem = Problem::from(error);
    view.faults = inputs::place_errors(&mut view.inputs, &problem.errors, locale);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, view.shown(partial)).into_response())
}

fn asked(work: &Work<'_>) -> store::Result<Vec<Field>> {
    let module = work.module(MESSAGES)?;
    let required = |field: &Field| Field { required: field.name == "subject", ..field.clone() };
    Ok(ASKED.into_iter().filter_map(|name| module.field(name)).map(required).collect())
}

fn read(work: &mut Work<'_>, visitor: &Visitor) -> store::Result<View> {
    let module = work.module(MESSAGES)?;
    if !work.grant(&module).create {
        return Err(Error::forbidden("create_forbidden", format!("your roles may not create {MESSAGES}")));
    }
    let mut lens = Lens::of(work, visitor.locale);
    let fields: Vec<_> = asked(work)?.into_iter().map(|field| (relabelled(field, visitor), String::new())).collect();
    let inputs = inputs::of(work, &mut lens, fields, visitor.partial)?;
    Ok(View { frame: Frame::unless_partial(work, visitor)?, inputs, faults: Vec::new() })
}

/// Of a call the sender is a number.
fn relabelled(field: Field, visitor: &Visitor) -> Field {
    if field.name != "from" {
        return field;
    }
    let words = visitor.locale.say("queue-call-number");
    let label = model::Label { ru: words.clone(), en: words };
    Field { label, kind: FieldType::Text, ..field }
}

impl View {
    fn shown(&self, partial: bool) -> Markup {
        let l = self.frame.locale;
        let (heading, queue) = (l.say("queue-call"), l.say("queue"));
        let sheet = Sheet {
            frame: &self.frame,
            partial,
            id: "call",
            heading: &heading,
            title: &heading,
            crumbs: &[("/messages", &l.say("queue-messages")), (QUEUE, &queue)],
        };
        let rows = html! {
            @for fault in &self.faults { (note::bad(fault)) }
            @for input in &self.inputs { (input.row(l)) }
        };
        sheet.form(&Form {
            kind: Kind::Typed,
            action: "/messages/call",
            rows,
            button: Some(&l.say("queue-call-do")),
            back: (QUEUE, &l.say("cancel")),
        })
    }
}
