//! English names, signs and punctuation: days before months, hours to 24, as in British and international usage.

use super::{Units, Words};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WORDS: Words = Words {
    months_of_date: MONTHS,
    months: MONTHS,
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    weekdays_short: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    yes: "yes",
    no: "no",
    yesterday: "yesterday",
    today: "today",
    tomorrow: "tomorrow",
    units: Units {
        years: &["year", "years"],
        months: &["month", "months"],
        weeks: &["week", "weeks"],
        days: &["day", "days"],
        hours: &["hour", "hours"],
        minutes: &["minute", "minutes"],
        seconds: &["second", "seconds"],
    },
    group: ",",
    decimal_point: ".",
    currency_signs: &[("EUR", "€"), ("GBP", "£"), ("JPY", "¥"), ("USD", "$")],
};
