//! The queue, as markup.

use app::queue::{MESSAGES, comes_back, is_waiting};
use app::rejected::REJECTED;
use maud::{Markup, html};
use model::{Locale, Record};

use super::{Part, QUEUE, View};
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon};

/// Of a text that much is shown.
const SHOWN: usize = 160;

pub(super) fn page(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("queue");
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href="/messages" { (l.say("queue-messages")) } }
            h1 { (title) }
            div.actions {
                @if view.notes {
                    @let at = "/messages/call";
                    a.btn href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::PHONE_INCOMING)) (l.say("queue-call")) }
                }
            }
        }
        nav.tabs aria-label=(l.say("queue-parts")) {
            (tab(view, Part::Waiting, &l.say("queue-waiting"), Some(view.waiting)))
            (tab(view, Part::SetAside, &l.say("queue-aside"), None))
            @if let Some(count) = view.rejected {
                a href=(format!("/{REJECTED}?filter=status+%3D%3D+%22waiting%22")) { (l.say("queue-rejected")) " " small { (count) } }
            }
        }
        @if view.part == Part::SetAside {
            div.bar {
                form action=(QUEUE) role="search" {
                    input type="hidden" name="part" value="aside";
                    input.input type="search" name="q" value=(view.q) placeholder=(l.say("queue-aside-find")) aria-label=(l.say("queue-aside-find"));
                }
            }
        }
        div.page {
            @if view.part == Part::SetAside {
                p.dim { (l.say("queue-aside-text")) }
            }
            @if view.messages.is_empty() {
                p.dim { (l.say(empty(view))) }
            } @else { (table(view)) }
            @if let Some(next) = &view.next {
                @let joint = if view.part == Part::Waiting { '?' } else { '&' };
                @let asked = serde_urlencoded::to_string([("cursor", next), ("q", &view.q)]).unwrap_or_default();
                a.btn.quiet href=(format!("{}{joint}{asked}", view.part.address())) { (l.say("queue-more")) }
            }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: "/messages", content })
}

/// What is said where there is nothing.
fn empty(view: &View) -> &'static str {
    match view.part {
        Part::Waiting => "queue-empty",
        Part::SetAside if view.q.is_empty() => "queue-aside-empty",
        Part::SetAside => "list-none-found",
    }
}

fn tab(view: &View, part: Part, words: &str, count: Option<i64>) -> Markup {
    html! {
        a href=(part.address()) aria-current=[(view.part == part).then_some("page")] {
            (words) @if let Some(count) = count { " " small { (count) } }
        }
    }
}

fn table(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        table.grid.compact.wrap.queue {
            thead { tr {
                th { (l.say("queue-what")) }
                th { (l.say("queue-from")) }
                @if view.part == Part::SetAside { th { (l.say("queue-why")) } }
                th { (l.say("queue-when")) }
                th { span.visually-hidden { (l.say("queue-acts")) } }
            } }
            tbody { @for message in &view.messages { (row(view, message)) } }
        }
    }
}

fn row(view: &View, message: &Record) -> Markup {
    let l = view.frame.locale;
    let text: String = message.text("text").unwrap_or_default().chars().take(SHOWN).collect();
    let channel = message.module.field("channel").and_then(|field| field.option(message.text("channel")?));
    let (name, reached) = (message.text("from_name"), message.text("from"));
    let from = name.or(reached).unwrap_or("—");
    let is_open = view.open.get(&message.id).copied().unwrap_or_default();
    html! {
        tr {
            td.name { a href=(format!("/{MESSAGES}/{}", message.id)) { (message.title()) } @if !text.is_empty() { br; small.dim { (text) } } }
            td data-label=(l.say("queue-from")) {
                (from)
                @if let Some(reached) = reached.filter(|_| name.is_some()) { br; span.dim { (reached) } }
                @if let Some(channel) = channel { br; small.dim { (channel.label.get(l)) } } }
            @if view.part == Part::SetAside {
                td data-label=(l.say("queue-why")) {
                    (message.text("aside_reason").unwrap_or("—")) br;
                    small.dim { (who(view, message)) }
                }
            }
            td data-label=(l.say("queue-when")) {
                (view.lens.time(message.get("aside_at").as_instant().unwrap_or(message.created_at)))
            }
            td.do { @if is_open { (acts(l, message, &view.part.address())) } }
        }
    }
}

/// Who set a message aside: a person, else a rule.
fn who(view: &View, message: &Record) -> String {
    let name = message.get("aside_by").as_id().and_then(|id| view.lens.user(id));
    name.map_or_else(|| view.frame.locale.say("queue-by-rule"), str::to_owned)
}

/// What can be made of a message; nothing once something was.
pub(in crate::pages) fn acts(l: Locale, message: &Record, next: &str) -> Markup {
    let at = format!("/{MESSAGES}/{}/sort", message.id);
    let back = if next == QUEUE { "queue" } else { "" };
    let which = |words: &str| format!("{words}: {}", message.title());
    html! {
        @if is_waiting(message) {
            div.sorting {
                @for (way, key) in [("case", "queue-case"), ("lead", "queue-lead"), ("person", "queue-person"), ("nothing", "queue-nothing")] {
                    @let (leads, words) = (format!("{at}?as={way}&from={back}"), l.say(key));
                    a.btn.small href=(leads) hx-get=(leads) hx-target="body" hx-swap="beforeend" aria-label=(which(&words)) { (words) }
                }
            }
        } @else if comes_back(message) {
            div.sorting { (press(l, &at, ("queue", back), "queue-back", message)) }
        }
    }
}

/// What asks nothing is done at once.
fn press(l: Locale, at: &str, (way, from): (&str, &str), key: &str, message: &Record) -> Markup {
    let words = l.say(key);
    html! {
        form method="post" action=(at) {
            input type="hidden" name="as" value=(way);
            input type="hidden" name="from" value=(from);
            button.btn.small.quiet aria-label=(format!("{words}: {}", message.title())) { (words) }
        }
    }
}
