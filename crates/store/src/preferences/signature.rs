//! What a user signs letters with.

use crate::error::{Error, Result};
use crate::work::Work;

/// The name under which it is kept; it is about no one module.
const NAME: &str = "signature";
/// Characters of it at most: a few lines.
const LIMIT: usize = 2_000;

impl Work<'_> {
    /// What the caller signs letters with, a text as they write it in letters; empty where they keep nothing or are no user
    /// (requirement B1). One query.
    ///
    /// # Errors
    /// When the database fails.
    pub fn signature(&mut self) -> Result<String> {
        self.preference("", NAME)
    }

    /// Keeps what the caller signs letters with; nothing where that is empty.
    ///
    /// # Errors
    /// [`Error::Invalid`] `too_long`, `invalid_text`; [`Error::Forbidden`] for whoever is no user or came with a narrowed token.
    pub fn set_signature(&mut self, signature: &str) -> Result<()> {
        let signature = signature.replace("\r\n", "\n");
        let signature = signature.trim_matches('\n').trim_end();
        if signature.contains('\0') {
            return Err(Error::field("signature", "invalid_text", "the character U+0000 cannot be kept"));
        }
        if signature.chars().count() > LIMIT {
            return Err(Error::field("signature", "too_long", format!("at most {LIMIT} characters")));
        }
        self.prefer("", NAME, &signature.to_owned())
    }
}
