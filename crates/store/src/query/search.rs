//! One box over every module: words, their forms and their beginnings, under the caller's rights.

use model::Id;

use crate::db::{Dialect, Sql};
use crate::error::Result;
use crate::work::Work;
use crate::write::{stem, words};

/// The most records of one module.
const CANDIDATES: usize = 200;
/// More words of what was typed are not looked for.
const WORDS: usize = 16;

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

/// Every word, or its stem, or (for what is still being typed) its beginning, in the query language of the database.
/// Words hold letters and digits only, so nothing of the user's can be an operator.
pub(super) fn query_text(dialect: Dialect, words: &[String]) -> String {
    let terms =
        words.iter().take(WORDS).map(|word| match (dialect, Some(stem(word)).filter(|stem| !stem.is_empty())) {
            (Dialect::Sqlite, Some(stem)) => format!("(\"{word}\"* OR \"{stem}\")"),
            (Dialect::Sqlite, None) => format!("\"{word}\"*"),
            (Dialect::Postgres, Some(stem)) => format!("('{word}':* | '{stem}')"),
            (Dialect::Postgres, None) => format!("'{word}':*"),
        });
    let and = if dialect == Dialect::Sqlite { " AND " } else { " & " };
    terms.collect::<Vec<_>>().join(and)
}

impl Work<'_> {
    /// Up to `limit` records whose words agree with `text`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search(&mut self, text: &str, limit: usize) -> Result<Vec<Hit>> {
        let words = words(text);
        let mut hits = Vec::new();
        if words.is_empty() {
            return Ok(hits);
        }
        let query = query_text(self.dialect(), &words);
        let modules: Vec<_> =
            self.definitions().modules().filter(|module| !module.search.is_empty()).cloned().collect();
        for module in modules {
            let scope = self.grant(&module).read;
            if scope == model::rights::Scope::None {
                continue;
            }
            let sql = Sql::new("select r.record, r.title, r.subtitle from search_rows r ");
            let sql = match self.dialect() {
                Dialect::Sqlite => {
                    sql.push("join search_words w on w.rowid = r.id where w.words match ").bind(query.as_str())
                }
                Dialect::Postgres => sql.push("where r.words @@ ").bind(query.as_str()).push("::text::tsquery"),
            };
            let sql = sql.push(" and r.module = ").bind(module.name.as_str());
            let mut sql = sql;
            if let Some(condition) = self.reach(&module, "t", scope) {
                sql = sql
                    .push(" and exists (select 1 from ")
                    .push_ident(&module.name)?
                    .push(" t where t.id = r.record and ");
                sql = sql.append(condition).push(")");
            }
            let sql = sql.push(" order by r.id desc limit ").bind(i64::try_from(limit.min(CANDIDATES)).unwrap_or(200));
            for row in self.rows(&sql)? {
                hits.push(Hit {
                    module: module.name.clone(),
                    id: Id(row.uuid(0)?),
                    title: row.text(1)?,
                    subtitle: row.text(2)?,
                });
            }
        }
        // A title that begins with what was typed is what was meant.
        let typed = words.join(" ");
        hits.sort_by_key(|hit| !model::identity::fold(&hit.title).starts_with(&typed));
        hits.truncate(limit);
        Ok(hits)
    }
}
