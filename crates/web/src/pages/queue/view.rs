//! The inbox, as markup.

use app::queue::{MESSAGES, Part};
use app::rejected::REJECTED;
use maud::{Markup, html};
use model::{Record, Value};

use super::{QUEUE, View, acts, place};
use crate::pages::cells;
use crate::pages::write::OUTBOX;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon, note, tag};

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
        nav.tabs id="inbox-parts" aria-label=(l.say("queue-parts")) {
            @for (part, count) in &view.counts { (tab(view, *part, *count)) }
            @if let Some(count) = view.rejected {
                a href=(format!("/{REJECTED}?filter=status+%3D%3D+%22waiting%22")) { (l.say("queue-rejected")) " " small { (count) } }
            }
            @if view.notes { a href=(OUTBOX) { (l.say("outbox")) } }
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
            @if let Some(why) = &view.refused { (note::bad(why)) }
            div id="inbox-messages" { (messages(view)) }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: QUEUE, content })
}

fn messages(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @if let Some(told) = told(view.part) { p.dim { (l.say(told)) } }
        @if view.messages.is_empty() {
            p.dim { (l.say(empty(view))) }
        } @else { (table(view)) }
        @if let Some(next) = &view.next {
            @let joint = if view.part == Part::Unassigned { '?' } else { '&' };
            @let asked = serde_urlencoded::to_string([("cursor", next), ("q", &view.q)]).unwrap_or_default();
            a.btn.quiet href=(format!("{}{joint}{asked}", place::address(view.part))) { (l.say("queue-more")) }
        }
    }
}

fn label(part: Part) -> &'static str {
    match part {
        Part::Unassigned => "queue-unassigned",
        Part::Mine => "queue-mine",
        Part::Ours => "queue-ours",
        Part::Theirs => "queue-theirs",
        Part::SetAside => "queue-aside",
    }
}

/// What a part is, where its name does not say it.
fn told(part: Part) -> Option<&'static str> {
    match part {
        Part::Unassigned | Part::Mine => None,
        Part::Ours => Some("queue-ours-text"),
        Part::Theirs => Some("queue-theirs-text"),
        Part::SetAside => Some("queue-aside-text"),
    }
}

/// What is said where there is nothing.
fn empty(view: &View) -> &'static str {
    match view.part {
        Part::Unassigned => "queue-empty",
        Part::Mine => "queue-mine-empty",
        Part::Ours => "queue-ours-empty",
        Part::Theirs => "queue-theirs-empty",
        Part::SetAside if view.q.is_empty() => "queue-aside-empty",
        Part::SetAside => "list-none-found",
    }
}

fn tab(view: &View, part: Part, count: Option<i64>) -> Markup {
    html! {
        a href=(place::address(part)) aria-current=[(view.part == part).then_some("page")] {
            (view.frame.locale.say(label(part))) @if let Some(count) = count { " " small { (count) } }
        }
    }
}

/// Whether it is said who has a message: what nobody has says nothing, and of one's own it is known.
fn says_hand(part: Part) -> bool {
    matches!(part, Part::Ours | Part::Theirs)
}

fn table(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        table.grid.compact.wrap.queue data-rows {
            thead { tr {
                th { (l.say("queue-what")) }
                th { (l.say("queue-from")) }
                @if says_hand(view.part) { th { (l.say("queue-hand")) } }
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
    html! {
        tr {
            td.name { div { a href=(format!("/{MESSAGES}/{}", message.id)) { (cells::title_text(&view.lens, message)) } @if !text.is_empty() { br; small.dim { (text) } } } }
            td data-label=(l.say("queue-from")) { div { (with_whom(view, message)) } }
            @if says_hand(view.part) {
                td data-label=(l.say("queue-hand")) {
                    @match message.owner { Some(owner) => (view.lens.person(owner)), None => span.dim { (l.say("queue-nobody")) } }
                }
            }
            @if view.part == Part::SetAside {
                td data-label=(l.say("queue-why")) {
                    div { (message.text("aside_reason").unwrap_or("—")) br; small.dim { (who(view, message)) } }
                }
            }
            td data-label=(l.say("queue-when")) {
                (view.lens.time(message.get("aside_at").as_instant().unwrap_or(message.created_at)))
            }
            td.do {
                @if view.open.contains(&message.id) {
                    (acts(l, view.frame.user.0, message, Some(view.part), view.notes))
                }
            }
        }
    }
}

/// Who wrote it, or to whom we wrote; by which channel, and what it is about.
fn with_whom(view: &View, message: &Record) -> Markup {
    let l = view.frame.locale;
    let sides = if message.text("direction") == Some("out") { ["to_name", "to"] } else { ["from_name", "from"] };
    let [name, reached] = sides.map(|side| message.text(side));
    let channel = message.module.field("channel").and_then(|field| field.option(message.text("channel")?));
    let status = message.text("status").filter(|status| matches!(*status, "failed" | "bounced"));
    let status = message.module.field("status").and_then(|field| field.option(status?));
    let about = match message.get("about") {
        Value::Record { module, id } => view.lens.title(module, *id).map(|title| (format!("/{module}/{id}"), title)),
        _ => None,
    };
    html! {
        (name.or(reached).unwrap_or("—"))
        @if let Some(reached) = reached.filter(|_| name.is_some()) { br; span.dim { (reached) } }
        @if let Some(channel) = channel { br; small.dim { (channel.label.get(l)) } }
        @if let Some(status) = status { " " (tag::choice(status, l)) }
        @if let Some((at, title)) = about { br; small { a.link href=(at) { (title) } } }
    }
}

/// Who set a message aside: a person, else a rule.
fn who(view: &View, message: &Record) -> String {
    let name = message.get("aside_by").as_id().and_then(|id| view.lens.user(id));
    name.map_or_else(|| view.frame.locale.say("queue-by-rule"), str::to_owned)
}
