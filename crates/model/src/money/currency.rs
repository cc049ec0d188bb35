//! A currency: a code of ISO 4217 that is known to exist, with the decimals it has.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::MoneyError;
use super::iso4217::CURRENCIES;

/// A currency of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: &'static str,
    digits: u8,
}

impl Currency {
    /// The Russian rouble.
    pub const RUB: Self = Self { code: "RUB", digits: 2 };
    /// The US dollar.
    pub const USD: Self = Self { code: "USD", digits: 2 };
    /// The euro.
    pub const EUR: Self = Self { code: "EUR", digits: 2 };

    /// The currency of a code: three capital Latin letters.
    ///
    /// # Errors
    /// The code is not in the list, or not written in capitals.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        CURRENCIES
            .binary_search_by_key(&code, |&(known, _)| known)
            .ok()
            .and_then(|at| CURRENCIES.get(at))
            .map(|&(code, digits)| Self { code, digits })
            .ok_or_else(|| MoneyError::UnknownCurrency(code.to_owned()))
    }

    /// All currencies, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        CURRENCIES.iter().map(|&(code, digits)| Self { code, digits })
    }

    /// The code: `RUB`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.code
    }

    /// How many decimals an amount has: 2 for `RUB`, 0 for `JPY`, 3 for `KWD`.
    #[must_use]
    pub fn digits(self) -> u8 {
        self.digits
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::parse(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(de::Error::custom)
    }
}
