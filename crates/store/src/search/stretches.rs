//! Newest first on PostgreSQL, whose index answers in no order: all rows with a word, or none.
//!
//! To its index each row also has lexemes that name the stretches of numbers in which it lies, of four widths. A question is
//! asked of the newest narrow stretches first, and where they gave too little of a module, of as many stretches as should have
//! enough, as far as what was found tells. So of a word that half of all rows have few rows are looked at, and of a rare one all.

use std::ops::Range;

use super::find::{Hit, Place, reaches};
use super::question::Question;
use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;

/// By how many bits a row's number is cut to name its stretch, with the letter of the width. The last is all of a module.
const WIDTHS: [(char, u32); 4] = [('a', 13), ('b', 17), ('c', 21), ('d', MODULE)];
/// See [`super::index`]: the numbers of a module.
const MODULE: u32 = 40;
/// As many stretches of one width are asked of at most: the index goes through all rows of each.
const MOST: i64 = 6;
/// What the index holds of a row `r`: as the schema spells it.
const INDEXED: &str = "(r.words || array_to_tsvector(array['~a' || (r.id >> 13)::text, '~b' || (r.id >> 17)::text, \
     '~c' || (r.id >> 21)::text, '~d' || (r.id >> 40)::text]))";

/// The lexeme that all rows of a module have.
pub(super) fn module(rows: &Range<i64>) -> String {
    format!("~d{}", rows.start >> MODULE)
}

/// ` from … where …`: the rows `r` that answer the question.
pub(super) fn rows_that_answer(question: &Question) -> Sql {
    // Not `to_tsquery`, which takes words apart: what is given are lexemes.
    let text = question.text(crate::db::Dialect::Postgres);
    Sql::new(" from search_rows r where ").push(INDEXED).push(" @@ ").bind(text).push("::text::tsquery")
}

/// The newest rows of a module, cut to stretches of one width.
#[derive(Clone, Copy)]
struct Newest {
    letter: char,
    width: u32,
    stretches: i64,
}

impl Newest {
    /// About `rows` rows, at least two stretches, of a module in which `newest` are numbered.
    fn of(rows: i64, newest: i64) -> Self {
        let covered = |width: u32| ((rows >> width) + 1).max(2);
        let (letter, width) = WIDTHS
            .into_iter()
            .find(|(_, width)| covered(*width) <= MOST && newest >> width >= covered(*width))
            .unwrap_or(('d', MODULE));
        Self { letter, width, stretches: if width == MODULE { 1 } else { covered(width) } }
    }

    fn is_all(self) -> bool {
        self.width == MODULE
    }

    /// Where `found` were found and `wanted` are wanted. Of a word that was hardly met little is known but that it is rare: it
    /// may well be met as much oftener as chance allows, and rows that are found for nothing are read for nothing.
    fn wider(self, found: i64, wanted: i64, newest: i64) -> Self {
        let rows = self.stretches << self.width;
        let times = (wanted * 3 / 2 / (found + found.isqrt() + 1)).clamp(2, 256);
        Self::of(rows.saturating_mul(times), newest)
    }

    /// The lexemes that rows of `place` have who lie there; the newest stretch may have just begun.
    fn lexemes(self, place: &Place, newest: i64) -> impl Iterator<Item = String> {
        let last = (place.rows.start + newest) >> self.width;
        (last - self.stretches + 1..=last).map(move |stretch| format!("~{}{stretch}", self.letter))
    }
}

impl Work<'_> {
    /// Of each module at least its `wanted` newest records that answer the question, where it has so many.
    pub(super) fn newest_first(&mut self, question: &Question, places: &[Place], wanted: i64) -> Result<Vec<Hit>> {
        // All modules take their numbers from one sequence.
        let newest = self.rows(&Sql::new("select last_value from search_rows_number"))?;
        let newest = newest.first().map_or(Ok(0), |row| row.int(0))?;
        let mut hits = Vec::new();
        let mut hungry: Vec<(&Place, Newest)> = places.iter().map(|place| (place, Newest::of(0, newest))).collect();
        while !hungry.is_empty() {
            let stretches = hungry.iter().flat_map(|(place, among)| among.lexemes(place, newest));
            let asked = question.within(stretches.collect::<Vec<_>>());
            let asking: Vec<&Place> = hungry.iter().map(|(place, _)| *place).collect();
            let mut found = self.newest_within(&asked, &asking, wanted)?;
            hungry.retain_mut(|(place, among)| {
                let its = found.extract_if(.., |(number, _)| place.rows.contains(number)).collect::<Vec<_>>();
                let many = i64::try_from(its.len()).unwrap_or(wanted);
                if among.is_all() || many >= wanted {
                    hits.extend(its.into_iter().map(|(_, hit)| hit));
                    return false;
                }
                *among = among.wider(many, wanted, newest);
                true
            });
        }
        Ok(hits)
    }

    /// Of each module the `wanted` newest answers, with the numbers of their rows.
    fn newest_within(&mut self, asked: &Question, places: &[&Place], wanted: i64) -> Result<Vec<(i64, Hit)>> {
        let select = "select f.id, f.record, f.title, f.subtitle from (select r.id, r.record, r.title, r.subtitle, \
                      row_number() over (partition by r.id >> 40 order by r.id desc) as place";
        let mut sql = Sql::new(select).append(rows_that_answer(asked));
        for place in places {
            if let Some(reach) = &place.reach {
                sql = sql.push(" and (r.id < ").bind(place.rows.start).push(" or r.id >= ").bind(place.rows.end);
                sql = sql.push(" or ").append(reaches(&place.module, reach)?).push(")");
            }
        }
        let sql = sql.push(") f where f.place <= ").bind(wanted);
        let mut found = Vec::new();
        for row in self.rows(&sql)? {
            let number = row.int(0)?;
            if let Some(place) = places.iter().find(|place| place.rows.contains(&number)) {
                found.push((number, place.hit(&row)?));
            }
        }
        Ok(found)
    }
}
