//! Help as pages, and as a part beside the work.

use maud::{Markup, html};
use model::Locale;

use super::markdown::Manual;
use super::shelf;
use crate::ui::Words;
use crate::ui::addresses::HELP;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};

/// All manuals.
pub(super) fn manuals(frame: &Frame) -> Markup {
    let l = frame.locale;
    let content = html! {
        header.top { h1 { (l.say("help")) } }
        div.page.narrow { h2 { (l.say("help-which")) } (shelf_of(l)) }
    };
    shell::page(frame, &Page { title: &l.say("help"), at: HELP, content })
}

/// The choice among them as a part of a page.
pub(super) fn choice(l: Locale) -> Markup {
    html! { div.manual data-whole=(HELP) { h2 { (l.say("help-which")) } (shelf_of(l)) } }
}

/// Each manual with what can be looked up in it.
fn shelf_of(l: Locale) -> Markup {
    html! {
        div.shelf {
            @for manual in shelf::manuals(l) {
                section.group {
                    h3 { a.link href=(address(manual, "")) { (manual.title) } }
                    ul { @for section in &manual.sections { li { a href=(address(manual, &section.id)) { (section.title) } } } }
                }
            }
        }
    }
}

/// A manual with its contents.
pub(super) fn manual(frame: &Frame, manual: &Manual) -> Markup {
    let l = frame.locale;
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(HELP) { (l.say("help")) } }
            h1 { (manual.title) }
        }
        div.page.book {
            nav.contents aria-labelledby="contents" {
                h2 id="contents" { (l.say("help-contents")) }
                ol { @for section in &manual.sections { li { a href=(address(manual, &section.id)) { (section.title) } } } }
            }
            article.manual lang=(l.tag()) {
                (manual.intro)
                @for section in &manual.sections { section { (section.text) } }
            }
        }
    };
    shell::page(frame, &Page { title: &manual.title, at: HELP, content })
}

/// The section that holds a place, else what there is to choose from: a part that the script puts beside the work.
pub(super) fn part(l: Locale, manual: &Manual, place: &str) -> Markup {
    let whole = address(manual, place);
    html! {
        @match manual.section(place) {
            Some(section) => { div.manual lang=(l.tag()) data-whole=(whole) { (section.text) } },
            None => {
                div.manual data-whole=(address(manual, "")) {
                    h2 { (manual.title) }
                    ul { @for section in &manual.sections { li { a href=(address(manual, &section.id)) { (section.title) } } } }
                }
            },
        }
    }
}

fn address(manual: &Manual, place: &str) -> String {
    let mark = if place.is_empty() { "" } else { "#" };
    format!("{HELP}/{}{mark}{place}", manual.name)
}
