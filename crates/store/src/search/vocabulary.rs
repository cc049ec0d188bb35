//! The vocabulary: words of letters that stand in the index. It tells which of them begin with what is typed, and which
//! are what was meant where a letter is wrong, missing, too many or in its neighbour's place.
//!
//! A word is kept as it stands and with each of its letters left out. Two words that are one slip apart agree in one of
//! these forms, so that the words near a typed one are found by as many look-ups as it has letters.

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::{PoisonError, RwLock};

use super::words::is_of_letters;
use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;

/// Shorter words differ by a letter from too many others, longer ones are none.
pub(super) const LETTERS: std::ops::RangeInclusive<usize> = 4..=24;
/// How many of its words are remembered as known.
const REMEMBERED: usize = 200_000;
/// More words that begin alike are not told apart.
pub(super) const ALIKE: usize = 64;
/// Of more words one slip away nobody can say which was meant.
const NEAR: usize = 8;

/// Words that the vocabulary has for certain: those of committed transactions.
#[derive(Debug, Default)]
pub(crate) struct KnownWords {
    hasher: RandomState,
    known: RwLock<HashSet<u64>>,
}

impl KnownWords {
    fn digest(&self, word: &str) -> u64 {
        self.hasher.hash_one(word)
    }

    fn has(&self, digest: u64) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains(&digest)
    }

    /// Remembers words after the commit of the transaction that saw or added them.
    pub(crate) fn keep(&self, digests: &[u64]) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() + digests.len() > REMEMBERED {
            known.clear();
        }
        known.extend(digests);
    }
}

impl Work<'_> {
    /// Adds those of the lexemes of a record that are words and not known yet.
    pub(super) fn learn_words(&mut self, lexemes: &BTreeSet<String>) -> Result<()> {
        let words = lexemes.iter().filter(|word| is_of_letters(word) && is_kept(word));
        let unseen: Vec<(&String, u64)> = words
            .map(|word| (word, self.known_words().digest(word)))
            .filter(|(_, digest)| !self.known_words().has(*digest) && !self.words.contains(digest))
            .collect();
        for some in unseen.chunks(500) {
            let sql = Sql::new("select word from search_vocabulary where word in ");
            let rows = self.rows(&sql.bind_list(some.iter().map(|(word, _)| *word)))?;
            let there = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
            let new: Vec<&String> = some.iter().map(|(word, _)| *word).filter(|word| !there.contains(*word)).collect();
            let slips = new.iter().flat_map(|word| forms(word).map(|form| vec![form.into(), (*word).into()]));
            let slips: Vec<_> = slips.collect();
            let rows = new.iter().map(|word| vec![(*word).into()]);
            self.tx.execute_many("insert into search_vocabulary (word) values ($1)", rows)?;
            self.tx.execute_many("insert into search_slips (form, word) values ($1, $2)", slips)?;
        }
        let digests = unseen.into_iter().map(|(_, digest)| digest).collect::<Vec<_>>();
        self.words.extend(digests);
        Ok(())
    }

    /// For each of `typed` the words that begin so; nothing where they are too many to be told apart. One statement for all:
    /// each would be a way to the server and back.
    pub(super) fn words_beginning(&mut self, typed: &[&str]) -> Result<Vec<Option<Vec<String>>>> {
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::default();
        for (at, typed) in typed.iter().enumerate() {
            sql.push_str(if at == 0 { "" } else { " union all " });
            sql.push_str(&format!("select {at}, f.word from (select word from search_vocabulary where word >= "));
            let end = format!("{typed}{}", char::MAX);
            sql = sql.bind(*typed).push(" and word < ").bind(end).limit(ALIKE + 1).push(") f");
        }
        let mut longer = vec![Vec::new(); typed.len()];
        for row in self.rows(&sql)? {
            if let Some(its) = usize::try_from(row.int(0)?).ok().and_then(|at| longer.get_mut(at)) {
                its.push(row.text(1)?);
            }
        }
        Ok(longer.into_iter().map(|words| Some(words).filter(|words| words.len() <= ALIKE)).collect())
    }

    /// Words that are one slip away from one of `typed`.
    pub(super) fn words_near(&mut self, typed: &[&str]) -> Result<BTreeSet<String>> {
        let typed: Vec<_> = typed.iter().copied().filter(|word| is_kept(word)).collect();
        if typed.is_empty() {
            return Ok(BTreeSet::new());
        }
        let forms: Vec<String> = typed
            .iter()
            .flat_map(|word| forms(word).chain([(*word).to_owned()]))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let sql = Sql::new("select word from search_vocabulary where word in ").bind_list(&forms);
        let sql = sql.push(" union select word from search_slips where form in ").bind_list(&forms);
        let mut near = BTreeSet::new();
        for row in self.rows(&sql)? {
            let word = row.text(0)?;
            if typed.iter().any(|typed| is_one_slip(typed, &word)) {
                near.insert(word);
            }
        }
        Ok(near.into_iter().take(NEAR).collect())
    }
}

/// Whether the vocabulary keeps words of this length.
pub(super) fn is_kept(word: &str) -> bool {
    LETTERS.contains(&word.chars().count())
}

/// A word with each of its letters left out in turn.
fn forms(word: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = word.chars().collect();
    (0..letters.len()).map(move |gap| {
        letters.iter().enumerate().filter(|(place, _)| *place != gap).map(|(_, letter)| letter).collect()
    })
}

/// Whether one letter more, less, other, or two neighbours in each other's place make one word of the other.
pub(super) fn is_one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let begin = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(begin..).unwrap_or_default(), b.get(begin..).unwrap_or_default());
    match (a, b) {
        ([], []) => false,
        ([], [_]) | ([_], []) => true,
        ([a, x @ ..], [b, y @ ..]) => {
            let (long, short) = ([std::slice::from_ref(a), x].concat(), [std::slice::from_ref(b), y].concat());
            let swapped = matches!((x, y), ([c, x @ ..], [d, y @ ..]) if a == d && b == c && x == y);
            x == y || x == short.as_slice() || y == long.as_slice() || swapped
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{forms, is_one_slip};

    #[test]
    fn a_slip_is_one_letter_more_less_other_or_in_its_neighbours_place() {
        for (typed, meant) in [
            ("иваов", "иванов"),
            ("ивановв", "иванов"),
            ("ивонов", "иванов"),
            ("ивнаов", "иванов"),
            ("ванов", "иванов"),
            ("виванов", "иванов"),
            ("иваноу", "иванов"),
            ("виан", "иван"),
        ] {
            assert!(is_one_slip(typed, meant) && is_one_slip(meant, typed), "{typed} {meant}");
            let all = |word: &str| forms(word).chain([word.to_owned()]).collect::<Vec<_>>();
            assert!(all(typed).iter().any(|form| all(meant).contains(form)), "{typed} {meant} share a form");
        }
        for (typed, meant) in [("иванов", "иванов"), ("ивнов", "иваново"), ("ивоноу", "иванов"), ("наиов", "иванов")]
        {
            assert!(!is_one_slip(typed, meant) && !is_one_slip(meant, typed), "{typed} {meant}");
        }
    }
}
