//! An act on many records, done: turn by turn, so that nobody else waits long, and under one change set, so that it is taken
//! back as one.

use std::sync::Arc;

use app::App;
use model::{Actor, Field, Id, Module, Record};
use serde_json::{Map, Value as Json};
use store::{Error, FieldError, List, Origin, Result, Sort, Work};

use super::super::query::Query;
use crate::acting::{Ended, Progress};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::control;
use crate::ui::inputs;
use crate::ui::typed::Typed;

/// Records of one turn …
const TURN: usize = 500;
/// … and where a typed service does the work under its locks.
const SERVICE_TURN: usize = 50;
/// Records that are told of when they could not be changed.
const TOLD: usize = 20;

/// How many records of a module one turn takes.
fn turn_of(module: &Module) -> usize {
    if module.service.is_some() { SERVICE_TURN } else { TURN }
}

/// What is done, and to what.
#[derive(Clone)]
pub(super) struct Deed {
    pub(super) module: Arc<Module>,
    pub(super) what: What,
    pub(super) to: Picked,
    /// How many records there were when it was asked for.
    pub(super) count: usize,
}

#[derive(Clone)]
pub(super) enum What {
    /// A field, as it was typed.
    Set(Box<Field>, Typed),
    /// A move by its name, with what it asks.
    Move(String, Vec<Field>, Typed),
    Delete,
    Restore,
}

#[derive(Clone)]
pub(super) enum Picked {
    These(Vec<Id>),
    /// All that a list finds.
    Found(Box<Query>),
}

/// What came of it.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) done: usize,
    /// Under which change set; nothing where nothing was written.
    pub(super) set: Option<Id>,
    /// The first records that were refused: what they are called, and why.
    pub(super) failed: Vec<(String, Error)>,
    /// How many were.
    pub(super) refused: usize,
    /// Why it ended before its end; what was done until then stands.
    pub(super) broken: Option<Error>,
    /// Whether whoever began it has stopped it.
    pub(super) stopped: bool,
}

impl Outcome {
    /// Whether nothing was left out.
    pub(super) fn is_whole(&self) -> bool {
        self.failed.is_empty() && self.broken.is_none() && !self.stopped
    }

    /// What of it is told to whoever did not wait for it.
    pub(super) fn ended(self, operation: &'static str) -> Ended {
        let is_whole = self.is_whole();
        let why = self.broken.map(Problem::from);
        Ended { operation, done: self.done, refused: self.refused, is_whole, why, set: self.set }
    }

    /// What is wrong with what was typed, where nothing was done for that.
    pub(super) fn refusal(&self) -> Option<Vec<FieldError>> {
        match self.failed.first() {
            Some((_, Error::Invalid(errors))) if self.done == 0 => Some(errors.clone()),
            _ => None,
        }
    }
}

/// Does it to the end, until it is stopped, or to the turn that fails. Whoever was kept out meanwhile does nothing more, and a right that was
/// taken from them holds from the next turn on.
pub(super) async fn run(web: Web, user: Id, actor: Actor, deed: Deed, progress: &Progress) -> Result<Outcome, Problem> {
    let deed = Arc::new(deed);
    let size = turn_of(&deed.module);
    let mut outcome = Outcome::default();
    let mut place = Some(Place { from: 0, cursor: None });
    while let Some(present) = place.take() {
        if progress.is_stopped() {
            outcome.stopped = true;
            break;
        }
        let (app, deed, begun) = (web.app.clone(), deed.clone(), outcome.set);
        let turn = move |work: &mut Work<'_>| {
            let present_user = work.user(user)?.ok_or_else(kept_out)?;
            if is_taken_back(work, begun)? {
                return Ok(None);
            }
            work.go_on_under(begun);
            work.as_user(present_user, |work| deed.turn(&app, work, &present, size)).map(Some)
        };
        let origin = Origin::from("interface");
        let (part, set) = match web.app.workspace().write(actor.clone(), origin, turn).await {
            Ok((Some(part), set)) => (part, set),
            Ok((None, _)) => {
                outcome.broken = Some(Error::conflict("act_taken_back", "what was done so far is taken back"));
                break;
            }
            Err(error) if outcome.done == 0 && outcome.refused == 0 => return Err(error.into()),
            Err(error) => {
                outcome.broken = Some(error);
                break;
            }
        };
        progress.add(part.seen);
        outcome.done += part.done;
        outcome.refused += part.failed.len();
        outcome.set = set.or(outcome.set);
        let room = TOLD.saturating_sub(outcome.failed.len());
        outcome.failed.extend(part.failed.into_iter().take(room));
        place = part.next;
    }
    Ok(outcome)
}

