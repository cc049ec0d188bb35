//! "Undo" on pages: the change set is taken back, or the page says what has changed since and asks.

mod course;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::{Id, Locale, Module};
use serde_json::{Value as Json, json};
use store::{ChangeEntry, Conflict, Conflicts, Error, FieldChange, Origin, Undo, Work};

use super::next::local;
use super::record::id;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, icon, note};

pub(crate) use course::course;

/// What stands in the way.
struct View {
    frame: Frame,
    lens: Lens,
    set: Id,
    /// Where to go afterwards.
    next: String,
    clashes: Vec<Clash>,
    /// Why there is nothing to choose.
    refused: Vec<String>,
    /// Whether also records that went to the bin or are gone can be left as they are.
    leaves_records: bool,
}

/// A field that has changed since.
struct Clash {
    conflict: Conflict,
    module: Arc<Module>,
    title: String,
}

/// The button that takes a change set back. It stands in a form of its own, so that it works without script.
pub(super) fn button(locale: Locale, set: Id, next: &str) -> Markup {
    html! {
        form method="post" action=(format!("/undo/{set}")) {
            input type="hidden" name="next" value=(next);
            button.btn.quiet.small { (icon(assets::icon::UNDO_2)) (locale.say("undo")) }
        }
    }
}

/// The same for a message that the script shows.
pub(super) fn told(locale: Locale, set: Id) -> Json {
    json!({"label": locale.say("undo"), "href": format!("/undo/{set}")})
}

/// Takes a change set back.
pub(crate) async fn undo(
    State(web): State<Web>,
    visitor: Visitor,
    Path(set): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    let set = id("change_sets", &set)?;
    let choice = Conflicts::parse(form.text("conflicts")).unwrap_or_default();
    let next = local(form.text("next")).to_owned();
    let app = web.app.clone();
    let write = move |work: &mut Work<'_>| app.undo(work, set, choice);
    let (conflicts, error) = match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok((Undo::Done(_), _)) => return Ok(Redirect::to(&next).into_response()),
        Ok((Undo::UnderWay(course), _)) => {
            return Ok(Redirect::to(&course::address(course.set, &next)).into_response());
        }
        Ok((Undo::Conflicts(conflicts), _)) => (conflicts, None),
        Err(error @ Error::Conflict { .. }) => (Vec::new(), Some(error)),
        Err(error) => return Err(error.into()),
    };
    let view = web.app.workspace().read(visitor.actor(), move |work| {
        let mut lens = Lens::of(work, visitor.locale);
        let clashes = clashes(work, &mut lens, &conflicts)?;
        let refused = error.as_ref().map(|error| refusals(work, visitor.locale, error)).unwrap_or_default();
        Ok(View {
            frame: Frame::read(work, &visitor)?,
            lens,
            set,
            next: next.clone(),
            clashes,
            refused,
            leaves_records: false,
        })
    });
    Ok((StatusCode::CONFLICT, page(&view.await?)).into_response())
}

/// The records and users that the conflicts lead to, by name.
fn clashes(work: &mut Work<'_>, lens: &mut Lens, conflicts: &[Conflict]) -> store::Result<Vec<Clash>> {
    let mut titles: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for conflict in conflicts {
        titles.entry(&conflict.module).or_default().insert(conflict.record);
    }
    let mut named = BTreeMap::new();
    for (module, ids) in titles {
        named.extend(work.titles(module, &ids)?);
    }
    let mut clashes = Vec::with_capacity(conflicts.len());
    for conflict in conflicts {
        let module = work.module(&conflict.module)?;
        lens.learn_changes(work, &module, [&change(conflict, work)])?;
        let title = named.get(&conflict.record).cloned().unwrap_or_else(|| lens.locale.say("link-hidden"));
        clashes.push(Clash { conflict: conflict.clone(), module, title });
    }
    Ok(clashes)
}

/// A conflict in the form of a change, for the names of what it leads to.
fn change(conflict: &Conflict, work: &Work<'_>) -> ChangeEntry {
    let field = |before: &Json, after: &Json| FieldChange {
        field: conflict.field.clone(),
        before: before.clone(),
        after: after.clone(),
    };
    ChangeEntry {
        sequence: 0,
        change_set: conflict.record,
        at: work.now(),
        actor: conflict.changed.as_ref().and_then(|changed| changed.actor),
        source: String::new(),
        reason: None,
        undoes: None,
        undone_by: None,
        transition: None,
        operation: String::new(),
        version: 0,
        fields: vec![field(&conflict.before, &conflict.after), field(&conflict.now, &conflict.now)],
    }
}

