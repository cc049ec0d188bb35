//! How long a payment is waited for: a number of hours or days. The API keeps what it has always kept, a length of time.

use maud::{Markup, html};
use model::Locale;

use crate::ui::typed::Typed;
use crate::ui::{Below, Words};

pub(super) const NAME: &str = "payment_wait";
pub(super) const UNIT: &str = "payment_wait_unit";

/// Units by their names in the form, with what stands around their number.
const UNITS: [(&str, &str, &str, &str); 2] =
    [("days", "P", "D", "organisation-wait-days"), ("hours", "PT", "H", "organisation-wait-hours")];

/// A length of time that is neither so many hours nor so many days.
const AS_IT_IS: &str = "as-it-is";

/// What was typed, as the API has it; what is no number of its unit stays as it is, to be refused.
pub(super) fn read(typed: &Typed) -> String {
    let text = typed.text(NAME);
    let unit = UNITS.iter().find(|(name, ..)| *name == typed.text(UNIT));
    match (unit, text.parse::<u32>()) {
        (Some((_, before, after, _)), Ok(number)) => format!("{before}{number}{after}"),
        _ => text.to_owned(),
    }
}

/// The number, and the name of its unit.
fn parted<'a>(kept: &'a str, unit: &'a str) -> (&'a str, &'a str) {
    let number = |(name, before, after, _): &(&'static str, &str, &str, &str)| {
        let number = kept.strip_prefix(before)?.strip_suffix(after)?;
        number.parse::<u32>().is_ok().then_some((number, *name))
    };
    match UNITS.iter().find_map(number) {
        Some(parted) => parted,
        None if kept.is_empty() || UNITS.iter().any(|(name, ..)| *name == unit) => (kept, unit),
        None => (kept, AS_IT_IS),
    }
}

/// The controls; `unit` is what was chosen where that was refused.
pub(super) fn controls(l: Locale, kept: &str, unit: &str, below: &Below<'_>) -> Markup {
    let (number, unit) = parted(kept, unit);
    html! {
        div.field {
            label for=(NAME) { (l.say("organisation-payment-wait")) }
            div.inputs {
                input id=(NAME) name=(NAME) value=(number) inputmode=[(unit != AS_IT_IS).then_some("numeric")] autocomplete="off"
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                select name=(UNIT) aria-label=(l.say("organisation-wait-unit")) {
                    @for (name, _, _, label) in UNITS { option value=(name) selected[name == unit] { (l.say(label)) } }
                    @if unit == AS_IT_IS { option value=(AS_IT_IS) selected { (l.say("organisation-wait-as-it-is")) } }
                }
            }
            (below)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AS_IT_IS, NAME, Typed, UNIT, parted, read};

    #[test]
    fn what_is_typed_is_kept_as_a_length_of_time_and_shown_as_it_was_typed() {
        for (number, unit, kept) in
            [("3", "days", "P3D"), ("4", "hours", "PT4H"), ("36", "hours", "PT36H"), ("", "days", "")]
        {
            let mut typed = Typed::default();
            typed.set(NAME, number);
            typed.set(UNIT, unit);
            assert_eq!(read(&typed), kept);
            assert_eq!(parted(kept, unit), (number, unit));
        }
        for (text, unit) in [("soon", "days"), ("-1", "hours"), ("1.5", "days")] {
            let mut typed = Typed::default();
            typed.set(NAME, text);
            typed.set(UNIT, unit);
            assert_eq!(read(&typed), text, "to be refused, and shown again as it is");
            assert_eq!(parted(text, unit), (text, unit));
        }
        // What a program has set stays what it is, whoever saves the form.
        let mut typed = Typed::default();
        typed.set(NAME, "P1DT12H");
        typed.set(UNIT, AS_IT_IS);
        assert_eq!((read(&typed).as_str(), parted("P1DT12H", "")), ("P1DT12H", ("P1DT12H", AS_IT_IS)));
    }
}
