//! Why a run ended as it did, in the reader's language.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Locale, l10n};
use store::{FieldError, RuleReason};

use super::actions::KINDS;
use crate::ui::Words;

/// Reasons of the program's own, with their words.
const OWN: [(&str, &str); 14] = [
    ("approved", "rule-why-approved"),
    ("budget", "rule-why-budget"),
    ("budget_of_letters", "rule-why-budget_of_letters"),
    ("cause_gone", "rule-why-cause_gone"),
    ("changed_meanwhile", "rule-why-changed_meanwhile"),
    ("condition", "rule-why-condition"),
    ("interrupted", "rule-why-interrupted"),
    ("no_consent", "rule-why-no_consent"),
    ("off_meanwhile", "rule-why-off_meanwhile"),
    ("opted_out", "rule-why-opted_out"),
    ("refused", "rule-why-refused"),
    ("stopped", "rule-why-stopped"),
    ("too_deep", "rule-why-too_deep"),
    ("webhook", "rule-why-webhook"),
];

/// What reasons speak of.
const VALUES: [&str; 7] = ["answer", "budget", "letters", "name", "times", "url", "way"];

pub(super) fn drawn(reason: &RuleReason, zone: &TimeZone, l: Locale) -> Markup {
    if reason.code == "until" {
        let moment = reason.message.parse::<jiff::Timestamp>();
        let moment = moment.map_or_else(|_| reason.message.clone(), |moment| l10n::date_time(l, moment, zone));
        return html! { (l.say_with("rule-waits-until", &[("moment", moment.into())])) };
    }
    let words = words(reason, l);
    html! {
        @if let Some(step) = step(reason, l) { (step) " " }
        @match words {
            Some(words) => (words),
            None => span lang="en" { (reason.message) },
        }
    }
}

/// Which action it came up in.
fn step(reason: &RuleReason, l: Locale) -> Option<String> {
    let (place, action) = reason.step.as_ref()?;
    let called = KINDS.iter().find(|(name, _)| name == action).map_or_else(|| action.clone(), |(_, key)| l.say(key));
    let number = i64::try_from(place + 1).unwrap_or_default();
    Some(l.say_with("rule-why-step", &[("number", number.into()), ("action", called.into())]))
}

/// The words of a code; nothing of one that has none.
fn words(reason: &RuleReason, l: Locale) -> Option<String> {
    if let Some((_, key)) = OWN.iter().find(|(code, _)| *code == reason.code) {
        let value = |name: &'static str| Some((name, reason.values.get(name)?.as_str().into()));
        let values: Vec<_> = VALUES.into_iter().filter_map(value).collect();
        return Some(l.say_with(key, &values));
    }
    let faults: Vec<String> = reason
        .faults
        .iter()
        .map(|(field, code, message)| format!("{field}: {}", l.error(&FieldError::new(field, code, message))))
        .collect();
    if reason.code == "validation_failed" && !faults.is_empty() {
        return Some(faults.join(" "));
    }
    let told = l.say_if(&format!("error-{}", reason.code))?;
    Some(std::iter::once(told).chain(faults).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(reason: &RuleReason, l: Locale) -> String {
        drawn(reason, &TimeZone::UTC, l).into_string()
    }

    #[test]
    fn reasons_are_said_in_the_readers_language() {
        for l in Locale::ALL {
            for (code, _) in OWN {
                let reason = VALUES.iter().fold(RuleReason::new(code, "in English"), |it, name| it.with(name, "VALUE"));
                let text = shown(&reason, l);
                assert!(!text.contains("in English") && !text.contains('⟨'), "{code}: {text}");
            }
            let wrong = store::Error::Invalid(vec![FieldError::new("email", "invalid_email", "no address")]);
            let text = shown(&RuleReason::of(&wrong).at(1, "create"), l);
            assert!(text.contains("email: ") && !text.contains("no address") && text.contains('2'), "{text}");
            let gone = store::Error::conflict("no_address", "the record has no address");
            assert!(!shown(&RuleReason::of(&gone), l).contains("lang=\"en\""));
        }
        assert!(shown(&RuleReason::new("until", "2026-11-22T09:00:00Z"), Locale::Ru).contains("22"));
        // What has no words is said to be English, and so is what an older program kept.
        let unknown = shown(&RuleReason::new("", "it was <so>"), Locale::Ru);
        assert_eq!(unknown, "<span lang=\"en\">it was &lt;so&gt;</span>");
    }
}
