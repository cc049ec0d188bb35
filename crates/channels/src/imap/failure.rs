//! What is wrong with a mailbox: a code that pages say in words, and the server's own words beside it.

use async_imap::error::Error;

/// Why a mailbox could not be looked into.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct ImapError {
    /// Stable code, such as `mailbox_login`.
    pub code: &'static str,
    /// What the server or the machine said; never the password.
    pub words: String,
}

impl ImapError {
    fn new(code: &'static str, words: impl Into<String>) -> Self {
        Self { code, words: words.into() }
    }

    /// Its name leads nowhere.
    pub(super) fn address(words: &str) -> Self {
        Self::new("mailbox_address", words)
    }

    /// Its address is none that is spoken with.
    pub(super) fn not_public(words: String) -> Self {
        Self::new("mailbox_not_public", words)
    }

    /// It would be spoken with in the clear.
    pub(super) fn plain() -> Self {
        Self::new("mailbox_plain", "without TLS only this machine itself is spoken with")
    }

    /// Nobody answers there.
    pub(super) fn unreachable(words: &str) -> Self {
        Self::new("mailbox_unreachable", words)
    }

    /// The certificate that is to be trusted is none.
    pub(super) fn certificate(words: &str) -> Self {
        Self::new("mailbox_certificate", words)
    }

    /// The connection cannot be protected.
    pub(super) fn tls(words: &str) -> Self {
        Self::new("mailbox_tls", words)
    }

    /// It takes too long.
    pub(super) fn silent(words: &str) -> Self {
        Self::new("mailbox_silent", words)
    }

    /// What it says is not IMAP, or breaks off.
    pub(super) fn answer(words: &str) -> Self {
        Self::new("mailbox_answer", words)
    }

    /// It does not number letters so that they can be told apart.
    pub(super) fn without_numbers() -> Self {
        Self::new("mailbox_answer", "the folder has no UIDVALIDITY")
    }

    pub(super) fn of(error: &Error) -> Self {
        Self::answer(&said(error))
    }

    pub(super) fn of_tls(error: &Error) -> Self {
        Self::tls(&said(error))
    }

    pub(super) fn of_login(error: &Error) -> Self {
        match error {
            Error::No(_) | Error::Bad(_) | Error::Validate(_) => Self::new("mailbox_login", said(error)),
            other => Self::of(other),
        }
    }

    pub(super) fn of_folder(error: &Error) -> Self {
        match error {
            Error::No(_) | Error::Bad(_) | Error::Validate(_) => Self::new("mailbox_folder", said(error)),
            other => Self::of(other),
        }
    }
}

/// What the server said. What it could not be understood in is not repeated: it may hold letters.
fn said(error: &Error) -> String {
    let words = match error {
        Error::Io(error) if error.to_string().contains("parsing of") => "the answer is none of IMAP".to_owned(),
        Error::Parse(_) => "the answer is none of IMAP".to_owned(),
        // Its place in the password would say something of it.
        Error::Validate(_) => "a line break is no part of a name or a password".to_owned(),
        other => other.to_string(),
    };
    words.chars().take(500).collect()
}
