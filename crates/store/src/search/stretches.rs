//! Newest first on PostgreSQL, whose index answers in no order: all rows with a word, or none.
//!
//! To its index each row also has lexemes that name the stretches of numbers in which it lies, of four widths. A question is
//! asked of a module's newest few thousand numbers first, and where those gave too little, of as many as should have enough, as
//! far as what was found tells. So of a word that half of all rows have few rows are looked at, and of a rare one all.

use super::find::{CANDIDATES, Hit, Place};
use super::question::Question;
use crate::db::{Dialect, Sql};
use crate::error::Result;
use crate::work::Work;

/// By how many bits a row's number is cut to name its stretch, with the letter of the width: the widest first.
const WIDTHS: [(char, u32); 4] = [('d', MODULE), ('c', 21), ('b', 17), ('a', NARROWEST)];
/// See [`super::index`]: the numbers of a module.
const MODULE: u32 = 40;
const NARROWEST: u32 = 13;
/// So many numbers are asked of first. A word of every thirtieth row has enough there.
const FIRST: i64 = 1 << (NARROWEST - 1);
/// So many answers are aimed at where a hundred are wanted: to ask once more costs as much as some hundreds of rows.
const AIM: i64 = 2 * CANDIDATES;
/// What the index holds of a row `r`: as the schema spells it.
const INDEXED: &str = "(r.words || array_to_tsvector(array['~a' || (r.id >> 13)::text, '~b' || (r.id >> 17)::text, \
     '~c' || (r.id >> 21)::text, '~d' || (r.id >> 40)::text]))";

/// ` from … where …`: the rows `r` of these stretches that answer the question.
///
/// As two conditions the index goes through both lists at once and leaps in either to where the other goes on. Of one it
/// would look at every row of the stretches, or at every row with a word, however far from them.
pub(super) fn rows_that_answer(question: &Question, stretches: impl IntoIterator<Item = String>) -> Sql {
    let stretches: Vec<_> = stretches.into_iter().map(|stretch| format!("'{stretch}'")).collect();
    // Not `to_tsquery`, which takes words apart: what is given are lexemes.
    let sql = Sql::new(" from search_rows r where ").push(INDEXED).push(" @@ ").bind(stretches.join(" | "));
    let sql = sql.push("::text::tsquery and ").push(INDEXED).push(" @@ ").bind(question.text(Dialect::Postgres));
    sql.push("::text::tsquery")
}

/// The newest numbers of a module, from the beginning of a stretch on.
#[derive(Clone, Copy)]
pub(super) struct Newest {
    first: i64,
    last: i64,
}

impl Newest {
    /// At least `many` of the module in which `last` is the newest.
    fn of(many: i64, last: i64) -> Self {
        let first = (last - many).max(last >> MODULE << MODULE);
        Self { first: first >> NARROWEST << NARROWEST, last }
    }

    /// All of the module that begins with this number.
    pub(super) fn all(first: i64) -> Self {
        Self { first, last: first }
    }

    fn is_all(self) -> bool {
        self.first == self.last >> MODULE << MODULE
    }

    /// Where `found` were found. Of a word that was hardly met little is known but that it is rare: it may well be met as much
    /// oftener as chance allows, and rows that are found for nothing are read for nothing.
    fn wider(self, found: i64) -> Self {
        Self::of((self.last - self.first + 1) * AIM / (found + found.isqrt() + 1), self.last)
    }

    /// The lexemes of which each row that lies there has one, of the widest stretches that fit.
    pub(super) fn lexemes(self) -> impl Iterator<Item = String> {
        let mut number = self.first;
        std::iter::from_fn(move || {
            let (letter, width) = WIDTHS.into_iter().find(|(_, width)| number % (1_i64 << *width) == 0)?;
            let lexeme = (number <= self.last).then(|| format!("~{letter}{}", number >> width));
            number += 1_i64 << width;
            lexeme
        })
    }
}

