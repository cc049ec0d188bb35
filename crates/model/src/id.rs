//! Identifiers of records, users, change sets: UUIDv7, so that they sort by the moment they were made.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Mutex;
use uuid::{ContextV7, Uuid};

/// Orders the identifiers that are made within one millisecond.
static ORDER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// Identifier of anything that is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl Id {
    /// A new identifier, later than every earlier one made by this process.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Id {
    /// A new identifier that sorts by `now`, the workspace's clock.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        Self(Uuid::new_v7(uuid::Timestamp::from_unix(&ORDER, seconds, nanos)))
    }

    /// What sorts before every identifier made at `moment` or later.
    #[must_use]
    pub fn first_at(moment: Timestamp) -> Self {
        let millis = u64::try_from(moment.as_millisecond()).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
    }
}

impl Default for Id {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    /// Reads the hyphenated form; every other spelling that `uuid` knows (braces, URN) is refused, so that one record has one address.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hyphenated = if text.len() == 36 { text } else { "" };
        Uuid::try_parse(hyphenated).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_at_a_moment_sorts_behind_it() {
        let moment = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(500_000);
        let earlier = moment - jiff::SignedDuration::from_secs(1);
        assert!(Id::first_at(moment) < Id::at(moment) && Id::first_at(earlier) < Id::first_at(moment));
    }
}
