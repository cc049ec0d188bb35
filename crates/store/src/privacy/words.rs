//! A person's name and addresses, found in texts however they were written there: the one thing by which all of an erasure
//! tells what is of the person.

use std::collections::{BTreeSet, HashSet};

use model::identity::{NameMatch, fold, name};
use serde_json::{Number, Value as Json};

use super::holding::Parts;

/// What stands where something was taken out.
pub(crate) const GONE: &str = "***";
/// Digits of a phone that are always dialled; what stands before is written in many ways.
const DIALLED: usize = 10;
/// Shorter values say nothing of anybody.
const SHORTEST: usize = 3;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needles {
    emails: BTreeSet<String>,
    /// Their digits.
    phones: BTreeSet<String>,
    /// Folded words of full names, each sorted.
    names: BTreeSet<Vec<String>>,
    /// Full names as they were written.
    spelled: BTreeSet<String>,
    /// The names that each of their records has and had.
    called: Vec<BTreeSet<String>>,
    /// Whole values that were taken out elsewhere.
    values: HashSet<String>,
}

impl Needles {
    /// `called`: the names that each of the person's records has and had.
    pub(crate) fn of(addresses: &BTreeSet<String>, called: &[BTreeSet<String>]) -> Self {
        let mut needles = Self { called: called.to_vec(), ..Self::default() };
        for address in addresses {
            if address.contains('@') {
                needles.emails.insert(address.to_lowercase());
            } else {
                needles.phones.insert(digits(address));
            }
        }
        for name in called.iter().flatten() {
            let mut words: Vec<String> = words(name).into_iter().map(|(_, _, word)| word).collect();
            // One word is not a full name: there are others of it.
            if words.len() < 2 {
                continue;
            }
            needles.spelled.insert(name.clone());
            words.sort_unstable();
            if let [a, b, c] = words.as_slice() {
                for pair in [[a, b], [a, c], [b, c]] {
                    needles.names.insert(pair.into_iter().cloned().collect());
                }
            }
            needles.names.insert(words);
        }
        needles
    }

