//! Telephone numbers in the one form in which they are stored and compared, E.164, and the form people read.

use std::fmt::{self, Write};
use std::str::FromStr;

use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, PhoneNumber, country};
use unicode_normalization::UnicodeNormalization;

use super::{IdentityError, is_invisible};

/// Words and signs that introduce an extension, as they are lowered.
const EXTENSION_MARKS: [&str; 11] =
    ["доб", "добавочный", "вн", "внутр", "ext", "extn", "extension", "x", "х", "#", ";ext="];

/// A normalised number: `+79211234567`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

impl Phone {
    /// The number in E.164.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The country whose numbers may be written without their country code; Russia unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(country::Id);

impl Region {
    /// The region of a country code of ISO 3166: `RU`, `KZ`.
    ///
    /// # Errors
    /// There is no numbering plan for such a code.
    pub fn parse(code: &str) -> Result<Self, IdentityError> {
        code.parse().map(Self).map_err(|_| IdentityError::RegionUnknown)
    }
}

impl Default for Region {
    fn default() -> Self {
        Self(country::RU)
    }
}

impl FromStr for Region {
    type Err = IdentityError;

    fn from_str(code: &str) -> Result<Self, IdentityError> {
        Self::parse(code)
    }
}

/// Normalises a number to E.164. Without `+` or `00` it is read as dialled in `region`:
/// `8 (921) 123-45-67` in Russia is `+79211234567`.
///
/// An extension (`доб. 12`, `ext. 12`, `x12`, `#12`) is cut: E.164 has none, what was typed stays in the history, and
/// colleagues behind one switchboard are told apart by their names. Letters otherwise are refused rather than dialled.
///
/// # Errors
/// The text is not one number that the numbering plan of its country has.
pub fn normalise(text: &str, region: Region) -> Result<Phone, IdentityError> {
    let written: String = text.chars().filter(|&c| !is_invisible(c)).nfkc().flat_map(char::to_lowercase).collect();
    let number = without_extension(written.trim());
    if number.is_empty() {
        return Err(IdentityError::PhoneEmpty);
    }
    let parsed = read(&dialled(number)?, region).ok_or(IdentityError::PhoneInvalid)?;
    written_as(&parsed, Mode::E164).map(Phone).ok_or(IdentityError::PhoneInvalid)
}

/// The number as people read it, in international form: `+7 921 123-45-67`. What is not a number is left as it is.
#[must_use]
pub fn display(phone: &str) -> String {
    // Whether its plan has the number was asked when it was put in.
    as_international(phone)
        .and_then(|number| written_as(&number, Mode::International))
        .unwrap_or_else(|| phone.to_owned())
}

/// The part before an extension: digits at the very end after one of the marks.
fn without_extension(number: &str) -> &str {
    let closed = number.trim_end_matches(')');
    let rest = closed.trim_end_matches(|c: char| c.is_ascii_digit());
    if rest.len() == closed.len() {
        return number;
    }
    let rest = rest.trim_end_matches([' ', '.', ':']);
    // The longest mark wins: `x` also ends `ext` no less than it stands alone.
    let base = EXTENSION_MARKS.iter().filter_map(|mark| rest.strip_suffix(mark)).min_by_key(|base| base.len());
    base.map_or(number, |base| base.trim_end_matches([' ', ',', '(']))
}

/// The digits, with a plus before them if the number is international.
fn dialled(number: &str) -> Result<String, IdentityError> {
    let (international, rest) = match number.strip_prefix('+') {
        Some(rest) => (true, rest),
        // No national number begins with two zeros, so this is the prefix that most of the world dials.
        None => number.strip_prefix("00").map_or((false, number), |rest| (true, rest)),
    };
    let mut digits = String::with_capacity(rest.len() + 1);
    if international {
        digits.push('+');
    }
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '(' | ')' | '.' | '/' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            c if c.is_whitespace() => {}
            c if c.is_alphabetic() => return Err(IdentityError::PhoneLetters),
            _ => return Err(IdentityError::PhoneMalformed),
        }
    }
    Ok(digits)
}

/// The number that these digits reach when dialled in the region: the first reading that its numbering plan has.
fn read(digits: &str, region: Region) -> Option<PhoneNumber> {
    if digits.starts_with('+') {
        return read_international(digits).or_else(|| read_by_rules_of(None, digits));
    }
    let plan = DATABASE.by_id(region.0.as_ref())?;
    let code = plan.country_code();
    let after_trunk_prefix = plan.national_prefix().and_then(|prefix| digits.strip_prefix(prefix));
    let after_code = digits.strip_prefix(&code.to_string());
    [Some(digits), after_trunk_prefix, after_code]
        .into_iter()
        .flatten()
        .find_map(|national| read_international(&format!("+{code}{national}")))
        .or_else(|| read_by_rules_of(Some(region.0), digits))
}

/// Reads E.164 to the letter. The parser would strip the trunk prefix of the number's own country from it, and with it
/// the first digit of Saint Petersburg's `+7 812` and of `+7 800`; Denmark has no such prefix.
fn read_international(e164: &str) -> Option<PhoneNumber> {
    as_international(e164).filter(PhoneNumber::is_valid)
}

fn as_international(e164: &str) -> Option<PhoneNumber> {
    let digits = e164.strip_prefix('+')?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    phonenumber::parse(Some(country::DK), e164).ok()
}

/// Reads a number with the parser's rules for a country, or else for the number's own: what is dialled before a number
/// and, as in `+44 (0)20`, inside it.
fn read_by_rules_of(country: Option<country::Id>, digits: &str) -> Option<PhoneNumber> {
    phonenumber::parse(country, digits).ok().filter(PhoneNumber::is_valid)
}

/// The formatter reports what it does not know as a formatting error, at which `to_string` would panic.
fn written_as(number: &PhoneNumber, mode: Mode) -> Option<String> {
    let mut text = String::new();
    write!(text, "{}", number.format().mode(mode)).ok()?;
    Some(text)
}
