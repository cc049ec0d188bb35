//! A letter as people write it: about a record, or in answer to one that came in; changed or taken back while it waits. So of
//! short messages.

pub(super) mod outbox;
pub(super) mod short;
mod view;

use app::App;
use app::queue::MESSAGES;
use app::writing::{Said, Subject};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use channels::outbox::is_letter;
use maud::{Markup, html};
use model::expr::Plan;
use model::module::FILES;
use model::rights::Scope;
use model::{Id, Locale, Record, Value};
use store::{Error, FieldError, List, Origin, Sort, Work};

use super::record::id;
use super::visitor::Visitor;
use super::{done, queue};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::next::local;
use crate::ui::typed::{Asked, Typed};
use crate::ui::words::IN_HAND;
use crate::ui::{Words, icon};
use crate::uploads::{self, Parcel};

/// Where letters are that have not gone yet.
pub(crate) const OUTBOX: &str = "/outbox";
/// Files of the record on offer.
const FILES_SHOWN: usize = 30;
/// Characters of an answered letter that are quoted.
const QUOTED: usize = 10_000;

/// Which letter is written.
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
            Self::Again(id) => format!("/{MESSAGES}/{id}/rewrite"),
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
    subject: Subject,
    typed: Typed,
    /// Names and labels of templates.
    templates: Vec<(String, String)>,
    files: Vec<Record>,
    faults: Vec<FieldError>,
    /// Addresses that want no news and offers any more.
    opted_out: Vec<String>,
    /// Other letters that wait to go to the same people.
    waiting: Vec<Record>,
    /// Whether files were sent that have to be chosen again.
    lost_files: bool,
}

/// Where a letter about a record is written.
pub(super) fn address(module: &str, id: Id) -> String {
    format!("/{module}/{id}/write")
}

/// The form of a new letter.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let which = Which::New(module.clone(), id(&module, &record)?);
    opened(&web, visitor, which, query).await
}

/// The form of a letter that has not gone yet.
pub(crate) async fn again(
    State(web): State<Web>,
    visitor: Visitor,
    Path(message): Path<String>,
) -> Result<Markup, Problem> {
    let which = Which::Again(id(MESSAGES, &message)?);
    opened(&web, visitor, which, Typed::default()).await
}

/// `asked` says from which template it begins, and the part of the inbox from where it is written.
async fn opened(web: &Web, visitor: Visitor, which: Which, asked: Typed) -> Result<Markup, Problem> {
    let (template, from) = (asked.text("template").to_owned(), asked.text("from").to_owned());
    let (app, actor, partial) = (web.app.clone(), visitor.actor(), visitor.partial);
    let read = move |work: &mut Work<'_>| {
        let (subject, mut typed) = begun(&app, work, visitor.locale, &which)?;
        typed.set("from", from.as_str());
        let mut faults = Vec::new();
        if !template.is_empty() {
            match app.begin_letter(work, &subject, &template) {
                Ok(letter) => {
                    typed.set("subject", letter.subject);
                    // What stands below, signature and answered letter, stays.
                    typed.set("text", format!("{}{}", letter.text.trim_end(), typed.get("text").unwrap_or_default()));
                    typed.set("template", template.as_str());
                }
                Err(Error::Invalid(wrong)) => faults = wrong,
                Err(error) => return Err(error),
            }
        }
        shown(&app, work, &visitor, (which.clone(), subject, typed), faults)
    };
    Ok(view::form(&web.app.workspace().read(actor, read).await?, partial))
}

/// What the letter is about, and what stands in its form at first.
fn begun(app: &App, work: &mut Work<'_>, l: Locale, which: &Which) -> store::Result<(Subject, Typed)> {
    let mut typed = Typed::default();
    match which {
        Which::New(module, id) => {
            let subject = app.writes_about(work, module, *id)?;
            let mut below = signed(&work.signature()?);
            if let Some(answered) = subject.answered() {
                let was = answered.text("subject").unwrap_or_default();
                let is_answer = was.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"));
                typed.set("subject", if is_answer { was.to_owned() } else { format!("Re: {was}").trim().to_owned() });
                below.push_str(&quoted(l, answered));
            }
            typed.set("text", below);
            Ok((subject, typed))
        }
        Which::Again(id) => {
            let (letter, subject) = app.unsent_letter(work, *id)?;
            for name in ["to", "cc", "subject", "text"] {
                typed.set(name, letter.text(name).unwrap_or_default());
            }
            Ok((subject, typed))
        }
    }
}