    /// A value that was taken out: wherever it stands by itself beside their records, it goes. What looks like a keyword is
    /// left: states, kinds and modules are written so, and it says nothing of anybody.
    pub(crate) fn learn(&mut self, text: &str) {
        let is_keyword = text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.' | b':')
        });
        if text.trim().chars().count() >= SHORTEST && !is_keyword {
            self.values.insert(text.to_owned());
        }
    }

    /// Whether all of the text is an address of theirs.
    pub(crate) fn is_address(&self, text: &str) -> bool {
        if text.contains('@') {
            return self.emails.contains(&text.trim().to_lowercase());
        }
        !text.chars().any(char::is_alphabetic) && self.phones.contains(&digits(text))
    }

    /// Whether some whole value in a JSON is an address of theirs.
    pub(crate) fn is_address_in(&self, json: &Json) -> bool {
        match json {
            Json::String(text) => self.is_address(text),
            Json::Number(number) => self.is_phone(number),
            Json::Array(items) => items.iter().any(|item| self.is_address_in(item)),
            Json::Object(map) => map.values().any(|item| self.is_address_in(item)),
            Json::Null | Json::Bool(_) => false,
        }
    }

    fn is_phone(&self, number: &Number) -> bool {
        number.is_u64() && !self.phones_in(&number.to_string()).is_empty()
    }

    /// Whether somebody who is called so may be them: it contradicts the name of none of their records. Nothing said
    /// contradicts nothing.
    pub(crate) fn fits(&self, called: Option<&str>) -> bool {
        self.called.iter().all(|names| may_be(called, names))
    }

    /// By which parts of texts a database finds what may have their addresses in it.
    pub(crate) fn addresses(&self) -> Parts {
        let dialled = |digits: &String| digits.get(digits.len().saturating_sub(DIALLED)..).map(str::to_owned);
        Parts { texts: self.emails.iter().cloned().collect(), digits: self.phones.iter().filter_map(dialled).collect() }
    }

    /// The same with names.
    pub(crate) fn all(&self) -> Parts {
        let names = self.spelled.iter().flat_map(|name| [name.clone(), name.to_lowercase(), fold(name)]);
        let turned = self.spelled.iter().filter_map(|name| {
            let parts: Vec<&str> = name.split_whitespace().collect();
            (parts.len() == 2).then(|| parts.into_iter().rev().collect::<Vec<_>>().join(" "))
        });
        let Parts { texts, digits } = self.addresses();
        let texts: BTreeSet<String> = texts.into_iter().chain(names).chain(turned).collect();
        Parts { texts: texts.into_iter().collect(), digits }
    }

    /// The text without the person; nothing where they are not in it.
    pub(crate) fn clean(&self, text: &str) -> Option<String> {
        if self.values.contains(text) {
            return Some(GONE.to_owned());
        }
        let mut gaps = self.emails_in(text);
        gaps.extend(self.phones_in(text));
        gaps.extend(self.names_in(text));
        if gaps.is_empty() {
            return None;
        }
        gaps.sort_unstable();
        let (mut out, mut end) = (String::with_capacity(text.len()), 0);
        for (from, to) in gaps {
            if from >= end {
                out.push_str(text.get(end..from).unwrap_or_default());
                out.push_str(GONE);
            }
            end = end.max(to);
        }
        out.push_str(text.get(end..).unwrap_or_default());
        Some(out)
    }

    /// The same of everything in a JSON.
    pub(crate) fn clean_json(&self, json: &Json) -> Option<Json> {
        match json {
            Json::String(text) => self.clean(text).map(Json::String),
            Json::Array(items) => {
                let cleaned: Vec<_> = items.iter().map(|item| self.clean_json(item)).collect();
                let is_touched = cleaned.iter().any(Option::is_some);
                let whole = || cleaned.iter().zip(items).map(|(new, old)| new.clone().unwrap_or_else(|| old.clone()));
                is_touched.then(|| Json::Array(whole().collect()))
            }
            Json::Object(map) => {
                let mut is_touched = false;
                let mut take = |(name, value): (&String, &Json)| {
                    let (new_name, new) = (self.clean(name), self.clean_json(value));
                    is_touched |= new_name.is_some() || new.is_some();
                    (new_name.unwrap_or_else(|| name.clone()), new.unwrap_or_else(|| value.clone()))
                };
                let cleaned = map.iter().map(&mut take).collect();
                is_touched.then_some(Json::Object(cleaned))
            }
            Json::Number(number) => self.is_phone(number).then(|| Json::from(GONE)),
            Json::Null | Json::Bool(_) => None,
        }
    }

    /// The same of a text that may be JSON.
    pub(crate) fn clean_any(&self, text: &str) -> Option<String> {
        match serde_json::from_str::<Json>(text) {
            Ok(json @ (Json::Object(_) | Json::Array(_))) => self.clean_json(&json).map(|json| json.to_string()),
            _ => self.clean(text),
        }
    }

    fn emails_in(&self, text: &str) -> Vec<(usize, usize)> {
        let lower = text.to_ascii_lowercase();
        let is_whole = |from: usize, to: usize| {
            let mut before = lower.get(..from).unwrap_or_default().chars().rev().peekable();
            // Neither begins an address: a quote or the end of a sentence stands there.
            while before.next_if(|c| matches!(c, '.' | '\'')).is_some() {}
            let mut after = lower.get(to..).unwrap_or_default().chars();
            let goes_on = match after.next() {
                Some('.') => after.next().is_some_and(char::is_alphanumeric),
                next => next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_')),
            };
            !goes_on && !before.next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '%' | '+' | '-'))
        };
        let found = self.emails.iter().flat_map(|email| lower.match_indices(email.as_str()));
        found.map(|(at, email)| (at, at + email.len())).filter(|(from, to)| is_whole(*from, *to)).collect()
    }

    /// However its digits are set apart: `+7 (912) 345-67-89`, `8 912 345 67 89`.
    fn phones_in(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for (from, to) in runs(text) {
            let digits: Vec<(usize, char)> = text
                .get(from..to)
                .unwrap_or_default()
                .char_indices()
                .filter(|(_, c)| c.is_ascii_digit())
                .map(|(at, c)| (from + at, c))
                .collect();
            let line: String = digits.iter().map(|(_, c)| c).collect();
            for phone in &self.phones {
                let Some(dialled) = phone.get(phone.len().saturating_sub(DIALLED)..) else { continue };
                let country = phone.len() - dialled.len();
                for (at, _) in line.match_indices(dialled) {
                    let before = line.get(..at).unwrap_or_default();
                    let has_country = country > 0 && phone.get(..country).is_some_and(|code| before.ends_with(code));
                    let first = if has_country { at - country } else { at - usize::from(before.ends_with('8')) };
                    let place = |at: usize| digits.get(at).map(|(place, _)| *place);
                    if let (Some(first), Some(last)) = (place(first), place(at + dialled.len() - 1)) {
                        // A part of a longer number.
                        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                        if is_digit(text.get(..first).and_then(|text| text.chars().next_back()))
                            || is_digit(text.get(last + 1..).and_then(|text| text.chars().next()))
                        {
                            continue;
                        }
                        let plus = text.get(..first).is_some_and(|text| text.ends_with('+'));
                        found.push((first - usize::from(plus), last + 1));
                    }
                }
            }
        }
        found
    }

    fn names_in(&self, text: &str) -> Vec<(usize, usize)> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let words = words(text);
        let mut found = Vec::new();
        for name in &self.names {
            for some in words.windows(name.len()) {
                let mut here: Vec<&str> = some.iter().map(|(_, _, word)| word.as_str()).collect();
                here.sort_unstable();
                if here.iter().zip(name).all(|(here, name)| here == name)
                    && let (Some((from, _, _)), Some((_, to, _))) = (some.first(), some.last())
                {
                    found.push((*from, *to));
                }
            }
        }
        found
    }
}

