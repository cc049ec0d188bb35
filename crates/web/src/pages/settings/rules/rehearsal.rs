//! What a rule would have done in the last 30 days.

use app::rules::Rehearsed;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::rule::Rule;
use model::{Locale, l10n};
use store::Error;

use super::CONTROLS;
use crate::ui::Words;
use crate::ui::told::{faults, said, whole};

pub(super) fn told(rule: &Rule, told: Result<&Rehearsed, &Error>, zone: &TimeZone, l: Locale) -> Markup {
    let shown = match told {
        Ok(told) => drawn(rule, told, zone, l),
        Err(error) => html! {
            p.error { (whole(error, l)) }
            @for fault in faults(Some(error)) {
                @let known = CONTROLS.iter().find(|(field, ..)| fault.field.starts_with(field));
                p.error { @if let Some((_, _, label)) = known { (l.say(label)) ": " } (said(fault, l)) }
            }
        },
    };
    html! { section id="rehearsal" { h2 { (l.say("rule-rehearsal")) } (shown) } }
}

fn drawn(rule: &Rule, told: &Rehearsed, zone: &TimeZone, l: Locale) -> Markup {
    html! {
        p {
            b { (l.say_with("rule-would", &[("count", told.count.into())])) } " "
            (l.say_with("rule-set-off", &[("count", told.set_off.into())]))
            @if !told.is_whole { " " (l.say("rule-not-whole")) }
            @if told.uncounted > 0 { " " (l.say_with("rule-uncounted", &[("count", told.uncounted.into())])) }
        }
        p.help { (l.say("rule-rehearsal-help")) }
        @if !told.first.is_empty() {
            div.scroll tabindex="0" role="region" aria-label=(l.say("rule-rehearsal")) {
                table.plain {
                    thead { tr { th { (l.say("rule-run-when")) } th { (l.say("rule-run-record")) } } }
                    tbody {
                        @for fired in &told.first {
                            tr {
                                td { (l10n::date_time(l, fired.at, zone)) }
                                td { a.link href=(format!("/{}/{}", rule.module, fired.record)) { (fired.title) } }
                            }
                        }
                    }
                }
            }
        }
        (letters(told, zone, l))
    }
}

/// The letters that it would have sent.
fn letters(told: &Rehearsed, zone: &TimeZone, l: Locale) -> Markup {
    html! {
        @if told.letters + told.unsent > 0 {
            h3 { (l.say("rule-letters")) }
            p {
                b { (l.say_with("rule-would-send", &[("count", told.letters.into())])) }
                @if told.unsent > 0 { " " (l.say_with("rule-unsent", &[("count", told.unsent.into())])) }
            }
            p.help { (l.say("rule-letters-help")) }
            @for letter in &told.first_letters {
                details {
                    summary.link { (l10n::date_time(l, letter.at, zone)) " · " (letter.to) " · " b { (letter.subject) } }
                    pre.letter-text { (letter.text) }
                }
            }
        }
    }
}
