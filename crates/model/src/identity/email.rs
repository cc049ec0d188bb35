//! E-mail addresses in the one form in which they are stored and compared.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{IdentityError, is_invisible};

/// A normalised address: lower case, the domain in ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// The address: `ivan@xn--80a1acny.xn--p1ai`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the `@`, in ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Normalises a bare address: trimmed, lower case, the domain in ASCII (IDNA). The local part is lowered too: RFC 5321
/// lets a host tell cases apart, people and mail systems do not. Local parts outside ASCII (RFC 6531) are kept in NFC.
///
/// # Errors
/// The text is not an address of RFC 5321 with a domain name; quoted local parts and address literals are refused.
pub fn normalise(text: &str) -> Result<Email, IdentityError> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if trimmed.is_empty() {
        return Err(IdentityError::EmailEmpty);
    }
    if trimmed.starts_with('"') {
        return Err(IdentityError::EmailQuoted);
    }
    let (local, domain) = trimmed.rsplit_once('@').ok_or(IdentityError::EmailNoAt)?;
    let local: String = local.nfc().flat_map(char::to_lowercase).nfc().collect();
    if local.is_empty() || local.split('.').any(|atom| atom.is_empty() || !atom.chars().all(may_stand_in_atom)) {
        return Err(IdentityError::EmailLocalPart);
    }
    // The strict form checks the length of labels and of the whole, hyphens and forbidden characters.
    let domain = idna::domain_to_ascii_strict(domain).map_err(|_| IdentityError::EmailDomain)?;
    let (_, top) = domain.rsplit_once('.').ok_or(IdentityError::EmailDomain)?;
    if top.len() < 2 || top.bytes().all(|b| b.is_ascii_digit()) {
        return Err(IdentityError::EmailDomain);
    }
    if local.len() > 64 || local.len() + 1 + domain.len() > 254 {
        return Err(IdentityError::EmailTooLong);
    }
    Ok(Email(format!("{local}@{domain}")))
}

/// The address as people read it: an internationalised domain in its own letters.
#[must_use]
pub fn display(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) if domain.contains("xn--") => match idna::domain_to_unicode(domain) {
            (readable, Ok(())) => format!("{local}@{readable}"),
            _ => address.to_owned(),
        },
        _ => address.to_owned(),
    }
}

/// `atext` of RFC 5322, with letters and digits of any script as RFC 6531 has it.
fn may_stand_in_atom(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c)) || "!#$%&'*+-/=?^_`{|}~".contains(c)
}
