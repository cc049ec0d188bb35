//! How many letters the account that sends them hands over in an hour: providers shut accounts that send more. Letters go evenly,
//! some at once after a rest. Each program counts its own: of several that send, each has its share.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::App;

/// The part of an hour's letters that may go at once, as a divisor.
const AT_ONCE: i64 = 10;
/// An hour, in milliseconds.
const HOUR: i64 = 3_600_000;

/// When the letters that went would all have gone, evenly.
#[derive(Default)]
pub(crate) struct Pace(Mutex<Option<Timestamp>>);

impl Pace {
    /// How long no letter goes; nothing where one may go now.
    fn rest(&self, per_hour: i64, now: Timestamp) -> Option<Duration> {
        let until = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let others = i32::try_from((per_hour / AT_ONCE).max(1) - 1).unwrap_or(i32::MAX);
        let ahead = gap(per_hour).checked_mul(others)?;
        let free = until.saturating_sub(ahead).unwrap_or(Timestamp::MIN);
        Duration::try_from(free.duration_since(now)).ok().filter(|rest| !rest.is_zero())
    }

    /// Notes that a letter goes.
    fn goes(&self, per_hour: i64, now: Timestamp) {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let from = until.map_or(now, |until| until.max(now));
        *until = Some(from.saturating_add(gap(per_hour)).unwrap_or(Timestamp::MAX));
    }
}

/// The time of one letter.
fn gap(per_hour: i64) -> SignedDuration {
    SignedDuration::from_millis(HOUR / per_hour.max(1))
}

impl App {
    /// How long no letter goes, as so many went lately; nothing where one may go now.
    pub(crate) fn letters_rest(&self) -> Option<Duration> {
        let per_hour = self.workspace().knowledge().settings.letters_per_hour?;
        self.0.pace.rest(per_hour, self.workspace().clock().now())
    }

    /// Notes that a letter goes.
    pub(crate) fn letter_goes(&self) {
        if let Some(per_hour) = self.workspace().knowledge().settings.letters_per_hour {
            self.0.pace.goes(per_hour, self.workspace().clock().now());
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Pace;

    #[test]
    fn an_hours_letters_go_evenly() {
        let (pace, begin) = (Pace::default(), Timestamp::UNIX_EPOCH);
        let at = |seconds: i64| begin + SignedDuration::from_secs(seconds);
        // Of a hundred an hour ten go at once, and then one in 36 seconds.
        for number in 0..10 {
            assert_eq!(pace.rest(100, at(0)), None, "{number}");
            pace.goes(100, at(0));
        }
        assert_eq!(pace.rest(100, at(0)).unwrap().as_secs(), 36);
        assert_eq!(pace.rest(100, at(36)), None);
        let went = (0..3_600).filter(|second| {
            let goes = pace.rest(100, at(36 + second)).is_none();
            if goes {
                pace.goes(100, at(36 + second));
            }
            goes
        });
        assert!((99..=101).contains(&went.count()));
        // After a long rest again.
        assert_eq!(pace.rest(100, at(100_000)), None);
    }

    #[test]
    fn one_an_hour_is_one() {
        let pace = Pace::default();
        pace.goes(1, Timestamp::UNIX_EPOCH);
        assert_eq!(pace.rest(1, Timestamp::UNIX_EPOCH).unwrap().as_secs(), 3_600);
    }
}
