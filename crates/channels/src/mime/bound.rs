//! Letters of strangers over which reading would not come to an end, or would end the program: what the parser would have to do
//! is reckoned before it begins, and letters within a letter are kept from it.

use std::borrow::Cow;

/// Steps of the parser at most: a second or two.
const STEPS: u64 = 500_000_000;
/// Kinds of parts that hold letters, as they end, and what they are called while they are kept from the parser.
const LETTERS: [(&[u8], u8); 3] = [(b"rfc822", b'_'), (b"global", b'_'), (b"digest", b'_')];
/// The way back.
const NAMES: [(&[u8], u8); 3] = [(b"rfc82_", b'2'), (b"globa_", b'l'), (b"diges_", b't')];
/// Kinds of letters that are kept from it.
pub(super) const SEALED: [&str; 2] = ["rfc82_", "globa_"];

/// Whether to read a letter would take out of all proportion to its length. The parser looks for each boundary and for the end of
/// each encoded word as far as the letter goes, and compares each parameter with those before it.
pub(super) fn is_tangled(raw: &[u8]) -> bool {
    // Each may name a boundary that never comes; four signs of one are looked at as fast as one of the others.
    let mut work = steps(count(raw, b"multipart")).saturating_mul(steps(raw.len())) / 4;
    for line in lines(raw) {
        work = work.saturating_add(steps(count(line, b"=?")).saturating_mul(steps(line.len())));
        if [&b"content-type"[..], b"content-disposition"].iter().any(|name| named(line, name).next().is_some()) {
            // To compare two is more than to look at a sign.
            let parameters = steps(line.iter().filter(|byte| **byte == b';').count()).saturating_mul(4);
            work = work.saturating_add(parameters.saturating_mul(parameters));
        }
        if work > STEPS {
            return true;
        }
    }
    false
}

/// A letter in which the letters within it are of a kind that the parser does not know. It takes them apart as deep as they stand
/// in each other, encoded or not, and to let go of what it made takes more room than a thread has. For us they are files.
pub(super) fn sealed(raw: &[u8]) -> Cow<'_, [u8]> {
    renamed(raw, &LETTERS)
}

/// What was read of a sealed letter, as it came.
pub(super) fn unsealed(text: &[u8]) -> Cow<'_, [u8]> {
    renamed(text, &NAMES)
}

/// The text with other last signs of these words where they name the kind of a part.
fn renamed<'t>(text: &'t [u8], words: &[(&[u8], u8)]) -> Cow<'t, [u8]> {
    let (mut renamed, mut start) = (Cow::Borrowed(text), 0);
    for line in lines(text) {
        let mut done = 0;
        for colon in named(line, b"content-type") {
            if colon < done {
                continue;
            }
            let value = line.get(colon..).unwrap_or_default();
            let kind = value.get(..kind_ends(value)).unwrap_or(value);
            done = colon + kind.len();
            for (word, sign) in words {
                for end in ends_of(kind, word) {
                    if let Some(last) = renamed.to_mut().get_mut(start + colon + end) {
                        *last = *sign;
                    }
                }
            }
        }
        start += line.len();
    }
    renamed
}

/// Where the kind ends at the latest: before its parameters, as long as no comment hides where these begin.
fn kind_ends(value: &[u8]) -> usize {
    let end = value.iter().position(|byte| matches!(byte, b';' | b'('));
    end.filter(|at| value.get(*at) == Some(&b';')).unwrap_or(value.len())
}

/// Where a word ends that stands by itself: the places of its last sign.
fn ends_of(text: &[u8], word: &[u8]) -> impl Iterator<Item = usize> {
    let found = text.windows(word.len()).enumerate().filter(move |(_, there)| there.eq_ignore_ascii_case(word));
    let goes_on = move |end: usize| text.get(end).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'-');
    found.map(move |(at, _)| at + word.len()).filter(move |end| !goes_on(*end)).map(|end| end - 1)
}