/// What somebody signs with, below room for the letter.
fn signed(signature: &str) -> String {
    if signature.is_empty() { String::new() } else { format!("\n\n{signature}") }
}

/// The letter that is answered, below room for the answer.
fn quoted(l: Locale, answered: &Record) -> String {
    let text: String = answered.text("text").unwrap_or_default().chars().take(QUOTED).collect();
    let lines: Vec<String> = text.trim().lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
    if lines.is_empty() {
        return String::new();
    }
    let from = answered.text("from_name").or_else(|| answered.text("from")).unwrap_or("—");
    format!("\n\n{}\n{}", l.say_with("write-quoted", &[("who", from.into())]), lines.join("\n"))
}

fn shown(
    app: &App,
    work: &mut Work<'_>,
    visitor: &Visitor,
    (which, subject, typed): (Which, Subject, Typed),
    faults: Vec<FieldError>,
) -> store::Result<View> {
    let l = visitor.locale;
    let is_new = matches!(which, Which::New(..));
    let templates = if is_new { app.templates_for(work, &subject) } else { Vec::new() };
    let templates = templates.iter().map(|letter| (letter.name.clone(), letter.label.get(l).to_owned())).collect();
    let files = files_of(work, &subject.record)?;
    let opted_out = app.opted_out(work, &subject)?;
    let mut waiting = app.waiting_letters(work, &subject)?;
    waiting.retain(|letter| !matches!(which, Which::Again(id) if id == letter.id));
    let frame = Frame::unless_partial(work, visitor)?;
    Ok(View { frame, which, subject, typed, templates, files, faults, opted_out, waiting, lost_files: false })
}

/// The files of the record that may go along.
fn files_of(work: &mut Work<'_>, record: &Record) -> store::Result<Vec<Record>> {
    let Ok(module) = work.module(FILES) else { return Ok(Vec::new()) };
    if work.grant(&module).read == Scope::None {
        return Ok(Vec::new());
    }
    let filter = Plan::field(&module, "about").and_then(|about| about.eq(Value::Id(record.id)));
    let newest = vec![Sort { field: "id".to_owned(), descending: true }];
    let list = List { filter: filter.ok(), sort: newest, limit: FILES_SHOWN, ..List::default() };
    Ok(work.list(FILES, &list)?.records)
}

/// Takes a new letter.
pub(crate) async fn send(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let which = Which::New(module.clone(), id(&module, &record)?);
    taken(&web, visitor, which, request).await
}

/// Takes what a letter says that has not gone yet.
pub(crate) async fn send_again(
    State(web): State<Web>,
    visitor: Visitor,
    Path(message): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let which = Which::Again(id(MESSAGES, &message)?);
    taken(&web, visitor, which, request).await
}

async fn taken(web: &Web, visitor: Visitor, which: Which, request: Request) -> Result<Response, Problem> {
    // Nothing is taken in from whoever may not write.
    let (app, meant) = (web.app.clone(), which.clone());
    let judge = move |work: &mut Work<'_>| match &meant {
        Which::New(module, id) => app.writes_about(work, module, *id).map(drop),
        Which::Again(id) => app.unsent_letter(work, *id).map(drop),
    };
    web.app.workspace().read(visitor.actor(), judge).await?;
    let parcel = uploads::letter(web, request).await?;
    if parcel.typed.has("preview") {
        return looked_at(web, visitor, which, parcel).await;
    }
    let (app, meant, typed, has_files) =
        (web.app.clone(), which.clone(), parcel.typed.clone(), !parcel.files.is_empty());
    let said = said(&typed);
    let write = move |work: &mut Work<'_>| match &meant {
        Which::New(module, id) => app.write_letter(work, (module.as_str(), *id), &said, &parcel.files),
        Which::Again(id) => app.rewrite_letter(work, *id, &said, &parcel.files),
    };
    let faults = match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok((_, set)) => {
            let inbox = queue::after(typed.text("from"), set);
            let to = inbox.unwrap_or_else(|| done::address(&which.page(), set));
            return Ok(Redirect::to(&to).into_response());
        }
        // What was typed stays, also where somebody else was faster.
        Err(Error::Invalid(faults) | Error::Conflict { code: IN_HAND, errors: faults, .. }) => faults,
        Err(error) => return Err(error.into()),
    };
    let form = again_shown(web, visitor, which, (typed, has_files), faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
}

