//! A record put into another stage: by the move that leads there, by way of its form where it asks for something, or by
//! setting the field. Who is refused is told why.

use app::convert;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::process::{By, Process, Transition};
use model::{Field, Id, Locale, Record};
use serde_json::{Map, Value as Json, json};
use store::{Error, Origin, Result, Work};

use super::{field, is_set_by_hand};
use crate::pages::cells;
use crate::pages::moves::{done, refused};
use crate::pages::next::{escaped, local};
use crate::pages::record::{id, transition};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words};

/// How a record gets to the stage.
enum Way {
    /// It stands there.
    Here,
    /// By the move of this name, which asks for something first.
    Asked(String),
    /// By an operation of its own, whose sheet stands there.
    Sheet(String),
    /// At once.
    Open(Step),
    /// Not at all: why.
    Refused(String),
}

/// What is written.
enum Step {
    /// The move of this name.
    Press(String),
    /// The field is set.
    Set,
}

/// What was found out before anything is written.
struct Judged {
    way: Way,
    /// What is said when it is done.
    words: String,
}

/// Puts the record into the stage.
pub(crate) async fn enter(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    form: Typed,
) -> Result<Response, Problem> {
    let id = id(&module, &record)?;
    let (by, to) = (form.text("by").to_owned(), form.text("to").to_owned());
    let next = match local(form.text("next")) {
        "/" => format!("/{module}?as=board"),
        next => next.to_owned(),
    };
    let (locale, name, field, stage) = (visitor.locale, module.clone(), by.clone(), to.clone());
    let judge = move |work: &mut Work<'_>| judge(work, locale, &name, id, &field, &stage);
    let Judged { way, words } = web.app.workspace().read(visitor.actor(), judge).await?;
    let step = match way {
        Way::Here => return Ok(done(&visitor, &next, &words, None)),
        Way::Refused(why) => return Err(refused(why)),
        Way::Asked(name) => {
            let form = format!("/{module}/{id}/transitions/{name}?next={}", escaped(&next));
            return Ok(Redirect::to(&form).into_response());
        }
        Way::Sheet(address) => return Ok(Redirect::to(&address).into_response()),
        Way::Open(step) => step,
    };
    let app = web.app.clone();
    let write = move |work: &mut Work<'_>| match &step {
        Step::Press(name) => app.transition(work, &module, id, name, &Map::new()).map(drop),
        Step::Set => app.update(work, &module, id, &set(&by, &to), None).map(drop),
    };
    let (_, set) = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    Ok(done(&visitor, &next, &words, set))
}

fn set(by: &str, to: &str) -> Map<String, Json> {
    let value = if to.is_empty() { Json::Null } else { json!(to) };
    Map::from_iter([(by.to_owned(), value)])
}

fn judge(work: &mut Work<'_>, l: Locale, module: &str, id: Id, by: &str, to: &str) -> Result<Judged> {
    let record = work.get(module, id)?;
    let grant = work.grant(&record.module);
    let unknown = || Error::bad_query("unknown_field", format!("{module} have no stages {by:?}"));
    let field = field(&record.module, &grant, by).filter(|field| field.name == by).ok_or_else(unknown)?;
    let option = field.option(to);
    if option.is_none() && !to.is_empty() {
        return Err(Error::bad_query("unknown_value", format!("{by} is never {to:?}")));
    }
    work.check_may_update(module, id)?;
    let mut lens = Lens::of(work, l);
    lens.learn(work, [&record])?;
    let stage = option.map_or_else(|| l.say("board-without"), |option| option.label.get(l).to_owned());
    let title = cells::title_text(&lens, &record);
    let words = l.say_with("board-moved", &[("title", title.into()), ("stage", stage.into())]);
    let process = work.definitions().process(module).cloned();
    let way = if record.text(by).unwrap_or_default() == to {
        Way::Here
    } else if let Some(process) = process.filter(|process| process.field == by) {
        by_process(work, l, &process, &record, field, to)?
    } else if is_set_by_hand(field, &grant) {
        Way::Open(Step::Set)
    } else {
        Way::Refused(l.say("board-not-by-hand"))
    };
    Ok(Judged { way, words })
}

fn by_process(
    work: &mut Work<'_>,
    l: Locale,
    process: &Process,
    record: &Record,
    field: &Field,
    to: &str,
) -> Result<Way> {
    let module = &record.module.name;
    let open = work.open_transitions(process, record)?;
    if let Some(found) = open.iter().find(|transition| transition.to == to) {
        let name = found.name.clone();
        return Ok(if transition::is_asked(process, module, found) {
            Way::Asked(name)
        } else {
            Way::Open(Step::Press(name))
        });
    }
    let state = record.text(&process.field).unwrap_or_default();
    let closed = process.transitions_from(state).find(|transition| transition.to == to);
    if convert::step(process, record).is_some_and(|step| step.to == to) {
        return Ok(Way::Sheet(format!("/{module}/{}/convert", record.id)));
    }
    Ok(Way::Refused(match closed {
        Some(transition) => match wanted(work, l, process, record, to)? {
            wanted if wanted.is_empty() => why_closed(work, l, process, record, transition)?,
            wanted => l.say_with("board-wants", &[("fields", wanted.join(", ").into())]),
        },
        None => {
            let label = |value: &str| field.option(value).map_or(value, |option| option.label.get(l)).to_owned();
            let told = l.say_with("board-no-way", &[("from", label(state).into()), ("to", label(to).into())]);
            let ways: Vec<String> = open.iter().map(|transition| label(&transition.to)).collect();
            if ways.is_empty() {
                told
            } else {
                format!("{told} {}", l.say_with("board-ways", &[("ways", ways.join(", ").into())]))
            }
        }
    }))
}

/// What is still missing before the record comes to a good end there, by the labels of fields.
fn wanted(work: &mut Work<'_>, l: Locale, process: &Process, record: &Record, to: &str) -> Result<Vec<String>> {
    let held = work.held_up(process, record)?.into_iter().filter(|(step, _)| step.to == to);
    let fields = held.flat_map(|(_, fields)| fields);
    let label = |name: String| record.module.field(&name).map(|field| field.called(l).to_owned());
    Ok(fields.filter_map(label).collect())
}

/// Why a move that leads there cannot be made now.
pub(super) fn why_closed(
    work: &mut Work<'_>,
    l: Locale,
    process: &Process,
    record: &Record,
    transition: &Transition,
) -> Result<String> {
    let first = work.four_eyes_transitions(process, record)?;
    Ok(if first.contains(&transition) {
        l.say_with("board-four-eyes", &[("name", transition.label.get(l).into())])
    } else {
        closed(l, transition)
    })
}

fn closed(l: Locale, transition: &Transition) -> String {
    let name = [("name", transition.label.get(l).into())];
    match (&transition.by, &transition.guard) {
        (By::Process, _) => l.say_with("board-by-process", &name),
        (By::Roles(_), None) => l.say_with("board-not-theirs", &name),
        _ => l.say_with("board-guarded", &name),
    }
}
