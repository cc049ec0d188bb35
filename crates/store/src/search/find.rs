//! One box over every module: what is found, best first, under the caller's rights.

use std::ops::Range;
use std::sync::Arc;

use model::rights::Scope;
use model::{Id, Module};

use super::agreement::Understood;
use super::question::{Question, may_be_a_slip, typed_words};
use super::stretches::{self, Newest};
use crate::db::{Dialect, Row, Sql};
use crate::error::Result;
use crate::work::Work;

/// The newest records of one module that are weighed against each other.
pub(super) const CANDIDATES: i64 = 100;

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its module.
    pub module: String,
    /// The record.
    pub id: Id,
    /// What names it.
    pub title: String,
    /// What stands beside the title.
    pub subtitle: String,
}

/// A module whose records may be found, by the numbers of its rows in the index.
pub(super) struct Place {
    pub(super) module: Arc<Module>,
    pub(super) rows: Range<i64>,
    /// What the caller may see of its records `t`; nothing where that is all.
    pub(super) reach: Option<Sql>,
    /// By how much of the record `t` the caller finds it: the `sight` of the row; nothing where they see all of every record.
    pub(super) sight: Option<Sql>,
}

impl Place {
    /// Adds `and <the caller reaches the record of r, and r says no more of it than they see>`.
    fn reached(&self, sql: Sql) -> Result<Sql> {
        Ok(match self.seen()? {
            None => sql,
            Some(seen) => sql.push(" and ").append(seen),
        })
    }

    /// Whether the caller reaches the record of `r`, and `r` says as much of it as they see; nothing where that is so of all rows.
    pub(super) fn seen(&self) -> Result<Option<Sql>> {
        let condition = match (&self.sight, &self.reach) {
            (None, None) => return Ok(self.says().map(Sql::new)),
            (None, Some(reach)) => match self.says() {
                None => reach.clone(),
                Some(says) => Sql::new(says).push(" and ").append(reach.clone()),
            },
            (Some(sight), reach) => {
                let sql = Sql::new("r.sight = (").append(sight.clone()).push(")");
                reach.iter().fold(sql, |sql, reach| sql.push(" and ").append(reach.clone()))
            }
        };
        reaches(&self.module, condition).map(Some)
    }

    /// That `r` says all of its record.
    fn says(&self) -> Option<&'static str> {
        (!self.module.veils.is_empty()).then_some("r.sight = 0")
    }

    pub(super) fn hit(&self, row: &Row) -> Result<Hit> {
        Ok(Hit { module: self.module.name.clone(), id: Id(row.uuid(1)?), title: row.text(2)?, subtitle: row.text(3)? })
    }
}

