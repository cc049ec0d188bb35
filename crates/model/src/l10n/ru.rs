//! Russian names, signs and punctuation.

use super::{Units, Words};

/// Groups are parted by U+00A0, as CLDR has it for Russian and as spreadsheets in Russian read it back. The narrow
/// U+202F is finer, but it is missing from many fonts that documents are drawn with, and spreadsheets take it for text.
pub(super) const WORDS: Words = Words {
    months_of_date: [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    months: [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
    weekdays: ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    weekdays_short: ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
    yesterday: "вчера",
    today: "сегодня",
    tomorrow: "завтра",
    units: Units {
        years: &["год", "года", "лет"],
        months: &["месяц", "месяца", "месяцев"],
        weeks: &["неделя", "недели", "недель"],
        days: &["день", "дня", "дней"],
        hours: &["час", "часа", "часов"],
        minutes: &["минута", "минуты", "минут"],
        seconds: &["секунда", "секунды", "секунд"],
    },
    group: "\u{A0}",
    decimal_point: ",",
    currency_signs: &[
        ("AMD", "֏"),
        ("AZN", "₼"),
        ("BYN", "Br"),
        ("EUR", "€"),
        ("GBP", "£"),
        ("GEL", "₾"),
        ("JPY", "¥"),
        ("KZT", "₸"),
        ("RUB", "₽"),
        ("USD", "$"),
    ],
};
