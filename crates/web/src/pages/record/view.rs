//! The page of a record.

use std::collections::BTreeSet;

use maud::{Markup, html};
use model::l10n::date_time;
use model::process::{Phase, Process, Transition};
use model::{Locale, Record};
use store::IdentityKind;

use super::edit::DIALOG;
use super::fields::{Fields, address};
use super::linked::Linked;
use super::road::road;
use super::transition::is_asked;
use super::{View, access, checklist, checks, files, letter, may_delete, past, plan, talk};
use crate::pages::moves::called;
use crate::pages::{cells, convert, order, privacy, queue, rejected};
use crate::ui::inputs::owner;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, face, icon, note, tag};

/// Moves that get buttons of their own; the others stand in a menu.
const BUTTONS: usize = 2;

pub(super) fn page(view: &View) -> Markup {
    let l = view.frame.locale;
    let module = &view.record.module;
    let at = format!("/{}", module.name);
    let title = cells::title_text(&view.lens, &view.record);
    let governed = view.process.as_ref().map(|process| process.field.as_str());
    let (lens, record, grant) = (&view.lens, &view.record, &view.grant);
    let fields = Fields { lens, record, grant, is_open: view.is_open, governed, is_past: false };
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(at) { (module.label.get(l)) }
                @if let Some((event, name)) = view.record.link("event").and_then(|id| Some((id, view.lens.title("events", id)?))) {
                    a href=(format!("/events/{event}")) { (name) }
                }
            }
            h1 title=(title) { (title) }
            (marks(view))
            (answers(view, &fields))
            div.actions { (access::button(view)) (talk::follow_button(view)) (actions(view)) }
        }
        @if let Some(process) = &view.process { div.bar { (path(l, &view.record, process, &view.visited)) (its_way(view)) } }
        @if !view.four_eyes.is_empty() { div.page { p.help id="four-eyes" { (l.say("move-four-eyes")) } } }
        @if let Some(erasure) = &view.erasure {
            div.page { (note::warn(&html! { (l.say_with("record-erased", &[("moment", date_time(l, erasure.at, &view.lens.zone).into())])) })) }
        }
        @if view.record.deleted_at.is_some() { div.page { (note::warn(&html! { (l.say("record-in-bin")) })) } }
        nav.to-story aria-label=(l.say("to-story")) { a.link href="#story" { (icon(assets::icon::ARROW_DOWN)) (l.say("to-story")) } }
        div.record {
            aside aria-label=(l.say("fields")) {
                (fields.groups())
                @if view.is_open {
                    a.btn.quiet href=(format!("{at}/{}/edit", view.record.id)) { (icon(assets::icon::PENCIL)) (l.say("edit-all")) }
                }
            }
            section id="story" aria-label=(l.say("story")) {
                @if let Some(order) = &view.order {
                    (order::notes(&view.lens, order, &view.record))
                    (order::tickets(&view.lens, order))
                }
                @if view.waits_for_seller { (order::seller_note(l)) }
                @if view.record.module.name == "messages" { (letter::letter(view)) }
                (view.surveys.answers(l, &view.record))
                (rejected::section(l, &view.came))
                (talk::section(view))
            }
            aside aria-label=(l.say("linked")) {
                (checks::section(view))
                (checklist::section(view))
                (next_steps(view))
                (files::section(view))
                @for linked in &view.linked { (group(view, linked)) }
                (duplicates(view))
            }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: &at, content })
}

/// Readiness and whatever else is seen at once.
fn marks(view: &View) -> Markup {
    let l = view.frame.locale;
    let choice = |name: &str| {
        let option = view.record.module.field(name)?.option(view.record.text(name)?)?;
        Some(tag::choice(option, l))
    };
    let is_governed = |name: &str| view.process.as_ref().is_some_and(|process| process.field == name);
    html! {
        @for name in ["readiness", "status", "attention_reason", "needs_attention_reason"] {
            @if !is_governed(name) && !view.grant.hidden.iter().any(|hidden| hidden == name) {
                @if let Some(mark) = choice(name) { (mark) }
            }
        }
    }
}

/// Who answers for it; whoever may give it to somebody else does so from here.
fn answers(view: &View, fields: &Fields<'_>) -> Markup {
    let (l, field) = (view.frame.locale, owner());
    let module = &view.record.module;
    if !module.owners || view.grant.hidden.contains(&field.name) {
        return html! {};
    }
    let named = view.record.owner.and_then(|id| Some((id, view.lens.user(id)?)));
    let shown = html! {
        span.visually-hidden { (view.lens.label(module, &field.name)) ": " }
        @match named { Some((id, name)) => (face::who(id, name)), None => span.dim { (l.say("owner-none")) } }
    };
    let at = address(&module.name, view.record.id, &field.name);
    html! {
        @if fields.is_changed(&field) {
            a.answers href=(at) hx-get=(format!("{at}&{DIALOG}=true")) hx-target="body" hx-swap="beforeend" { (shown) }
        } @else { span.answers { (shown) } }
    }
}