impl Work<'_> {
    /// Up to `limit` records whose words agree with `text`: best first, the newer of equals before the older. Where none
    /// agrees, those that would with one letter of a word put right.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search(&mut self, text: &str, limit: usize) -> Result<Vec<Hit>> {
        let places = self.places(|_| true);
        self.search_places(&places, text, limit)
    }

    /// The same among the records of these modules.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search_in(&mut self, modules: &[String], text: &str, limit: usize) -> Result<Vec<Hit>> {
        let places = self.places(|module| modules.contains(&module.name));
        self.search_places(&places, text, limit)
    }

    /// Of each of these modules up to `each` records that came into the index last, module by module: one statement.
    ///
    /// # Errors
    /// When the database fails.
    pub fn latest_in(&mut self, modules: &[String], each: usize) -> Result<Vec<Hit>> {
        let places = self.places(|module| modules.contains(&module.name));
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let each = i64::try_from(each).unwrap_or(i64::MAX);
        let mut sql = Sql::default();
        for (at, place) in places.iter().enumerate() {
            sql.push_str(if at == 0 { "" } else { " union all " });
            sql =
                sql.push("select f.id, f.record, f.title, f.subtitle from (select r.id, r.record, r.title, r.subtitle");
            sql = sql.push(" from search_rows r where r.id >= ").bind(place.rows.start);
            sql = sql.push(" and r.id < ").bind(place.rows.end);
            sql = place.reached(sql)?.push(" order by r.id desc").limit(each).push(") f");
        }
        let mut found: Vec<(i64, &Place, Hit)> = Vec::new();
        for row in self.rows(&sql)? {
            let number = row.int(0)?;
            if let Some(place) = places.iter().find(|place| place.rows.contains(&number)) {
                found.push((number, place, place.hit(&row)?));
            }
        }
        // Nobody promises that pieces put together keep their order.
        found.sort_by_key(|(number, place, _)| (place.rows.start, std::cmp::Reverse(*number)));
        Ok(found.into_iter().map(|(_, _, hit)| hit).collect())
    }

    fn search_places(&mut self, places: &[Place], text: &str, limit: usize) -> Result<Vec<Hit>> {
        let typed = typed_words(text);
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let question = self.question(&typed)?;
        let mut hits = self.candidates(&question, places)?;
        let mut reading = Understood::of(&typed);
        if hits.is_empty()
            && let Some(question) = self.meant(&typed, &question)?
        {
            hits = self.candidates(&question, places)?;
            reading.forgive();
        }
        hits.sort_by_cached_key(|hit| std::cmp::Reverse((reading.agreement(hit), hit.id)));
        hits.truncate(limit);
        Ok(hits)
    }

    /// The modules that are meant and of which the caller reads something.
    fn places(&self, is_meant: impl Fn(&Module) -> bool) -> Vec<Place> {
        let mut places = Vec::new();
        for module in self.definitions().modules().filter(|module| !module.search.is_empty() && is_meant(module)) {
            let scope = self.grant(module).read;
            let Some(rows) = self.search_rows(module).filter(|_| scope != Scope::None) else { continue };
            let (reach, sight) = (self.reach(module, "t", scope), self.words_in_sight(module));
            places.push(Place { module: module.clone(), rows, reach, sight });
        }
        places
    }

    /// The newest records of each module that answer the question.
    fn candidates(&mut self, question: &Question, places: &[Place]) -> Result<Vec<Hit>> {
        match self.dialect() {
            _ if places.is_empty() => Ok(Vec::new()),
            Dialect::Sqlite => self.walk(question, places),
            Dialect::Postgres => {
                self.plan_for_this_question()?;
                self.newest_first(question, places, CANDIDATES)
            }
        }
    }

    /// On SQLite a question to the index costs more than its first hundred answers. So all modules are asked at once,
    /// newest first, and again only behind one that has more than enough.
    fn walk(&mut self, question: &Question, places: &[Place]) -> Result<Vec<Hit>> {
        let mut readable = Sql::default();
        for place in places {
            // With its sign the number is no reason to begin with the rows instead of the index.
            readable.push_str(if readable.text().is_empty() { "(+r.id >= " } else { " or (+r.id >= " });
            readable = readable.bind(place.rows.start).push(" and +r.id < ").bind(place.rows.end);
            readable = place.reached(readable)?.push(")");
        }
        let select = Sql::new(
            "select r.id, r.record, r.title, r.subtitle from search_words join search_rows r on r.id = search_words.rowid \
             where search_words match ",
        );
        let select = select.bind(question.text(Dialect::Sqlite)).push(" and (").append(readable);
        let begin = places.iter().map(|place| place.rows.start).min().unwrap_or_default();
        let select = select.push(") and search_words.rowid >= ").bind(begin).push(" and search_words.rowid < ");
        let mut hits = Vec::new();
        let mut taken = vec![0; places.len()];
        let mut end = places.iter().map(|place| place.rows.end).max().unwrap_or_default();
        loop {
            let sql = select.clone().bind(end).push(" order by search_words.rowid desc").limit(CANDIDATES);
            let rows = self.rows(&sql)?;
            for row in &rows {
                let number = row.int(0)?;
                let found = places.iter().zip(&mut taken).find(|(place, _)| place.rows.contains(&number));
                let Some((place, taken)) = found else { continue };
                end = number;
                if *taken < CANDIDATES {
                    *taken += 1;
                    hits.push(place.hit(row)?);
                }
                if *taken == CANDIDATES {
                    end = place.rows.start;
                }
            }
            if i64::try_from(rows.len()).unwrap_or_default() < CANDIDATES {
                return Ok(hits);
            }
        }
    }

    /// Of PostgreSQL: how common the words are decides how to go about it, so no plan of an earlier question will do. That is
    /// said on the way of the next statement.
    fn plan_for_this_question(&mut self) -> Result<()> {
        if self.dialect() == Dialect::Postgres {
            self.run_later("set local plan_cache_mode = force_custom_plan", Vec::new())?;
            self.run_later("set local jit = off", Vec::new())?;
        }
        Ok(())
    }

    /// The condition that a record `t` of a list answers what was typed.
    pub(crate) fn text_condition(&mut self, module: &Module, text: &str) -> Result<Sql> {
        let (reach, sight) = (self.reach(module, "t", self.grant(module).read), self.words_in_sight(module));
        let reader = [&reach, &sight].into_iter().flatten();
        let reader = reader.map(|sql| format!("{} {:?}", sql.text(), sql.params())).collect::<Vec<_>>().join("\n");
        let key = (module.name.clone(), text.to_owned(), reader);
        if let Some(known) = self.looked_for.get(&key) {
            return Ok(known.clone());
        }
        let condition = self.rows_of(module, text, (reach, sight))?.unwrap_or_else(|| Sql::new("1 = 0"));
        self.looked_for.insert(key, condition.clone());
        Ok(condition)
    }

    /// The same; nothing where no record of the module can answer.
    fn rows_of(
        &mut self,
        module: &Module,
        text: &str,
        (reach, sight): (Option<Sql>, Option<Sql>),
    ) -> Result<Option<Sql>> {
        let typed = typed_words(text);
        let rows = self.search_rows(module).filter(|_| !module.search.is_empty());
        let (Some(rows), false) = (rows, typed.is_empty()) else { return Ok(None) };
        let mut place = Place { module: self.module(&module.name)?, rows, reach, sight };
        let mut question = self.question(&typed)?;
        self.plan_for_this_question()?;
        // Only what may have been meant otherwise is worth a look beforehand. What its reader does not see makes no
        // difference to what is found for them.
        if may_be_a_slip(&typed) && !self.is_answered(&question, &place)? {
            match self.meant(&typed, &question)? {
                Some(meant) => question = meant,
                None => return Ok(None),
            }
        }
        // The list has the caller's reach already.
        place.reach = None;
        let rows = place.reached(rows_that_answer(self.dialect(), &place.rows, &question))?;
        Ok(Some(Sql::new("t.id in (select r.record").append(rows).push(")")))
    }

    /// Whether a record that the caller reaches answers the question.
    fn is_answered(&mut self, question: &Question, place: &Place) -> Result<bool> {
        match self.dialect() {
            Dialect::Sqlite => {
                let rows = Sql::new("select 1").append(rows_that_answer(Dialect::Sqlite, &place.rows, question));
                Ok(!self.rows(&place.reached(rows)?.push(" limit 1"))?.is_empty())
            }
            Dialect::Postgres => Ok(!self.newest_first(question, std::slice::from_ref(place), 1)?.is_empty()),
        }
    }
}

/// ` from … where …`: the rows `r` with numbers of `range` that answer the question.
fn rows_that_answer(dialect: Dialect, range: &Range<i64>, question: &Question) -> Sql {
    match dialect {
        Dialect::Sqlite => {
            let from = " from search_words join search_rows r on r.id = search_words.rowid where search_words match ";
            let sql = Sql::new(from).bind(question.text(dialect)).push(" and search_words.rowid >= ").bind(range.start);
            sql.push(" and search_words.rowid < ").bind(range.end)
        }
        Dialect::Postgres => stretches::rows_that_answer(question, Newest::all(range.start).lexemes()),
    }
}

/// Whether a condition over `t` holds of the record of `r`.
fn reaches(module: &Module, condition: Sql) -> Result<Sql> {
    let sql = Sql::new("exists (select 1 from ").push_ident(&module.name)?;
    Ok(sql.push(" t where t.id = r.record and ").append(condition).push(")"))
}
