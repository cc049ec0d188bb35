//! Amounts of money as people read them.

use super::number::{MINUS, decimal, grouped};
use super::{Locale, Words};
use crate::Money;

/// An amount for lists, cards and letters: `15 000 ₽`, `15 000,50 ₽`; `$1,500.00`, `RUB 15,000`, `RUB 15,000.50`.
///
/// Decimals that are zero are left out, save after the sign of an English price. All spaces are no-break ones.
#[must_use]
pub fn money(locale: Locale, amount: Money) -> String {
    let (whole, rest) = amount.major_and_minor();
    let priced = locale == Locale::En && sign_of(locale.words(), amount).is_some();
    if rest == 0 && !priced {
        with_currency(locale, amount, &grouped(locale, &whole.to_string()))
    } else {
        money_exact(locale, amount)
    }
}

/// An amount with all its decimals, for invoices and columns: `15 000,00 ₽`, `RUB 15,000.00`.
#[must_use]
pub fn money_exact(locale: Locale, amount: Money) -> String {
    let digits = decimal(locale, amount.minor, amount.currency.digits());
    with_currency(locale, amount, digits.trim_start_matches(MINUS))
}

fn with_currency(locale: Locale, amount: Money, digits: &str) -> String {
    let minus = if amount.is_negative() { MINUS } else { "" };
    let sign = sign_of(locale.words(), amount);
    let code = amount.currency.code();
    match (locale, sign) {
        (Locale::Ru, _) => format!("{minus}{digits}\u{A0}{}", sign.unwrap_or(code)),
        (Locale::En, Some(sign)) => format!("{minus}{sign}{digits}"),
        (Locale::En, None) => format!("{minus}{code}\u{A0}{digits}"),
    }
}

fn sign_of(words: &Words, amount: Money) -> Option<&'static str> {
    words.currency_signs.iter().find(|(code, _)| *code == amount.currency.code()).map(|&(_, sign)| sign)
}
