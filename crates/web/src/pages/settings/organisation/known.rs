//! Time zones and currencies as people call them.

use maud::{Markup, html};
use model::Locale;

use crate::ui::Words;

/// Time zones that are known by a city, the usual ones first. Any other stands under its own name.
const ZONES: [(&str, &str); 29] = [
    ("Europe/Moscow", "organisation-zone-moscow"),
    ("Europe/Kaliningrad", "organisation-zone-kaliningrad"),
    ("Europe/Samara", "organisation-zone-samara"),
    ("Europe/Saratov", "organisation-zone-saratov"),
    ("Europe/Volgograd", "organisation-zone-volgograd"),
    ("Asia/Yekaterinburg", "organisation-zone-yekaterinburg"),
    ("Asia/Omsk", "organisation-zone-omsk"),
    ("Asia/Novosibirsk", "organisation-zone-novosibirsk"),
    ("Asia/Tomsk", "organisation-zone-tomsk"),
    ("Asia/Barnaul", "organisation-zone-barnaul"),
    ("Asia/Krasnoyarsk", "organisation-zone-krasnoyarsk"),
    ("Asia/Irkutsk", "organisation-zone-irkutsk"),
    ("Asia/Yakutsk", "organisation-zone-yakutsk"),
    ("Asia/Vladivostok", "organisation-zone-vladivostok"),
    ("Asia/Magadan", "organisation-zone-magadan"),
    ("Asia/Sakhalin", "organisation-zone-sakhalin"),
    ("Asia/Kamchatka", "organisation-zone-kamchatka"),
    ("Europe/Minsk", "organisation-zone-minsk"),
    ("Asia/Almaty", "organisation-zone-almaty"),
    ("Asia/Tashkent", "organisation-zone-tashkent"),
    ("Asia/Bishkek", "organisation-zone-bishkek"),
    ("Asia/Yerevan", "organisation-zone-yerevan"),
    ("Asia/Tbilisi", "organisation-zone-tbilisi"),
    ("Asia/Baku", "organisation-zone-baku"),
    ("Asia/Dubai", "organisation-zone-dubai"),
    ("Europe/Istanbul", "organisation-zone-istanbul"),
    ("Europe/Belgrade", "organisation-zone-belgrade"),
    ("Europe/Berlin", "organisation-zone-berlin"),
    ("Europe/London", "organisation-zone-london"),
];

/// Currencies on offer, the usual ones first.
const CURRENCIES: [(&str, &str); 15] = [
    ("RUB", "organisation-currency-rub"),
    ("EUR", "organisation-currency-eur"),
    ("USD", "organisation-currency-usd"),
    ("BYN", "organisation-currency-byn"),
    ("KZT", "organisation-currency-kzt"),
    ("AMD", "organisation-currency-amd"),
    ("GEL", "organisation-currency-gel"),
    ("UZS", "organisation-currency-uzs"),
    ("KGS", "organisation-currency-kgs"),
    ("AZN", "organisation-currency-azn"),
    ("RSD", "organisation-currency-rsd"),
    ("TRY", "organisation-currency-try"),
    ("AED", "organisation-currency-aed"),
    ("CNY", "organisation-currency-cny"),
    ("GBP", "organisation-currency-gbp"),
];

/// All time zones to be chosen from while one types: by the city, or by their own names.
pub(super) fn zones(l: Locale, id: &str) -> Markup {
    let is_named = |zone: &str| ZONES.iter().any(|(name, _)| *name == zone);
    html! {
        datalist id=(id) {
            @for (zone, city) in ZONES { option value=(zone) label=(format!("{} ({zone})", l.say(city))) {} }
            @for zone in jiff::tz::db().available().filter(|zone| !is_named(zone.as_str())) { option value=(zone.as_str()) {} }
        }
    }
}

/// The currencies; what is kept or was typed and is none of them stands last.
pub(super) fn currencies(l: Locale, chosen: &str) -> Markup {
    let is_offered = CURRENCIES.iter().any(|(code, _)| *code == chosen);
    html! {
        @for (code, name) in CURRENCIES { option value=(code) selected[code == chosen] { (l.say(name)) " (" (code) ")" } }
        @if !is_offered { option value=(chosen) selected { (chosen) } }
    }
}
