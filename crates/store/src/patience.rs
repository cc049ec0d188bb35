//! How long another program is asked again that does not answer as it should.

use jiff::SignedDuration;

/// Waits after each attempt, in seconds, growing up to a day together: half a minute, 2, 8 and 30 minutes, 2 hours, 6 hours, and
/// what is left of 24 hours.
const WAITS: [i64; 7] = [30, 2 * 60, 8 * 60, 30 * 60, 2 * 3_600, 6 * 3_600, 55_200];

/// How long is waited after so many attempts; nothing after the last one, a day after the first.
#[must_use]
pub fn wait_after(attempts: i64) -> Option<SignedDuration> {
    let place = usize::try_from(attempts.checked_sub(1)?).ok()?;
    WAITS.get(place).copied().map(SignedDuration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_last_a_day() {
        let waits: Vec<_> = (1..).map_while(wait_after).collect();
        assert!(waits.windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
        let whole: SignedDuration = waits.iter().fold(SignedDuration::ZERO, |whole, wait| whole + *wait);
        assert!((0..120).contains(&(whole.as_secs() - 24 * 3_600)), "{whole:?}");
        assert_eq!((wait_after(0), wait_after(-1), wait_after(i64::MIN)), (None, None, None));
    }
}
