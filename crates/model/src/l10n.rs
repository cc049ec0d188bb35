//! Words, numbers, money and dates as people of a language write them. Names and signs are tables, one file per
//! language; sentences are not here but in the message files.

mod date;
mod duration;
mod en;
mod locale;
mod money;
mod number;
mod plural;
mod ru;
mod words;

pub use date::{date, date_range, date_time, day, moment, month_and_year, time, weekday, weekday_short, zone};
pub use duration::duration;
pub use locale::Locale;
pub use money::{money, money_exact};
pub use number::{decimal, number};
pub use plural::{PluralCategory, plural, plural_category};
pub use words::money_in_words;

/// What one language calls things and how it punctuates numbers.
struct Words {
    /// January to December, as they stand after a day.
    months_of_date: [&'static str; 12],
    /// January to December by themselves.
    months: [&'static str; 12],
    /// Monday to Sunday.
    weekdays: [&'static str; 7],
    /// Monday to Sunday, as heads of a calendar.
    weekdays_short: [&'static str; 7],
    yes: &'static str,
    no: &'static str,
    yesterday: &'static str,
    today: &'static str,
    tomorrow: &'static str,
    units: Units,
    /// Between groups of three digits.
    group: &'static str,
    /// Before the decimals.
    decimal_point: &'static str,
    /// Signs of currencies that readers know by their sign; others are written by code.
    currency_signs: &'static [(&'static str, &'static str)],
}

/// Plural forms of units of time, in the order of the language's categories.
struct Units {
    years: &'static [&'static str],
    months: &'static [&'static str],
    weeks: &'static [&'static str],
    days: &'static [&'static str],
    hours: &'static [&'static str],
    minutes: &'static [&'static str],
    seconds: &'static [&'static str],
}

impl Locale {
    fn words(self) -> &'static Words {
        match self {
            Self::Ru => &ru::WORDS,
            Self::En => &en::WORDS,
        }
    }
}

/// How a question is answered with one word.
#[must_use]
pub fn yes_or_no(locale: Locale, yes: bool) -> &'static str {
    if yes { locale.words().yes } else { locale.words().no }
}

#[cfg(test)]
mod tests;
