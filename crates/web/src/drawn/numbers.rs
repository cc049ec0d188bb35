//! How many records are in each state now, and how long they stood in it: as far as whoever asks may read them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Span};
use model::process::{Phase, Process, State};
use model::{Locale, Value, l10n};
use store::{Result, Stays, Work};

/// How far back moves are looked at.
pub(crate) const DAYS: i64 = 90;

/// The numbers of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    counts: BTreeMap<String, i64>,
    stays: Stays,
}

impl Numbers {
    /// Reads them in two statements; nothing where the state is hidden from whoever asks.
    pub(crate) fn read(work: &mut Work<'_>, process: &Process) -> Result<Option<Self>> {
        let module = work.module(&process.module)?;
        if work.grant(&module).hidden.contains(&process.field) {
            return Ok(None);
        }
        let mut counts = BTreeMap::new();
        for counted in work.counts(&module.name, None, &[&process.field])? {
            let state = counted.group.first().and_then(Value::as_text).unwrap_or_default();
            counts.insert(state.to_owned(), counted.count);
        }
        let since = work.now().saturating_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(jiff::Timestamp::MIN);
        Ok(Some(Self { counts, stays: work.stays(&module.name, &process.field, since)? }))
    }

    /// Records in the state now.
    pub(crate) fn count(&self, state: &str) -> i64 {
        self.counts.get(state).copied().unwrap_or(0)
    }

    /// Records in no state of the process.
    pub(crate) fn elsewhere(&self, process: &Process) -> i64 {
        self.counts.iter().filter(|(name, _)| process.state(name).is_none()).map(|(_, count)| count).sum()
    }

    /// How long half of the records stood in it at most, in seconds.
    pub(crate) fn median(&self, state: &str) -> Option<i64> {
        self.stays.median(state)
    }

    /// From how many moves that is known.
    pub(crate) fn moves(&self) -> usize {
        self.stays.moves
    }

    /// Where most time is lost now: work goes on there, and the median times the number of records is largest.
    pub(crate) fn bottleneck<'p>(&self, process: &'p Process) -> Option<&'p State> {
        let lost = |state: &&State| self.median(&state.name).unwrap_or(0).saturating_mul(self.count(&state.name));
        let open = process.states.iter().filter(|state| state.phase == Phase::Open);
        open.max_by_key(lost).filter(|state| lost(state) > 0)
    }
}

/// Whole days that have passed, wherever days in a stage are told.
pub(crate) fn days(seconds: i64) -> i64 {
    seconds / (24 * 60 * 60)
}

/// A length of time in its largest unit: nobody compares minutes of days.
pub(crate) fn length(l: Locale, seconds: i64) -> String {
    let minutes = seconds.max(0).saturating_add(30) / 60;
    let hours = (minutes + 30) / 60;
    let span = if minutes < 90 {
        Span::new().try_minutes(minutes)
    } else if hours < 36 {
        Span::new().try_hours(hours)
    } else {
        Span::new().try_days(days(seconds))
    };
    l10n::duration(l, &span.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use model::Locale;

    use super::length;

    #[test]
    fn lengths_are_said_in_their_largest_unit() {
        let said = [0, 29, 90, 5_340, 5_400, 125_000, 129_600, 864_000].map(|seconds| length(Locale::En, seconds));
        let expected = ["0 minutes", "0 minutes", "2 minutes", "89 minutes", "2 hours", "35 hours", "1 day", "10 days"];
        assert_eq!(said, expected);
        assert_eq!(length(Locale::En, i64::MAX), "0 minutes", "what no calendar holds is not told");
        assert_eq!(length(Locale::Ru, 259_200), "3 дня");
    }
}
