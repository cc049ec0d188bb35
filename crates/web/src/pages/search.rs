//! One box over every module: of each record that is found what it is, what it is called, and where it says what was asked.

mod matched;

use axum::extract::State;
use maud::{Markup, html};
use model::Locale;
use store::{Hit, Work};

use self::matched::AskedFor;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::markup::nothing;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Asked;
use crate::ui::{Lens, Words, icon};

/// Hits of one page.
const LIMIT: usize = 50;

/// A hit with its module as people call it.
pub(super) struct Found {
    pub(super) hit: Hit,
    pub(super) module: String,
    pub(super) icon: String,
    /// The field that says what was asked, and what it says, where neither title nor subtitle does.
    matched: Option<(String, String)>,
}

/// The page.
pub(crate) async fn search(State(web): State<Web>, visitor: Visitor, Asked(query): Asked) -> Result<Markup, Problem> {
    let words: String = query.text("q").chars().take(400).collect();
    let asked = words.clone();
    let (frame, found) = web
        .app
        .workspace()
        .read(visitor.actor(), move |work| {
            let hits = work.search(&asked, LIMIT)?;
            let mut found = named(work, visitor.locale, hits)?;
            matched::learn(work, &Lens::of(work, visitor.locale), &AskedFor::of(&asked), &mut found)?;
            Ok((Frame::read(work, &visitor)?, found))
        })
        .await?;
    Ok(page(&frame, &words, &found))
}

/// Hits as people call them.
pub(super) fn named(work: &mut Work<'_>, l: Locale, mut hits: Vec<Hit>) -> store::Result<Vec<Found>> {
    Lens::of(work, l).name_papers(work, &mut hits)?;
    let found = hits.into_iter().map(|hit| {
        let module = work.definitions().module(&hit.module);
        Found {
            module: module.map_or_else(String::new, |module| module.one.get(l).to_owned()),
            icon: module.map_or_else(String::new, |module| module.icon.clone()),
            hit,
            matched: None,
        }
    });
    Ok(found.collect())
}

fn page(frame: &Frame, words: &str, found: &[Found]) -> Markup {
    let (l, asked) = (frame.locale, AskedFor::of(words));
    let content = html! {
        header.top { h1 { (l.say("search")) } @if !words.is_empty() { span.tag { (words) } } }
        div.bar {
            form action="/search" role="search" aria-label=(l.say("search")) {
                input.input type="search" name="q" value=(words) placeholder=(l.say("search-placeholder")) aria-label=(l.say("search-everywhere"));
            }
        }
        @if found.is_empty() {
            div.scroll { div.empty {
                (icon(assets::icon::SEARCH))
                h2 { (l.say(if words.is_empty() { "search-nothing-asked" } else { "list-none-found" })) }
                p { (l.say("search-help")) }
            } }
        } @else {
            div.list { div.scroll {
                table.grid data-rows {
                    thead { tr { th.name { (l.say("search-record")) } th { (l.say("search-kind")) } th { (l.say("search-more")) } th { (l.say("search-matched")) } } }
                    tbody {
                        @for found in found {
                            tr {
                                td.name data-label=(l.say("search-record")) { a href=(format!("/{}/{}", found.hit.module, found.hit.id)) {
                                    @if found.hit.title.is_empty() { (l.say("hidden-here")) } @else { (asked.marked(&found.hit.title)) }
                                } }
                                td data-label=(l.say("search-kind")) { span.who { (icon::named(&found.icon)) (found.module) } }
                                td class=(if found.hit.subtitle.is_empty() { "blank" } else { "dim" }) data-label=(l.say("search-more")) {
                                    @if found.hit.subtitle.is_empty() { (nothing()) } @else { (asked.marked(&found.hit.subtitle)) }
                                }
                                td.matched.blank[found.matched.is_none()] data-label=(l.say("search-matched")) {
                                    @match &found.matched {
                                        Some((label, text)) => { span.dim { (label) ": " } (asked.marked(text)) },
                                        None => (nothing()),
                                    }
                                }
                            }
                        }
                    }
                }
            } }
        }
    };
    shell::page(frame, &Page { title: &l.say("search"), at: "/search", content })
}
