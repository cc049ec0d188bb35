//! Which form of a word goes with a count (categories and rules of Unicode CLDR).

use super::Locale;

/// A plural category of CLDR that Russian or English has for whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluralCategory {
    /// 1 билет, 21 билет; 1 ticket.
    One,
    /// 2 билета, 34 билета.
    Few,
    /// 5 билетов, 11 билетов, 0 билетов.
    Many,
    /// 0 tickets, 2 tickets.
    Other,
}

/// The category of a count; a negative one goes as its magnitude.
#[must_use]
pub fn plural_category(locale: Locale, count: i64) -> PluralCategory {
    let count = count.unsigned_abs();
    match locale {
        Locale::Ru => match (count % 10, count % 100) {
            (1, tens) if tens != 11 => PluralCategory::One,
            (2..=4, tens) if !(12..=14).contains(&tens) => PluralCategory::Few,
            _ => PluralCategory::Many,
        },
        Locale::En if count == 1 => PluralCategory::One,
        Locale::En => PluralCategory::Other,
    }
}

/// The form of a word that goes with a count, of forms in the order of the language's categories: one, few, many in
/// Russian (`["билет", "билета", "билетов"]`), one, other in English. Where forms are missing the last one stands in.
#[must_use]
pub fn plural<'a>(locale: Locale, count: i64, forms: &[&'a str]) -> &'a str {
    let at = match plural_category(locale, count) {
        PluralCategory::One => 0,
        PluralCategory::Few | PluralCategory::Other => 1,
        PluralCategory::Many => 2,
    };
    forms.get(at).or(forms.last()).copied().unwrap_or_default()
}
