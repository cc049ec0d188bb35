//! Chance that repeats: the same seed throws the same numbers on every machine.

/// A sequence of numbers (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The sequence that begins there.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`; 0 where there are none.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let sides = u64::try_from(sides).unwrap_or(u64::MAX).max(1);
        usize::try_from((mixed ^ (mixed >> 31)) % sides).unwrap_or_default()
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    ///
    /// # Panics
    /// Where there are none.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        match of.get(self.below(of.len())) {
            Some(one) => one,
            None => panic!("there is nothing to choose from"),
        }
    }
}

/// Where generated tests begin: `PLENARY_SEED`, else the number that they always begin with.
#[must_use]
pub fn seed(usual: u64) -> u64 {
    told("PLENARY_SEED", usual)
}

/// How many rounds: `PLENARY_ROUNDS`, else as many as an ordinary run has time for.
#[must_use]
pub fn rounds(usual: u64) -> u64 {
    told("PLENARY_ROUNDS", usual)
}

/// A number that the environment names, else the usual one.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment what to try, and how long")]
pub fn told(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}
