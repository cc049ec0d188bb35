//! A record as a page: its fields, its story, what is linked to it, what can be done with it.

pub(crate) mod access;
mod checklist;
mod checks;
mod conflict;
mod conversation;
mod duplicates;
pub(crate) mod edit;
pub(crate) mod enclosed;
mod fields;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod letter;
mod linked;
mod outlook;
mod past;
mod plan;
mod road;
mod story;
pub(crate) mod tags;
pub(crate) mod talk;
pub(crate) mod transition;
mod view;
mod writing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::App;
use app::queue::MESSAGES;
use app::timeline::Entry;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::process::{Process, Transition};
use model::rights::{Grant, Scope};
use model::{Id, Record};
use store::{Erasure, Error, Origin, Work};

use self::duplicates::Duplicate;
use self::linked::Linked;
use super::visitor::Visitor;
use super::{done, rejected};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Lens;
use crate::ui::frame::Frame;
use crate::ui::typed::Asked;

pub(super) use talk::ACTIVITIES;

/// Entries of the story that are shown at once.
const STORY: usize = 100;

/// What the page shows.
struct View {
    frame: Frame,
    lens: Lens,
    record: Record,
    grant: Grant,
    /// Whether the reader may change it.
    is_open: bool,
    process: Option<Arc<Process>>,
    moves: Vec<Transition>,
    /// Moves that the reader could make if they were somebody else.
    four_eyes: Vec<Transition>,
    /// The stages in which it has stood.
    visited: BTreeSet<String>,
    /// What came in a request that was rejected.
    came: Vec<rejected::Came>,
    story: Vec<Entry>,
    /// What of the story is shown.
    part: story::Part,
    /// Change sets of the story that have no way back, and why.
    hopeless: BTreeMap<Id, &'static str>,
    /// Where what is older begins.
    older: Option<String>,
    plans: plan::Plans,
    enclosed: enclosed::Enclosed,
    talk: talk::Talk,
    writing: writing::Writing,
    /// The other messages of a conversation.
    conversation: Vec<Record>,
    files: files::Files,
    linked: Vec<Linked>,
    checklist: checklist::Checklist,
    checks: checks::Checks,
    duplicates: Vec<Duplicate>,
    order: Option<super::order::Order>,
    /// Whether the invoice of a deal waits until the organisation says who sells.
    waits_for_seller: bool,
    surveys: super::surveys::Part,
    papers: super::papers::Papers,
    /// When the person was erased.
    erasure: Option<Erasure>,
    /// Whether the reader may hand out and erase all that is known of the person.
    may_erase: bool,
}

/// The id in a path; what is no id is not there.
pub(crate) fn id(module: &str, text: &str) -> Result<Id, Problem> {
    text.parse().map_err(|_| Error::NotFound { module: module.to_owned(), id: text.to_owned() }.into())
}

/// The page.
pub(crate) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
) -> Result<Response, Problem> {
    let id = id(&module, &record)?;
    let (app, actor) = (web.app.clone(), visitor.actor());
    if let Some(typed) = query.get(past::AS_OF) {
        return past::page(&web, visitor, (module, id), typed.to_owned()).await;
    }
    let (part, here, partial) = (story::Part::of(&query), format!("/{module}/{id}"), visitor.partial);
    let done = query.text(done::DONE).to_owned();
    if module == "events" && query.text("view") != "card" {
        let read = move |work: &mut Work<'_>| {
            let toast = done::toast(work, visitor.locale, &done, &here)?;
            Ok(super::event::read(&app, work, &visitor, id)?.with(toast))
        };
        let view = web.app.workspace().read(actor, read).await?;
        return Ok(super::event::page(&view).into_response());
    }
    let is_further = partial && part.is_older();
    let read_it = if is_further { further } else { read };
    let read = move |work: &mut Work<'_>| {
        let mut view = read_it(&app, work, &visitor, (&module, id), part.clone())?;
        view.frame.toast = done::toast(work, visitor.locale, &done, &here)?;
        Ok(view)
    };
    let mut view = web.app.workspace().read(actor, read).await?;
    view.enclosed = view.enclosed.measured(&web.app).await?;
    Ok(if is_further { story::further(&view) } else { view::page(&view) }.into_response())
}

/// Moves the record to the bin.
pub(crate) async fn delete(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
) -> Result<Redirect, Problem> {
    let (app, id, list) = (web.app.clone(), id(&module, &record)?, format!("/{module}"));
    let delete = move |work: &mut Work<'_>| app.delete(work, &module, id, None);
    let (_, set) = web.app.workspace().write(visitor.author(), Origin::from("interface"), delete).await?;
    Ok(Redirect::to(&set.map_or(list.clone(), |set| format!("{list}?done={set}"))))
}

/// Takes the record out of the bin.
pub(crate) async fn restore(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
) -> Result<Redirect, Problem> {
    let (app, id, page) = (web.app.clone(), id(&module, &record)?, format!("/{module}/{record}"));
    let restore = move |work: &mut Work<'_>| app.restore(work, &module, id);
    let (_, set) = web.app.workspace().write(visitor.author(), Origin::from("interface"), restore).await?;
    Ok(Redirect::to(&done::address(&page, set)))
}

