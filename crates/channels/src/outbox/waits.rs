//! How long a message waits for a server that is away.

use jiff::{SignedDuration, Timestamp};

/// Waits after each attempt, in minutes: 23 h 36 min together, so that nobody gets a letter of the day before yesterday.
const WAITS: [i64; 7] = [1, 5, 30, 2 * 60, 4 * 60, 8 * 60, 9 * 60];

/// Attempts at most.
pub const ATTEMPTS: i64 = WAITS.len() as i64 + 1;

/// When to try again what met a temporary error at this attempt, which ends `now`; nothing after the last one.
pub(super) fn after(attempt: i64, now: Timestamp) -> Option<Timestamp> {
    let wait = usize::try_from(attempt - 1).ok().and_then(|index| WAITS.get(index))?;
    now.checked_add(SignedDuration::from_mins(*wait)).ok()
}

impl super::Outgoing {
    /// When to try again if this attempt, which ends `now`, met a temporary error; nothing after the last one.
    #[must_use]
    pub fn retry_at(&self, now: Timestamp) -> Option<Timestamp> {
        after(self.attempt, now)
    }
}
