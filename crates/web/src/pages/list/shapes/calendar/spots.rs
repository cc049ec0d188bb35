//! Where entries stand among the hours of a day: as long as they last, those at the same time side by side.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use model::Id;

use super::entry::Entry;

/// Minutes of a day.
const DAY: i32 = 24 * 60;
/// What has no end is drawn so long, in minutes: as short as can be read.
const SHORTEST: i32 = 30;
/// Entries that stand side by side across a whole calendar, and in any of its lanes at least and at most.
const ACROSS: usize = 21;
const FEWEST: usize = 2;
const MOST: usize = 8;

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
            self.side,
            self.sides
        )
    }
}

/// What stands among the hours of a lane.
#[derive(Debug, Default)]
pub(super) struct Spots {
    placed: BTreeMap<Id, Spot>,
    rests: Vec<Rest>,
}

/// Entries for which there is no room beside the others.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) spot: Spot,
    pub(super) ids: Vec<Id>,
}

impl Rest {
    /// The hour in which the first of them begins.
    pub(super) fn hour(&self) -> i8 {
        i8::try_from(self.spot.from / 60).unwrap_or_default()
    }
}

impl Spots {
    /// The place of an entry; nothing where it is among the rest.
    pub(super) fn of(&self, id: Id) -> Option<&Spot> {
        self.placed.get(&id)
    }

    /// Those for which there is no room, by the stretch of time that they share.
    pub(super) fn rests(&self) -> &[Rest] {
        &self.rests
    }

    /// Where more touch than there is room for, the last side is left to what stands for the others.
    fn within(room: usize, spots: impl Iterator<Item = (Id, Spot)>) -> Self {
        let mut all = Self::default();
        for (id, spot) in spots {
            let sides = spot.sides.min(room);
            if spot.sides == sides || spot.side + 1 < sides {
                all.placed.insert(id, Spot { sides, ..spot });
            } else {
                all.leave_over(id, Spot { side: sides - 1, sides, ..spot });
            }
        }
        // One alone takes no more room than the word that there is one.
        let (alone, rests): (Vec<Rest>, Vec<Rest>) = all.rests.into_iter().partition(|rest| rest.ids.len() == 1);
        all.placed.extend(alone.iter().flat_map(|rest| rest.ids.iter().map(|id| (*id, rest.spot))));
        Self { rests, ..all }
    }

    fn leave_over(&mut self, id: Id, spot: Spot) {
        match self.rests.last_mut().filter(|rest| rest.spot.until > spot.from) {
            Some(rest) => {
                rest.spot.until = rest.spot.until.max(spot.until);
                rest.ids.push(id);
            }
            None => self.rests.push(Rest { spot, ids: vec![id] }),
        }
    }
}

/// How many stand side by side in one of so many lanes.
pub(super) fn room(lanes: usize) -> usize {
    (ACROSS / lanes.max(1)).clamp(FEWEST, MOST)
}

/// The places of what begins on a day, in the order of its beginnings, with room for so many side by side.
pub(super) fn of<'e>(entries: impl Iterator<Item = &'e Entry>, day: Date, room: usize) -> Spots {
    let (mut ids, mut spans) = (Vec::new(), Vec::new());
    for entry in entries.filter(|entry| entry.when.timed && entry.when.begin.date() == day) {
        let end = &entry.when.end;
        ids.push(entry.id);
        spans.push((minutes(entry.when.begin.time()), if end.date() > day { DAY } else { minutes(end.time()) }));
    }
    Spots::within(room, ids.into_iter().zip(side_by_side(&spans)))
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
    use model::Id;

    use super::{Spots, room, side_by_side};

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

    /// Side and sides of each of the spans that stands somewhere.
    type Placed = Vec<Option<(usize, usize)>>;
    /// What is left over: from when until when, and how many.
    type Left = Vec<(i32, i32, usize)>;

    fn within(room: usize, spans: &[(i32, i32)]) -> (Placed, Left) {
        let ids: Vec<Id> = (1_u128..).take(spans.len()).map(id).collect();
        let spots = Spots::within(room, ids.iter().copied().zip(side_by_side(spans)));
        let placed = ids.iter().map(|id| spots.of(*id).map(|spot| (spot.side, spot.sides))).collect();
        (placed, spots.rests().iter().map(|rest| (rest.spot.from, rest.spot.until, rest.ids.len())).collect())
    }

    fn id(number: u128) -> Id {
        format!("00000000-0000-7000-8000-{number:012x}").parse().unwrap()
    }

    #[test]
    fn what_has_no_room_is_told_in_the_last_side() {
        let at_once = [(600, 660); 5];
        let whole: Placed = (0..5).map(|side| Some((side, 5))).collect();
        assert_eq!(within(5, &at_once), (whole, vec![]), "as many as there is room for");
        let (placed, rests) = within(3, &at_once);
        assert_eq!(placed, [Some((0, 3)), Some((1, 3)), None, None, None]);
        assert_eq!(rests, [(600, 660, 3)]);
    }

    #[test]
    fn what_is_left_over_alone_is_shown_itself() {
        // The third and the fourth touch the first two and not each other.
        let (placed, rests) = within(2, &[(600, 720), (600, 720), (610, 650), (660, 700)]);
        assert_eq!(rests, [(600, 720, 3)], "what touches any of them is told with them");
        assert_eq!(placed, [Some((0, 2)), None, None, None]);
        let (placed, rests) = within(2, &[(600, 720), (600, 640), (610, 650), (660, 700)]);
        assert_eq!(rests, [(600, 650, 2)]);
        assert_eq!(placed, [Some((0, 2)), None, None, Some((1, 2))]);
    }

    #[test]
    fn fewer_lanes_have_more_room() {
        assert_eq!([1, 2, 7, 13].map(room), [8, 8, 3, 2]);
    }
}
