//! The page of a form, as markup.

use app::forms::BITS;
use maud::{Markup, html};
use model::form::{CONSENT, LANDING, MARKETING, PROOF, REFERRER, STAMP};
use model::survey::Kind;
use serde_json::Value as Json;

use super::super::super::visitor::Guest;
use super::super::survey::controls;
use super::super::survey::form::TRAP;
use super::{Look, View};
use crate::ui::door::{self, Kind as SheetKind, Sheet};
use crate::ui::markup::lines;
use crate::ui::{Words, note};

pub(super) fn form(view: &View, guest: &Guest) -> Markup {
    let l = view.l;
    let is_test = view.look == Look::Test;
    let asked = view.opened.survey.asked().filter(|question| view.form.asked.contains(&question.key));
    let introduction = view.opened.form.introduction.get(l);
    let takes_files = !is_test && !view.opened.takes_files().is_empty();
    let is_more = view.form.asks_more();
    let is_wrong = !view.form.errors.is_empty() || !view.form.faults.is_empty();
    let content = html! {
        (head(view))
        @if !introduction.is_empty() { section { p { (lines(introduction)) } } }
        form.form method=(if is_test { "get" } else { "post" }) enctype=[takes_files.then_some("multipart/form-data")] action=(view.action) novalidate {
            @if is_test { (note::warn(&html! { (l.say("form-test-text")) })) }
            @if is_wrong { (note::bad(&l.say("form-faults"))) }
            @for fault in &view.form.faults { (note::bad(fault)) }
            @if view.had_files { (note::warn(&html! { (l.say("form-files-again")) })) }
            @if is_more && !is_wrong { p.help role="status" { (l.say("survey-more")) } }
            @for question in asked { (controls::question(&view.form, question, l)) }
            (consent(view))
            (hidden(view))
            button.btn.main-action { (l.say("form-send")) }
        }
    };
    sheet(view, guest, content)
}

/// What the page carries and nobody sees.
fn hidden(view: &View) -> Markup {
    let l = view.l;
    // The page around a frame says these when it is there.
    let told = |name: &str| view.source.get(name).and_then(Json::as_str).unwrap_or_default();
    let marks = view.source.iter().filter(|(name, _)| ![REFERRER, LANDING].contains(&name.as_str()));
    html! {
        input type="hidden" name=(STAMP) value=(view.stamp);
        @if view.is_rush {
            input type="hidden" name=(PROOF) value="" data-bits=(BITS);
            script type="module" src=(assets::PROOF_JS) {}
        }
        @for (name, text) in marks { input type="hidden" name=(name) value=(text.as_str().unwrap_or_default()); }
        @for name in [REFERRER, LANDING] { input type="hidden" name=(name) value=(told(name)); }
        div.visually-hidden aria-hidden="true" {
            label { (l.say("leave-empty")) input name=(TRAP) tabindex="-1" autocomplete="off"; }
        }
    }
}

fn consent(view: &View) -> Markup {
    let (l, form) = (view.l, &view.opened.form);
    let wording = form.consent.get(l);
    let error = view.form.errors.get(CONSENT);
    if wording.is_empty() {
        return html! {};
    }
    html! {
        div.field {
            label.option {
                input type="checkbox" id=(CONSENT) name=(CONSENT) value="yes" required checked[view.form.typed.text(CONSENT) == "yes"]
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "consent-error")];
                span { (lines(wording)) }
            }
            @if let Some(policy) = &form.policy { p.fine { a.link href=(policy) target="_blank" rel="noopener" { (l.say("form-policy")) } } }
            @if let Some(error) = error { (note::of_field(CONSENT, error)) }
        }
        @let marketing = form.marketing.get(l);
        @if !marketing.is_empty() {
            div.field {
                label.option {
                    input type="checkbox" id=(MARKETING) name=(MARKETING) value="yes" checked[view.form.typed.text(MARKETING) == "yes"];
                    span { (lines(marketing)) }
                }
            }
        }
    }
}

/// What is said when it was sent.
pub(super) fn thanks(view: &View, guest: &Guest) -> Markup {
    let (l, form) = (view.l, &view.opened.form);
    let thanks = form.thanks.get(l);
    let content = html! {
        (head(view))
        section role="status" {
            h2 { (l.say("form-sent")) }
            p.dim { @if thanks.is_empty() { (l.say("form-thanks")) } @else { (lines(thanks)) } }
        }
        @if let Some(next) = &form.next { div.stack { a.btn href=(next) target=[(view.look == Look::Framed).then_some("_top")] { (l.say("form-go-on")) } } }
    };
    sheet(view, guest, content)
}

/// What would be taken in, said to whoever tries the form out.
pub(super) fn tried(view: &View, guest: &Guest) -> Markup {
    let l = view.l;
    let asked = view.opened.survey.asked().filter(|it| it.kind != Kind::File);
    let said = asked.filter_map(|it| Some((it.label.or(l, &it.key), view.form.answers.get(&it.key)?)));
    let content = html! {
        (head(view))
        section {
            (note::warn(&html! { (l.say("form-tried")) }))
            dl {
                @for (label, answer) in said.filter(|(_, answer)| !answer.is_null()) {
                    dt { (label) }
                    dd { @match answer { Json::String(text) => (lines(text)), other => (other.to_string()) } }
                }
            }
        }
        div.stack { a.btn href=(view.action) { (l.say("form-try-again")) } }
    };
    sheet(view, guest, content)
}

fn head(view: &View) -> Markup {
    html! { @if view.look == Look::Framed { h1.visually-hidden { (view.head.event) } } @else { (view.head.header()) } }
}

fn sheet(view: &View, guest: &Guest, content: Markup) -> Markup {
    if view.look != Look::Framed {
        return view.head.sheet(guest, &guest.languages(), content);
    }
    let sheet = Sheet {
        locale: view.l,
        theme: guest.theme,
        title: &view.head.event,
        kind: SheetKind::Framed,
        content,
        languages: None,
    };
    door::branded(&sheet, &view.head.brand)
}