/// What is done with records of this module alone.
fn own_acts(view: &View) -> Markup {
    let (l, record) = (view.frame.locale, &view.record);
    html! {
        @if view.is_open {
            @if let Some(process) = &view.process { (convert::button(l, record, process)) }
            (queue::acts(l, view.frame.user.0, record, None, false))
            (rejected::button(l, record))
            (view.surveys.buttons(l, record))
            @if matches!(record.module.name.as_str(), "invoices" | "contracts") && record.text("number").is_some() {
                a.btn href=(format!("/api/v1/{}/{}/pdf", record.module.name, record.id)) { "PDF" }
            }
        }
    }
}

fn actions(view: &View) -> Markup {
    let l = view.frame.locale;
    let base = format!("/{}/{}", view.record.module.name, view.record.id);
    let as_of = past::ask(l, &view.lens, &base, view.lens.now);
    let surveys = view.surveys.menu(l, &view.record);
    let own = own_acts(view);
    let Some(process) = &view.process else {
        let bin = bin(view, &base);
        let rare = html! { (surveys) (persons(view)) (as_of) };
        return html! { (own) (bin) (more(l, &html! { (own) (bin) }, &rare)) };
    };
    let lost = |transition: &Transition| process.state(&transition.to).is_some_and(|state| state.phase == Phase::Lost);
    let (ends, mut steps): (Vec<&Transition>, Vec<&Transition>) =
        view.moves.iter().partition(|transition| lost(transition));
    // What leads on stands first; a way back is never the main thing to do.
    let place = |state: &str| process.states.iter().position(|known| known.name == state);
    let here = view.record.text(&process.field).and_then(place);
    let leads_on = |transition: &Transition| place(&transition.to) > here;
    steps.sort_by_key(|transition| !leads_on(transition));
    let books = view.order.as_ref().is_some_and(|order| order.takes_money) || view.papers.takes_money;
    let is_pending = matches!(view.record.text("status"), Some("pending" | "issued"));
    let menu: Vec<&Transition> = steps.iter().skip(BUTTONS).chain(&ends).copied().collect();
    let is_main = |index: usize, step: &Transition| index == 0 && leads_on(step) && !(books && is_pending);
    let payment = html! {
        @if books {
            a.btn.main-action[is_pending] href=(format!("{base}/payments")) hx-get=(format!("{base}/payments")) hx-target="body" hx-swap="beforeend" {
                (icon(assets::icon::BANKNOTE)) (l.say("book-payment"))
            }
        }
    };
    let main = html! {
        @for (_, step) in steps.iter().enumerate().filter(|(index, step)| is_main(*index, step)) { (press(view, process, step, "btn main-action")) }
        @if is_pending { (payment) }
    };
    let beside = html! {
        @for (_, step) in steps.iter().take(BUTTONS).enumerate().filter(|(index, step)| !is_main(*index, step)) { (press(view, process, step, "btn")) }
        @for transition in &view.four_eyes {
            button.btn type="button" disabled aria-describedby="four-eyes" { (transition.label.get(l)) }
        }
        @if !is_pending { (payment) }
    };
    let rare = html! {
        @for transition in menu { (press(view, process, transition, if lost(transition) { "danger" } else { "" })) }
        (surveys)
        (view.papers.menu(l, &view.record))
        (bin(view, &base))
        (persons(view))
        (as_of)
    };
    html! { (own) (main) (beside) (more(l, &html! { (own) (beside) }, &rare)) }
}

/// What is wanted now and then. On phones, where one button has room, the menu also has what stands beside it elsewhere.
fn more(l: Locale, beside: &Markup, rare: &Markup) -> Markup {
    html! {
        details.menu.more {
            summary.btn title=(l.say("more")) { span.label { (l.say("more")) } (icon(assets::icon::CHEVRON_DOWN)) (icon(assets::icon::ELLIPSIS)) }
            div.pop.end { div.for-phones { (beside) } (rare) }
        }
    }
}

/// A move as a button: at once, or by way of a small form.
fn press(view: &View, process: &Process, transition: &Transition, class: &str) -> Markup {
    let module = &view.record.module.name;
    let address = format!("/{module}/{}/transitions/{}", view.record.id, transition.name);
    let label = called(view.frame.locale, process, &view.record, transition);
    html! {
        @if is_asked(process, module, transition) {
            a class=(class) href=(address) hx-get=(address) hx-target="body" hx-swap="beforeend" { (label) }
        } @else {
            form method="post" action=(address) { button class=(class) { (label) } }
        }
    }
}

fn bin(view: &View, base: &str) -> Markup {
    let l = view.frame.locale;
    html! {
        @if may_delete(&view.record, &view.grant) {
            @if view.record.deleted_at.is_some() {
                form method="post" action=(format!("{base}/restore")) { button.btn { (icon(assets::icon::UNDO_2)) (l.say("restore")) } }
            } @else {
                form method="post" action=(format!("{base}/delete")) { button.btn.quiet.danger { (icon(assets::icon::TRASH_2)) (l.say("to-bin")) } }
            }
        }
    }
}

