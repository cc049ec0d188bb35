//! What applying a pack or taking one back would change, said before it is done.

use app::packs::FileChange;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Locale;
use model::pack::Pack;
use store::Error;

use super::{PACKS, Proposal, is_refusal, named, refusal, shipped};
use crate::blocking::blocking;
use crate::pages::settings::processes::follows;
use crate::pages::settings::{frame, steps};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::packs::applied;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon, note};

type Answer = Result<Response, Problem>;

/// What is to be done with a pack.
#[derive(Clone)]
pub(super) enum Deed {
    /// Apply it.
    Put(Box<Pack>),
    /// Bring the pack of that name back to what it was at this number.
    Back(String, i64),
}

impl Deed {
    fn name(&self) -> &str {
        match self {
            Self::Put(pack) => &pack.manifest.name,
            Self::Back(name, _) => name,
        }
    }
}

pub(in crate::pages::settings) async fn of_shipped(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Answer {
    let address = format!("{PACKS}/{name}/apply");
    planned(&web, &visitor, Deed::Put(Box::new(shipped(&name)?)), &address, &html! {}).await
}

pub(in crate::pages::settings) async fn apply_shipped(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Answer {
    let address = format!("{PACKS}/{name}/apply");
    done(&web, &visitor, Deed::Put(Box::new(shipped(&name)?)), &address).await
}

pub(in crate::pages::settings) async fn of_past(
    State(web): State<Web>,
    visitor: Visitor,
    Path((name, number)): Path<(String, i64)>,
) -> Answer {
    let address = format!("{PACKS}/{name}/past/{number}");
    planned(&web, &visitor, Deed::Back(name, number), &address, &html! {}).await
}

pub(in crate::pages::settings) async fn go_back(
    State(web): State<Web>,
    visitor: Visitor,
    Path((name, number)): Path<(String, i64)>,
) -> Answer {
    let address = format!("{PACKS}/{name}/past/{number}");
    done(&web, &visitor, Deed::Back(name, number), &address).await
}

/// The page that says what would change, with a button that does it by sending `carried` to `address`.
pub(super) async fn planned(web: &Web, visitor: &Visitor, deed: Deed, address: &str, carried: &Markup) -> Answer {
    let applied = applied(web, visitor.actor()).await?;
    let name = deed.name().to_owned();
    let frame = frame(web, visitor).await?;
    let before = named(&applied, &name).map(|applying| &applying.pack);
    match run(web, visitor, deed, true).await {
        Ok(reshaped) => {
            let proposal = Proposal::new(&name, &applied, reshaped);
            Ok(drawn(&frame, &proposal, before, address, carried).into_response())
        }
        Err(error) if is_refusal(&error) => Ok(refused(&frame, &name, &error)),
        Err(error) => Err(error.into()),
    }
}

/// Does it, and leads to the pack.
pub(super) async fn done(web: &Web, visitor: &Visitor, deed: Deed, address: &str) -> Answer {
    let name = deed.name().to_owned();
    match run(web, visitor, deed, false).await {
        Ok(reshaped) => {
            let is_there = reshaped.packs.iter().any(|pack| pack.manifest.name == name);
            let place = if is_there { format!("{PACKS}/{name}") } else { PACKS.to_owned() };
            Ok(Redirect::to(&format!("{place}?done=true")).into_response())
        }
        Err(error) if is_refusal(&error) => {
            tracing::debug!(%error, address, "a pack is refused");
            Ok(refused(&frame(web, visitor).await?, &name, &error))
        }
        Err(error) => Err(error.into()),
    }
}

async fn run(web: &Web, visitor: &Visitor, deed: Deed, dry_run: bool) -> Result<store::shape::Reshaped, Error> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    let work = move || match &deed {
        Deed::Put(pack) => app.apply_pack(&actor, pack, dry_run),
        Deed::Back(name, number) => app.revert_pack(&actor, name, Some(*number), dry_run),
    };
    blocking(work).await.unwrap_or_else(|problem| Err(Error::conflict("internal", problem.detail)))
}

fn refused(frame: &Frame, name: &str, error: &Error) -> Response {
    let l = frame.locale;
    let content = html! {
        (head(name, &l.say("packs-plan"), l))
        div.page { (refusal(error, l)) }
    };
    let page = shell::page(frame, &Page { title: name, at: PACKS, content });
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

fn head(name: &str, title: &str, l: Locale) -> Markup {
    html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(PACKS) { (l.say("packs")) } a href=(format!("{PACKS}/{name}")) { code { (name) } } }
            h1 { (title) }
        }
    }
}

