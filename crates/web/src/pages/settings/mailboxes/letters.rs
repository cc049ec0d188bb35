//! Where is this letter? Every letter that was seen in a mailbox, with what became of it.

use axum::extract::{Path, State};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Definitions, Id, Locale, l10n};
use store::{LetterState, MailboxLetter, Work};

use super::MAILBOXES;
use crate::pages::record::id;
use crate::pages::settings::frame;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Asked;

/// Letters of a page.
const LIMIT: usize = 50;

/// What is asked for.
struct Wanted {
    words: String,
    state: Option<LetterState>,
}

impl Wanted {
    /// The address of the same page, of this state, behind that letter.
    fn address(&self, at: &str, state: Option<LetterState>, after: Option<Id>) -> String {
        let after = after.map(|id| id.to_string());
        let mut asked: Vec<(&str, &str)> = Vec::new();
        if !self.words.is_empty() {
            asked.push(("q", self.words.as_str()));
        }
        asked.extend(state.map(|state| ("state", state.name())));
        asked.extend(after.as_deref().map(|after| ("cursor", after)));
        match serde_urlencoded::to_string(asked) {
            Ok(query) if !query.is_empty() => format!("{at}?{query}"),
            _ => at.to_owned(),
        }
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(mailbox): Path<String>,
    Asked(asked): Asked,
) -> Result<Markup, Problem> {
    let frame = frame(&web, &visitor).await?;
    let id = id("mailboxes", &mailbox)?;
    let wanted = Wanted { words: asked.text("q").to_owned(), state: LetterState::parse(asked.text("state")) };
    let (words, state, before) = (wanted.words.clone(), wanted.state, asked.text("cursor").parse().ok());
    let read = move |work: &mut Work<'_>| {
        Ok((work.mailbox(id)?, app::mail::letters_of(work, id, &words, state, (before, LIMIT + 1))?))
    };
    let (mailbox, mut letters) = web.app.workspace().read(visitor.actor(), read).await?;
    let is_more = letters.len() > LIMIT;
    letters.truncate(LIMIT);
    let knowledge = web.app.workspace().knowledge();
    let (l, zone, title) = (frame.locale, knowledge.settings.zone(), frame.locale.say("mailboxes-where"));
    let (of, at) = (format!("{MAILBOXES}/{id}"), format!("{MAILBOXES}/{id}/letters"));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(MAILBOXES) { (l.say("settings-mailboxes")) } a href=(of) { (mailbox.setup.name) }
            }
            h1 { (title) }
        }
        nav.tabs aria-label=(l.say("mailboxes-became")) {
            (tab(&wanted, &at, None, l))
            @for state in LetterState::ALL { (tab(&wanted, &at, Some(state), l)) }
        }
        div.bar {
            form action=(at) role="search" {
                @if let Some(state) = wanted.state { input type="hidden" name="state" value=(state.name()); }
                input.input type="search" name="q" value=(wanted.words) placeholder=(l.say("mailboxes-find")) aria-label=(l.say("mailboxes-find"));
            }
        }
        div.page {
            p.help { (l.say("mailboxes-where-help")) }
            @if letters.is_empty() {
                p.dim { (l.say(if wanted.words.is_empty() { "mailboxes-no-letters" } else { "mailboxes-none-found" })) }
            } @else { (table(&letters, &knowledge.definitions, &zone, l)) }
            @if let (true, Some(last)) = (is_more, letters.last()) {
                a.btn.quiet href=(wanted.address(&at, wanted.state, Some(last.id))) { (l.say("mailboxes-more")) }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: MAILBOXES, content }))
}

/// What became of letters, as a tone and a message.
fn became(state: LetterState) -> (&'static str, &'static str) {
    match state {
        LetterState::Taken => ("good", "mailboxes-taken"),
        LetterState::Merged => ("acc", "mailboxes-merged"),
        LetterState::Rejected => ("bad", "mailboxes-rejected"),
        LetterState::Failed => ("warn", "mailboxes-failed"),
        LetterState::Old => ("cold", "mailboxes-old"),
    }
}

fn tab(wanted: &Wanted, at: &str, state: Option<LetterState>, l: Locale) -> Markup {
    let key = state.map_or("mailboxes-all", |state| became(state).1);
    html! {
        a href=(wanted.address(at, state, None)) aria-current=[(wanted.state == state).then_some("page")] { (l.say(key)) }
    }
}

fn table(letters: &[MailboxLetter], definitions: &Definitions, zone: &TimeZone, l: Locale) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(l.say("mailboxes-letters")) {
            table.plain.as-cards {
                thead { tr {
                    th { (l.say("mailboxes-seen")) } th { (l.say("mailboxes-became")) } th { (l.say("mailboxes-called")) }
                    th.num { (l.say("mailboxes-size")) } th { (l.say("mailboxes-why")) }
                } }
                tbody { @for letter in letters { (row(letter, definitions, zone, l)) } }
            }
        }
    }
}

fn row(letter: &MailboxLetter, definitions: &Definitions, zone: &TimeZone, l: Locale) -> Markup {
    let (tone, key) = became(letter.state);
    let kilobytes = (letter.size.max(0) + 1023) / 1024;
    html! {
        tr {
            td { (l10n::date_time(l, letter.at, zone)) }
            td data-label=(l.say("mailboxes-became")) {
                span class=(format!("tag {tone}")) { (l.say(key)) } " "
                @if let Some((module, id)) = &letter.record {
                    a.link href=(format!("/{module}/{id}")) { (definitions.module(module).map_or(module.as_str(), |known| known.one.get(l))) }
                }
            }
            td data-label=(l.say("mailboxes-called")) {
                @if let Some(called) = &letter.message_id { code { (called) } } @else { span.dim { (l.say("mailboxes-nameless")) } }
                " " small.dim { "UID " (letter.place.uid) }
            }
            td.num data-label=(l.say("mailboxes-size")) { (l.say_with("mailboxes-kilobytes", &[("count", kilobytes.into())])) }
            td data-label=[letter.reason.as_ref().map(|_| l.say("mailboxes-why"))] {
                @if let Some(reason) = &letter.reason { (l.told(reason, reason)) }
                @if let Some(answer) = &letter.answer { " " span.dim lang="en" { (answer) } }
                @if let Some(again) = letter.retry_at { " " span.dim { (l.say_with("mailboxes-again", &[("at", l10n::date_time(l, again, zone).into())])) } }
            }
        }
    }
}
