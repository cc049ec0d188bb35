//! What is planned about a record: a call, a meeting or a task in its story and beside it, with its time, who answers for
//! it, and the button by which it is done.

use std::collections::BTreeMap;

use app::timeline::Entry;
use jiff::Timestamp;
use maud::{Markup, html};
use model::expr::Plan;
use model::process::{Phase, Process, Transition};
use model::rights::Scope;
use model::{Id, Record, Value};
use store::{List, Work};

use super::talk::ACTIVITIES;
use super::{View, story};
use crate::pages::cells;
use crate::ui::{Lens, Words, icon};

/// Planned activities that stand beside the story.
const SHOWN: usize = 20;
/// Planned activities among which the next ones are found: of which field the time is depends on the kind.
const LOOKED_THROUGH: usize = 500;

/// What is planned, and what of it the reader may end.
#[derive(Default)]
pub(super) struct Plans {
    /// The next first.
    planned: Vec<Record>,
    /// The move by which each is done.
    ends: BTreeMap<Id, Transition>,
}

impl Plans {
    pub(super) fn is_empty(&self) -> bool {
        self.planned.is_empty()
    }
}

/// Read with the record's page; the names of those who answer for what is planned go into the lens.
pub(super) fn read(work: &mut Work<'_>, lens: &mut Lens, record: &Record, story: &[Entry]) -> store::Result<Plans> {
    let planned = planned(work, record)?;
    lens.learn_users(work, planned.iter().filter_map(|activity| activity.owner))?;
    let told = story.iter().filter_map(|entry| match entry {
        Entry::About(other) if other.module.name == ACTIVITIES => Some(&**other),
        _ => None,
    });
    let all: BTreeMap<Id, Record> = planned.iter().chain(told).map(|other| (other.id, other.clone())).collect();
    let ends = ends(work, all)?;
    Ok(Plans { planned, ends })
}

/// What is planned about a record, the next first.
fn planned(work: &mut Work<'_>, record: &Record) -> store::Result<Vec<Record>> {
    let Ok(module) = work.module(ACTIVITIES) else { return Ok(Vec::new()) };
    let of_record = Plan::field(&module, "about").and_then(|about| about.eq(Value::Id(record.id)));
    let is_planned = Plan::field(&module, "status").and_then(|status| status.eq("planned"));
    let (Ok(of_record), Ok(is_planned)) = (of_record, is_planned) else { return Ok(Vec::new()) };
    if work.grant(&module).read == Scope::None {
        return Ok(Vec::new());
    }
    let list = List { filter: Some(of_record.and(is_planned)), limit: LOOKED_THROUGH, ..List::default() };
    let mut planned = work.list(ACTIVITIES, &list)?.records;
    planned.sort_by_key(|activity| when(activity).unwrap_or(Timestamp::MAX));
    planned.truncate(SHOWN);
    Ok(planned)
}

/// The move that does each of the activities, where the reader may make it. Other moves are not judged: no statement is
/// spent on their conditions.
fn ends(work: &mut Work<'_>, activities: BTreeMap<Id, Record>) -> store::Result<BTreeMap<Id, Transition>> {
    let (Ok(module), Some(process)) = (work.module(ACTIVITIES), work.definitions().process(ACTIVITIES).cloned()) else {
        return Ok(BTreeMap::new());
    };
    let mut open: Vec<Record> = activities.into_values().filter(|activity| is_open(&process, activity)).collect();
    let theirs = work.changeable(&module, &open.iter().map(|activity| activity.id).collect())?;
    open.retain(|activity| theirs.contains(&activity.id));
    if open.is_empty() {
        return Ok(BTreeMap::new());
    }
    let does = |step: &&Transition| process.state(&step.to).is_some_and(|state| state.phase == Phase::Won);
    let transitions = process.transitions.iter().filter(does).cloned().collect();
    let ending = Process { transitions, ..Process::clone(&process) };
    let moves = work.open_transitions_of(&ending, &open)?;
    let ends = open.iter().zip(moves).filter_map(|(activity, moves)| Some((activity.id, (*moves.first()?).clone())));
    Ok(ends.collect())
}

