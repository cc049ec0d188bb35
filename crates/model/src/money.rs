//! Money: an exact amount of minor units in one currency. Never a float, never two currencies in one sum.

mod currency;
mod iso4217;
mod json;

use std::cmp::Ordering;
use std::fmt;

use thiserror::Error;

pub use currency::Currency;

use crate::rounding::quotient;

/// An amount in one currency, possibly negative (a refund, a credit note).
///
/// There is no `Ord`: amounts of different currencies have no order, see [`Money::checked_cmp`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// The amount in minor units of the currency: kopecks for `RUB`, whole yen for `JPY`.
    pub minor: i64,
    /// The currency the amount is in.
    pub currency: Currency,
}

/// Why a text or a JSON value is not money.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Not a three-letter code of the current ISO 4217 list.
    #[error("unknown currency {0:?}: a code of ISO 4217 is expected, such as \"RUB\"")]
    UnknownCurrency(String),
    /// Not digits with an optional minus before and an optional point inside.
    #[error("{0:?} is not an amount: digits are expected, such as \"15000.00\"")]
    NotAnAmount(String),
    /// More digits after the point than the currency has.
    #[error("{currency} has {} decimals, the amount has more", .currency.digits())]
    TooManyDecimals {
        /// The currency whose precision was exceeded.
        currency: Currency,
    },
    /// More than fits into 64 bits of minor units.
    #[error("the amount is too large")]
    TooLarge,
}

impl MoneyError {
    /// The stable code of the error: key of its translation and `code` of the API's answer.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownCurrency(_) => "currency_unknown",
            Self::NotAnAmount(_) => "amount_malformed",
            Self::TooManyDecimals { .. } => "amount_too_many_decimals",
            Self::TooLarge => "amount_too_large",
        }
    }
}

impl Money {
    /// An amount of minor units.
    #[must_use]
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads `"15000.00"`, `"15000"`, `"-0.5"`: exactly, in major units, without sign `+`, blanks, grouping or
    /// exponent.
    ///
    /// # Errors
    /// The text is no such number, has more decimals than the currency, or overflows.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let malformed = || MoneyError::NotAnAmount(text.to_owned());
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match unsigned.split_once('.') {
            Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
            Some(_) => return Err(malformed()),
            None => (unsigned, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(malformed());
        }
        let missing = usize::from(currency.digits())
            .checked_sub(decimals.len())
            .ok_or(MoneyError::TooManyDecimals { currency })?;
        let digits = whole.bytes().chain(decimals.bytes()).chain(std::iter::repeat_n(b'0', missing));
        digits
            .map(|digit| i64::from(digit - b'0'))
            // Summed on the side of its sign, so that the least amount is read as well.
            .try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(if negative { -digit } else { digit }))
            .map(|minor| Self::new(minor, currency))
            .ok_or(MoneyError::TooLarge)
    }

    /// The amount in major units with all decimals of the currency: `15000.00`; what [`Money::parse`] reads back.
    #[must_use]
    pub fn amount_text(self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, decimals) = self.major_and_minor();
        match usize::from(self.currency.digits()) {
            0 => format!("{sign}{whole}"),
            digits => format!("{sign}{whole}.{decimals:0digits$}"),
        }
    }

    /// The absolute amount as whole major units and the minor units left over.
    #[must_use]
    pub fn major_and_minor(self) -> (u64, u64) {
        let unit = 10_u64.pow(u32::from(self.currency.digits()));
        (self.minor.unsigned_abs() / unit, self.minor.unsigned_abs() % unit)
    }

    /// The sum; `None` on overflow or for different currencies.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.same_currency(other)?;
        self.with_minor(self.minor.checked_add(other.minor)?)
    }

    /// The difference; `None` on overflow or for different currencies.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.same_currency(other)?;
        self.with_minor(self.minor.checked_sub(other.minor)?)
    }

    /// So many times the amount; `None` on overflow.
    #[must_use]
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.with_minor(self.minor.checked_mul(times)?)
    }

    /// The amount with the other sign; `None` on overflow.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        self.with_minor(self.minor.checked_neg()?)
    }

    /// The sum of amounts that are all in `currency`; `None` on overflow or for another currency among them.
    #[must_use]
    pub fn checked_sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    /// `numerator / denominator` of the amount, rounded half up by magnitude, so that the share of a refund is the
    /// refund of the share. The VAT inside a price at 20 % is `ratio(20, 120)`. `None` on overflow or division by zero.
    #[must_use]
    pub fn ratio(self, numerator: i64, denominator: i64) -> Option<Self> {
        let product = i128::from(self.minor) * i128::from(numerator);
        self.with_minor(i64::try_from(quotient(product, denominator.into())?).ok()?)
    }

    /// A share of the amount in basis points (hundredths of a per cent: 10,000 is the whole), rounded as
    /// [`Money::ratio`] does. `None` on overflow.
    #[must_use]
    pub fn percent(self, basis_points: u32) -> Option<Self> {
        self.ratio(i64::from(basis_points), 10_000)
    }

    /// Which amount is greater; `None` for different currencies.
    #[must_use]
    pub fn checked_cmp(self, other: Self) -> Option<Ordering> {
        self.same_currency(other)?;
        Some(self.minor.cmp(&other.minor))
    }

    /// Whether the amount is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.minor < 0
    }

    fn with_minor(self, minor: i64) -> Option<Self> {
        Some(Self::new(minor, self.currency))
    }

    fn same_currency(self, other: Self) -> Option<()> {
        (self.currency == other.currency).then_some(())
    }
}

/// `15000.00 RUB`: for logs and messages to developers; people are shown [`crate::l10n`]'s form.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount_text(), self.currency)
    }
}

#[cfg(test)]
mod tests;
