//! Full names of people: when two of them may belong to one person.

use std::collections::BTreeMap;

use super::fold;

/// What two names say about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// The same words.
    Same,
    /// One may be the other written shorter, or is missing.
    Compatible,
    /// They have to be two people, or one who changed the name: not for a machine to decide.
    Contradicts,
}

/// The key under which the same full name is found however it was written: folded (see [`fold()`]), words without
/// punctuation around them, sorted. `Иванов, И.И.` and `и. и. ИВАНОВ` have one key. Empty when there are no words.
#[must_use]
pub fn key(name: &str) -> String {
    words(name).join(" ")
}

/// Compares two names, either of which may be missing.
///
/// Names are compatible when each word of one is among the words of the other. A single letter stands for any word it
/// begins: «Иванов И. И.» is how papers, invoices and bank statements write «Иванов Иван Иванович», and here, where an
/// e-mail or a phone is the same already, the question is only whether the names rule each other out: initials that
/// agree do not, initials that differ («Иванов П. И.») do.
#[must_use]
pub fn compare(a: Option<&str>, b: Option<&str>) -> NameMatch {
    let (a, b) = (words(a.unwrap_or_default()), words(b.unwrap_or_default()));
    if a.is_empty() || b.is_empty() {
        NameMatch::Compatible
    } else if a == b {
        NameMatch::Same
    } else if fits_into(&a, &b) || fits_into(&b, &a) {
        NameMatch::Compatible
    } else {
        NameMatch::Contradicts
    }
}

/// Ends of addresses that mail programs make links of, besides those of countries.
const ENDS: [&str; 44] = [
    "agency", "app", "art", "bet", "biz", "blog", "bot", "casino", "cloud", "club", "com", "dev", "digital", "fun",
    "info", "ink", "lat", "life", "link", "live", "mobi", "money", "net", "news", "one", "online", "org", "page",
    "pro", "sbs", "shop", "site", "space", "store", "stream", "tech", "today", "top", "website", "win", "world", "xyz",
    "zone", "ком",
];

/// Whether a text names a page or a mailbox, so that letters which greet by it would carry somebody's link: `casino.com`,
/// `t.me/x`. Initials and titles before a name are none: «И.И. Иванов», `St.John`.
#[must_use]
pub fn names_a_page(text: &str) -> bool {
    let is_hidden = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let dot = |c: char| if matches!(c, '\u{3002}' | '\u{ff0e}' | '\u{ff61}') { '.' } else { c };
    let text: String = text.chars().filter(|c| !is_hidden(*c)).map(dot).collect::<String>().to_lowercase();
    if text.contains("://") || text.contains("www.") || text.contains('@') {
        return true;
    }
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-')).any(|word| {
        let mut labels = word.trim_matches(['.', '-']).rsplit('.');
        let (end, before) = (labels.next().unwrap_or_default(), labels.next());
        let is_country = end.len() == 2 && end.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_end = is_country || ENDS.contains(&end) || matches!(end, "рф" | "рус" | "онлайн" | "сайт" | "орг");
        is_end && before.is_some_and(|before| !before.is_empty())
    })
}

/// How many words a name has, initials included.
pub(super) fn word_count(name: &str) -> usize {
    words(name).len()
}

fn words(name: &str) -> Vec<String> {
    let folded =
        fold(name).replace(['\u{2019}', '\u{2BC}', '`'], "'").replace(['\u{2010}', '\u{2011}', '\u{2013}'], "-");
    let mut words: Vec<String> = folded
        .split([' ', '.', ',', ';'])
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words
}

/// Words and initials of one first letter that found no equal.
#[derive(Default)]
struct Left {
    words: usize,
    initials: usize,
}

/// Whether each word of `short` has its own word in `long`: an equal one, or one of the pair being the other's initial.
///
/// Pairing equal words first loses nothing. Of what is left under one first letter, a word needs an initial, and an
/// initial takes whatever remains, so that counting them is enough.
fn fits_into(short: &[String], long: &[String]) -> bool {
    if short.len() > long.len() {
        return false;
    }
    let mut unpaired = long.to_vec();
    let mut needed = BTreeMap::<char, Left>::new();
    for word in short {
        match unpaired.iter().position(|other| other == word && !is_initial(other)) {
            Some(at) => drop(unpaired.swap_remove(at)),
            None => count(&mut needed, word),
        }
    }
    let mut offered = BTreeMap::new();
    unpaired.iter().for_each(|word| count(&mut offered, word));
    needed.iter().all(|(letter, need)| {
        offered.get(letter).is_some_and(|offer: &Left| {
            need.words <= offer.initials && need.words + need.initials <= offer.words + offer.initials
        })
    })
}

fn count(by_letter: &mut BTreeMap<char, Left>, word: &str) {
    if let Some(letter) = word.chars().next() {
        let left = by_letter.entry(letter).or_default();
        if is_initial(word) { left.initials += 1 } else { left.words += 1 }
    }
}

fn is_initial(word: &str) -> bool {
    word.chars().nth(1).is_none()
}
