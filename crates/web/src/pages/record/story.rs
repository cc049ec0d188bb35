//! The story of a record: changes in words, letters as letters, payments and plans.

use app::timeline::{Entry, Kind};
use channels::outbox::is_by_hand;
use maud::{Markup, html};
use model::field::FieldType;
use model::rights::Scope;
use model::{Locale, Record, Value, l10n};
use serde_json::Value as Json;
use store::{ChangeEntry, FieldChange};

use super::View;
use crate::pages::{cells, undo};
use crate::ui::marks::cleaned;
use crate::ui::markup::lines;
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, icon, tag};

/// Changes of one moment that are told; the others are counted.
const TOLD: usize = 8;

/// The name of what is shown of the story, in an address.
pub(super) const KIND: &str = "story";

/// The name of the place behind which it is shown.
const OLDER: &str = "older";

/// What of the story is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// Only what is older than this place.
    pub(super) before: Option<String>,
}

impl Part {
    pub(super) fn of(query: &Typed) -> Self {
        let before = Some(query.text(OLDER).to_owned()).filter(|place| !place.is_empty());
        Self { kind: Kind::parse(query.text(KIND)), before }
    }

    pub(super) fn is_older(&self) -> bool {
        self.before.is_some()
    }
}

/// Where a kind of entries is shown alone.
fn address(view: &View, kind: Kind) -> String {
    let here = format!("/{}/{}", view.record.module.name, view.record.id);
    if kind == Kind::Any { here } else { format!("{here}?{KIND}={}", kind.name()) }
}

/// Ways to see only some of it.
pub(super) fn kinds(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        nav.kinds aria-label=(l.say("story-kinds")) {
            @for kind in [Kind::Any].into_iter().chain(Kind::all()) {
                a href=(address(view, kind)) aria-current=[(kind == view.part.kind).then_some("true")] { (label(l, kind)) }
            }
        }
    }
}

fn label(l: Locale, kind: Kind) -> String {
    let key = match kind {
        Kind::Any => "story-any",
        Kind::Changes => "story-changes",
        Kind::About("messages") => "story-messages",
        Kind::About("calls") => "story-calls",
        Kind::About("activities") => "story-activities",
        Kind::About("payments") => "story-payments",
        Kind::About("comments") => "story-comments",
        Kind::About(_) => "story-files",
    };
    l.say(key)
}

pub(super) fn story(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        div.story {
            @if view.part.is_older() { p { a.link href=(address(view, view.part.kind)) { (l.say("story-newest")) } } }
            @if view.story.is_empty() { p.faint { (l.say("story-empty")) } }
            (further(view))
        }
    }
}

/// A page of it, and the way to what is older.
pub(super) fn further(view: &View) -> Markup {
    let older = view.older.as_ref().map(|place| {
        let here = address(view, view.part.kind);
        format!("{here}{}{OLDER}={place}", if here.contains('?') { '&' } else { '?' })
    });
    html! {
        // What comes when it is asked for takes the focus of the link that it replaces.
        ol.timeline tabindex=[view.part.is_older().then_some("-1")] autofocus[view.part.is_older()] {
            @for (index, entry) in view.story.iter().enumerate() {
                @let day = view.lens.zone.to_datetime(entry.at()).date();
                @let before = index.checked_sub(1).and_then(|before| view.story.get(before));
                @if before.is_none_or(|before| view.lens.zone.to_datetime(before.at()).date() != day) {
                    li.day { (view.lens.day(day)) }
                }
                @match entry {
                    Entry::Change(change) => (changed(view, change, is_last_of_set(before, change))),
                    Entry::About(record) => (about(view, record)),
                }
            }
        }
        @if let Some(older) = older {
            p.older { a.btn.quiet.small href=(older) hx-get=(older) hx-target="closest p" hx-swap="outerHTML" { (view.frame.locale.say("story-older")) } }
        }
    }
}

pub(super) fn line(view: &View, tone: &str, sign: &str, at: jiff::Timestamp, head: &Markup, body: &Markup) -> Markup {
    let clock = l10n::time(view.lens.zone.to_datetime(at).time());
    html! {
        li.line {
            span class=(format!("mark {tone}").trim_end()) { (icon(sign)) }
            div { (head) }
            time datetime=(at.to_string()) { (clock) }
            (body)
        }
    }
}

