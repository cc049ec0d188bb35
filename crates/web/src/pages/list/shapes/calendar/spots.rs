//! Where entries stand among the hours of a day: as long as they last, those at the same time side by side.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use model::Id;

use super::entry::Entry;

/// Minutes of a day.
const DAY: i32 = 24 * 60;
/// What has no end is drawn so long, in minutes: as short as can be read.
const SHORTEST: i32 = 30;
/// Entries side by side at most; further ones lie over the last.
const SIDES: usize = 6;

/// The place of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// Minutes since midnight.
    from: i32,
    until: i32,
    /// Which of so many side by side.
    side: usize,
    sides: usize,
}

impl Spot {
    /// What the style sheet calls it: minutes behind the hour by fives, hours, quarters, side.
    pub(super) fn classes(&self) -> String {
        let quarters = (self.until - self.from + 7) / 15;
        format!(
            "lasts m{} h{} q{} at{} of{}",
            self.from % 60 / 5 * 5,
            quarters / 4,
            quarters % 4,
            self.side.min(SIDES - 1),
            self.sides.min(SIDES)
        )
    }
}

/// The places of what begins on a day, in the order of its beginnings.
pub(super) fn of<'e>(entries: impl Iterator<Item = &'e Entry>, day: Date) -> BTreeMap<Id, Spot> {
    let (mut ids, mut spans) = (Vec::new(), Vec::new());
    for entry in entries.filter(|entry| entry.when.timed && entry.when.begin.date() == day) {
        let end = &entry.when.end;
        ids.push(entry.id);
        spans.push((minutes(entry.when.begin.time()), if end.date() > day { DAY } else { minutes(end.time()) }));
    }
    ids.into_iter().zip(side_by_side(&spans)).collect()
}

fn minutes(time: Time) -> i32 {
    i32::from(time.hour()) * 60 + i32::from(time.minute())
}

/// Each span on the first side that is free, and how many sides there are where spans touch each other.
fn side_by_side(spans: &[(i32, i32)]) -> Vec<Spot> {
    let mut done: Vec<Spot> = Vec::new();
    let mut touching: Vec<Spot> = Vec::new();
    for &(from, until) in spans {
        let until = until.max(from + SHORTEST).min(DAY);
        if touching.iter().all(|spot| spot.until <= from) {
            done.append(&mut together(std::mem::take(&mut touching)));
        }
        let is_free = |side: &usize| !touching.iter().any(|spot| spot.side == *side && spot.until > from);
        let side = (0..=touching.len()).find(is_free).unwrap_or(touching.len());
        touching.push(Spot { from, until, side, sides: 1 });
    }
    done.append(&mut together(touching));
    done
}

fn together(mut spots: Vec<Spot>) -> Vec<Spot> {
    let sides = spots.iter().map(|spot| spot.side + 1).max().unwrap_or(1);
    for spot in &mut spots {
        spot.sides = sides;
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    fn sides(spans: &[(i32, i32)]) -> Vec<(usize, usize)> {
        side_by_side(spans).iter().map(|spot| (spot.side, spot.sides)).collect()
    }

    #[test]
    fn what_is_at_the_same_time_stands_side_by_side() {
        assert_eq!(sides(&[(600, 660), (660, 720)]), [(0, 1), (0, 1)], "one after the other");
        assert_eq!(sides(&[(600, 720), (630, 660), (660, 690)]), [(0, 2), (1, 2), (1, 2)], "a side is used again");
        assert_eq!(sides(&[(600, 600), (615, 615), (620, 700), (800, 830)]), [(0, 3), (1, 3), (2, 3), (0, 1)]);
    }

    #[test]
    fn a_spot_is_as_long_as_its_entry() {
        let classes = |from, until| side_by_side(&[(from, until)])[0].classes();
        assert_eq!(classes(615, 705), "lasts m15 h1 q2 at0 of1");
        assert_eq!(classes(600, 600), "lasts m0 h0 q2 at0 of1", "what has no end can be read all the same");
        assert_eq!(classes(1_430, 1_439), "lasts m50 h0 q1 at0 of1", "and no day is longer than it is");
    }
}
