//! The keys of texts: what they are ordered by and searched inside.

use std::borrow::Cow;

use crate::identity::fold;

/// A folded key keeps this many characters, as the stored one does.
const KEY_LIMIT: usize = 1_000;

/// By which key a text is ordered and searched inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A literal: by that of the text it meets.
    Free,
    /// Kept in a fixed spelling (`email`, `phone`, `url`, `choice` …): as stored, with Latin letters lowered.
    Plain,
    /// Written by people (`text`, `address`): folded.
    Folded,
    /// Not at all: the text of a duration.
    Exact,
}

impl KeyKind {
    /// The kind under which two texts meet.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Free, Self::Free) => Self::Folded,
            (Self::Exact, _) | (_, Self::Exact) => Self::Exact,
            (Self::Free, kind) | (kind, Self::Free) => kind,
            (Self::Plain, Self::Plain) => Self::Plain,
            _ => Self::Folded,
        }
    }

    /// The key of `text`.
    #[must_use]
    pub fn key(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Folded | Self::Free => Cow::Owned(folded_key(text)),
            Self::Plain if text.bytes().any(|byte| byte.is_ascii_uppercase()) => Cow::Owned(plain_key(text)),
            Self::Plain | Self::Exact => Cow::Borrowed(text),
        }
    }
}

/// The key that stands beside `text` and `address` fields, in the column `{name}_key`.
#[must_use]
pub fn folded_key(text: &str) -> String {
    let mut folded = fold(text);
    if let Some((end, _)) = folded.char_indices().nth(KEY_LIMIT) {
        folded.truncate(end);
    }
    folded
}

/// The key of other texts, as both databases make it from the column: only Latin letters are lowered.
#[must_use]
pub fn plain_key(text: &str) -> String {
    text.to_ascii_lowercase()
}
