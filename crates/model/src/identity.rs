//! Is this somebody we know? E-mails, phones and names brought to one form, and the decision whom a request belongs to.

pub mod email;
mod fold;
pub mod name;
mod person;
pub mod phone;

use thiserror::Error;

pub use email::Email;
pub use fold::fold;
pub use name::NameMatch;
pub use person::{Candidate, Decision, PersonKind, Reason, match_person};
pub use phone::Phone;

/// Why a text is no e-mail address or telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// Nothing but blanks.
    #[error("the address is empty")]
    EmailEmpty,
    /// The local part is over 64 bytes or the whole over 254 (RFC 5321, 4.5.3.1).
    #[error("the address is too long")]
    EmailTooLong,
    /// There is no `@`.
    #[error("an address has an @, such as name@example.org")]
    EmailNoAt,
    /// A local part in quotes, which RFC 5321 allows and hardly any mail system accepts.
    #[error("addresses in quotes are not supported")]
    EmailQuoted,
    /// A blank, a stray dot or a character that may not stand before the `@`.
    #[error("the part before the @ has characters that an address can't have")]
    EmailLocalPart,
    /// What follows the `@` is not a domain name with at least one dot.
    #[error("the part after the @ is not a domain, such as example.org")]
    EmailDomain,
    /// Nothing but blanks.
    #[error("the number is empty")]
    PhoneEmpty,
    /// Letters in the number, as in `8-800-CALL-NOW`.
    #[error("the number has letters: digits are expected")]
    PhoneLetters,
    /// A character that no number has, or a plus inside.
    #[error("one number of digits, blanks, brackets and hyphens is expected")]
    PhoneMalformed,
    /// Too short, too long, or of a range that the numbering plan of its country does not have.
    #[error("there is no such number: check the code and the count of digits")]
    PhoneInvalid,
    /// Not a country of ISO 3166.
    #[error("unknown country: a code of two letters is expected, such as RU")]
    RegionUnknown,
}

impl IdentityError {
    /// The stable code of the error: key of its translation and `code` of the API's answer.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::EmailEmpty => "email_empty",
            Self::EmailTooLong => "email_too_long",
            Self::EmailNoAt => "email_no_at",
            Self::EmailQuoted => "email_quoted",
            Self::EmailLocalPart => "email_local_part",
            Self::EmailDomain => "email_domain",
            Self::PhoneEmpty => "phone_empty",
            Self::PhoneLetters => "phone_letters",
            Self::PhoneMalformed => "phone_malformed",
            Self::PhoneInvalid => "phone_invalid",
            Self::RegionUnknown => "region_unknown",
        }
    }
}

/// Characters that are not seen and come along when text is copied from a page or an address book: soft hyphen,
/// zero-width characters, direction marks, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests;
