//! Moments on offer beside the control of a date and time: in an hour, tomorrow, on Monday, in a week. They are chosen by
//! plain buttons of a form; the control is for another time.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Timestamp, ToSpan};
use maud::{Markup, html};
use model::l10n;

use super::Control;
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, note};

/// When a day's work begins.
const HOUR: i8 = 10;
/// A moment on offer is a round one, in seconds.
const ROUND: i64 = 5 * 60;
const IN_AN_HOUR: i64 = 60 * 60;

/// One moment on offer.
pub(crate) struct Soon {
    /// As the control writes it.
    value: String,
    label: String,
    /// The day or the hour that is meant.
    meant: String,
}

/// The choice among the moments on offer for a field.
pub(crate) fn name(field: &str) -> String {
    format!("{field}.soon")
}

/// The moment that was chosen for a field; nothing where it is another time.
pub(super) fn chosen(field: &str, typed: &Typed) -> Option<String> {
    typed.get(&name(field)).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// The moments on offer, each once: on a Sunday tomorrow is Monday.
pub(crate) fn offers(lens: &Lens) -> Vec<Soon> {
    let (l, today) = (lens.locale, lens.today());
    let at = |day: Date, key: &str| {
        let at = day.at(HOUR, 0, 0, 0);
        let meant = format!("{}, {}", lens.day(day), l10n::time(at.time()));
        Soon { value: written(at), label: l.say(key), meant }
    };
    let hour = in_an_hour(lens.now).map(|at| {
        let local = lens.zone.to_datetime(at);
        let meant = if local.date() == today { l10n::time(local.time()) } else { lens.moment(at) };
        Soon { value: written(local), label: l.say("soon-hour"), meant }
    });
    let tomorrow = today.tomorrow().ok().map(|day| at(day, "soon-tomorrow"));
    let monday = today.nth_weekday(1, Weekday::Monday).ok().map(|day| at(day, "soon-monday"));
    let week = today.checked_add(7.days()).ok().map(|day| at(day, "soon-week"));
    let mut offers: Vec<Soon> = Vec::new();
    for offer in [hour, tomorrow, monday, week].into_iter().flatten() {
        if offers.iter().all(|other| other.value != offer.value) {
            offers.push(offer);
        }
    }
    offers
}

fn in_an_hour(now: Timestamp) -> Option<Timestamp> {
    let seconds = (now.as_second() + IN_AN_HOUR + ROUND - 1).div_euclid(ROUND) * ROUND;
    Timestamp::from_second(seconds).ok()
}

fn written(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The control with the moments on offer: the style sheet shows it while none of them is chosen.
pub(crate) fn row(control: &Control<'_>, is_required: bool, offers: &[Soon]) -> Markup {
    let (l, choice) = (control.locale, name(control.name));
    let is_offered = offers.iter().any(|offer| offer.value == control.text);
    let other = Control { text: if is_offered { "" } else { control.text }, ..*control };
    html! {
        fieldset.field.soon {
            legend { (control.label) @if !is_required { " " small { (l.say("optional")) } } }
            div.soon-choices {
                @for offer in offers {
                    label {
                        input type="radio" name=(choice) value=(offer.value) checked[offer.value == control.text];
                        (offer.label) " " small { (offer.meant) }
                    }
                }
                label { input type="radio" name=(choice) value="" checked[!is_offered]; (l.say("soon-other")) }
            }
            (other.input())
            @match (control.error, &control.field.help) {
                (Some(error), _) => (note::of_field(control.name, error)),
                (None, Some(help)) => p.help id=(format!("{}-help", control.name)) { (help.get(l)) },
                (None, None) => {},
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_an_hour_is_a_round_time_and_never_sooner() {
        let hour = |text: &str| in_an_hour(text.parse().unwrap()).unwrap().to_string();
        assert_eq!(hour("2026-11-27T11:00:00Z"), "2026-11-27T12:00:00Z");
        assert_eq!(hour("2026-11-27T11:00:01Z"), "2026-11-27T12:05:00Z");
        assert_eq!(hour("2026-11-27T22:58:00Z"), "2026-11-28T00:00:00Z");
    }
}