fn drawn(frame: &Frame, proposal: &Proposal, before: Option<&Pack>, address: &str, carried: &Markup) -> Markup {
    let (l, title) = (frame.locale, frame.locale.say("packs-plan"));
    let label = proposal.pack.as_ref().or(before).map_or(proposal.name.as_str(), |pack| pack.manifest.label.get(l));
    let versions = [before, proposal.pack.as_ref()].map(|pack| pack.map(|pack| pack.manifest.version));
    let touches = proposal.reshaped.touches;
    let is_same = proposal.files.is_empty() && proposal.along.is_empty() && proposal.reshaped.plan.steps.is_empty();
    let content = html! {
        (head(&proposal.name, &title, l))
        div.page {
            p.lead { b { (label) } " " (between(versions, l)) }
            @if is_same { (note::good(&l.say("packs-same"))) }
            @else {
                @if !proposal.along.is_empty() { section { h2 { (l.say("packs-along")) } (along(&proposal.along, l)) } }
                section {
                    h2 { (l.say("packs-steps")) }
                    @if proposal.reshaped.plan.steps.is_empty() { p.dim { (l.say("packs-no-steps")) } }
                    @else { ol.pack-steps { @for step in &proposal.reshaped.plan.steps { li { (steps::said(step, l)) } } } }
                    @if touches.records > 0 { p { (l.say_with("packs-touches", &[("count", touches.records.into())])) } }
                    @for followed in follows(&proposal.reshaped, l) { p { (followed) } }
                    @if touches.empty > 0 { (note::warn(&html! { (l.say_with("packs-empty", &[("count", touches.empty.into())])) })) }
                    p.help { (l.say("packs-nothing-lost")) }
                }
                section {
                    h2 { (l.say("packs-file-changes")) }
                    @for change in &proposal.files { (file(change, proposal.pack.as_ref(), before, l)) }
                }
                form.form method="post" action=(address) enctype=[(!carried.0.is_empty()).then_some("multipart/form-data")] {
                    (carried)
                    footer.actions {
                        button.btn.main-action { (l.say("packs-apply")) }
                        a.btn.quiet href=(PACKS) { (l.say("cancel")) }
                    }
                }
            }
        }
    };
    shell::page(frame, &Page { title: &title, at: PACKS, content })
}

/// The packs that go along: they fit together only as they would be.
fn along(packs: &[[Option<Pack>; 2]], l: Locale) -> Markup {
    html! {
        ul {
            @for [before, after] in packs {
                @let label = after.as_ref().or(before.as_ref()).map_or("", |pack| pack.manifest.label.get(l));
                @let versions = [before, after].map(|pack| pack.as_ref().map(|pack| pack.manifest.version));
                li { b { (label) } " " (between(versions, l)) }
            }
        }
    }
}

/// From which version to which.
fn between([before, after]: [Option<u32>; 2], l: Locale) -> String {
    match (before.map(i64::from), after.map(i64::from)) {
        (Some(before), Some(after)) if before != after => {
            l.say_with("packs-from-to", &[("before", before.into()), ("after", after.into())])
        }
        (_, Some(after)) => l.say_with("packs-becomes", &[("after", after.into())]),
        (_, None) => l.say("packs-goes"),
    }
}

/// One file: how it is called, how much of it changes, and the lines.
fn file(change: &FileChange, after: Option<&Pack>, before: Option<&Pack>, l: Locale) -> Markup {
    let whole = |pack: Option<&Pack>, name: &str, sign: char| -> Vec<String> {
        let text = pack.and_then(|pack| pack.files.get(name));
        text.into_iter().flat_map(|text| text.lines()).map(|line| format!("{sign} {line}")).collect()
    };
    let (name, key, lines) = match change {
        FileChange::Added(name) => (name, "packs-file-added", whole(after, name, '+')),
        FileChange::Removed(name) => (name, "packs-file-removed", whole(before, name, '-')),
        FileChange::Changed(name, lines) => (name, "packs-file-changed", lines.clone()),
    };
    let count = |sign: char| lines.iter().filter(|line| line.starts_with(sign)).count();
    html! {
        details.pack-file open[matches!(change, FileChange::Changed(..))] {
            summary {
                (icon(assets::icon::FILE_TEXT)) code { (name) } span.tag { (l.say(key)) }
                span.counts { ins { "+" (count('+')) } " " del { "−" (count('-')) } }
            }
            div.pack-lines translate="no" tabindex="0" role="region" aria-label=(name) {
                @for line in &lines { (marked(line)) }
            }
        }
    }
}

fn marked(line: &str) -> Markup {
    html! { @if line.starts_with('+') { ins { (line) } } @else { del { (line) } } }
}
