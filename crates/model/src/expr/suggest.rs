//! The known name nearest to a mistyped one.

/// The nearest of `known`, if it is near enough to be what was meant.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = 1 + name.chars().count() / 4;
    known
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// What stands around the nearest name at the end of a sentence.
const AROUND: [&str; 2] = ["; is \"", "\" meant?"];

/// A sentence's end that names the nearest, or nothing.
pub(super) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let [before, behind] = AROUND;
    nearest(name, known).map(|near| format!("{before}{near}{behind}")).unwrap_or_default()
}

/// The name that the sentence of an error takes to be meant, so that it can be said in other languages.
#[must_use]
pub fn meant(message: &str) -> Option<&str> {
    let [before, behind] = AROUND;
    message.rsplit_once(before)?.1.split_once(behind).map(|(name, _)| name)
}

/// Letters to put in, take out or replace (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut previous = i + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(previous);
        for (above, b) in row.iter().skip(1).zip(&right) {
            previous = (diagonal + usize::from(a != *b)).min(above + 1).min(previous + 1);
            diagonal = *above;
            next.push(previous);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