/// Whether no later change of the same change set stands just above: one button is enough for one act.
fn is_last_of_set(above: Option<&Entry>, change: &ChangeEntry) -> bool {
    !matches!(above, Some(Entry::Change(later)) if later.change_set == change.change_set)
}

/// The way back, for those who may change the record or move it to the bin.
fn way_back(view: &View, change: &ChangeEntry, is_last: bool) -> Markup {
    let l = view.frame.locale;
    let may = view.is_open || view.grant.delete != Scope::None;
    html! {
        @if is_last && change.undone_by.is_some() {
            div.body { span.faint { (l.say("story-undone")) } }
        } @else if let Some(code) = view.hopeless.get(&change.change_set) {
            @if is_last && may {
                @if let Some(why) = l.say_if(&format!("undo-why-{code}")) { div.body { span.faint { (why) } } }
            }
        } @else if is_last && may {
            div.body { (undo::button(l, change.change_set, &format!("/{}/{}", view.record.module.name, view.record.id))) }
        }
    }
}

/// Who made a change; what did, where nobody in person.
pub(super) fn who(lens: &Lens, change: &ChangeEntry) -> String {
    let source = || lens.locale.say_if(&format!("source-{}", change.source)).unwrap_or_else(|| change.source.clone());
    change.actor.map_or_else(source, |actor| lens.user(actor).unwrap_or("—").to_owned())
}

fn changed(view: &View, change: &ChangeEntry, is_last: bool) -> Markup {
    let l = view.frame.locale;
    let who = who(&view.lens, change);
    let side = |field: &FieldChange, json: &Json| view.lens.side(&view.record.module, &field.field, json);
    let governed = view.process.as_ref().map(|process| process.field.as_str());
    let is_move = |field: &&FieldChange| governed == Some(field.field.as_str());
    let by = html! {
        span.dim {
            (who)
            @if let Some(reason) = &change.reason { " · " (reason) }
            @if change.undoes.is_some() { " · " (l.say("story-undoes")) }
        }
    };
    let way_back = way_back(view, change, is_last);
    if change.operation != "update" {
        let what = l.say_if(&format!("operation-{}", change.operation)).unwrap_or_else(|| change.operation.clone());
        let head = html! { b { (what) } " · " (by) };
        return line(view, "", assets::icon::HISTORY, change.at, &head, &way_back);
    }
    let told: Vec<&FieldChange> =
        change.fields.iter().filter(|field| !is_move(field) && is_told(view, field)).collect();
    let head = html! {
        @match change.fields.iter().find(is_move) {
            Some(step) => { (side(step, &step.before)) " → " b { (side(step, &step.after)) } " · " },
            // A move that led back to where the record stands says nothing by its stages.
            None => { b { @match step_of(view, change) { Some(step) => (step), None => (l.say("story-changed")) } } " · " },
        }
        (by)
    };
    let body = html! {
        @if !told.is_empty() {
            div.body {
                @for (index, field) in told.iter().take(TOLD).enumerate() {
                    @if index > 0 { br; }
                    (view.lens.label(&view.record.module, &field.field)) ": "
                    @if !field.before.is_null() { del { (side(field, &field.before)) } " → " }
                    ins { (side(field, &field.after)) }
                }
                @if told.len() > TOLD {
                    br;
                    span.faint { (l.say_with("story-more", &[("count", (told.len() - TOLD).into())])) }
                }
            }
        }
    };
    let body = html! { (body) (way_back) };
    let is_step = change.fields.iter().any(|field| is_move(&field));
    let (tone, sign) = if is_step { ("acc", assets::icon::WORKFLOW) } else { ("", assets::icon::PENCIL) };
    line(view, tone, sign, change.at, &head, &body)
}

/// What the move is called that a change was, for whoever sees where the record stands.
fn step_of<'v>(view: &'v View, change: &ChangeEntry) -> Option<&'v str> {
    let process = view.process.as_ref().filter(|process| !view.grant.hidden.contains(&process.field))?;
    let step = process.made(change.transition.as_deref(), None, None)?;
    Some(step.label.or(view.frame.locale, &step.name))
}

