//! A person's data: the way to all of it, and its erasure, with what that will do said before.

use std::collections::BTreeMap;

use app::App;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::{Id, Locale, Record};
use store::{Error, Foreseen, Origin, Tie, Work};

use super::moves;
use super::record::id;
use crate::api::privacy::CALLED;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::Typed;
use crate::ui::visitor::Visitor;
use crate::ui::{Words, note};

struct View {
    frame: Frame,
    record: Record,
    foreseen: Foreseen,
    /// What modules are called.
    names: BTreeMap<String, String>,
    reason: String,
    faults: Vec<String>,
}

/// What whoever may do so does with a person, in the menu of their page.
pub(super) fn acts(l: Locale, record: &Record) -> Markup {
    let (data, at) = (
        format!("/api/v1/{}/{}/personal-data", record.module.name, record.id),
        format!("/{}/{}/erase", record.module.name, record.id),
    );
    html! {
        a href=(data) download { (l.say("privacy-export")) }
        a.danger href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (l.say("privacy-erase")) }
    }
}

/// The sheet.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    let (id, partial, actor) = (id(&module, &record)?, visitor.partial, visitor.actor());
    let app = web.app.clone();
    let look = move |work: &mut Work<'_>| read(&app, work, &visitor, (&module, id));
    let view = web.app.workspace().read(actor, look).await?;
    Ok(sheet(&view, partial))
}

/// Erases the person.
pub(crate) async fn make(
    State(web): State<Web>,
    visitor: Visitor,
    Path((module, record)): Path<(String, String)>,
    form: Typed,
) -> Result<Response, Problem> {
    let id = id(&module, &record)?;
    let (app, reason, of) = (web.app.clone(), form.text("reason").to_owned(), module.clone());
    let write = move |work: &mut Work<'_>| {
        let called = work.settings().locale.say(CALLED);
        app.erase(work, &of, id, &reason, &called).map(drop)
    };
    let error = match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        // There is no way back to be offered.
        Ok(_) => {
            return Ok(moves::done(&visitor, &format!("/{module}/{id}"), &visitor.locale.say("privacy-done"), None));
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let (locale, partial, actor) = (visitor.locale, visitor.partial, visitor.actor());
    let app = web.app.clone();
    let look = move |work: &mut Work<'_>| read(&app, work, &visitor, (&module, id));
    let mut view = web.app.workspace().read(actor, look).await?;
    let problem = Problem::from(error);
    let field = problem.errors.first().map(|error| match error.code.as_str() {
        "too_long" => locale.say("privacy-reason-too-long"),
        _ => locale.say("privacy-reason-wanted"),
    });
    view.faults.push(field.unwrap_or_else(|| locale.refusal(&problem.code, &problem.detail)));
    view.reason = form.text("reason").to_owned();
    Ok((StatusCode::UNPROCESSABLE_ENTITY, sheet(&view, partial)).into_response())
}

fn read(app: &App, work: &mut Work<'_>, visitor: &Visitor, (module, id): (&str, Id)) -> store::Result<View> {
    let foreseen = app.foresee_erasure(work, module, id)?;
    let record = work.get(module, id)?;
    let names = work.definitions().modules().map(|it| (it.name.clone(), it.label.get(visitor.locale).to_owned()));
    let names = names.collect();
    let frame = Frame::unless_partial(work, visitor)?;
    Ok(View { frame, record, foreseen, names, reason: String::new(), faults: Vec::new() })
}

fn sheet(view: &View, partial: bool) -> Markup {
    let l = view.frame.locale;
    let module = &view.record.module;
    let (heading, title) = (l.say("privacy-erase"), view.record.title());
    let (list, page) = (format!("/{}", module.name), format!("/{}/{}", module.name, view.record.id));
    let sheet = Sheet {
        frame: &view.frame,
        partial,
        id: "erase",
        heading: &heading,
        title: &title,
        crumbs: &[(&list, module.label.get(l)), (&page, &title)],
    };
    let can = view.foreseen.held.is_empty();
    sheet.form(&Form {
        kind: Kind::Final,
        action: &format!("{page}/erase"),
        rows: rows(view),
        button: can.then(|| l.say("privacy-do")).as_deref(),
        back: (&page, &l.say("cancel")),
    })
}

fn rows(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @for fault in &view.faults { (note::bad(fault)) }
        @if view.foreseen.held.is_empty() {
            (note::warn(&html! { (l.say("privacy-no-way-back")) }))
        } @else {
            (note::warn(&html! {
                (l.say("privacy-held"))
                @for held in &view.foreseen.held {
                    " " a.link href=(format!("/{}/{}", held.record.module.name, held.record.id)) { (held.record.title()) }
                }
            }))
        }
        h3 { (l.say("privacy-people")) }
        ul {
            @for record in &view.foreseen.people {
                li {
                    a.link href=(format!("/{}/{}", record.module.name, record.id)) { (record.title()) }
                    " " small { (record.module.one.get(l)) }
                }
            }
        }
        @if !view.foreseen.shared.is_empty() {
            (note::warn(&html! {
                (l.say("privacy-shared")) " "
                (view.foreseen.shared.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
            }))
        }
        (part(view, "privacy-goes", &[Tie::Person, Tie::Theirs]))
        (part(view, "privacy-stays", &[Tie::Paper]))
        (part(view, "privacy-named", &[Tie::Named]))
        div.field {
            label for="reason" { (l.say("privacy-reason")) }
            textarea id="reason" name="reason" rows="3" required maxlength="500" { (view.reason) }
            p.help { (l.say("privacy-reason-help")) }
        }
    }
}

/// Records of one fate, by their modules.
fn part(view: &View, key: &str, ties: &[Tie]) -> Markup {
    let l = view.frame.locale;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for ((module, tie), count) in &view.foreseen.records {
        if ties.contains(tie) {
            *counts.entry(module).or_default() += count;
        }
    }
    html! {
        @if !counts.is_empty() {
            h3 { (l.say(key)) }
            ul {
                @for (module, count) in counts {
                    li { (view.names.get(module).map_or(module, String::as_str)) ": " (count) }
                }
            }
        }
    }
}
