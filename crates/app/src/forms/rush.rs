//! Many requests by one form in a short time: then its page works something out before it is sent, which costs whoever sends
//! thousands more than whoever sends one, and asks nobody else. What came lately is known to this program alone, as limits per
//! address are: a restart begins anew.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::App;

/// So many requests by one form …
const MANY: usize = 30;
/// … within so many minutes are a rush.
const MINUTES: i64 = 10;
/// Leading zeros, in bits, of what a page has to find: some ten thousand attempts, a second of a telephone's time.
pub const BITS: u32 = 14;
/// How long a proof may be, in bytes.
const LONGEST: usize = 20;

/// When the last requests came, by form.
#[derive(Default)]
pub(crate) struct Rush(Mutex<BTreeMap<String, VecDeque<Timestamp>>>);

impl Rush {
    fn came(&self, form: &str, now: Timestamp) {
        let mut forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let moments = forms.entry(form.to_owned()).or_default();
        moments.push_back(now);
        if moments.len() > MANY {
            moments.pop_front();
        }
    }

    fn is_on(&self, form: &str, now: Timestamp) -> bool {
        let forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now.saturating_sub(SignedDuration::from_mins(MINUTES)).unwrap_or(Timestamp::MIN);
        let first = forms.get(form).filter(|moments| moments.len() >= MANY).and_then(VecDeque::front);
        first.is_some_and(|first| *first > since)
    }
}

/// Whether that was worked out for the page with this stamp.
#[must_use]
pub fn is_proof(stamp: &str, proof: &str) -> bool {
    if proof.is_empty() || proof.len() > LONGEST {
        return false;
    }
    let digest = Sha256::digest(format!("{stamp}.{proof}").as_bytes());
    let zeros = digest.iter().take_while(|byte| **byte == 0).count();
    let next = digest.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).unwrap_or(u32::MAX).saturating_mul(8).saturating_add(next) >= BITS
}

impl App {
    /// Notes that a request came by a form that there is.
    pub fn form_came(&self, form: &str) {
        self.0.rush.came(form, self.workspace().clock().now());
    }

    /// Whether a form gets so many requests that its page has to work for being sent.
    #[must_use]
    pub fn is_rush(&self, form: &str, now: Timestamp) -> bool {
        self.0.rush.is_on(form, now)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{MANY, Rush, is_proof};

    #[test]
    fn many_within_minutes_are_a_rush() {
        let (rush, begin) = (Rush::default(), Timestamp::UNIX_EPOCH);
        let at = |seconds: i64| begin + SignedDuration::from_secs(seconds);
        for number in 0..MANY {
            assert!(!rush.is_on("request", at(60)), "{number}");
            rush.came("request", at(i64::try_from(number).unwrap()));
        }
        assert!(rush.is_on("request", at(60)));
        assert!(!rush.is_on("other", at(60)) && !rush.is_on("request", at(601)));
    }

    #[test]
    fn a_proof_is_of_one_page() {
        let find =
            |stamp: &str| (0..10_000_000).map(|number| number.to_string()).find(|it| is_proof(stamp, it)).unwrap();
        let proof = find("first");
        assert!(is_proof("first", &proof));
        assert!(!is_proof("first", "") && !is_proof("first", &"1".repeat(21)));
        assert!(["second", "third", "fourth"].iter().any(|other| !is_proof(other, &proof)));
    }
}
