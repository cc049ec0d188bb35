//! An SMS or a word in a chat as people write it: about a record, or in answer to one that came in; changed while it waits.

use app::App;
use app::queue::MESSAGES;
use app::writing::{Reach, SaidShort, Subject};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Id, Locale, Record};
use store::{Error, FieldError, Origin, Work};

use super::OUTBOX;
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::pages::{done, queue};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::below::Below;
use crate::ui::frame::Frame;
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::{Asked, Typed};
use crate::ui::words::IN_HAND;
use crate::ui::{Words, note};

/// Faults that stand beside their control.
const CONTROLS: [&str; 2] = ["to", "text"];

/// Which message is written.
#[derive(Clone, Debug)]
enum Which {
    /// A new one, about the record of this module.
    New(String, Id),
    /// One that has not gone yet.
    Again(Id),
}

impl Which {
    fn action(&self) -> String {
        match self {
            Self::New(module, id) => address(module, *id),
            Self::Again(id) => format!("/{MESSAGES}/{id}/reword"),
        }
    }

    fn page(&self) -> String {
        match self {
            Self::New(module, id) => format!("/{module}/{id}"),
            Self::Again(id) => format!("/{MESSAGES}/{id}"),
        }
    }
}

/// What the form shows.
struct View {
    frame: Frame,
    which: Which,
    record: Record,
    is_answer: bool,
    /// Who can be written to; of one that is changed nobody else.
    reaches: Vec<Reach>,
    typed: Typed,
    faults: Vec<FieldError>,
}

/// Where a short message about a record is written.
pub(crate) fn address(module: &str, id: Id) -> String {
    format!("/{module}/{id}/text")
}

/// The form of a new message; the query says from which part of the inbox it is written.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let which = Which::New(module.clone(), id(&module, &record)?);
    let mut typed = Typed::default();
    typed.set("from", query.text("from"));
    let view = shown(&web, visitor, which, (typed, Vec::new())).await?;
    Ok(drawn(&view.0, view.1))
}

/// The form of a message that has not gone yet.
pub(crate) async fn again(
    State(web): State<Web>,
    visitor: Visitor,
    Path(message): Path<String>,
) -> Result<Markup, Problem> {
    let which = Which::Again(id(MESSAGES, &message)?);
    let view = shown(&web, visitor, which, (Typed::default(), Vec::new())).await?;
    Ok(drawn(&view.0, view.1))
}

/// Takes a new message.
pub(crate) async fn send(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let which = Which::New(module.clone(), id(&module, &record)?);
    taken(&web, visitor, which, typed).await
}

/// Takes what a message says that has not gone yet.
pub(crate) async fn send_again(
    State(web): State<Web>,
    visitor: Visitor,
    Path(message): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let which = Which::Again(id(MESSAGES, &message)?);
    taken(&web, visitor, which, typed).await
}

