//! One box over every module: what is found, best first, under the caller's rights.

use std::sync::Arc;

use model::identity::fold;
use model::rights::Scope;
use model::{Id, Module};

use super::question::{Question, typed_words};
use super::words::{stem, words};
use crate::db::{Dialect, Sql};
use crate::error::Result;
use crate::work::Work;

/// The newest records of one module that are weighed against each other.
const CANDIDATES: i64 = 100;

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

/// How well a record agrees with what was typed, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Agreement {
    /// Somewhere in it.
    Elsewhere,
    /// Each word begins a word of what names it, or is another form of one.
    Named,
    /// Each word begins a word of the title.
    Titled,
    /// The title begins so.
    Begins,
    /// The title is just that.
    Same,
}

impl Work<'_> {
    /// Up to `limit` records whose words agree with `text`: best first, the newer of equals before the older. Where none
    /// agrees, those that would with one letter of a word put right.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search(&mut self, text: &str, limit: usize) -> Result<Vec<Hit>> {
        let typed = typed_words(text);
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let question = self.question(&typed)?;
        let mut hits = self.candidates(&question)?;
        if hits.is_empty()
            && let Some(question) = self.meant(&typed, &question)?
        {
            hits = self.candidates(&question)?;
        }
        let stems: Vec<_> = typed.iter().map(|word| stem(word)).collect();
        let whole = typed.join(" ");
        hits.sort_by_cached_key(|hit| std::cmp::Reverse((agreement(hit, &whole, &typed, &stems), hit.id)));
        hits.truncate(limit);
        Ok(hits)
    }

    /// The newest records of each module that answer the question.
    fn candidates(&mut self, question: &Question) -> Result<Vec<Hit>> {
        let modules: Vec<Arc<Module>> = self.definitions().modules().cloned().collect();
        let mut sql = Sql::default();
        let mut asked = Vec::new();
        for module in modules {
            let scope = self.grant(&module).read;
            if scope == Scope::None {
                continue;
            }
            let Some(rows) = self.rows_that_answer(&module, question) else { continue };
            sql.push_str(if asked.is_empty() { "" } else { " union all " });
            sql = sql.push("select ").bind(i64::try_from(asked.len()).unwrap_or(i64::MAX));
            sql = sql.push(", f.record, f.title, f.subtitle from (select r.record, r.title, r.subtitle").append(rows);
            if let Some(condition) = self.reach(&module, "t", scope) {
                sql = sql.push(" and exists (select 1 from ").push_ident(&module.name)?;
                sql = sql.push(" t where t.id = r.record and ").append(condition).push(")");
            }
            sql = sql
                .push(" order by ")
                .push(row_number(self.dialect()))
                .push(" desc limit ")
                .bind(CANDIDATES)
                .push(") f");
            asked.push(module);
        }
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        self.plan_for_this_question()?;
        let mut hits = Vec::new();
        for row in self.rows(&sql)? {
            let module = usize::try_from(row.int(0)?).ok().and_then(|at| asked.get(at));
            let module = module.map(|module| module.name.clone()).unwrap_or_default();
            hits.push(Hit { module, id: Id(row.uuid(1)?), title: row.text(2)?, subtitle: row.text(3)? });
        }
        Ok(hits)
    }

    /// ` from … where …`: the rows `r` of a module that answer the question; nothing where none of it is found.
    fn rows_that_answer(&self, module: &Module, question: &Question) -> Option<Sql> {
        let rows = self.search_rows(module).filter(|_| !module.search.is_empty())?;
        let text = question.text(self.dialect());
        let sql = match self.dialect() {
            Dialect::Sqlite => {
                let from =
                    " from search_words join search_rows r on r.id = search_words.rowid where search_words match ";
                Sql::new(from).bind(text)
            }
            // Not `to_tsquery`, which takes words apart: what is given are lexemes.
            Dialect::Postgres => Sql::new(" from search_rows r where r.words @@ ").bind(text).push("::text::tsquery"),
        };
        let id = row_number(self.dialect());
        let sql = sql.push(" and ").push(id).push(" >= ").bind(rows.start);
        Some(sql.push(" and ").push(id).push(" < ").bind(rows.end))
    }

    /// Of PostgreSQL: how common the words are decides how to go about it, so no plan of an earlier question will do.
    fn plan_for_this_question(&mut self) -> Result<()> {
        if self.dialect() == Dialect::Postgres {
            self.tx.batch("set local plan_cache_mode = force_custom_plan; set local jit = off")?;
        }
        Ok(())
    }

    /// The condition that a record `t` of a list answers what was typed.
    pub(crate) fn text_condition(&mut self, module: &Module, text: &str) -> Result<Sql> {
        let nothing = || Ok(Sql::new("1 = 0"));
        let typed = typed_words(text);
        if typed.is_empty() {
            return nothing();
        }
        let mut question = self.question(&typed)?;
        self.plan_for_this_question()?;
        if let Some(rows) = self.rows_that_answer(module, &question)
            && self.rows(&Sql::new("select 1").append(rows).push(" limit 1"))?.is_empty()
        {
            match self.meant(&typed, &question)? {
                Some(meant) => question = meant,
                None => return nothing(),
            }
        }
        let Some(rows) = self.rows_that_answer(module, &question) else { return nothing() };
        Ok(Sql::new("t.id in (select r.record").append(rows).push(")"))
    }
}

/// The number by which rows are read in order: on SQLite that of the index itself, which then gives them so.
fn row_number(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "search_words.rowid",
        Dialect::Postgres => "r.id",
    }
}

/// How well `hit` agrees with the words `typed`, which are `whole` together.
fn agreement(hit: &Hit, whole: &str, typed: &[String], stems: &[String]) -> Agreement {
    let title = words(&hit.title);
    let joined = title.join(" ");
    if joined == whole {
        return Agreement::Same;
    }
    if joined.starts_with(whole) {
        return Agreement::Begins;
    }
    let named = |names: &[String]| {
        let is_form = |name: &String, typed: &String, stem: &String| name.starts_with(typed) || name.starts_with(stem);
        typed.iter().zip(stems).all(|(typed, stem)| names.iter().any(|name| is_form(name, typed, stem)))
    };
    let beside = words(&fold(&hit.subtitle));
    match named(&title) {
        true => Agreement::Titled,
        false if named(&[title, beside].concat()) => Agreement::Named,
        false => Agreement::Elsewhere,
    }
}
