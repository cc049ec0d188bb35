//! Letters that people write, on the page of what they are about: the way to a new one, to an answer, and back from one that
//! has not gone yet.

use std::collections::BTreeSet;

use app::App;
use app::queue::MESSAGES;
use app::timeline::Entry;
use app::writing::is_answerable;
use maud::{Markup, html};
use model::{Id, Record};
use store::Work;

use super::View;
use crate::pages::write;
use crate::ui::{Words, icon};

/// What the reader may do with the letters of a page.
#[derive(Default)]
pub(super) struct Writing {
    /// Whether they write about the record.
    pub(super) is_open: bool,
    /// Whether they send short messages about it.
    pub(super) texts: bool,
    /// Letters of theirs that have not gone yet.
    unsent: BTreeSet<Id>,
    /// Messages that came in and that they answer.
    answered: BTreeSet<Id>,
}

/// Read with the record's page.
pub(super) fn read(work: &mut Work<'_>, record: &Record, story: &[Entry]) -> store::Result<Writing> {
    let told = story.iter().filter_map(|entry| match entry {
        Entry::About(other) => Some(&**other),
        Entry::Change(_) => None,
    });
    let letters: Vec<&Record> = told.chain([record]).filter(|record| record.module.name == MESSAGES).collect();
    let Ok(module) = work.module(MESSAGES) else { return Ok(Writing::default()) };
    let came: BTreeSet<Id> = letters.iter().filter(|letter| is_answerable(letter)).map(|letter| letter.id).collect();
    let answered = if work.grant(&module).create { work.changeable(&module, &came)? } else { BTreeSet::new() };
    let unsent = letters.iter().filter(|letter| App::is_own_unsent(work, letter)).map(|letter| letter.id).collect();
    Ok(Writing { is_open: false, texts: false, unsent, answered })
}

/// The ways to a new letter and to a short message, beside what is planned.
pub(super) fn button(view: &View) -> Markup {
    let l = view.frame.locale;
    let at = write::address(&view.record.module.name, view.record.id);
    html! {
        @if view.writing.is_open {
            a.btn.quiet.small href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::MAIL)) (l.say("write-letter")) }
        }
        @if view.writing.texts {
            @let at = write::short::address(&view.record.module.name, view.record.id);
            a.btn.quiet.small href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::MESSAGE_CIRCLE)) (l.say("short-write")) }
        }
    }
}

/// What is done with a letter of the story.
pub(super) fn acts(view: &View, letter: &Record) -> Markup {
    let l = view.frame.locale;
    let back = format!("/{}/{}", view.record.module.name, view.record.id);
    html! {
        @if view.writing.answered.contains(&letter.id) {
            @let at = write::answer_address(letter);
            div.buttons { a.btn.quiet.small href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (l.say("write-answer")) } }
        }
        @if view.writing.unsent.contains(&letter.id) { (write::unsent(l, letter, &back)) }
    }
}
