//! The page, act by act.

use maud::{Markup, html};
use model::{Definitions, Locale};
use store::{Act, ActPart, FieldChange};

use super::{View, sides, whole};
use crate::pages::undo;
use crate::ui::addresses::ACTS;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, face, icon};

/// Modules of an act that are named; the others are left out.
const NAMED: usize = 4;

pub(super) fn page(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("acts");
    let content = html! {
        header.top { h1 { (title) } }
        @if view.sees_all {
            nav.tabs aria-label=(l.say("acts-whose")) {
                @for (of_all, key) in [(false, "acts-own"), (true, "acts-all")] {
                    a href=(address(view, of_all, None)) aria-current=[(of_all == view.asked.of_all).then_some("page")] { (l.say(key)) }
                }
            }
        }
        div.page.narrow {
            p.help { (l.say("acts-help")) }
            (filter(view))
            @if view.acts.is_empty() {
                div.empty {
                    (icon(assets::icon::HISTORY))
                    h2 { (l.say(if view.older.is_some() { "acts-none-here" } else { "acts-none" })) }
                }
            } @else {
                ol.acts { @for act in &view.acts { (one(view, act)) } }
            }
            @if let Some(older) = view.older {
                p { a.btn href=(address(view, view.asked.of_all, Some(&older.to_string()))) { (l.say("acts-older")) } }
            }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: ACTS, content })
}

/// The page for others, or further back; the chosen module stays.
fn address(view: &View, of_all: bool, before: Option<&str>) -> String {
    let pairs = [
        of_all.then_some(("of", "all")),
        view.asked.module.as_deref().map(|module| ("module", module)),
        before.map(|before| ("before", before)),
    ];
    let pairs: Vec<_> = pairs.into_iter().flatten().map(|(name, value)| format!("{name}={value}")).collect();
    if pairs.is_empty() { ACTS.to_owned() } else { format!("{ACTS}?{}", pairs.join("&")) }
}

fn filter(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        form.acts-filter action=(ACTS) {
            @if view.asked.of_all { input type="hidden" name="of" value="all"; }
            label for="module" { (l.say("settings-module")) }
            div.inputs {
                select.input id="module" name="module" {
                    option value="" { (l.say("acts-every-module")) }
                    @for (name, label) in &view.modules {
                        option value=(name) selected[view.asked.module.as_ref() == Some(name)] { (label) }
                    }
                }
                button.btn { (l.say("acts-show")) }
            }
        }
    }
}

fn one(view: &View, act: &Act) -> Markup {
    let l = view.frame.locale;
    let who = act.set.actor.map(|actor| (actor, view.lens.user(actor).unwrap_or("—")));
    html! {
        li.act {
            @match who { Some((id, name)) => (face::face(id, name)), None => span.mark { (icon(assets::icon::WORKFLOW)) } }
            div {
                p { b { (l.say(&what(view, act))) } " · " (to_what(view, act)) }
                (told(view, act))
                p.dim {
                    @match who { Some((_, name)) => (name), None => (source(l, &act.set.source)) }
                    @if who.is_some() && act.set.source != "interface" { " · " (source(l, &act.set.source)) }
                    @if let Some(reason) = &act.set.reason { " · " (reason) }
                }
            }
            div.when { (view.lens.time(act.set.at)) (way_back(view, act)) }
        }
    }
}

/// The way back, where records were touched: the set-up is set back where it is set up.
fn way_back(view: &View, act: &Act) -> Markup {
    let l = view.frame.locale;
    let is_of_records = act.parts.iter().any(|part| view.definitions.module(&part.module).is_some());
    html! {
        @if act.set.undone_by.is_some() { span.tag { (l.say("story-undone")) } }
        @else if is_of_records && !is_erasure(act) && !view.empty.contains(&act.set.id) { (undo::button(l, act.set.id, &view.frame.here)) }
    }
}

pub(super) fn source(l: Locale, name: &str) -> String {
    l.say_if(&format!("source-{name}")).unwrap_or_else(|| name.to_owned())
}

