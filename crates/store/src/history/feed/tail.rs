//! Somebody who reads the log as it grows: what was taken, and which gaps are waited for.

use std::collections::{BTreeSet, VecDeque};

use super::{Glimpse, Logged};

/// Lines behind a gap that are remembered at most: a gap that stays open longer is given up.
const REMEMBERED: usize = 20_000;

/// Somebody who reads the log as it grows. PostgreSQL gives lines their numbers before they are committed, so a smaller one
/// may appear after a greater one: a gap is waited for until everybody who could fill it has ended.
#[derive(Debug)]
pub struct Tail {
    /// Everything up to here was taken, or will never be there.
    settled: i64,
    /// Lines beyond it that were taken.
    taken: BTreeSet<i64>,
    /// For each look: the first transaction that had not begun, and the last line that was seen.
    looks: VecDeque<(i64, i64)>,
}

impl Tail {
    /// A reader of everything after `place`.
    #[must_use]
    pub fn after(place: i64) -> Self {
        Self { settled: place, taken: BTreeSet::new(), looks: VecDeque::new() }
    }

    /// Nothing that comes after this place was missed by whoever begins here.
    #[must_use]
    pub fn settled(&self) -> i64 {
        self.settled
    }

    /// Lines that the next look has to ask for, besides the new ones.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.taken.len()
    }

    /// What of a look is new.
    pub fn take(&mut self, look: Glimpse) -> Vec<Logged> {
        let last = look.lines.last().map_or(self.settled, Logged::sequence).max(self.settled);
        let new: Vec<Logged> = look.lines.into_iter().filter(|line| self.taken.insert(line.sequence)).collect();
        self.looks.push_back((look.begun, last));
        while let Some((_, last)) = self.looks.pop_front_if(|(begun, _)| *begun <= look.ended) {
            self.settled = last;
        }
        if self.taken.len() > REMEMBERED {
            tracing::warn!("a transaction is under way for very long: what it writes may not be told");
            self.settled = last;
            self.looks.clear();
        }
        self.taken = self.taken.split_off(&self.settled.saturating_add(1));
        new
    }
}

#[cfg(test)]
mod tests {
    use super::{Glimpse, Logged, Tail};

    fn look(sequences: &[i64], ended: i64, begun: i64) -> Glimpse {
        let line = |sequence: &i64| Logged {
            sequence: *sequence,
            module: "leads".to_owned(),
            record: model::Id::new(),
            operation: "update".to_owned(),
            version: 1,
            at: jiff::Timestamp::UNIX_EPOCH,
            change_set: model::Id::new(),
            actor: None,
            fields: std::collections::BTreeMap::new(),
        };
        Glimpse { lines: sequences.iter().map(line).collect(), ended, begun }
    }

    fn numbers(lines: &[Logged]) -> Vec<i64> {
        lines.iter().map(Logged::sequence).collect()
    }

    #[test]
    fn a_line_that_is_committed_late_is_told_once_and_never_missed() {
        let mut tail = Tail::after(4);
        // 5 is under way (transaction 90) while 6 (transaction 91) is there already.
        assert_eq!(numbers(&tail.take(look(&[6], 90, 92))), [6]);
        assert_eq!(tail.settled(), 4, "whoever begins again here still gets 5");
        assert!(tail.take(look(&[6], 90, 93)).is_empty());
        assert_eq!(numbers(&tail.take(look(&[5, 6, 7], 94, 94))), [5, 7]);
        assert_eq!((tail.settled(), tail.remembered()), (7, 0));
    }

    #[test]
    fn a_gap_that_nobody_can_fill_any_more_is_passed() {
        let mut tail = Tail::after(0);
        tail.take(look(&[2], 10, 11));
        assert_eq!(tail.settled(), 0);
        tail.take(look(&[2], 11, 12));
        assert_eq!(tail.settled(), 2, "the one who had taken 1 has ended without it");
    }

    #[test]
    fn where_one_writes_at_a_time_everything_is_settled_at_once() {
        let mut tail = Tail::after(0);
        assert_eq!(numbers(&tail.take(look(&[1, 2], 0, 0))), [1, 2]);
        assert_eq!((tail.settled(), tail.remembered()), (2, 0));
    }
}
