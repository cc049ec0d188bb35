//! All packs: those that are applied, those that ship and wait, and a form for one of somebody else's.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use model::pack::Pack;
use model::{Id, Locale, l10n};
use store::Error;
use store::shape::Applying;

use super::{PACKS, named, refusal};
use crate::pages::settings::tabs;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::packs::applied;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon, note};

pub(in crate::pages::settings) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    drawn(&web, &visitor, None).await
}

pub(super) async fn drawn(web: &Web, visitor: &Visitor, error: Option<&Error>) -> Result<Markup, Problem> {
    let applied = applied(web, visitor.actor()).await?;
    let by = applied.iter().filter_map(|applying| applying.applied_by).collect();
    let reader = visitor.clone();
    let read = move |work: &mut store::Work<'_>| Ok((Frame::read(work, &reader)?, work.user_names(&by)?));
    let (frame, people) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, title) = (frame.locale, frame.locale.say("packs"));
    let waiting = app::packs::shipped().into_iter().filter(|name| named(&applied, name).is_none());
    let waiting = waiting.map(super::shipped).collect::<Result<Vec<_>, _>>()?;
    let is_done = error.is_none() && visitor.here.ends_with("done=true");
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, PACKS))
        div.page {
            @if is_done { (note::good(&l.say("packs-done"))) }
            p.dim { (l.say("packs-text")) }
            section { h2 { (l.say("packs-applied")) } (table(&applied, &people, web, l)) }
            @if !waiting.is_empty() { section { h2 { (l.say("packs-waiting")) } div.cards { @for pack in &waiting { (offer(pack, l)) } } } }
            section id="upload" { h2 { (l.say("packs-upload")) } (upload(error, l)) }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: PACKS, content }))
}

fn table(applied: &[Applying], people: &BTreeMap<Id, String>, web: &Web, l: Locale) -> Markup {
    let zone = web.app.workspace().knowledge().settings.zone();
    html! {
        div.scroll tabindex="0" role="region" aria-label=(l.say("packs-applied")) {
            table.plain.as-cards {
                thead { tr { th { (l.say("packs-pack")) } th { (l.say("settings-name")) } th.num { (l.say("packs-version")) } th { (l.say("packs-when")) } th { (l.say("packs-by")) } th { (l.say("settings-state")) } } }
                tbody {
                    @for Applying { pack, applied_at, applied_by, .. } in applied {
                        @let name = &pack.manifest.name;
                        tr {
                            td { a.link href=(format!("{PACKS}/{name}")) { (pack.manifest.label.get(l)) } }
                            td data-label=(l.say("settings-name")) { code { (name) } }
                            td.num data-label=(l.say("packs-version")) { (pack.manifest.version) }
                            td data-label=(l.say("packs-when")) { (l10n::date_time(l, *applied_at, &zone)) }
                            td data-label=(l.say("packs-by")) { (who(*applied_by, people, l)) }
                            td.above-link { (state(pack, l)) }
                        }
                    }
                }
            }
        }
    }
}

/// Who applied a pack.
pub(super) fn who(id: Option<Id>, people: &BTreeMap<Id, String>, l: Locale) -> String {
    id.and_then(|id| people.get(&id).cloned()).unwrap_or_else(|| l.say("packs-by-program"))
}

/// Whether another one of its name ships.
fn state(pack: &Pack, l: Locale) -> Markup {
    let name = &pack.manifest.name;
    let Some(Ok(shipped)) = app::packs::shipped_pack(name) else {
        return html! { span.tag { (l.say("packs-own")) } };
    };
    html! {
        @if shipped.files != pack.files {
            a.tag.acc href=(format!("{PACKS}/{name}/apply")) {
                @if shipped.manifest.version > pack.manifest.version {
                    (l.say_with("packs-newer", &[("version", i64::from(shipped.manifest.version).into())]))
                } @else { (l.say("packs-differs")) }
            }
        } @else { span.tag.good { (icon(assets::icon::CHECK)) (l.say("packs-current")) } }
    }
}

fn offer(pack: &Pack, l: Locale) -> Markup {
    let name = &pack.manifest.name;
    html! {
        article.card.roomy {
            header { (icon(assets::icon::PACKAGE)) b { (pack.manifest.label.get(l)) } span.push { (l.say("packs-version")) " " (pack.manifest.version) } }
            p { @for (index, module) in pack.modules.iter().enumerate() { @if index > 0 { ", " } (module.label.get(l)) } }
            footer { a.btn href=(format!("{PACKS}/{name}/apply")) { (l.say("packs-see")) } }
        }
    }
}

fn upload(error: Option<&Error>, l: Locale) -> Markup {
    html! {
        form.form method="post" action=(PACKS) enctype="multipart/form-data" {
            @if let Some(error) = error { (refusal(error, l)) }
            div.field {
                label for="files" { (l.say("packs-files")) }
                input id="files" name="files" type="file" multiple required accept=".json,.toml,.typ,.md" aria-describedby="files-help";
                p.help id="files-help" { (l.say("packs-files-help")) }
            }
            footer.actions { button.btn { (icon(assets::icon::UPLOAD)) (l.say("packs-see")) } }
        }
    }
}