/// The message that says which act it was.
fn what(view: &View, act: &Act) -> String {
    let many = act.parts.iter().any(|part| part.records > 1);
    let key = match (act.first.operation.as_str(), act.set.source.as_str()) {
        _ if act.set.undoes.is_some() => "acts-undo",
        _ if is_erasure(act) => "acts-erasure",
        _ if view.definitions.module(&act.module).is_none() => "acts-setup",
        (_, "import") => "acts-import",
        ("update", _) if act.first.transition.is_some() || step(view, act).is_some() => "acts-move",
        ("update", _) if many => "acts-bulk",
        ("update", _) => "acts-edit",
        (operation, _) => return format!("operation-{operation}"),
    };
    key.to_owned()
}

/// Whether a person was erased, which nothing takes back.
fn is_erasure(act: &Act) -> bool {
    act.parts.iter().any(ActPart::is_erasure)
}

/// From which state to which, where the act moved its first record.
fn step(view: &View, act: &Act) -> Option<(String, String)> {
    let process = view.definitions.process(&act.module)?;
    let field = view.definitions.module(&act.module)?.field(&process.field)?;
    // What was made came from nowhere, and what was removed leads nowhere.
    let is_move = |change: &&FieldChange| !(change.before.is_null() || change.after.is_null());
    let moved = act.first.fields.iter().filter(|change| change.field == process.field).find(is_move)?;
    let side = |json: &serde_json::Value| view.lens.text(field, &view.lens.read_value(field, json));
    Some((side(&moved.before), side(&moved.after)))
}

/// How many records of which modules.
fn to_what(view: &View, act: &Act) -> Markup {
    let l = view.frame.locale;
    html! {
        @for (index, part) in act.parts.iter().take(NAMED).enumerate() {
            @if index > 0 { ", " }
            (label(l, &view.definitions, &part.module)) ": "
            @let key = if act.is_more && index == 0 { "acts-more-records" } else { "acts-records" };
            (l.say_with(key, &[("count", i64::try_from(part.records).unwrap_or(i64::MAX).into())]))
        }
        @if act.parts.len() > NAMED { "…" }
    }
}

/// A module, or a part of the set-up, as people call it.
pub(super) fn label(l: Locale, definitions: &Definitions, name: &str) -> String {
    if let Some(module) = definitions.module(name) {
        return module.label.get(l).to_owned();
    }
    match name {
        "users" => l.say("settings-users"),
        "teams" => l.say("settings-teams"),
        "views" => l.say("acts-views"),
        "_mailboxes" => l.say("settings-mailboxes"),
        "_lines" => l.say("settings-lines"),
        "settings" => l.say("settings-organisation"),
        other => other.to_owned(),
    }
}

/// The record that was touched first, and what of it was set.
fn told(view: &View, act: &Act) -> Markup {
    let l = view.frame.locale;
    let others = act.parts.iter().map(|part| part.records).sum::<usize>().saturating_sub(1);
    // What was made is read on its own page.
    let changed = view.definitions.module(&act.module).filter(|_| act.first.operation == "update");
    let step = step(view, act);
    let governed = step.as_ref().and(view.definitions.process(&act.module)).map(|process| process.field.as_str());
    let is_further = |change: &&FieldChange| Some(change.field.as_str()) != governed;
    let further: Vec<FieldChange> = act.first.fields.iter().filter(is_further).cloned().collect();
    html! {
        @if let Some(title) = view.lens.title(&act.module, act.record) {
            p.about {
                a.link href=(format!("/{}/{}", act.module, act.record)) { (title) }
                @if others > 0 { " " span.dim { (l.say_with("acts-others", &[("count", i64::try_from(others).unwrap_or(i64::MAX).into())])) } }
            }
        }
        @if others > 0 {
            p { a.link href=(whole::address(act.set.id, None)) { (l.say("act-whole")) } }
        }
        @if let Some((before, after)) = step { p { (before) " → " b { (after) } } }
        @if let Some(module) = changed { (sides::fields(&view.lens, module, &further)) }
    }
}