/// Whether people learn something by the change.
fn is_told(view: &View, change: &FieldChange) -> bool {
    change.field == "owner"
        || view
            .record
            .module
            .field(&change.field)
            .is_some_and(|field| field.kind != FieldType::Json || field.name == "price_tiers")
}

fn about(view: &View, record: &Record) -> Markup {
    let sign = match record.module.name.as_str() {
        "messages" => assets::icon::MAIL,
        "payments" => assets::icon::BANKNOTE,
        _ => assets::icon::LINK,
    };
    let address = format!("/{}/{}", record.module.name, record.id);
    let status = html! {
        @if let (Some(field), Value::Text(state)) = (record.module.field("status"), record.get("status")) {
            @if let Some(option) = field.option(state) { " " (tag::choice(option, view.frame.locale)) }
        }
    };
    match record.module.name.as_str() {
        super::talk::ACTIVITIES => super::plan::told(view, record, &address, &status),
        "messages" => letter(view, record, sign, &address, &status),
        app::telephone::CALLS => call(view, record, &address, &status),
        "comments" => super::talk::comment(view, record),
        "files" => {
            line(view, "", assets::icon::PAPERCLIP, record.created_at, &super::files::told(view, record), &html! {})
        }
        _ => {
            let name = record.module.one.get(view.frame.locale);
            let head =
                html! { b { (name) } " · " a.link href=(address) { (cells::title_text(&view.lens, record)) } (status) };
            let tone = if record.module.name == "payments" { "good" } else { "" };
            line(view, tone, sign, record.created_at, &head, &html! {})
        }
    }
}

/// A call: who took it, how long was spoken, where it can be heard.
fn call(view: &View, record: &Record, address: &str, status: &Markup) -> Markup {
    let l = view.frame.locale;
    let (sign, key) = match (record.text("direction"), record.text("status")) {
        (Some("out"), _) => (assets::icon::PHONE_OUTGOING, "call-out"),
        (_, Some("missed")) => (assets::icon::PHONE_MISSED, "call-in"),
        _ => (assets::icon::PHONE_INCOMING, "call-in"),
    };
    let spoken = record.get("duration").as_int().map(|seconds| format!("{}:{:02}", seconds / 60, seconds % 60));
    let by = record.link("answered_by").and_then(|user| view.lens.user(user));
    let head = html! {
        b { (l.say(key)) } " · " a.link href=(address) { (cells::title_text(&view.lens, record)) } (status)
        @if let Some(spoken) = spoken { " " (spoken) }
        @if let Some(by) = by { " · " span.dim { (by) } }
        @if let Some(recording) = record.text("recording") {
            " · " a.link href=(recording) rel="noopener noreferrer" { (l.say("call-recording")) }
        }
    };
    line(view, "", sign, record.created_at, &head, &html! {})
}

fn letter(view: &View, record: &Record, sign: &str, address: &str, status: &Markup) -> Markup {
    let l = view.frame.locale;
    let is_incoming = record.text("direction") == Some("in");
    let other = if is_incoming { record.text("from") } else { record.text("to") }.unwrap_or("—");
    // What came by another way is no letter.
    let way = record.text("channel").filter(|way| *way != "email");
    let way = way.and_then(|way| record.module.field("channel")?.option(way));
    let head = html! {
        @if let Some(way) = way { b { (way.label.get(l)) } " · " } @else { b { (l.say(if is_incoming { "letter-in" } else { "letter-out" })) } " " }
        (other) (status)
    };
    let body = html! {
        div.body.letter {
            b { a href=(address) { (cells::title_text(&view.lens, record)) } }
            // Letters of others are tables and pictures more often than words.
            @if let Some(html) = record.text("html").filter(|_| is_by_hand(record)) {
                details { summary.dim { (l.say("letter-text")) } div.formatted { (cleaned(html)) } }
            } @else if let Some(text) = record.text("text") {
                details { summary.dim { (l.say("letter-text")) } (lines(text)) }
            }
            (view.enclosed.of(record, l))
            @if let Some(error) = record.text("error") { p.error { (error) } }
            (super::writing::acts(view, record))
        }
    };
    line(view, "", sign, record.created_at, &head, &body)
}