/// What is done with all that is known of a person.
fn persons(view: &View) -> Markup {
    html! { @if view.may_erase && view.erasure.is_none() { (privacy::acts(view.frame.locale, &view.record)) } }
}

/// The stages: those that were visited, the present one, the others; an end that was no success stands last.
pub(super) fn path(l: Locale, record: &Record, process: &Process, visited: &BTreeSet<String>) -> Markup {
    let present = record.text(&process.field).unwrap_or_default();
    let road = road(process, present);
    let here = road.iter().position(|state| state.name == present).unwrap_or(0);
    let is_lost = process.state(present).is_some_and(|state| state.phase == Phase::Lost);
    html! {
        ol.path aria-label=(l.say("stages")) {
            @for (index, state) in road.iter().enumerate() {
                @if state.name == present && is_lost { li.lost aria-current="step" title=(state.label.get(l)) { span { (state.label.get(l)) } } }
                @else if state.name == present { li aria-current="step" title=(state.label.get(l)) { span { (state.label.get(l)) } } }
                @else if index < here && !is_lost && visited.contains(&state.name) { li.done title=(state.label.get(l)) { (icon(assets::icon::CHECK)) span { (state.label.get(l)) } } }
                @else { li title=(state.label.get(l)) { span { (state.label.get(l)) } } }
            }
        }
    }
}

/// The way that led here, drawn.
fn its_way(view: &View) -> Markup {
    let label = view.frame.locale.say("drawn-its-way");
    let address = crate::pages::process::of_record(&view.record.module.name, view.record.id);
    html! { a.btn.quiet.icon.its-way href=(address) title=(label) aria-label=(label) { (icon(assets::icon::WORKFLOW)) } }
}

fn next_steps(view: &View) -> Markup {
    let l = view.frame.locale;
    let is_waiting = view.record.text("status") == Some("pending");
    let check = view.record.get("next_check_at").as_instant().filter(|_| is_waiting);
    html! {
        @if check.is_some() || !view.plans.is_empty() {
            section.group {
                h2 { (l.say("next-steps")) }
                @if let Some(at) = check {
                    div.item { b { (l.say("next-check")) } (view.lens.time(at)) small { (l.say(order::future(&view.record, view.order.as_ref()))) } }
                }
                (plan::next(view))
            }
        }
    }
}

fn group(view: &View, linked: &Linked) -> Markup {
    let l = view.frame.locale;
    html! {
        section.group {
            h2 {
                (linked.module.label.get(l)) " " small { (linked.total) }
                a href=(linked.all(&view.record)) { (l.say("all")) }
            }
            @for record in &linked.records { (item(view, record)) }
        }
    }
}

/// A linked record in two lines: its name and state, and what else is known.
fn item(view: &View, record: &Record) -> Markup {
    let module = &record.module;
    let state = ["status", "stage"].into_iter().find_map(|name| module.field(name)?.option(record.text(name)?));
    let amount = ["total", "amount", "price", "price_now"].into_iter().find_map(|name| record.get(name).as_money());
    let subtitle = module.subtitle.as_deref().and_then(|name| record.text(name));
    html! {
        div.item {
            b { a href=(format!("/{}/{}", module.name, record.id)) { (cells::title_text(&view.lens, record)) } }
            @match (state, amount) {
                (Some(option), _) => (tag::choice(option, view.frame.locale)),
                (None, Some(amount)) => span.num { (model::l10n::money(view.frame.locale, amount)) },
                _ => (view.lens.time(record.created_at)),
            }
            @if subtitle.is_some() || (state.is_some() && amount.is_some()) {
                small {
                    @if let Some(subtitle) = subtitle { (subtitle) }
                    @if let (Some(_), Some(amount)) = (state, amount) {
                        @if subtitle.is_some() { " · " }
                        (model::l10n::money(view.frame.locale, amount))
                    }
                }
            }
        }
    }
}

fn duplicates(view: &View) -> Markup {
    let l = view.frame.locale;
    html! {
        @if !view.duplicates.is_empty() {
            section.group {
                h2 { (l.say("possible-duplicates")) }
                @for duplicate in &view.duplicates {
                    div.item {
                        b { a href=(format!("/{}/{}", duplicate.record.module.name, duplicate.record.id)) { (duplicate.record.title()) } }
                        span.dim { (duplicate.record.module.one.get(l)) }
                        small { (reasons(view, &duplicate.kinds)) }
                    }
                }
            }
        }
    }
}

fn reasons(view: &View, kinds: &[IdentityKind]) -> String {
    let words = kinds.iter().map(|kind| view.frame.locale.say(&format!("same-{}", kind.name())));
    words.collect::<Vec<_>>().join(", ")
}
