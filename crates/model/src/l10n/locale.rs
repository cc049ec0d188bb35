//! The languages of the interface and how one is chosen.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language that Plenary speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Russian, the first language of the product.
    #[default]
    Ru,
    /// English.
    En,
}

impl Locale {
    /// All languages, the first one first.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The language of a tag: `ru`, `en-GB`, `ru_RU`. `None` for languages that Plenary doesn't speak.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|locale| language.eq_ignore_ascii_case(locale.tag()))
    }

    /// The language that a browser prefers, from its `Accept-Language` (RFC 9110, 12.5.4): the greatest weight wins,
    /// of equal ones the first. `None` when it names none that Plenary speaks. `*` names none: it is for the caller to
    /// say what is spoken to somebody without a preference.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let preferences = header.split(',').filter_map(|item| {
            let (tag, parameters) = item.split_once(';').unwrap_or((item, "q=1"));
            Some((Self::parse(tag)?, weight(parameters)?))
        });
        preferences
            .filter(|&(_, weight)| weight > 0)
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(locale, _)| locale)
    }

    /// The language tag of BCP 47: `ru`, `en`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// `q=0.8` in thousandths; `None` for what RFC 9110 does not allow.
fn weight(parameters: &str) -> Option<u32> {
    let (name, value) = parameters.trim().split_once('=')?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let digits = decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
    if !name.eq_ignore_ascii_case("q") || !matches!(whole, "0" | "1") || !digits {
        return None;
    }
    format!("{whole}{decimals:0<3}").parse().ok().filter(|&weight| weight <= 1000)
}
