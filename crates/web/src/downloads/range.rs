//! What a reader of a file has already, and which part of it they want (RFC 9110). Several parts at once, and what cannot be
//! read, are answered with the whole file, as the standard lets one do.

use axum::http::{HeaderMap, header};

/// What is wanted of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    /// From the first byte to the last one, both included.
    Part {
        first: u64,
        last: u64,
    },
    /// A part that lies behind its end.
    Nothing,
}

/// Whether the reader has the file with this tag.
pub(super) fn has(asked: &HeaderMap, tag: &str) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|tags| tags.split(',')).map(str::trim).any(|known| known.trim_start_matches("W/") == tag)
}

/// Which part of a file of so many bytes is wanted.
pub(super) fn wanted(asked: &HeaderMap, tag: &str, size: u64) -> Wanted {
    let condition = asked.get(header::IF_RANGE);
    if condition.is_some_and(|known| known.as_bytes() != tag.as_bytes()) {
        return Wanted::Whole;
    }
    let range = asked.get(header::RANGE).and_then(|value| value.to_str().ok());
    range.and_then(|range| part(range, size)).unwrap_or(Wanted::Whole)
}

fn part(range: &str, size: u64) -> Option<Wanted> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.trim().split_once('-')?;
    let (first, last) = match (first, last) {
        ("", last) => (size.saturating_sub(number(last)?), if number(last)? == 0 { 0 } else { size }),
        (first, "") => (number(first)?, size),
        (first, last) => (number(first)?, number(last)?.checked_add(1)?),
    };
    if first >= size || last == 0 {
        return Some(Wanted::Nothing);
    }
    // Backwards is no range at all.
    (first < last).then(|| Wanted::Part { first, last: last.min(size) - 1 })
}

/// A number in digits alone.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(all: &[(HeaderName, &'static str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn one_part_is_cut_to_what_is_there() {
        let of_ten = |range: &'static str| wanted(&headers(&[(header::RANGE, range)]), "\"x\"", 10);
        let part = |first, last| Wanted::Part { first, last };
        for (range, expected) in [
            ("bytes=0-3", part(0, 3)),
            ("bytes=9-9", part(9, 9)),
            ("bytes=4-", part(4, 9)),
            ("bytes=4-99", part(4, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=10-12", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=3-2", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=99999999999999999999-", Wanted::Whole),
            ("bytes=0-18446744073709551615", Wanted::Whole),
            ("lines=0-3", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            assert_eq!(of_ten(range), expected, "{range}");
        }
        assert_eq!(wanted(&headers(&[(header::RANGE, "bytes=0-")]), "\"x\"", 0), Wanted::Nothing);
        assert_eq!(wanted(&headers(&[(header::RANGE, "bytes=-5")]), "\"x\"", 0), Wanted::Nothing);
    }

    #[test]
    fn a_part_of_another_file_is_not_given() {
        let asked = |tag| headers(&[(header::RANGE, "bytes=1-"), (header::IF_RANGE, tag)]);
        assert_eq!(wanted(&asked("\"x\""), "\"x\"", 3), Wanted::Part { first: 1, last: 2 });
        assert_eq!(wanted(&asked("\"y\""), "\"x\"", 3), Wanted::Whole);
        assert_eq!(wanted(&asked("W/\"x\""), "\"x\"", 3), Wanted::Whole);
    }

    #[test]
    fn what_is_known_is_found_in_a_list() {
        let knows = |tags| has(&headers(&[(header::IF_NONE_MATCH, tags)]), "\"x\"");
        assert!(knows("\"x\"") && knows("\"y\", W/\"x\"") && !knows("\"y\"") && !knows("x"));
    }
}