fn steps(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// How often a word stands there, in large letters or small.
fn count(text: &[u8], word: &[u8]) -> usize {
    text.windows(word.len()).filter(|there| there.eq_ignore_ascii_case(word)).count()
}

/// The colons in a line behind which a header of this name may begin. Anywhere: what comes before the name may be a boundary, and
/// blanks in it are passed over.
fn named(line: &[u8], name: &[u8]) -> impl Iterator<Item = usize> {
    let is_it = move |before: &[u8]| {
        let mut signs = before.iter().rev().filter(|byte| !byte.is_ascii_whitespace());
        name.iter().rev().all(|wanted| signs.next().is_some_and(|sign| sign.eq_ignore_ascii_case(wanted)))
    };
    let colons = line.iter().enumerate().filter(|(_, byte)| **byte == b':').map(|(at, _)| at);
    colons.filter(move |at| is_it(line.get(..*at).unwrap_or_default()))
}

/// The lines of a letter, as headers have them: one that begins with a blank goes on with the one before it.
fn lines(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = 0;
        while let Some(more) = rest.get(end..).and_then(|after| after.iter().position(|byte| *byte == b'\n')) {
            end += more + 1;
            if !matches!(rest.get(end), Some(b' ' | b'\t')) {
                let (line, after) = rest.split_at(end);
                rest = after;
                return Some(line);
            }
        }
        Some(std::mem::take(&mut rest))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_tangled, lines, named, sealed, unsealed};

    #[test]
    fn lines_are_unfolded_and_names_found_wherever_they_stand() {
        let folded = b"Subject: a\r\n b\r\nTo: c\n\nbody\n x";
        let told: Vec<_> = lines(folded).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        assert_eq!(told, ["Subject: a\r\n b\r\n", "To: c\n", "\n", "body\n x"]);
        for line in ["Content-Type: x", "--xcontent -\ttype : x", "X: content-type:"] {
            assert_eq!(named(line.as_bytes(), b"content-type").count(), 1, "{line}");
        }
        assert_eq!(named(b"Content-Typed: x", b"content-type").count(), 0);
    }

    #[test]
    fn what_would_have_no_end_is_known_before() {
        let within = "--a\nContent-Type: multipart/mixed; boundary=b\n\n".repeat(900);
        let wild = [
            format!("Content-Type: multipart/mixed; boundary=a\n\n{within}{}", "x".repeat(4_000_000)),
            format!("Subject: {}\n\nText\n", "=?AB?Q?x ".repeat(100_000)),
            format!("Content-Type: text/plain{}\n\nText\n", "; a*1=x".repeat(100_000)),
        ];
        for letter in &wild {
            assert!(is_tangled(letter.as_bytes()), "{}", letter.get(..60).unwrap_or_default());
        }
        let names = "=?utf-8?B?0JDQvdC90LA=?= <anna@example.org>,\n ".repeat(500);
        let part =
            "--x\nContent-Type: image/png; name=\"a; b\"\nContent-Disposition: attachment; filename=a.png\n\niVBOR\n";
        let head = "Content-Type: multipart/mixed; boundary=x";
        let calm = format!("To: {names}b@example.org\n{head}\n\n{}", part.repeat(200));
        assert!(!is_tangled(calm.as_bytes()));
    }

    #[test]
    fn letters_within_a_letter_are_sealed_and_nothing_else_is() {
        let told = |text: &str| String::from_utf8_lossy(&sealed(text.as_bytes())).into_owned();
        for (before, after) in [
            ("Content-Type: message/rfc822\n", "Content-Type: message/rfc82_\n"),
            ("--xcontent-type:Message / RFC822; a=b\n", "--xcontent-type:Message / RFC82_; a=b\n"),
            ("Content-Type:\n message(;)/global\n", "Content-Type:\n message(;)/globa_\n"),
            ("Content-Type: multipart/digest; boundary=digest\n", "Content-Type: multipart/diges_; boundary=digest\n"),
        ] {
            assert_eq!(told(before), after);
            assert_eq!(&*unsealed(&sealed(before.as_bytes())), before.as_bytes());
        }
        for same in
            ["Content-Type: text/rfc822-headers\n", "Final-Recipient: rfc822; a@b.example\n", "Subject: digest\n"]
        {
            assert_eq!(told(same), same);
        }
    }
}