/// The whole page.
fn read(
    app: &App,
    work: &mut Work<'_>,
    visitor: &Visitor,
    (module, id): (&str, Id),
    part: story::Part,
) -> store::Result<View> {
    let mut view = further(app, work, visitor, (module, id), part)?;
    if let Some(process) = view.process.clone().filter(|_| view.is_open) {
        view.moves = open_moves(work, &process, &view.record)?;
        view.four_eyes = work.four_eyes_transitions(&process, &view.record)?.into_iter().cloned().collect();
    }
    let (module_of, now) = (view.record.module.clone(), work.now());
    view.visited = road::visited(work, view.process.as_deref(), (&module_of, id), now)?;
    view.came = rejected::came(work, visitor.locale, &view.record);
    view.files = files::read(work, &view.record)?;
    view.writing.is_open = view.is_open && module != MESSAGES && app.takes_letters(work, &view.record)?;
    view.writing.texts = view.is_open && module != MESSAGES && app.takes_shorts(work, &view.record)?;
    view.conversation = conversation::read(work, &mut view.lens, &view.record)?;
    view.linked = linked::of(app, work, &mut view.lens, &view.record)?;
    view.checks = checks::read(&view.record, view.process.as_deref());
    let way = (view.process.as_deref(), view.moves.as_slice());
    view.checklist = checklist::read(work, &view.record, way, view.is_open)?;
    view.duplicates = duplicates::of(work, &view.record)?;
    if module == "orders" {
        view.order = Some(super::order::read(app, work, &mut view.lens, &view.record)?);
    }
    let is_draft = module == "invoices" && view.record.text("status") == Some("draft");
    view.waits_for_seller = is_draft || app.ticketing().deal_waits_for_seller(work, &view.record)?;
    view.surveys = super::surveys::read(work, &view.record, view.is_open)?;
    view.papers = super::papers::read(app, work, &view.record, view.is_open)?;
    view.frame = Frame::read(work, visitor)?;
    Ok(view)
}

/// The story alone, as it is asked for by whoever reads further back.
fn further(
    app: &App,
    work: &mut Work<'_>,
    visitor: &Visitor,
    (module, id): (&str, Id),
    part: story::Part,
) -> store::Result<View> {
    let record = app.get(work, module, id)?;
    let grant = work.grant(&record.module);
    let erasure = work.erasure_of(&record)?;
    let is_open = record.deleted_at.is_none() && erasure.is_none() && may_update(work, &record)?;
    let may_erase = record.module.is_of_people() && work.may_erase();
    let process = work.definitions().process(module).cloned();
    let mut lens = Lens::of(work, visitor.locale);
    let told = app::timeline::timeline(work, module, id, part.kind, (part.before.as_deref(), STORY))?;
    let (story, older) = (told.entries, told.next);
    let (mut changes, mut about) = (Vec::new(), vec![&record]);
    for entry in &story {
        match entry {
            Entry::Change(change) => changes.push(&**change),
            Entry::About(other) => about.push(other),
        }
    }
    lens.learn(work, about)?;
    let sets: BTreeSet<Id> = changes.iter().map(|change| change.change_set).collect();
    lens.learn_changes(work, &record.module, changes)?;
    let hopeless = app.hopeless(work, &record, &sets)?;
    let talk = talk::read(work, &mut lens, &record, &story)?;
    let plans = plan::read(work, &mut lens, &record, &story)?;
    let enclosed = enclosed::read(work, &record, &story)?;
    let writing = writing::read(work, &record, &story)?;
    Ok(View {
        frame: Frame::bare(work, visitor),
        lens,
        record,
        grant,
        is_open,
        process,
        moves: Vec::new(),
        four_eyes: Vec::new(),
        visited: BTreeSet::new(),
        came: Vec::new(),
        story,
        hopeless,
        part,
        older,
        plans,
        enclosed,
        talk,
        writing,
        conversation: Vec::new(),
        files: files::Files::default(),
        linked: Vec::new(),
        checklist: checklist::Checklist::default(),
        checks: checks::Checks::default(),
        duplicates: Vec::new(),
        order: None,
        waits_for_seller: false,
        surveys: super::surveys::Part::default(),
        papers: super::papers::Papers::default(),
        erasure,
        may_erase,
    })
}

/// The moves that whoever works may make with a record now, as far as they would do something.
pub(super) fn moves(work: &mut Work<'_>, process: &Process, record: &Record) -> store::Result<Vec<Transition>> {
    let is_open = record.deleted_at.is_none() && may_update(work, record)?;
    if is_open { open_moves(work, process, record) } else { Ok(Vec::new()) }
}

fn open_moves(work: &mut Work<'_>, process: &Process, record: &Record) -> store::Result<Vec<Transition>> {
    let open = app::transitions::open_to(work, process, record)?.into_iter();
    Ok(open.filter(|transition| outlook::has_effect(record, transition)).cloned().collect())
}

/// Whether whoever works may change the record.
pub(crate) fn may_update(work: &mut Work<'_>, record: &Record) -> store::Result<bool> {
    match work.check_may_update(&record.module.name, record.id) {
        Ok(()) => Ok(true),
        Err(Error::Forbidden { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether whoever has these rights may move it to the bin. Records of typed services end by their own moves.
fn may_delete(record: &Record, grant: &Grant) -> bool {
    grant.delete != Scope::None && record.module.service.is_none()
}
