//! What chance makes of something that was in order.

use super::Dice;

/// Longer nothing grows, in bytes.
const LONGEST: usize = 64 * 1024;
/// A small change touches so many bytes at most.
const SMALL: usize = 40;
/// How often a stretch is repeated at most.
const TIMES: usize = 20;

/// A few changes: cut, taken out, put in, turned, repeated, moved, exchanged with others of the kind. What is put in is one of
/// `pieces`, which make things go wrong.
///
/// # Panics
/// Where there are no pieces or no others.
pub fn changed(dice: &mut Dice, whole: &[u8], pieces: &[&[u8]], others: &[&[u8]]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.below(6) {
        let (from, to) = stretch(dice, bytes.len());
        let to = if dice.one_in(4) { to } else { to.min(from + SMALL) };
        let part = bytes.get(from..to).unwrap_or_default().to_vec();
        match dice.below(9) {
            0 => bytes.truncate(to.max(1)),
            1 => drop(bytes.drain(from..to)),
            2 | 3 => put(&mut bytes, from, dice.pick::<&[u8]>(pieces)),
            4 => {
                if let Some(byte) = bytes.get_mut(from) {
                    *byte = u8::try_from(dice.below(256)).unwrap_or_default();
                }
            }
            5 => put(&mut bytes, from, &part.repeat(1 + dice.below(TIMES))),
            6 => {
                drop(bytes.drain(from..to));
                let at = dice.below(bytes.len() + 1);
                put(&mut bytes, at, &part);
            }
            7 => {
                let strange = *dice.pick(others);
                let (from_there, to_there) = stretch(dice, strange.len());
                put(&mut bytes, from, strange.get(from_there..to_there).unwrap_or_default());
            }
            _ => drop(bytes.splice(from..to, part.iter().map(|byte| turned(*byte)))),
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

/// The same of a text, which stays one.
///
/// # Panics
/// As [`changed`].
pub fn changed_text(dice: &mut Dice, whole: &str, pieces: &[&str], others: &[&str]) -> String {
    let pieces: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
    let others: Vec<&[u8]> = others.iter().map(|other| other.as_bytes()).collect();
    String::from_utf8_lossy(&changed(dice, whole.as_bytes(), &pieces, &others)).into_owned()
}

/// From where to where, within so many bytes.
fn stretch(dice: &mut Dice, length: usize) -> (usize, usize) {
    let (one, other) = (dice.below(length + 1), dice.below(length + 1));
    (one.min(other), one.max(other))
}

fn put(bytes: &mut Vec<u8>, at: usize, part: &[u8]) {
    drop(bytes.splice(at..at, part.iter().copied()));
}

/// Large letters for small ones, and blanks of another kind.
fn turned(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => byte.to_ascii_uppercase(),
        b'A'..=b'Z' => byte.to_ascii_lowercase(),
        b' ' => b'\t',
        b'\r' => b' ',
        byte => byte,
    }
}
