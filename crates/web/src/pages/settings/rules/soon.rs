//! What a rule of the clock would do at once where it is switched on, and the question whether that is meant.

use app::rules::AtOnce;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::rule::Rule;
use model::{Locale, l10n};

use crate::ui::{Words, note};

/// What is said of a rule that is switched off.
pub(super) fn told(at_once: AtOnce, rule: &Rule, zone: &TimeZone, l: Locale) -> Markup {
    html! {
        p {
            b { (l.say_with("rule-at-once", &[("count", at_once.count.into())])) }
            @if let Some((until, count)) = at_once.next {
                @let key = if rule.schedule().is_some() { "rule-next-time" } else { "rule-coming-days" };
                " " (l.say_with(key, &[("until", l10n::date_time(l, until, zone).into()), ("count", count.into())]))
            }
            @if !at_once.is_whole { " " (l.say("rule-at-once-more")) }
        }
    }
}

/// The question before the button that saves or switches on.
pub(super) fn asked(at_once: AtOnce, l: Locale) -> Markup {
    html! {
        input type="hidden" name="sure" value="yes";
        (note::warn(&html! {
            p {
                b { (l.say_with("rule-at-once", &[("count", at_once.count.into())])) }
                @if !at_once.is_whole { " " (l.say("rule-at-once-more")) }
                " " (l.say("rule-at-once-sure"))
            }
        }))
    }
}