/// Whether somebody who is called so may be somebody of these names.
pub(crate) fn may_be(called: Option<&str>, names: &BTreeSet<String>) -> bool {
    names.is_empty() || names.iter().any(|known| name::compare(called, Some(known)) != NameMatch::Contradicts)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Stretches of digits and of what sets them apart, that begin and end beside no letter.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut begin, mut before) = (Vec::new(), None, None::<char>);
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        let belongs =
            c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '(' | ')' | '-' | '.' | '\u{2011}' | '\u{2013}');
        match (belongs, begin) {
            (true, None) if !before.is_some_and(char::is_alphanumeric) => begin = Some(at),
            (false, Some(from)) => {
                if !c.is_alphanumeric() {
                    found.push((from, at));
                }
                begin = None;
            }
            _ => {}
        }
        before = Some(c);
    }
    found
}

/// The words of a text, folded, with where they stand.
fn words(text: &str) -> Vec<(usize, usize, String)> {
    let (mut found, mut begin) = (Vec::new(), None);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), begin) {
            (true, None) => begin = Some(at),
            (false, Some(from)) => {
                found.push((from, at, fold(text.get(from..at).unwrap_or_default())));
                begin = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::Needles;

    fn needles() -> Needles {
        let set = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
        Needles::of(&set(&["ivan@example.org", "+79123456789"]), &[set(&["Иван Петрович Водяной"]), set(&["Олег"])])
    }

    #[test]
    fn a_person_is_found_however_they_are_written() {
        for (text, left) in [
            ("Пишите Ivan@Example.org!", "Пишите ***!"),
            ("звонить 8 (912) 345-67-89, вечером", "звонить ***, вечером"),
            ("+7 912 345 67 89", "***"),
            ("tel:+79123456789", "tel:***"),
            ("9123456789;", "***;"),
            ("(912) 345 67 89", "(***"),
            ("mailto:ivan@example.org?x", "mailto:***?x"),
            ("'ivan@example.org'...", "'***'..."),
            ("Всё. ivan@example.org. Потом", "Всё. ***. Потом"),
            ("Водяной Иван просил", "*** просил"),
            ("водяной иван петрович, Казань", "***, Казань"),
        ] {
            assert_eq!(needles().clean(text).as_deref(), Some(left), "{text}");
        }
        for text in [
            "",
            "sivan@example.org",
            "ivan@example.organic",
            "petr.ivan@example.org",
            "a-ivan@example.org",
            "o'ivan@example.org",
            "x+ivan@example.org",
            "ivan@example.org.net",
            "ivan@example.org-net",
            "1691234567890",
            "5591234567891",
            "79123456780",
            "a9123456789b",
            "Иван Петров",
            "Олег",
            "Водяной",
            "018f9123-4567-89ab",
        ] {
            assert_eq!(needles().clean(text), None, "{text}");
        }
    }

    #[test]
    fn in_json_and_by_whole_values() {
        let mut needles = needles();
        needles.learn("просит скидку");
        let json =
            json!({"a": ["просит скидку", 1], "ivan@example.org": {"b": "Иван Водяной"}, "c": "просит скидку всегда"});
        let left = json!({"a": ["***", 1], "***": {"b": "***"}, "c": "просит скидку всегда"});
        assert_eq!(needles.clean_json(&json), Some(left));
        assert_eq!(needles.clean_json(&json!({"a": 1})), None);
        assert_eq!(needles.clean_json(&json!({"a": 79_123_456_789_u64})), Some(json!({"a": "***"})));
        assert!(needles.is_address_in(&json!({"a": [{"phone": 89_123_456_789_u64}]})));
        needles.learn("done");
        assert_eq!(needles.clean("done"), None, "a state says nothing of anybody");
        assert_eq!(needles.clean_any(r#"{"a":"+79123456789"}"#).as_deref(), Some(r#"{"a":"***"}"#));
    }
}
