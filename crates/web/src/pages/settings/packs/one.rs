//! One pack that is applied: what it consists of, what it adds to others, what it was before; and the pack as a file.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use maud::{Markup, html};
use model::extension::Extension;
use model::pack::Pack;
use model::{Locale, l10n};
use store::shape::{Applied, Applying};

use super::list::who;
use super::{PACKS, named};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::packs::applied;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon, note};

pub(in crate::pages::settings) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    let applied = applied(&web, visitor.actor()).await?;
    let this = named(&applied, &name).ok_or_else(|| not_applied(&name))?;
    let by = this.past.iter().filter_map(|past| past.applied_by).chain(this.applied_by).collect();
    let reader = visitor.clone();
    let read = move |work: &mut store::Work<'_>| Ok((Frame::read(work, &reader)?, work.user_names(&by)?));
    let (frame, people) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, pack) = (frame.locale, &this.pack);
    let zone = web.app.workspace().knowledge().settings.zone();
    let (title, at) = (pack.manifest.label.get(l).to_owned(), format!("{PACKS}/{name}"));
    let shipped = app::packs::shipped_pack(&name).and_then(Result::ok).filter(|shipped| shipped.files != pack.files);
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(PACKS) { (l.say("packs")) } }
            h1 { (title) }
            span.tag { (l.say("packs-version")) " " (pack.manifest.version) }
            div.actions { a.btn href=(format!("{at}/file")) download { (icon(assets::icon::DOWNLOAD)) (l.say("packs-download")) } }
        }
        div.page {
            @if visitor.here.ends_with("done=true") { (note::good(&l.say("packs-done"))) }
            @if let Some(shipped) = shipped {
                div.note { (icon(assets::icon::PACKAGE)) div {
                    (l.say_with("packs-other-ships", &[("version", i64::from(shipped.manifest.version).into())])) " "
                    a href=(format!("{at}/apply")) { (l.say("packs-see")) }
                } }
            }
            dl.fields.roomy {
                dt { (l.say("settings-name")) } dd { code { (name) } }
                dt { (l.say("packs-when")) } dd { (l10n::date_time(l, this.applied_at, &zone)) }
                dt { (l.say("packs-by")) } dd { (who(this.applied_by, &people, l)) }
                @if !pack.manifest.requires.is_empty() { dt { (l.say("packs-needs")) } dd { (codes(pack.manifest.requires.iter().map(String::as_str))) } }
                (parts(pack, l))
            }
            @if !pack.extensions.is_empty() { section { h2 { (l.say("packs-extends")) } (extensions(pack, &applied, l)) } }
            section {
                h2 { (l.say("packs-past")) }
                @if this.past.is_empty() { p.dim { (l.say("packs-no-past")) } }
                @else {
                    div.scroll tabindex="0" role="region" aria-label=(l.say("packs-past")) {
                        table.plain.as-cards {
                            thead { tr { th { (l.say("packs-version")) } th { (l.say("packs-when")) } th { (l.say("packs-by")) } th { (l.say("packs-until")) } th {} } }
                            tbody {
                                @for Applied { number, version, applied_at, applied_by, replaced_at } in &this.past {
                                    tr {
                                        td { @match version { Some(version) => { (version) }, None => { (l.say("packs-was-not-there")) } } }
                                        td data-label=(l.say("packs-when")) { @if let Some(at) = applied_at { (l10n::date_time(l, *at, &zone)) } }
                                        td data-label=(l.say("packs-by")) { @if version.is_some() { (who(*applied_by, &people, l)) } }
                                        td data-label=(l.say("packs-until")) { (l10n::date_time(l, *replaced_at, &zone)) }
                                        td { a.link href=(format!("{at}/past/{number}")) { (l.say("packs-go-back")) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: PACKS, content }))
}

/// The pack in one file, which the upload, the API and the command line read back.
pub(in crate::pages::settings) async fn file(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let applied = applied(&web, visitor.actor()).await?;
    let pack = &named(&applied, &name).ok_or_else(|| not_applied(&name))?.pack;
    let disposition = format!("attachment; filename=\"{}-{}.pack.json\"", pack.manifest.name, pack.manifest.version);
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, app::packs::bundle(pack)))
}

pub(super) fn not_applied(name: &str) -> Problem {
    Problem::not_found(format!("no pack {name:?} is applied"))
}

/// What the pack brings of its own.
fn parts(pack: &Pack, l: Locale) -> Markup {
    let labels = [
        ("packs-modules", pack.modules.iter().map(|module| module.label.get(l)).collect::<Vec<_>>()),
        ("packs-roles", pack.roles.iter().map(|role| role.label.get(l)).collect()),
        ("packs-letters", pack.letters.iter().map(|letter| letter.label.get(l)).collect()),
        ("packs-views", pack.views.iter().map(|view| view.label.get(l)).collect()),
    ];
    let flows = pack.processes.iter().map(|process| process.name.as_str());
    let flows = flows.chain(pack.process_extensions.iter().map(|said| said.extends.as_str()));
    let named = [
        ("packs-processes", flows.collect::<Vec<_>>()),
        ("packs-documents", pack.documents.keys().map(String::as_str).collect()),
    ];
    html! {
        @for (key, names) in labels {
            @if !names.is_empty() { dt { (l.say(key)) } dd { (names.join(", ")) } }
        }
        @for (key, names) in named {
            @if !names.is_empty() { dt { (l.say(key)) } dd { (codes(names.into_iter())) } }
        }
    }
}

/// What the pack adds to modules of others, and who else does: the later pack has the last word.
fn extensions(pack: &Pack, applied: &[Applying], l: Locale) -> Markup {
    let label = |module: &str| {
        let mut all = applied.iter().flat_map(|applying| &applying.pack.modules);
        all.find(|there| there.name == module).map_or(module, |there| there.label.get(l)).to_owned()
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label=(l.say("packs-extends")) {
            table.plain.as-cards {
                thead { tr { th { (l.say("settings-module")) } th { (l.say("packs-new-fields")) } th { (l.say("packs-changed-fields")) } th { (l.say("packs-others")) } } }
                tbody {
                    @for extension in &pack.extensions {
                        tr {
                            td { (label(&extension.extends)) }
                            td data-label=(l.say("packs-new-fields")) { (codes(extension.fields.iter().map(|field| field.name.as_str()))) }
                            td data-label=(l.say("packs-changed-fields")) { (codes(extension.changes.iter().map(|change| change.field.as_str()))) }
                            td data-label=(l.say("packs-others")) { (others(extension, pack, applied, l)) }
                        }
                    }
                }
            }
        }
        p.help { (l.say("packs-order-help")) }
    }
}

fn codes<'a>(names: impl Iterator<Item = &'a str>) -> Markup {
    html! { span.tags { @for name in names { code { (name) } } } }
}

/// Other packs that extend the same module, in their order.
fn others(extension: &Extension, pack: &Pack, applied: &[Applying], l: Locale) -> Markup {
    let extends = |other: &Pack| other.extensions.iter().any(|there| there.extends == extension.extends);
    let others =
        applied.iter().map(|applying| &applying.pack).filter(|other| other.manifest.name != pack.manifest.name);
    html! {
        span.tags {
            @for other in others.filter(|other| extends(other)) {
                a.link href=(format!("{PACKS}/{}", other.manifest.name)) { (other.manifest.label.get(l)) }
            }
        }
    }
}
