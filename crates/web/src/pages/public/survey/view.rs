//! The page of a survey, as markup.

use app::surveys::Standing;
use maud::{Markup, html};

use super::super::super::visitor::Guest;
use super::form::TRAP;
use super::{View, controls};
use crate::ui::markup::lines;
use crate::ui::{Words, note};

pub(super) fn form(view: &View, guest: &Guest) -> Markup {
    let l = view.lens.locale;
    let survey = &view.opened.survey;
    let asked = survey.asked().filter(|question| view.form.asked.contains(&question.key));
    let until = view.opened.sent.as_ref().and_then(|sent| sent.get("expires_at").as_instant());
    let introduction = survey.introduction.get(l);
    let is_more = view.form.asks_more();
    let takes_files = !view.is_preview && !view.opened.takes_files().is_empty();
    let content = html! {
        (view.head.header())
        @if !introduction.is_empty() { section { p { (lines(introduction)) } } }
        form.form method=(if view.is_preview { "get" } else { "post" }) enctype=[takes_files.then_some("multipart/form-data")] action=(view.action) novalidate {
            @if view.is_preview { (note::warn(&html! { (l.say("survey-preview-text")) })) }
            @if view.form.is_wrong() { (note::bad(&l.say("form-faults"))) }
            @for fault in &view.form.faults { (note::bad(fault)) }
            @if is_more && !view.form.is_wrong() { p.help role="status" { (l.say("survey-more")) } }
            @for question in asked { (controls::question(&view.form, question, l)) }
            div.visually-hidden aria-hidden="true" {
                label { (l.say("leave-empty")) input name=(TRAP) tabindex="-1" autocomplete="off"; }
            }
            button.btn.main-action { (l.say("survey-send")) }
            @if let Some(until) = until { p.fine { (l.say_with("survey-until", &[("moment", view.lens.moment(until).into())])) } }
            @if view.opened.sent.is_none() && view.opened.survey.anonymous { p.fine { (l.say("survey-anonymous")) } }
        }
    };
    view.head.sheet(guest, &guest.languages(), content)
}

/// What is said when nothing is asked any more.
pub(super) fn ended(view: &View, guest: &Guest) -> Markup {
    let l = view.lens.locale;
    let thanks = view.opened.survey.thanks.get(l);
    let is_over = view.opened.standing == Standing::Over;
    let content = html! {
        (view.head.header())
        section {
            @if is_over {
                h2 { (l.say("survey-over")) }
                p.dim { (l.say("survey-over-text")) }
            } @else {
                h2 { (l.say("survey-kept")) }
                p.dim { @if thanks.is_empty() { (l.say("survey-thanks")) } @else { (lines(thanks)) } }
            }
        }
        @if view.opened.standing == Standing::Correctable {
            div.stack { a.btn href=(format!("{}?correct=1", view.action)) { (l.say("survey-correct")) } }
        }
    };
    view.head.sheet(guest, &guest.languages(), content)
}
