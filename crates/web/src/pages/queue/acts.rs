//! What can be done with a message of the inbox, in its row and on its page. What somebody else has in hand is taken over first.

use app::queue::{MESSAGES, Part, comes_back, is_live, is_waiting};
use app::writing::is_answerable;
use maud::{Markup, html};
use model::{Id, Locale, Record};

use super::place;
use crate::pages::write;
use crate::ui::Words;

/// What is made of a message, each with its words.
const WAYS: [(&str, &str); 4] =
    [("case", "queue-case"), ("lead", "queue-lead"), ("person", "queue-person"), ("nothing", "queue-nothing")];

/// One message, and who looks at it where.
struct One<'a> {
    l: Locale,
    message: &'a Record,
    at: String,
    from: &'static str,
}

/// What `me` may do with a message; `part` is the part of the inbox where it stands, nothing on its own page. `answers` says
/// whether they write letters.
pub(in crate::pages) fn acts(l: Locale, me: Id, message: &Record, part: Option<Part>, answers: bool) -> Markup {
    let one = One { l, message, at: format!("/{MESSAGES}/{}/sort", message.id), from: place::from(part) };
    let others = message.owner.filter(|owner| *owner != me);
    let (waits, lives) = (is_waiting(message), is_live(message));
    let is_loose = message.get("about").is_null();
    // On its own page the letter has its answer below it.
    let is_answered_here = answers && part.is_some() && is_answerable(message);
    html! {
        @if waits || lives {
            div.sorting {
                @if let Some(holder) = others.filter(|_| is_loose) {
                    (one.press("mine", "queue-take-over", Some(holder)))
                    (one.sheet("person", "queue-person", Some(holder)))
                } @else {
                    @if is_answered_here && lives { (one.answer()) }
                    @if message.owner != Some(me) { (one.press("mine", "queue-take", others)) }
                    @if waits {
                        @for (way, key) in WAYS.into_iter().filter(|(way, _)| is_open(message, way)) { (one.sheet(way, key, message.owner)) }
                    } @else { (one.sheet("person", "queue-person", message.owner)) }
                    @if lives && (!waits || message.text("conversation").is_some()) { (one.press("done", "queue-done", None)) }
                    @if comes_back(message) { (one.press("queue", "queue-back", None)) }
                }
            }
        } @else if comes_back(message) {
            div.sorting { (one.press("queue", "queue-back", None)) }
        }
    }
}

/// Whether that is made of a message by its reader: what copies it takes all of it.
fn is_open(message: &Record, way: &str) -> bool {
    message.veiled.is_empty() || !matches!(way, "case" | "lead")
}

impl One<'_> {
    fn which(&self, words: &str) -> String {
        format!("{words}: {}", self.message.title())
    }

    /// What is asked about first.
    fn sheet(&self, way: &str, key: &str, holder: Option<Id>) -> Markup {
        let words = self.l.say(key);
        let holder = holder.filter(|_| way == "person").map(|holder| format!("&holder={holder}")).unwrap_or_default();
        let leads = format!("{}?as={way}&from={}{holder}", self.at, self.from);
        html! {
            a.btn.small href=(leads) hx-get=(leads) hx-target="body" hx-swap="beforeend" aria-label=(self.which(&words)) { (words) }
        }
    }

    fn answer(&self) -> Markup {
        let words = self.l.say("write-answer");
        let leads = format!("{}?from={}", write::answer_address(self.message), self.from);
        html! {
            a.btn.small href=(leads) hx-get=(leads) hx-target="body" hx-swap="beforeend" data-act="answer" aria-label=(self.which(&words)) { (words) }
        }
    }

    /// What asks nothing is done at once.
    fn press(&self, way: &str, key: &str, holder: Option<Id>) -> Markup {
        let words = self.l.say(key);
        html! {
            form method="post" action=(self.at) {
                input type="hidden" name="as" value=(way);
                input type="hidden" name="from" value=(self.from);
                @if let Some(holder) = holder { input type="hidden" name="holder" value=(holder); }
                button.btn.small data-act=[(way == "mine").then_some("take")] aria-label=(self.which(&words)) { (words) }
            }
        }
    }
}
