//! Where a record can go from where it stands, as a small menu: the cell of its stage in a list opens it. Where there is no
//! way, it says why.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::process::{Process, Transition};
use model::{Id, Locale, Module, Record};
use store::{Result, Work};

use super::leads_on;
use super::stage::why_closed;
use crate::pages::cells;
use crate::pages::record::{id, may_update};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::sheet::Sheet;
use crate::ui::typed::Asked;
use crate::ui::{Lens, Words, note};

/// What is shown.
struct View {
    frame: Frame,
    record: Record,
    title: String,
    /// The field that says where it stands.
    field: String,
    ways: Vec<Way>,
    /// Why there is no way, or why one is closed.
    why: Vec<String>,
}

/// A stage that the record can go to, what the way there is called, and what the stage is.
struct Way {
    to: String,
    label: String,
    stage: String,
}

/// The menu: a part of the list, or a page.
pub(crate) async fn menu(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(_): Asked,
) -> std::result::Result<Response, Problem> {
    let (id, partial) = (id(&module, &record)?, visitor.partial);
    let view = web.app.workspace().read(visitor.actor(), move |work| read(work, &visitor, &module, id)).await?;
    Ok(shown(&view, partial).into_response())
}

fn read(work: &mut Work<'_>, visitor: &Visitor, module: &str, id: Id) -> Result<View> {
    let l = visitor.locale;
    let record = work.get(module, id)?;
    let process = work.definitions().process(module).cloned();
    let mut lens = Lens::of(work, l);
    lens.learn(work, [&record])?;
    let may_change = record.deleted_at.is_none() && may_update(work, &record)?;
    let (ways, why) = match &process {
        None => (Vec::new(), vec![l.say("board-not-by-hand")]),
        Some(_) if !may_change => (Vec::new(), vec![l.say("ways-not-open")]),
        Some(process) => of_process(work, l, process, &record)?,
    };
    Ok(View {
        frame: Frame::unless_partial(work, visitor)?,
        title: cells::title_text(&lens, &record),
        field: process.map(|process| process.field.clone()).unwrap_or_default(),
        record,
        ways,
        why,
    })
}

/// The ways that are open; where none is, why those that there are are closed.
fn of_process(work: &mut Work<'_>, l: Locale, process: &Process, record: &Record) -> Result<(Vec<Way>, Vec<String>)> {
    let Some(field) = record.module.field(&process.field) else { return Ok((Vec::new(), Vec::new())) };
    let open = work.open_transitions(process, record)?;
    let way = |transition: &&Transition| {
        let stage = process.state(&transition.to).map_or(transition.to.as_str(), |state| state.label.get(l));
        Way { to: transition.to.clone(), label: transition.label.get(l).to_owned(), stage: stage.to_owned() }
    };
    let ways: Vec<_> = open.iter().filter(|transition| leads_on(field, record, transition)).map(way).collect();
    if !ways.is_empty() {
        return Ok((ways, Vec::new()));
    }
    let closed = process.transitions_from(record.text(&process.field).unwrap_or_default());
    let why = closed.map(|transition| why_closed(work, l, process, record, transition));
    let mut why: Vec<String> = why.collect::<Result<_>>()?;
    why.dedup();
    if why.is_empty() {
        why.push(l.say("ways-end"));
    }
    Ok((ways, why))
}

fn shown(view: &View, partial: bool) -> Markup {
    let l = view.frame.locale;
    let module: &Module = &view.record.module;
    let heading = l.say_with("board-move", &[("title", view.title.as_str().into())]);
    let (list, page) = (format!("/{}", module.name), format!("/{}/{}", module.name, view.record.id));
    let choices = html! {
        form method="post" action=(format!("{page}/stage")) {
            input type="hidden" name="by" value=(view.field);
            input type="hidden" name="next" value=(page);
            @for Way { to, label, stage } in &view.ways {
                button name="to" value=(to) { (label) @if label != stage { small { (stage) } } }
            }
        }
        @for why in &view.why { p.help { (why) } }
    };
    if partial {
        return html! { div.pop.moves tabindex="-1" role="group" aria-label=(heading) { (choices) } };
    }
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "ways",
        heading: &heading,
        title: &view.title,
        crumbs: &[(&list, module.label.get(l)), (&page, &view.title)],
    };
    let content = if view.ways.is_empty() {
        html! { @for why in &view.why { (note::warn(&html! { (why) })) } }
    } else {
        choices
    };
    sheet.text(&content)
}