/// Why it cannot be undone, and the fields that stand in the way.
fn refusals(work: &Work<'_>, locale: Locale, error: &Error) -> Vec<String> {
    let problem = Problem::from(error.clone());
    let mut all = vec![refusal(locale, &problem.code, &problem.detail)];
    for error in &problem.errors {
        // `companies/ID.inn`
        let (module, rest) = error.field.split_once('/').unwrap_or_default();
        let field = rest.split_once('.').map(|(_, field)| field);
        let label = work.module(module).ok().zip(field).and_then(|(module, name)| {
            let field = module.field(name)?;
            Some(field.label.get(locale).to_owned())
        });
        let why = match error.code.as_str() {
            "changed_since" => locale.say("undo-changed-since"),
            "not_found" => locale.say("undo-target-gone"),
            code => locale.say_if(&format!("undo-why-{code}")).unwrap_or_else(|| locale.error(error)),
        };
        all.push(label.map_or_else(|| why.clone(), |label| format!("{label}: {why}")));
    }
    all
}

/// A refusal of undo in the reader's language.
fn refusal(locale: Locale, code: &str, detail: &str) -> String {
    locale.say_if(&format!("undo-{code}")).unwrap_or_else(|| locale.refusal(code, detail))
}

impl View {
    fn side(&self, clash: &Clash, json: &Json) -> String {
        self.lens.side(&clash.module, &clash.conflict.field, json)
    }

    fn who(&self, clash: &Clash) -> String {
        let Some(changed) = &clash.conflict.changed else { return "—".to_owned() };
        let l = self.frame.locale;
        let source = || l.say_if(&format!("source-{}", changed.source)).unwrap_or_else(|| changed.source.clone());
        let who = changed.actor.map_or_else(source, |actor| self.lens.user(actor).unwrap_or("—").to_owned());
        format!("{who}, {}", self.lens.moment(changed.at))
    }

    /// Whether what stands in the way are changed fields alone: else nothing can be gone over.
    fn is_of_fields(&self) -> bool {
        !self.clashes.is_empty() && self.clashes.iter().all(|it| !it.conflict.is_of_stage())
    }

    fn may_keep(&self) -> bool {
        self.is_of_fields() || self.leaves_records && !self.clashes.is_empty()
    }
}

fn page(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("undo-title");
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            @for refused in &view.refused { (note::bad(refused)) }
            @if !view.clashes.is_empty() { (note::warn(&html! { (l.say("undo-changed")) })) }
            @for clash in &view.clashes { (one(view, clash)) }
            form.form method="post" action=(format!("/undo/{}", view.set)) {
                input type="hidden" name="next" value=(view.next);
                footer.actions {
                    @if view.may_keep() { button.btn.main-action name="conflicts" value="keep" { (l.say("undo-keep")) } }
                    @if view.is_of_fields() { button.btn.danger name="conflicts" value="overwrite" { (l.say("undo-overwrite")) } }
                    a.btn.quiet href=(view.next) { (l.say("back")) }
                }
            }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: &view.next, content })
}

fn one(view: &View, clash: &Clash) -> Markup {
    let (l, conflict) = (view.frame.locale, &clash.conflict);
    let address = format!("/{}/{}", conflict.module, conflict.record);
    html! {
        section.group {
            h2 { a.link href=(address) { (clash.title) } }
            @match conflict.field.as_str() {
                "id" => p { (l.say_with("undo-gone", &[("who", view.who(clash).into())])) },
                "deleted_at" => {
                    @let key = if conflict.now.is_null() { "undo-out-of-bin" } else { "undo-in-bin" };
                    p { (l.say_with(key, &[("who", view.who(clash).into())])) }
                },
                field => {
                    p {
                        b { (view.lens.label(&clash.module, field)) } ": "
                        del { (view.side(clash, &conflict.after)) } " → " ins { (view.side(clash, &conflict.now)) }
                        " " span.dim { (view.who(clash)) }
                    }
                    p.dim { (l.say_with("undo-would-be", &[("value", view.side(clash, &conflict.before).into())])) }
                },
            }
        }
    }
}
