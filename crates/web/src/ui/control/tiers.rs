//! Price tiers of a ticket type: a few rows of price, from and until. In one text a tier is a line `price|from|until`.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Currency;
use serde_json::{Value as Json, json};

use super::Control;
use super::reading::{instant, plain_number};
use crate::ui::Words;
use crate::ui::typed::Typed;

/// The field that they stand in.
pub(super) const FIELD: &str = "price_tiers";

/// Rows that are offered; more tiers are set through the API.
pub(crate) const TIER_ROWS: usize = 4;

/// Tiers in one text.
pub(crate) fn tiers_text(json: &Json, zone: &TimeZone) -> String {
    let tiers = json.as_array().map(Vec::as_slice).unwrap_or_default();
    let moment = |tier: &Json, name: &str| {
        let at = tier.get(name).and_then(Json::as_str).and_then(|text| model::value::read_instant(text).ok());
        at.map(|at| zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
    };
    let line = |tier: &Json| {
        let price = tier.pointer("/price/amount").and_then(Json::as_str).unwrap_or_default();
        format!("{price}|{}|{}", moment(tier, "from"), moment(tier, "until"))
    };
    tiers.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The rows of a form in one text; empty rows are left out.
pub(super) fn typed_text(name: &str, typed: &Typed) -> String {
    let part = |row: usize, part: &str| typed.text(&format!("{name}.{row}.{part}")).replace(['|', '\n', '\r'], " ");
    let rows = (0..TIER_ROWS).map(|row| [part(row, "price"), part(row, "from"), part(row, "until")]);
    let filled = rows.filter(|row| row.iter().any(|text| !text.is_empty()));
    filled.map(|row| row.join("|")).collect::<Vec<_>>().join("\n")
}

/// One text in the form of the API.
pub(super) fn to_json(text: &str, zone: &TimeZone, currency: Currency) -> Json {
    let moment = |text: &str| match text {
        "" => Json::Null,
        text => instant(text, zone).map_or_else(|| json!(text), |at| json!(at)),
    };
    let tier = |line: &str| {
        let mut parts = line.split('|');
        let mut next = || parts.next().unwrap_or_default();
        let price = plain_number(next());
        let price = if price.is_empty() { Json::Null } else { json!({"amount": price, "currency": currency.code()}) };
        json!({"price": price, "from": moment(next()), "until": moment(next())})
    };
    text.lines().map(tier).collect()
}

/// The rows.
pub(super) fn rows(control: &Control<'_>) -> Markup {
    let lines: Vec<Vec<&str>> = control.text.lines().map(|line| line.split('|').collect()).collect();
    let part = |row: usize, part: usize| lines.get(row).and_then(|line| line.get(part)).copied().unwrap_or_default();
    let name = |row: usize, part: &str| format!("{}.{row}.{part}", control.name);
    let (price, from, until) =
        (control.locale.say("tier-price"), control.locale.say("tier-starts"), control.locale.say("tier-ends"));
    html! {
        table.plain.tiers {
            thead { tr { th { (price) } th { (from) } th { (until) } } }
            tbody {
                @for row in 0..TIER_ROWS {
                    tr {
                        td data-label=(price) { input.input inputmode="decimal" id=[(row == 0).then_some(control.name)] name=(name(row, "price")) value=(part(row, 0)) aria-label=(price); }
                        td data-label=(from) { input.input type="datetime-local" name=(name(row, "from")) value=(part(row, 1)) aria-label=(from); }
                        td data-label=(until) { input.input type="datetime-local" name=(name(row, "until")) value=(part(row, 2)) aria-label=(until); }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use model::Currency;
    use serde_json::json;

    use super::{tiers_text, to_json, typed_text};
    use crate::ui::typed::read;

    #[test]
    fn tiers_come_back_as_they_were_typed() {
        let body = "t.0.price=10+000&t.0.until=2026-12-01T00%3A00&t.1.price=14000&t.1.from=2026-12-01T00%3A00";
        let typed = read(body.as_bytes()).unwrap_or_default();
        let text = typed_text("t", &typed);
        let json = to_json(&text, &TimeZone::UTC, Currency::RUB);
        assert_eq!(
            json[0],
            json!({"price": {"amount": "10000", "currency": "RUB"}, "from": null, "until": "2026-12-01T00:00:00Z"})
        );
        assert_eq!(tiers_text(&json, &TimeZone::UTC), "10000||2026-12-01T00:00\n14000|2026-12-01T00:00|");
    }
}