/// Whether somebody takes back what was done so far: what came now would not go back with it. Held until the turn ends.
fn is_taken_back(work: &mut Work<'_>, set: Option<Id>) -> Result<bool> {
    let Some(set) = set else { return Ok(false) };
    work.take_undo_turn(set)?;
    let is_back = work.change_set_of(set)?.is_some_and(|set| set.undone_by.is_some());
    Ok(is_back || work.undo_course(set)?.is_some())
}

fn kept_out() -> Error {
    Error::forbidden("account_closed", "the account was closed")
}

/// Where the next turn begins.
#[derive(Clone)]
struct Place {
    from: usize,
    cursor: Option<String>,
}

struct Part {
    /// Records that were looked at.
    seen: usize,
    done: usize,
    failed: Vec<(String, Error)>,
    next: Option<Place>,
}

impl Deed {
    /// What the log calls it.
    pub(super) fn operation(&self) -> &'static str {
        match self.what {
            What::Set(..) | What::Move(..) => "update",
            What::Delete => "delete",
            What::Restore => "restore",
        }
    }

    fn turn(&self, app: &App, work: &mut Work<'_>, place: &Place, size: usize) -> Result<Part> {
        let (records, next) = self.records(work, place, size)?;
        let mut part = Part { seen: records.len(), done: 0, failed: Vec::new(), next };
        for record in records {
            match work.attempt(|work| self.one(app, work, &record)) {
                Ok(true) => part.done += 1,
                // It stood so already: nothing was written, and the log tells of nothing.
                Ok(false) => {}
                // The whole turn begins anew, or fails.
                Err(error @ (Error::Db(_) | Error::Stranger)) => return Err(error),
                Err(error) => part.failed.push((record.title(), error)),
            }
        }
        Ok(part)
    }

    /// The records of a turn. A list is gone through by its ids, newest first: what is changed does not move in it, and
    /// what is made meanwhile is left out.
    fn records(&self, work: &mut Work<'_>, place: &Place, size: usize) -> Result<(Vec<Record>, Option<Place>)> {
        match &self.to {
            Picked::These(ids) => {
                let some = ids.iter().skip(place.from).take(size).copied().collect();
                let from = place.from + size;
                let next = (from < ids.len()).then_some(Place { from, cursor: None });
                Ok((work.several(&self.module, &some)?, next))
            }
            Picked::Found(query) => {
                let sort = vec![Sort { field: "id".to_owned(), descending: true }];
                let list = query.list(work, &self.module, size)?;
                let list = List { group: None, sort, cursor: place.cursor.clone(), ..list };
                let page = work.list(&self.module.name, &list)?;
                Ok((page.records, page.next.map(|cursor| Place { from: 0, cursor: Some(cursor) })))
            }
        }
    }

    /// Whether it changed the record.
    fn one(&self, app: &App, work: &mut Work<'_>, record: &Record) -> Result<bool> {
        let (module, id) = (&self.module.name, record.id);
        let is_changed = |now: &Record| now.version != record.version;
        let zone = work.settings().zone();
        match &self.what {
            What::Delete if self.module.service.is_some() => {
                Err(Error::forbidden("by_operation", "these records end by their own moves"))
            }
            What::Delete => app.delete(work, module, id, None).map(|_| true),
            What::Restore => app.restore(work, module, id).map(|_| true),
            What::Set(field, typed) => {
                // An amount keeps its currency.
                let currency = match record.get(&field.name).as_money() {
                    Some(amount) => amount.currency,
                    None => inputs::currency(work, record.link("event")),
                };
                let value = control::read(field, &field.name, typed, &zone, currency);
                let fields: Map<String, Json> = [(field.name.clone(), value)].into_iter().collect();
                app.update(work, module, id, &fields, None).map(|now| is_changed(&now))
            }
            What::Move(name, fields, typed) => {
                let currency = inputs::currency(work, record.link("event"));
                let mut json = inputs::to_json(fields, typed, &zone, currency)?;
                json.retain(|_, value| !value.is_null());
                app.transition(work, module, id, name, &json).map(|now| is_changed(&now))
            }
        }
    }
}
