//! Failed sign-ins, counted per account and per address: after a few, each next one has to wait longer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures that cost nothing.
const FREE: u32 = 5;
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Keys that are remembered; when there are more, those that wait for nothing go.
const REMEMBERED: usize = 10_000;

/// Whose failures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Account(String),
    Address(IpAddr),
}

/// Failures by key.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<Key, (u32, Instant)>>);

impl Attempts {
    /// How long somebody has to wait before the next attempt is judged.
    pub(crate) fn wait(&self, keys: &[Key], now: Instant) -> Option<Duration> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = keys.iter().filter_map(|key| known.get(key)).filter_map(|(failures, last)| {
            (*last + pause(*failures)).checked_duration_since(now).filter(|left| !left.is_zero())
        });
        waits.max()
    }

    /// One more failure.
    pub(crate) fn failed(&self, keys: &[Key], now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, (_, last)| now.duration_since(*last) < LONGEST);
        }
        for key in keys {
            let entry = known.entry(key.clone()).or_insert((0, now));
            // Whoever stayed away for long begins anew.
            let failures = if now.duration_since(entry.1) > LONGEST { 1 } else { entry.0.saturating_add(1) };
            *entry = (failures, now);
        }
    }

    /// An account was entered: its failures are forgotten, those of the address are not.
    pub(crate) fn succeeded(&self, account: &Key) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }
}

fn pause(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(more) => Duration::from_secs(1 << more.min(16)).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Attempts, FREE, Key, pause};

    #[test]
    fn failures_cost_time_and_time_forgives_them() {
        let (attempts, keys, start) = (Attempts::default(), [Key::Account("a@b.example".to_owned())], Instant::now());
        for _ in 0..FREE - 1 {
            attempts.failed(&keys, start);
        }
        assert_eq!(attempts.wait(&keys, start), None);
        attempts.failed(&keys, start);
        assert_eq!(attempts.wait(&keys, start), Some(Duration::from_secs(1)));
        let later = start + Duration::from_secs(2);
        assert_eq!(attempts.wait(&keys, later), None);
        attempts.failed(&keys, later);
        assert!(attempts.wait(&keys, later).is_some());
        attempts.succeeded(&keys[0]);
        assert_eq!(attempts.wait(&keys, later), None);
    }

    #[test]
    fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
        assert_eq!(pause(4), Duration::ZERO);
        assert_eq!([5, 6, 7].map(|failures| pause(failures).as_secs()), [1, 2, 4]);
        assert_eq!(pause(u32::MAX).as_secs(), 900);
    }
}
