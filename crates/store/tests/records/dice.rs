//! Chance that repeats, in turns that each begin in a fresh world.

pub(crate) use store::testing::{Dice, rounds, seed};

/// As many rounds as one world is good for: in a long run none grows for ever.
const TURN: u64 = 40;

/// The rounds, by turns that each begin in a fresh world.
pub(crate) fn turns(usual: u64) -> Vec<std::ops::Range<u64>> {
    let all = rounds(usual);
    (0..all.div_ceil(TURN)).map(|turn| turn * TURN..all.min((turn + 1) * TURN)).collect()
}
