//! What the index knows of a text: its words as they stand, their stems, and how they begin.

use std::collections::BTreeSet;

use model::identity::fold;
use rust_stemmers::{Algorithm, Stemmer};

/// Longer words are cut: nobody searches by more.
const WORD_LIMIT: usize = 64;
/// More words of one record are not indexed.
const WORDS_LIMIT: usize = 5_000;
/// More of one record's words, in bytes, is not indexed: PostgreSQL holds no more than a megabyte.
const BYTES_LIMIT: usize = 500_000;

/// Stands before a beginning, so that it is no word of its own.
const BEGINNING: char = '^';
/// Shorter beginnings say nothing.
const SHORTEST_BEGINNING: usize = 2;
/// Letters make words, of which the vocabulary knows the longer beginnings.
const LETTERS: usize = 4;
/// Of numbers, telephones and addresses there are too many for a vocabulary.
const DIGITS: usize = 8;

/// The words of a text: folded, in order, without punctuation.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(WORD_LIMIT).collect())
        .collect()
}

/// The stem of a folded word, by its script.
#[must_use]
pub fn stem(word: &str) -> String {
    let russian = word.chars().any(|character| ('а'..='я').contains(&character));
    let algorithm = if russian { Algorithm::Russian } else { Algorithm::English };
    Stemmer::create(algorithm).stem(word).into_owned()
}

/// What is indexed of the texts of one record. Of short ones (`true`) also how their words begin.
pub fn lexemes<'a>(texts: impl IntoIterator<Item = (&'a str, bool)>) -> BTreeSet<String> {
    let (mut all, mut count, mut bytes) = (BTreeSet::new(), 0, 0);
    for (text, is_short) in texts {
        for word in words(text) {
            let stem = stem(&word);
            count += 1;
            bytes += word.len() + stem.len();
            if count > WORDS_LIMIT || bytes > BYTES_LIMIT {
                return all;
            }
            if is_short {
                all.extend(beginnings(&word));
            }
            if stem != word && !stem.is_empty() {
                all.insert(stem);
            }
            all.insert(word);
        }
    }
    all
}

/// How long the beginnings of a word are that the index knows.
fn longest_beginning(word: &str) -> usize {
    if is_of_letters(word) { LETTERS } else { DIGITS }
}

fn beginnings(word: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = word.chars().collect();
    let longest = longest_beginning(word).min(letters.len());
    (SHORTEST_BEGINNING..=longest).map(move |length| [BEGINNING].iter().chain(letters.iter().take(length)).collect())
}

/// The lexeme of every word that begins with `typed`, where the index has one. One of letters is also the beginning of
/// words with digits in them.
pub(super) fn beginning(typed: &str) -> Option<String> {
    let known = SHORTEST_BEGINNING..=longest_beginning(typed);
    known.contains(&typed.chars().count()).then(|| format!("{BEGINNING}{typed}"))
}

/// Whether a folded word has no digits.
pub(super) fn is_of_letters(word: &str) -> bool {
    word.chars().all(char::is_alphabetic)
}
