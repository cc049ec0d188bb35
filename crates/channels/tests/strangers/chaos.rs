//! How long the generated tests go on, and what may be kept.

use store::testing::{Dice, rounds, seed};

/// Rounds of a generated test: so many changed things for each round that the environment names.
pub(crate) fn many(usual: u64, of_each: u64) -> std::ops::Range<u64> {
    0..rounds(usual).saturating_mul(of_each)
}

/// Where the chance of a test begins, told where it fails.
pub(crate) fn dice(usual: u64) -> (u64, Dice) {
    let seed = seed(usual);
    (seed, Dice::new(seed))
}

/// Whether a text is one that may be kept: of one line, or of several.
pub(crate) fn is_clean(text: &str, lines: bool) -> bool {
    text.chars().all(|letter| !letter.is_control() || lines && matches!(letter, '\n' | '\t'))
}
