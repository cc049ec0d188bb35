//! What chance makes of something that was in order.

use store::testing::{Dice, rounds, seed};

/// Longer nothing grows, in bytes.
const LONGEST: usize = 64 * 1024;
/// A small change touches so many bytes.
const SMALL: usize = 40;
/// How often a stretch is repeated at most.
const TIMES: usize = 20;

/// Rounds of a generated test: so many changed things for each round that the environment names.
pub(crate) fn many(usual: u64, of_each: u64) -> std::ops::Range<u64> {
    0..rounds(usual).saturating_mul(of_each)
}

/// Where the chance of a test begins, told where it fails.
pub(crate) fn dice(usual: u64) -> (u64, Dice) {
    let seed = seed(usual);
    (seed, Dice::new(seed))
}

/// A few changes: cut, taken out, put in, turned, repeated, moved, exchanged with others of the kind.
pub(crate) fn changed(dice: &mut Dice, whole: &[u8], pieces: &[&[u8]], others: &[&[u8]]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.below(6) {
        let (one, other) = (dice.below(bytes.len() + 1), dice.below(bytes.len() + 1));
        let (from, to) = (one.min(other), one.max(other));
        let to = if dice.one_in(4) { to } else { to.min(from + SMALL) };
        let part = bytes[from..to].to_vec();
        match dice.below(9) {
            0 => bytes.truncate(to.max(1)),
            1 => drop(bytes.drain(from..to)),
            2 | 3 => put(&mut bytes, from, dice.pick(pieces)),
            4 => {
                if let Some(byte) = bytes.get_mut(from) {
                    *byte = u8::try_from(dice.below(256)).unwrap();
                }
            }
            5 => put(&mut bytes, from, &part.repeat(1 + dice.below(TIMES))),
            6 => {
                bytes.drain(from..to);
                let at = dice.below(bytes.len() + 1);
                put(&mut bytes, at, &part);
            }
            7 => {
                let strange = dice.pick(others);
                let (one, other) = (dice.below(strange.len() + 1), dice.below(strange.len() + 1));
                put(&mut bytes, from, &strange[one.min(other)..one.max(other)]);
            }
            _ => {
                let turned = part.iter().map(|byte| match byte {
                    byte if byte.is_ascii_lowercase() => byte.to_ascii_uppercase(),
                    byte if byte.is_ascii_uppercase() => byte.to_ascii_lowercase(),
                    b' ' => b'\t',
                    b'\r' => b' ',
                    byte => *byte,
                });
                drop(bytes.splice(from..to, turned));
            }
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

fn put(bytes: &mut Vec<u8>, at: usize, part: &[u8]) {
    drop(bytes.splice(at..at, part.iter().copied()));
}

/// The same of a text, which stays one.
pub(crate) fn changed_text(dice: &mut Dice, whole: &str, pieces: &[&str], others: &[&str]) -> String {
    let pieces: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
    let others: Vec<&[u8]> = others.iter().map(|other| other.as_bytes()).collect();
    String::from_utf8_lossy(&changed(dice, whole.as_bytes(), &pieces, &others)).into_owned()
}

/// Whether a text is one that may be kept: of one line, or of several.
pub(crate) fn is_clean(text: &str, lines: bool) -> bool {
    text.chars().all(|letter| !letter.is_control() || lines && matches!(letter, '\n' | '\t'))
}
