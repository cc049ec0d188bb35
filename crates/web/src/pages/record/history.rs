//! The history of one field: who changed it, when, from what to what.

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::Record;
use store::{ChangeEntry, Work};

use super::{id, story};
use crate::pages::cells;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::sheet::Sheet;
use crate::ui::typed::Asked;
use crate::ui::{Lens, Words};

/// Changes that are shown at once.
const SHOWN: usize = 30;

struct View {
    frame: Frame,
    lens: Lens,
    record: Record,
    field: String,
    changes: Vec<ChangeEntry>,
    /// The place of the log behind which the older ones stand.
    older: Option<i64>,
}

/// Where the history of a field is.
pub(super) fn address(record: &Record, field: &str) -> String {
    format!("/{}/{}/history?field={field}", record.module.name, record.id)
}

/// The history: a dialog over the record where htmx asks, else a page; what is older for whoever has read so far.
pub(crate) async fn of_field(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    Asked(query): Asked,
) -> Result<Markup, Problem> {
    let id = id(&module, &record)?;
    let (actor, partial, l) = (visitor.actor(), visitor.partial, visitor.locale);
    let (field, before) = (query.text("field").to_owned(), query.text("before").parse::<i64>().ok());
    let read = move |work: &mut Work<'_>| {
        let record = work.get(&module, id)?;
        let mut changes = work.field_history(&record.module, id, Some(&field), before, SHOWN + 1)?;
        let is_more = changes.len() > SHOWN;
        changes.truncate(SHOWN);
        let older = changes.last().filter(|_| is_more).map(|last| last.sequence);
        let mut lens = Lens::of(work, visitor.locale);
        lens.learn(work, [&record])?;
        lens.learn_changes(work, &record.module, &changes)?;
        let frame = Frame::unless_partial(work, &visitor)?;
        Ok(View { frame, lens, record, field: field.clone(), changes, older })
    };
    let view = web.app.workspace().read(actor, read).await?;
    if partial && before.is_some() {
        return Ok(entries(&view));
    }
    let module = &view.record.module;
    let title = cells::title_text(&view.lens, &view.record);
    let (list, page) = (format!("/{}", module.name), format!("/{}/{}", module.name, view.record.id));
    let label = view.lens.label(module, &view.field);
    let heading = l.say_with("history-of", &[("field", label.into())]);
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "history",
        heading: &heading,
        title: &heading,
        crumbs: &[(&list, module.label.get(l)), (&page, &title)],
    };
    Ok(sheet.text(&html! {
        @if view.changes.is_empty() { p.faint { (l.say("history-none")) } }
        (entries(&view))
    }))
}

fn entries(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        ol.changes {
            @for change in &view.changes {
                @for sides in &change.fields {
                    li {
                        p {
                            @if !sides.before.is_null() { del { (view.lens.side(&view.record.module, &view.field, &sides.before)) } " → " }
                            ins { (view.lens.side(&view.record.module, &view.field, &sides.after)) }
                        }
                        p.dim {
                            (story::who(&view.lens, change)) ", " (view.lens.time(change.at))
                            @if change.undoes.is_some() { " · " (l.say("story-undoes")) }
                            @if change.undone_by.is_some() { " · " (l.say("story-undone")) }
                        }
                    }
                }
            }
        }
        @if let Some(place) = view.older {
            @let older = format!("{}&before={place}", address(&view.record, &view.field));
            p.older { a.btn.quiet.small href=(older) hx-get=(older) hx-target="closest p" hx-swap="outerHTML" { (l.say("story-older")) } }
        }
    }
}
