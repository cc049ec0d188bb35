//! What the palette over every page is made of: the dialog with what can be made, and what is found while one types. What
//! the page itself offers is gathered from the page by the script.

use axum::extract::State;
use maud::{Markup, html};

use super::search::{Found, named};
use super::settings::{self, Place};
use super::visitor::Visitor;
use super::{next, process, quick};
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Asked;
use crate::ui::{Words, icon};

/// Hits that are asked for, and how many of one module are shown.
const LIMIT: usize = 30;
const OF_MODULE: usize = 4;

/// The dialog.
pub(crate) async fn palette(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let l = visitor.locale;
    let read = move |work: &mut store::Work<'_>| {
        Ok((quick::makeable(work), process::readable(work), settings::places(work, l)))
    };
    let (modules, processes, settings) = web.app.workspace().read(visitor.actor(), read).await?;
    Ok(html! {
        dialog.dialog.palette id="palette" aria-label=(l.say("palette"))
            data-of-page=(l.say("palette-page")) data-of-recent=(l.say("palette-recent")) data-of-go=(l.say("palette-go"))
            data-of-me=(l.say("palette-me")) data-none=(l.say("palette-none")) {
            form role="search" action="/search" {
                (icon(assets::icon::SEARCH))
                input type="text" inputmode="search" enterkeyhint="search" name="q" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
                    autocomplete="off" autocapitalize="off" spellcheck="false" placeholder=(l.say("palette-placeholder")) aria-label=(l.say("palette-placeholder"));
                kbd { "Esc" }
            }
            div.found id="palette-list" role="listbox" aria-label=(l.say("palette")) {
                div data-hits {}
                @if !modules.is_empty() {
                    div role="group" aria-label=(l.say("palette-new")) data-actions {
                        @for module in &modules {
                            a role="option" tabindex="-1" href=(format!("/{}/new", module.name)) data-quick=(module.name) {
                                (icon(assets::icon::PLUS)) b { (l.say_with("new-title", &[("name", module.one.get(l).into())])) }
                            }
                        }
                    }
                }
                @if !settings.is_empty() {
                    div role="group" aria-label=(l.say("settings")) data-actions data-asked {
                        @for Place { address, label, also } in &settings {
                            a role="option" tabindex="-1" href=(address) data-also=(also) { (icon(assets::icon::SETTINGS)) b { (label) } }
                        }
                    }
                }
                @if !processes.is_empty() {
                    div role="group" aria-label=(l.say("drawn-processes")) data-actions {
                        @for process in &processes {
                            a role="option" tabindex="-1" href=(process::address(&process.module)) {
                                (icon(assets::icon::WORKFLOW)) b { (l.say_with("drawn-picture", &[("name", process.label.get(l).into())])) }
                            }
                        }
                    }
                }
            }
            p.said role="status" {}
            footer { span { kbd { "↑" } " " kbd { "↓" } " " (l.say("palette-choose")) } span { kbd { "Enter" } " " (l.say("palette-open")) } }
        }
    })
}

/// What is found, module by module, that of the best hit first.
pub(crate) async fn hits(State(web): State<Web>, visitor: Visitor, Asked(query): Asked) -> Result<Markup, Problem> {
    let words: String = query.text("q").chars().take(400).collect();
    let (l, asked) = (visitor.locale, words.clone());
    let found = web.app.workspace().read(visitor.actor(), move |work| {
        let hits = work.search(&asked, LIMIT)?;
        named(work, l, hits)
    });
    let found = found.await?;
    Ok(html! {
        @for group in grouped(&found) {
            div role="group" aria-label=(group[0].module) {
                @for found in group.iter().take(OF_MODULE) {
                    a role="option" tabindex="-1" href=(format!("/{}/{}", found.hit.module, found.hit.id)) {
                        (icon::named(&found.icon)) b { @if found.hit.title.is_empty() { (l.say("hidden-here")) } @else { (found.hit.title) } }
                        @if !found.hit.subtitle.is_empty() { small { (found.hit.subtitle) } }
                    }
                }
            }
        }
        @if !found.is_empty() {
            div role="group" aria-label=(l.say("search")) {
                a role="option" tabindex="-1" href=(format!("/search?q={}", next::escaped(&words))) {
                    (icon(assets::icon::SEARCH)) b { (l.say_with("palette-all", &[("words", words.as_str().into())])) }
                }
            }
        }
    })
}

/// Never an empty group.
fn grouped(found: &[Found]) -> Vec<Vec<&Found>> {
    let mut groups: Vec<Vec<&Found>> = Vec::new();
    for found in found {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| first.hit.module == found.hit.module)) {
            Some(group) => group.push(found),
            None => groups.push(vec![found]),
        }
    }
    groups
}
