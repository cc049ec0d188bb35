//! Why a letter was not taken, and whether to try again.

use std::error::Error as _;

use lettre::transport::smtp::Error;

/// A letter that was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The server is away, busy or does not let us in: the letter itself may be fine.
    #[error("{0}")]
    Temporary(String),
    /// The server, or the form of letters, refuses it for good.
    #[error("{0}")]
    Permanent(String),
}

impl SendError {
    /// Whether another attempt may succeed.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary(_))
    }

    pub(super) fn of(error: &Error) -> Self {
        let words = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        match error.status() {
            None => Self::Temporary(words),
            Some(code) => {
                let code = u16::from(code);
                let words = format!("{code} {words}");
                if error.is_permanent() && !is_about_us(code) { Self::Permanent(words) } else { Self::Temporary(words) }
            }
        }
    }
}

/// Answers to our password (RFC 4954, 6): somebody mends the settings while the letters wait.
fn is_about_us(code: u16) -> bool {
    matches!(code, 530 | 534 | 535 | 538)
}
