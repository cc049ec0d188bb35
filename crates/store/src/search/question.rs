//! What was typed as a question to the index: for every word the lexemes of which a record has one.

use std::collections::BTreeSet;

use super::vocabulary::is_kept;
use super::words::{beginning, is_of_letters, stem, words};
use crate::db::Dialect;
use crate::error::Result;
use crate::work::Work;

/// More words of what was typed are not looked for.
const WORDS: usize = 16;
/// So many digits are a telephone number, however they are written.
const TELEPHONE: usize = 10;

/// One of the lexemes that will do for a typed word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lexeme {
    This(String),
    /// Any that begins so.
    Beginning(String),
}

/// A question: of each inner set a record has a lexeme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question(Vec<BTreeSet<Lexeme>>);

impl Question {
    /// In the query language of the database. Lexemes hold letters, digits and the marks of the index only, so nothing
    /// of the user's can be an operator.
    pub(super) fn text(&self, dialect: Dialect) -> String {
        let one = |lexeme: &Lexeme| match (dialect, lexeme) {
            (Dialect::Sqlite, Lexeme::This(lexeme)) => format!("\"{lexeme}\""),
            (Dialect::Sqlite, Lexeme::Beginning(lexeme)) => format!("\"{lexeme}\"*"),
            (Dialect::Postgres, Lexeme::This(lexeme)) => format!("'{lexeme}'"),
            (Dialect::Postgres, Lexeme::Beginning(lexeme)) => format!("'{lexeme}':*"),
        };
        let (or, and) = if dialect == Dialect::Sqlite { (" OR ", " AND ") } else { (" | ", " & ") };
        let any = |lexemes: &BTreeSet<Lexeme>| format!("({})", lexemes.iter().map(one).collect::<Vec<_>>().join(or));
        self.0.iter().map(any).collect::<Vec<_>>().join(and)
    }
}

/// The words of what was typed; the digits of a telephone number are one.
pub(super) fn typed_words(text: &str) -> Vec<String> {
    let mut typed = words(text);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = text.chars().all(|letter| letter.is_ascii_digit() || " +-()./\u{a0}".contains(letter));
    if is_number && (digits.len() >= TELEPHONE || (text.trim_start().starts_with('+') && !digits.is_empty())) {
        // Kept as +7; within Russia people write 8.
        typed = vec![match digits.strip_prefix('8') {
            Some(rest) if rest.len() == TELEPHONE => format!("7{rest}"),
            _ => digits,
        }];
    }
    typed.truncate(WORDS);
    typed
}

/// Whether one of the words has so many letters that another one may have been meant.
pub(super) fn may_be_a_slip(typed: &[String]) -> bool {
    typed.iter().any(|word| is_of_letters(word) && (is_kept(word) || is_kept(&stem(word))))
}

impl Work<'_> {
    /// What is looked for first: words as typed, in their other forms, and what begins with them.
    pub(super) fn question(&mut self, typed: &[String]) -> Result<Question> {
        let is_in_vocabulary = |word: &str| is_of_letters(word) && word.chars().count() > 3;
        let looked_up: Vec<&str> = typed.iter().map(String::as_str).filter(|word| is_in_vocabulary(word)).collect();
        let mut longer = self.words_beginning(&looked_up)?.into_iter();
        let mut question = Vec::new();
        for (at, word) in typed.iter().enumerate() {
            let is_last = at + 1 == typed.len();
            let mut any = BTreeSet::from([Lexeme::This(word.clone())]);
            any.extend(Some(stem(word)).filter(|stem| !stem.is_empty()).map(Lexeme::This));
            let beginning = beginning(word);
            let is_short = beginning.is_some() || word.chars().count() < 2;
            any.extend(beginning.map(Lexeme::This));
            if is_in_vocabulary(word) {
                match longer.next().flatten() {
                    Some(words) => any.extend(words.into_iter().map(Lexeme::This)),
                    None if is_short => {}
                    None => any.extend([Lexeme::Beginning(word.clone())]),
                }
            } else if !is_short && is_last {
                // A long number that others follow was typed in full.
                any.insert(Lexeme::Beginning(word.clone()));
            }
            question.push(any);
        }
        Ok(Question(question))
    }

    /// What is looked for where the first question finds nothing: each word also as it may have been meant. Nothing
    /// where there is no such word.
    pub(super) fn meant(&mut self, typed: &[String], first: &Question) -> Result<Option<Question>> {
        let mut question = first.clone();
        let mut is_other = false;
        for (word, any) in typed.iter().zip(&mut question.0) {
            if is_of_letters(word) {
                let stem = stem(word);
                let near = self.words_near(&[word, &stem])?;
                is_other |= !near.is_empty();
                any.extend(near.into_iter().map(Lexeme::This));
            }
        }
        Ok(is_other.then_some(question))
    }
}
