//! Letters of strangers over which reading would not come to an end: how much work the parser would have is reckoned before it
//! begins. It looks for each boundary and for the end of each encoded word as far as the letter goes, compares each parameter with
//! those before it, and takes letters apart as deep as they stand in each other.

/// Headers that say what a part is, at most: so deep letters may stand in each other. A thread has room for some thousands.
const DESCRIBED: usize = 1_000;
/// Steps of the parser at most: seconds.
const STEPS: u64 = 2_000_000_000;

/// Whether to read a letter would take out of all proportion to its length.
pub(super) fn is_tangled(raw: &[u8]) -> bool {
    let mut described = 0;
    // Each may name a boundary that never comes.
    let mut work = steps(count(raw, b"multipart")).saturating_mul(steps(raw.len()));
    for line in lines(raw) {
        work = work.saturating_add(steps(count(line, b"=?")).saturating_mul(steps(line.len())));
        let kinds = named(line, b"content-type");
        if kinds + named(line, b"content-disposition") > 0 {
            let parameters = steps(line.iter().filter(|byte| **byte == b';').count());
            work = work.saturating_add(parameters.saturating_mul(parameters));
        }
        described += kinds;
        if described > DESCRIBED || work > STEPS {
            return true;
        }
    }
    false
}

fn steps(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// How often a word stands there, in large letters or small.
fn count(text: &[u8], word: &[u8]) -> usize {
    text.windows(word.len()).filter(|there| there.eq_ignore_ascii_case(word)).count()
}

/// How often a header of this name may begin in a line. Anywhere: what comes before the name may be a boundary, and blanks in it
/// are passed over.
fn named(line: &[u8], name: &[u8]) -> usize {
    let is_it = |before: &[u8]| {
        let mut signs = before.iter().rev().filter(|byte| !byte.is_ascii_whitespace());
        name.iter().rev().all(|wanted| signs.next().is_some_and(|sign| sign.eq_ignore_ascii_case(wanted)))
    };
    let colons = line.iter().enumerate().filter(|(_, byte)| **byte == b':');
    colons.filter(|(at, _)| is_it(line.get(..*at).unwrap_or_default())).count()
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
    use super::{is_tangled, lines, named};

    #[test]
    fn lines_are_unfolded_and_names_found_wherever_they_stand() {
        let folded = b"Subject: a\r\n b\r\nTo: c\n\nbody\n x";
        let told: Vec<_> = lines(folded).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        assert_eq!(told, ["Subject: a\r\n b\r\n", "To: c\n", "\n", "body\n x"]);
        for line in ["Content-Type: x", "--xcontent -\ttype : x", "X: content-type:"] {
            assert_eq!(named(line.as_bytes(), b"content-type"), 1, "{line}");
        }
        assert_eq!(named(b"Content-Typed: x", b"content-type"), 0);
    }

    #[test]
    fn what_would_have_no_end_is_known_before() {
        let wild = [
            "Content-Type: message/rfc822\n\n".repeat(10_000),
            format!(
                "Content-Type: multipart/mixed; boundary=a\n\n{}",
                "--a\nContent-Type: multipart/mixed; boundary=b\n\n".repeat(900)
            ) + &"x".repeat(4_000_000),
            format!("Subject: {}\n\nText\n", "=?AB?Q?x ".repeat(100_000)),
            format!("Content-Type: text/plain{}\n\nText\n", "; a*1=x".repeat(100_000)),
        ];
        for letter in &wild {
            assert!(is_tangled(letter.as_bytes()), "{}", letter.get(..60).unwrap_or_default());
        }
        let names = "=?utf-8?B?0JDQvdC90LA=?= <anna@example.org>,\n ".repeat(500);
        let part = "--x\nContent-Type: image/png; name=\"a; b\"\nContent-Disposition: attachment; filename=a.png\n\niVBORw0KGgo=\n";
        let calm =
            format!("To: {names}b@example.org\nContent-Type: multipart/mixed; boundary=x\n\n{}", part.repeat(200));
        assert!(!is_tangled(calm.as_bytes()));
    }
}