impl Work<'_> {
    /// Of each module at least its `wanted` newest records that answer the question, where it has so many.
    pub(super) fn newest_first(&mut self, question: &Question, places: &[Place], wanted: i64) -> Result<Vec<Hit>> {
        let mut hits = Vec::new();
        let mut hungry = self.newest_of(places)?;
        while !hungry.is_empty() {
            let mut found = self.newest_within(question, &hungry, wanted)?;
            hungry.retain_mut(|(place, among)| {
                let its = found.extract_if(.., |(number, _)| place.rows.contains(number)).collect::<Vec<_>>();
                let many = i64::try_from(its.len()).unwrap_or(wanted);
                if among.is_all() || many >= wanted {
                    hits.extend(its.into_iter().map(|(_, hit)| hit));
                    return false;
                }
                *among = among.wider(many);
                true
            });
        }
        Ok(hits)
    }

    /// Where to begin in each module that has rows at all.
    fn newest_of<'p>(&mut self, places: &'p [Place]) -> Result<Vec<(&'p Place, Newest)>> {
        let newest = Sql::new(
            "select r.id from search_modules m cross join lateral (select id from search_rows where id >= m.number << 40 \
             and id < (m.number + 1) << 40 order by id desc limit 1) r",
        );
        let mut begin = Vec::new();
        for row in self.rows(&newest)? {
            let last = row.int(0)?;
            begin.extend(
                places.iter().find(|place| place.rows.contains(&last)).map(|place| (place, Newest::of(FIRST, last))),
            );
        }
        Ok(begin)
    }

    /// Of each module the `wanted` newest answers, with the numbers of their rows.
    fn newest_within(
        &mut self,
        question: &Question,
        places: &[(&Place, Newest)],
        wanted: i64,
    ) -> Result<Vec<(i64, Hit)>> {
        let select = "select f.id, f.record, f.title, f.subtitle from (select r.id, r.record, r.title, r.subtitle, \
                      row_number() over (partition by r.id >> 40 order by r.id desc) as place";
        let stretches = places.iter().flat_map(|(_, among)| among.lexemes());
        let mut sql = Sql::new(select).append(rows_that_answer(question, stretches));
        for (place, _) in places {
            if let Some(seen) = place.seen()? {
                sql = sql.push(" and (r.id < ").bind(place.rows.start).push(" or r.id >= ").bind(place.rows.end);
                sql = sql.push(" or ").append(seen).push(")");
            }
        }
        let sql = sql.push(") f where f.place <= ").bind(wanted);
        let mut found = Vec::new();
        for row in self.rows(&sql)? {
            let number = row.int(0)?;
            if let Some((place, _)) = places.iter().find(|(place, _)| place.rows.contains(&number)) {
                found.push((number, place.hit(&row)?));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::{AIM, CANDIDATES, FIRST, MODULE, NARROWEST, Newest, WIDTHS};

    #[test]
    fn the_newest_numbers_lie_in_few_stretches_without_a_gap() {
        for last in [0, 8_191, 8_192, 1_000_000, 5_000_010, 40_000_000].map(|number| (5_i64 << MODULE) + number) {
            for many in [1, FIRST, 100_000, 1_500_000, 9_000_000] {
                let (among, mut next, mut count) = (Newest::of(many, last), None, 0);
                for lexeme in among.lexemes() {
                    let (letter, number) = lexeme.trim_start_matches('~').split_at(1);
                    let (_, width) = WIDTHS.into_iter().find(|(other, _)| letter.starts_with(*other)).unwrap();
                    let begin = number.parse::<i64>().unwrap() << width;
                    assert_eq!(begin, next.unwrap_or(among.first), "{lexeme}");
                    next = Some(begin + (1_i64 << width));
                    count += 1;
                }
                assert!(among.is_all() || among.first <= last - many, "{last} {many}: too few");
                assert!(among.first > last - many - (1_i64 << NARROWEST), "{last} {many}: too many");
                assert!(next.is_some_and(|next| next > last) && count <= 40, "{last} {many}: {count} stretches");
            }
        }
        assert_eq!(Newest::all(5 << MODULE).lexemes().collect::<Vec<_>>(), ["~d5"]);
    }

    #[test]
    fn who_found_too_little_looks_further() {
        let last = (5_i64 << MODULE) + 50_000_000;
        for found in 0..CANDIDATES {
            let (among, wider) = (Newest::of(FIRST, last), Newest::of(FIRST, last).wider(found));
            let (before, after) = (last - among.first, last - wider.first);
            assert!(after > before && after <= before * AIM + (2_i64 << NARROWEST), "{found}: {before} {after}");
        }
    }
}
