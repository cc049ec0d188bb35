//! Failed sign-ins, counted per account and per address: after a few, each next one has to wait longer. An attempt counts
//! as failed from its beginning until it is known to be right, so that many at once gain nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Keys that are remembered; when there are more, those that wait for nothing go.
const REMEMBERED: usize = 10_000;

/// Whose failures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Account(String),
    /// Whoever works under this account already, and is asked for its password.
    Present(String),
    Address(IpAddr),
}

impl Key {
    /// Failures that cost nothing: behind one address there may be a whole office.
    fn free(&self) -> u32 {
        match self {
            Self::Account(_) | Self::Present(_) => 5,
            Self::Address(_) => 20,
        }
    }

    fn pause(&self, failures: u32) -> Duration {
        match failures.checked_sub(self.free()) {
            None => Duration::ZERO,
            Some(more) => Duration::from_secs(1 << more.min(16)).min(LONGEST),
        }
    }
}

/// Failures by key.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<Key, Failures>>);

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    fn wait(self, key: &Key, now: Instant) -> Duration {
        (self.last + key.pause(self.count)).saturating_duration_since(now)
    }
}

impl Attempts {
    /// Begins an attempt and counts it, or says how long to wait before the next one may begin.
    pub(crate) fn begin(&self, keys: &[Key], now: Instant) -> Result<(), Duration> {
        let mut known = self.known();
        let waits = keys.iter().filter_map(|key| known.get(key).map(|failures| failures.wait(key, now)));
        match waits.max() {
            Some(wait) if !wait.is_zero() => return Err(wait),
            _ => {}
        }
        if known.len() >= REMEMBERED {
            known.retain(|key, failures| !failures.wait(key, now).is_zero());
        }
        for key in keys {
            let failures = known.entry(key.clone()).or_insert(Failures { count: 0, last: now });
            // Whoever stayed away for long begins anew.
            let is_old = now.saturating_duration_since(failures.last) > LONGEST;
            *failures = Failures { count: if is_old { 1 } else { failures.count.saturating_add(1) }, last: now };
        }
        Ok(())
    }

    /// The attempt was right. What failed at this account is forgotten, also where it was counted to the address; what
    /// failed there at other accounts is not.
    pub(crate) fn succeeded(&self, keys: &[Key]) {
        let mut known = self.known();
        let is_account = |key: &&Key| matches!(key, Key::Account(_) | Key::Present(_));
        let forgotten = keys.iter().filter(is_account).filter_map(|key| known.get(key)).map(|own| own.count).max();
        forget(&mut known, keys, forgotten.unwrap_or(1));
    }

    /// The attempt was never judged.
    pub(crate) fn take_back(&self, keys: &[Key]) {
        forget(&mut self.known(), keys, 1);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Key, Failures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget(known: &mut HashMap<Key, Failures>, keys: &[Key], count: u32) {
    for key in keys {
        if let Some(failures) = known.get_mut(key) {
            failures.count = failures.count.saturating_sub(count);
            if failures.count == 0 {
                known.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    use super::{Attempts, Key, REMEMBERED};

    fn account(name: &str) -> Key {
        Key::Account(name.to_owned())
    }

    #[test]
    fn failures_cost_time_and_time_forgives_them() {
        let (attempts, keys, start) = (Attempts::default(), [account("a@b.example")], Instant::now());
        for _ in 0..5 {
            assert_eq!(attempts.begin(&keys, start), Ok(()));
        }
        assert_eq!(attempts.begin(&keys, start), Err(Duration::from_secs(1)));
        let later = start + Duration::from_secs(2);
        assert_eq!(attempts.begin(&keys, later), Ok(()));
        assert_eq!(attempts.begin(&keys, later), Err(Duration::from_secs(2)));
        attempts.succeeded(&keys);
        for _ in 0..5 {
            assert_eq!(attempts.begin(&keys, later), Ok(()));
        }
        assert_eq!(attempts.begin(&keys, later + Duration::from_secs(16 * 60)), Ok(()));
    }

    #[test]
    fn a_success_takes_only_its_own_failures_from_the_address() {
        let (attempts, now, address) =
            (Attempts::default(), Instant::now(), Key::Address(IpAddr::from([192, 0, 2, 1])));
        for number in 0..17 {
            assert_eq!(attempts.begin(&[account(&number.to_string()), address.clone()], now), Ok(()));
        }
        let own = [account("own"), address.clone()];
        for _ in 0..3 {
            assert_eq!(attempts.begin(&own, now), Ok(()));
        }
        assert!(attempts.begin(&own, now).is_err(), "twenty failures of the address");
        attempts.succeeded(&own);
        for _ in 0..3 {
            assert_eq!(attempts.begin(&own, now), Ok(()));
        }
        assert!(attempts.begin(&own, now).is_err(), "the seventeen others are remembered");
    }

    #[test]
    fn what_was_not_judged_does_not_count() {
        let (attempts, keys, now) = (Attempts::default(), [account("a")], Instant::now());
        for _ in 0..50 {
            assert_eq!(attempts.begin(&keys, now), Ok(()));
            attempts.take_back(&keys);
        }
    }

    #[test]
    fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let key = account("a");
        assert_eq!(key.pause(4), Duration::ZERO);
        assert_eq!([5, 6, 7].map(|failures| key.pause(failures).as_secs()), [1, 2, 4]);
        assert_eq!(key.pause(u32::MAX).as_secs(), 900);
    }

    #[test]
    fn names_that_wait_for_nothing_are_forgotten_when_there_are_many() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for number in 0..REMEMBERED + 10 {
            assert_eq!(attempts.begin(&[account(&number.to_string())], now), Ok(()));
        }
        assert!(attempts.known().len() < 20);
    }
}