/// How the letter looks: a part of the page while somebody writes, else the form with that in it. Nothing is kept.
async fn looked_at(web: &Web, visitor: Visitor, which: Which, parcel: Parcel) -> Result<Response, Problem> {
    if visitor.partial {
        return Ok(view::look(visitor.locale, parcel.typed.get("text")).into_response());
    }
    let has_files = !parcel.files.is_empty();
    Ok(again_shown(web, visitor, which, (parcel.typed, has_files), Vec::new()).await?.into_response())
}

/// The form with what was typed.
async fn again_shown(
    web: &Web,
    visitor: Visitor,
    which: Which,
    (typed, has_files): (Typed, bool),
    faults: Vec<FieldError>,
) -> Result<Markup, Problem> {
    let (app, actor, partial) = (web.app.clone(), visitor.actor(), visitor.partial);
    let read = move |work: &mut Work<'_>| {
        let (subject, _) = begun(&app, work, visitor.locale, &which)?;
        let mut view = shown(&app, work, &visitor, (which.clone(), subject, typed.clone()), faults.clone())?;
        view.lost_files = has_files;
        Ok(view)
    };
    Ok(view::form(&web.app.workspace().read(actor, read).await?, partial))
}

fn said(typed: &Typed) -> Said {
    let some = |name: &str| Some(typed.text(name).to_owned()).filter(|text| !text.is_empty());
    let cc = typed.text("cc").split([',', ';', ' ', '\n', '\r']).filter(|address| !address.is_empty());
    Said {
        to: some("to"),
        cc: cc.map(str::to_owned).collect(),
        subject: typed.text("subject").to_owned(),
        text: typed.get("text").unwrap_or_default().to_owned(),
        template: some("template"),
        files: typed.all("files").filter_map(|id| id.parse().ok()).collect(),
        anyway: typed.has("anyway"),
    }
}

/// Takes a letter back that has not gone yet; a draft goes to the bin.
pub(crate) async fn take_back(
    State(web): State<Web>,
    visitor: Visitor,
    Path(message): Path<String>,
    form: Typed,
) -> Result<Redirect, Problem> {
    let (app, id) = (web.app.clone(), id(MESSAGES, &message)?);
    let write = move |work: &mut Work<'_>| app.take_letter_back(work, id).map(drop);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    Ok(Redirect::to(local(form.text("next"))))
}

/// Where the answer to a message is written: what came by a line goes back by it.
pub(super) fn answer_address(message: &Record) -> String {
    if is_letter(message) { address(MESSAGES, message.id) } else { short::address(MESSAGES, message.id) }
}

/// Where a message is changed that has not gone yet.
fn again_address(message: &Record) -> String {
    let how = if is_letter(message) { "rewrite" } else { "reword" };
    format!("/{MESSAGES}/{}/{how}", message.id)
}

/// What is done with a message of one's own that has not gone yet.
pub(super) fn unsent(l: Locale, message: &Record, back: &str) -> Markup {
    let at = again_address(message);
    html! {
        div.buttons {
            a.btn.quiet.small href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::PENCIL)) (l.say("write-change")) }
            (take_back_button(l, message.id, back, "write-take-back"))
        }
    }
}

fn take_back_button(l: Locale, letter: Id, next: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(format!("/{MESSAGES}/{letter}/take-back")) {
            input type="hidden" name="next" value=(next);
            button.btn.quiet.small { (icon(assets::icon::UNDO_2)) (l.say(label)) }
        }
    }
}

/// That a letter goes in a moment, with the way back to writing it.
pub(super) fn toast(l: Locale, letter: &Record) -> Markup {
    let again = again_address(letter);
    let to = letter.text("to_name").filter(|_| letter.text("channel") == Some("chat")).or_else(|| letter.text("to"));
    let key = if is_letter(letter) { "write-goes" } else { "short-goes" };
    html! {
        div.toast.good {
            span { (l.say_with(key, &[("email", to.unwrap_or("—").into())])) }
            (take_back_button(l, letter.id, &again, "undo"))
            button.btn.quiet.small.icon type="button" data-dismiss aria-label=(l.say("close")) { (icon(assets::icon::X)) }
        }
    }
}
