//! Newest first on PostgreSQL, whose index answers in no order: all rows with a word, or none.
//!
//! To its index each row also has lexemes that name the stretches of numbers in which it lies, of four widths. A question is
//! asked of the newest narrow stretches first, and only for modules that gave too little there of wider ones. So of a word
//! that half of all rows have few rows are looked at, and of a rare one all.

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

/// The lexemes of the two newest stretches of a width in the rows of a module; the newest may have just begun.
fn newest_of(place: &Place, newest: i64, (letter, width): (char, u32)) -> impl Iterator<Item = String> {
    let last = (place.rows.start + newest) >> width;
    let first = if width == MODULE { last } else { (last - 1).max(place.rows.start >> width) };
    (first..=last).map(move |stretch| format!("~{letter}{stretch}"))
}

impl Work<'_> {
    /// Of each module at least its `wanted` newest records that answer the question, where it has so many.
    pub(super) fn newest_first(&mut self, question: &Question, places: &[Place], wanted: i64) -> Result<Vec<Hit>> {
        // All modules take their numbers from one sequence.
        let newest = self.rows(&Sql::new("select last_value from search_rows_number"))?;
        let newest = newest.first().map_or(Ok(0), |row| row.int(0))?;
        let mut hits = Vec::new();
        let mut hungry: Vec<&Place> = places.iter().collect();
        // Where two stretches are all there is, the module as a whole is asked at once.
        for width in WIDTHS.into_iter().filter(|(_, width)| *width == MODULE || newest >> width > 1) {
            let stretches = hungry.iter().flat_map(|place| newest_of(place, newest, width));
            let asked = question.within(stretches.collect::<Vec<_>>());
            let mut found = self.newest_within(&asked, &hungry, wanted)?;
            hungry.retain(|place| {
                let is_last = width.1 == MODULE;
                let its = found.extract_if(.., |(number, _)| place.rows.contains(number)).collect::<Vec<_>>();
                let is_enough = is_last || i64::try_from(its.len()).is_ok_and(|found| found >= wanted);
                if is_enough {
                    hits.extend(its.into_iter().map(|(_, hit)| hit));
                }
                !is_enough
            });
            if hungry.is_empty() {
                break;
            }
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
