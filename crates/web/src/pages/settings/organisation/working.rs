//! When the organisation works: days of the week, from when to when, and the dates on which nobody does.

use jiff::civil::Weekday;
use maud::{Markup, html};
use model::{Locale, l10n};
use serde_json::{Value as Json, json};

use crate::ui::typed::Typed;
use crate::ui::{Below, Words};

pub(super) const NAME: &str = "working_time";

/// What was typed, as the API has it; nothing where the form did not ask.
pub(super) fn read(typed: &Typed) -> Option<Json> {
    let days: Vec<i64> = typed.all("working_days").filter_map(|day| day.parse().ok()).collect();
    let dates = typed.get("working_holidays")?.split([' ', ',', ';', '\r', '\n']).filter(|text| !text.is_empty());
    Some(json!({
        "days": days, "from": typed.text("working_from"), "to": typed.text("working_to"),
        "holidays": dates.collect::<Vec<_>>(),
    }))
}

/// The controls; `fault` is what is wrong with it.
pub(super) fn controls(l: Locale, kept: &Json, fault: Option<&str>) -> Markup {
    let text = |name: &str| kept.get(name).and_then(Json::as_str).unwrap_or_default();
    let list = |name: &str| kept.get(name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let holidays = list("holidays").iter().filter_map(Json::as_str).collect::<Vec<_>>().join("\n");
    let help = l.say("organisation-holidays-help");
    let below = Below { id: NAME, fault: fault.map(Into::into), help: Some(help.into()) };
    html! {
        h2 { (l.say("organisation-working-time")) }
        fieldset.field {
            legend { (l.say("organisation-working-days")) }
            div.options {
                @for day in 1_i8..=7 {
                    label.option { input type="checkbox" name="working_days" value=(day) checked[list("days").contains(&json!(day))]; (Weekday::from_monday_one_offset(day).map(|day| l10n::weekday(l, day)).unwrap_or_default()) }
                }
            }
        }
        div.pair {
            @for (name, key, label) in [("working_from", "from", "organisation-working-from"), ("working_to", "to", "organisation-working-to")] {
                div.field { label for=(name) { (l.say(label)) } input type="time" id=(name) name=(name) value=(text(key)); }
            }
        }
        div.field {
            label for=(NAME) { (l.say("organisation-holidays")) }
            textarea id=(NAME) name="working_holidays" rows="3" aria-invalid=[below.invalid()] aria-describedby=[below.described()] { (holidays) }
            (below)
        }
    }
}
