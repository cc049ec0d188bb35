//! Chance that repeats: the same seed throws the same numbers on every machine.

/// A sequence of numbers (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    /// True once in `times`.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Where generated tests begin: `PLENARY_SEED`, else the number that they always begin with.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment what to try")]
pub(crate) fn seed(usual: u64) -> u64 {
    std::env::var("PLENARY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(usual)
}

/// How many rounds: `PLENARY_ROUNDS`, else as many as an ordinary run has time for.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment how long to go on")]
pub(crate) fn rounds(usual: u64) -> u64 {
    std::env::var("PLENARY_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

/// As many rounds as one world is good for: in a long run none grows for ever.
const TURN: u64 = 40;

/// The rounds, by turns that each begin in a fresh world.
pub(crate) fn turns(usual: u64) -> Vec<std::ops::Range<u64>> {
    let all = rounds(usual);
    (0..all.div_ceil(TURN)).map(|turn| turn * TURN..all.min((turn + 1) * TURN)).collect()
}