fn is_open(process: &Process, activity: &Record) -> bool {
    let state = activity.text(&process.field).and_then(|state| process.state(state));
    state.is_some_and(|state| state.phase == Phase::Open)
}

/// When it is: what takes place has a beginning, what is to be done has a term.
fn when(activity: &Record) -> Option<Timestamp> {
    let (first, second) = match activity.text("kind") {
        Some("call" | "meeting") => ("starts_at", "due_at"),
        _ => ("due_at", "starts_at"),
    };
    let at = |name: &str| activity.get(name).as_instant();
    at(first).or_else(|| at(second))
}

/// Whether it is still to be done and its time has passed.
fn is_late(view: &View, activity: &Record) -> bool {
    activity.text("status") == Some("planned") && when(activity).is_some_and(|at| at < view.lens.now)
}

/// The sign of its kind, and what the kind is called.
fn kind(view: &View, activity: &Record) -> (&'static str, String) {
    let kind = activity.text("kind").unwrap_or_default();
    let sign = match kind {
        "call" => assets::icon::PHONE,
        "meeting" => assets::icon::USERS,
        "task" => assets::icon::LIST_CHECKS,
        "email" => assets::icon::MAIL,
        _ => assets::icon::CALENDAR_CHECK,
    };
    let option = activity.module.field("kind").and_then(|field| field.option(kind));
    let label = option.map_or(&activity.module.one, |option| &option.label);
    (sign, label.get(view.frame.locale).to_owned())
}

/// As an entry of the story.
pub(super) fn told(view: &View, activity: &Record, address: &str, status: &Markup) -> Markup {
    let l = view.frame.locale;
    let ((sign, word), late) = (kind(view, activity), is_late(view, activity));
    let tone = match activity.text("status") {
        Some("done") => "good",
        Some("planned") if late => "bad",
        Some("planned") => "acc",
        _ => "",
    };
    let head =
        html! { b { (word) } " · " a.link href=(address) { (cells::title_text(&view.lens, activity)) } (status) };
    let body = html! {
        div.body.planned {
            @match when(activity) {
                Some(at) => span.bad[late] { (view.lens.time(at)) @if late { " · " (l.say("plan-late")) } },
                None => span.faint { (l.say("plan-no-time")) },
            }
            @if let Some(owner) = activity.owner { (view.lens.person(owner)) }
            @if let Some(result) = result(view, activity) { span { (result) } }
            (end(view, activity, address))
        }
    };
    story::line(view, tone, sign, activity.created_at, &head, &body)
}

/// What came of it.
fn result(view: &View, activity: &Record) -> Option<String> {
    let option = activity.module.field("result")?.option(activity.text("result")?)?;
    Some(option.label.get(view.frame.locale).to_owned())
}

/// The button by which it is done.
fn end(view: &View, activity: &Record, address: &str) -> Markup {
    let (l, back) = (view.frame.locale, &view.record);
    html! {
        @if let Some(step) = view.plans.ends.get(&activity.id) {
            @let at = format!("{address}/transitions/{}?next=/{}/{}", step.name, back.module.name, back.id);
            @let label = step.label.get(l);
            a.btn.small href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" aria-label=(format!("{label}: {}", activity.title())) {
                (icon(assets::icon::CHECK)) (label)
            }
        }
    }
}

/// What is planned, beside the story.
pub(super) fn next(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @for activity in &view.plans.planned {
            @let address = format!("/{ACTIVITIES}/{}", activity.id);
            @let late = is_late(view, activity);
            @let (sign, word) = kind(view, activity);
            div.item.step {
                b.bad[late] { (icon(sign)) a href=(address) { (activity.title()) } }
                @if let Some(at) = when(activity) { span.bad[late] { (view.lens.time(at)) } }
                small {
                    (word)
                    @if late { " · " (l.say("plan-late")) }
                    @if let Some(name) = activity.owner.and_then(|owner| view.lens.user(owner)) { " · " (name) }
                }
                (end(view, activity, &address))
            }
        }
    }
}