async fn taken(web: &Web, visitor: Visitor, which: Which, typed: Typed) -> Result<Response, Problem> {
    let (app, meant, said) = (web.app.clone(), which.clone(), said(&typed));
    let write = move |work: &mut Work<'_>| match &meant {
        Which::New(module, id) => app.write_short(work, (module.as_str(), *id), &said),
        Which::Again(id) => app.reword_short(work, *id, &said.text),
    };
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok((_, set)) => {
            let inbox = queue::after(typed.text("from"), set);
            Ok(Redirect::to(&inbox.unwrap_or_else(|| done::address(&which.page(), set))).into_response())
        }
        // What was typed stays, also where somebody else was faster.
        Err(Error::Invalid(faults) | Error::Conflict { code: IN_HAND, errors: faults, .. }) => {
            let view = shown(web, visitor, which, (typed, faults)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn(&view.0, view.1)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn said(typed: &Typed) -> SaidShort {
    let chosen = typed.text("to").split_once(' ');
    SaidShort {
        line: chosen.and_then(|(line, _)| line.parse().ok()),
        to: chosen.map(|(_, to)| to.to_owned()),
        text: typed.get("text").unwrap_or_default().to_owned(),
    }
}

/// What the form shows, and whether it is a part of a page.
async fn shown(
    web: &Web,
    visitor: Visitor,
    which: Which,
    (typed, faults): (Typed, Vec<FieldError>),
) -> Result<(View, bool), Problem> {
    let (app, actor, partial) = (web.app.clone(), visitor.actor(), visitor.partial);
    let read = move |work: &mut Work<'_>| {
        let (record, is_answer, reaches, mut typed) = begun(&app, work, &which, typed.clone())?;
        if let (Which::Again(_), false) = (&which, typed.has("text")) {
            typed.set("text", record.text("text").unwrap_or_default());
        }
        let frame = Frame::unless_partial(work, &visitor)?;
        Ok(View { frame, which: which.clone(), record, is_answer, reaches, typed, faults: faults.clone() })
    };
    Ok((web.app.workspace().read(actor, read).await?, partial))
}

fn begun(
    app: &App,
    work: &mut Work<'_>,
    which: &Which,
    typed: Typed,
) -> store::Result<(Record, bool, Vec<Reach>, Typed)> {
    match which {
        Which::New(module, id) => {
            let subject: Subject = app.writes_about(work, module, *id)?;
            let reaches = app.reaches(work, &subject)?;
            let is_answer = subject.answered().is_some();
            Ok((subject.record, is_answer, reaches, typed))
        }
        Which::Again(id) => Ok((app.unsent_short(work, *id)?, false, Vec::new(), typed)),
    }
}

/// As a dialog, or a page.
fn drawn(view: &View, partial: bool) -> Markup {
    let l = view.frame.locale;
    let heading = l.say(match &view.which {
        Which::New(..) if view.is_answer => "write-answer",
        Which::New(..) => "short-write",
        Which::Again(_) => "short-change",
    });
    let record = &view.record;
    let (list, page, title) = (format!("/{}", record.module.name), view.which.page(), record.title());
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "write",
        heading: &heading,
        title: &heading,
        crumbs: &[(&list, record.module.label.get(l)), (&page, &title)],
    };
    let (action, send) = (view.which.action(), l.say("write-send"));
    let is_open = matches!(view.which, Which::Again(_)) || !view.reaches.is_empty();
    let button = is_open.then_some(send.as_str());
    sheet.form(&Form { kind: Kind::Typed, action: &action, rows: rows(view), button, back: (&page, &l.say("cancel")) })
}

fn rows(view: &View) -> Markup {
    let l = view.frame.locale;
    let is_new = matches!(view.which, Which::New(..));
    html! {
        @for fault in view.faults.iter().filter(|fault| !CONTROLS.contains(&fault.field.as_str())) {
            (note::bad(&l.error(fault)))
        }
        @let from = view.typed.text("from");
        @if !from.is_empty() { input type="hidden" name="from" value=(from); }
        @if is_new && view.reaches.is_empty() { (note::bad(&l.say("short-nobody"))) }
        @if is_new { (to(view)) } @else { p.dim { (l.say("write-to")) ": " (view.record.text("to_name").or_else(|| view.record.text("to")).unwrap_or("—")) } }
        @let below = below(view, "text", Some(l.say("short-help")));
        div.field {
            label for="write-text" { (l.say("write-text")) }
            textarea id="write-text" name="text" rows="5" maxlength="4096" required aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                // A browser leaves out a line break that stands first.
                "\n" (view.typed.get("text").unwrap_or_default())
            }
            (below)
        }
        p.help { (l.say("short-waits")) " " a.link href=(OUTBOX) { (l.say("outbox")) } }
    }
}

fn to(view: &View) -> Markup {
    let (l, below) = (view.frame.locale, below(view, "to", None));
    let chosen = view.typed.text("to");
    html! {
        div.field {
            label for="write-to" { (l.say("write-to")) }
            select id="write-to" name="to" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                @for reach in &view.reaches {
                    @let value = format!("{} {}", reach.line, reach.to);
                    option value=(value) selected[value == chosen] { (called(reach)) }
                }
            }
            (below)
        }
    }
}

/// Who it is, and by which line: a chat has no number that says anything to anybody.
fn called(reach: &Reach) -> String {
    let is_chat = reach.carrier.channel() == "chat";
    let number = (!is_chat).then(|| model::identity::phone::display(&reach.to));
    let who = [reach.name.clone(), number].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let who = if who.is_empty() { reach.to.clone() } else { who };
    format!("{who} · {}", reach.line_name)
}

fn below(view: &View, name: &str, help: Option<String>) -> Below<'static> {
    let l: Locale = view.frame.locale;
    let fault = view.faults.iter().find(|fault| fault.field == name).map(|fault| l.error(fault).into());
    let id = if name == "to" { "write-to" } else { "write-text" };
    Below { id, fault, help: help.map(Into::into) }
}
