//! Where long arrows leave and reach the sides of a state: each has a place of its own, tall enough for its name, so that
//! neither names nor arrows meet.

use std::collections::BTreeMap;

use super::bundles::{Bundle, Way};
use super::layout::{MOVE, many};

/// A side of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// A long arrow where it leaves.
const LEAVING: i32 = 10;
/// A move to the state itself, at least.
const ROUND: i32 = 26;

/// The places on the sides of all states.
pub(super) struct Slots {
    /// Top and bottom by row, side and bundle, counted from the first place.
    places: BTreeMap<(usize, Side, usize), (i32, i32)>,
    heights: Vec<i32>,
    /// Short arrows: from, to.
    short: Vec<(usize, usize)>,
}

impl Slots {
    pub(super) fn of(rows: usize, bundles: &[Bundle], labels: &[Vec<String>]) -> Self {
        let short = bundles.iter().filter(|bundle| matches!(bundle.way, Way::Down | Way::Up));
        let short = short.map(|bundle| (bundle.from[0], bundle.to)).collect();
        let mut slots = Self { places: BTreeMap::new(), heights: vec![0; rows], short };
        for row in 0..rows {
            for side in [Side::Left, Side::Right] {
                slots.fill(row, side, bundles, labels);
            }
        }
        slots
    }

    /// The places of one side, in the order in which arrows do not cross: what comes from above stands above, of what leaves
    /// downwards the outermost first, and the other way round on the left.
    fn fill(&mut self, row: usize, side: Side, bundles: &[Bundle], labels: &[Vec<String>]) {
        let way = if side == Side::Right { Way::Right } else { Way::Left };
        let mut all: Vec<((u8, usize), usize, i32)> = Vec::new();
        for (index, bundle) in bundles.iter().enumerate() {
            let lines = many(labels.get(index).map_or(0, Vec::len)) * MOVE.1;
            let (inner, outer) = (bundle.lane, usize::MAX - bundle.lane);
            if bundle.way == Way::Round && side == Side::Right && bundle.to == row {
                all.push(((1, index), index, (lines + 4).max(ROUND)));
            } else if bundle.way == way && bundle.to == row {
                let order = if side == Side::Right { (0, inner) } else { (2, outer) };
                all.push((order, index, lines + 10));
            } else if bundle.way == way && bundle.from.contains(&row) {
                let order = if side == Side::Right { (2, outer) } else { (0, inner) };
                all.push((order, index, LEAVING));
            }
        }
        all.sort_unstable();
        let mut top = 0;
        for (_, index, height) in all {
            self.places.insert((row, side, index), (top, top + height));
            top += height;
        }
        if let Some(tallest) = self.heights.get_mut(row) {
            *tallest = top.max(*tallest);
        }
    }

    /// What the sides of a state need.
    pub(super) fn height(&self, row: usize) -> i32 {
        self.heights.get(row).copied().unwrap_or(0)
    }

    /// The top and the bottom of a bundle's place.
    pub(super) fn place(&self, row: usize, side: Side, bundle: usize) -> (i32, i32) {
        self.places.get(&(row, side, bundle)).copied().unwrap_or_default()
    }

    /// Whether a short arrow goes from one state to the other.
    pub(super) fn has_short(&self, from: usize, to: usize) -> bool {
        self.short.contains(&(from, to))
    }
}
