//! How a database finds what may have a part of a text in it. What it finds is judged by [`Needles`](super::words::Needles).

use std::collections::BTreeSet;

use model::{Id, Module};

use crate::db::{Dialect, Param, Row, Sql};
use crate::error::Result;
use crate::work::Work;

/// Parts that one statement looks for: databases nest no deeper than that.
const TOGETHER: usize = 50;
/// What sets the digits of a phone apart.
const APART: [&str; 8] = [" ", "\u{a0}", "(", ")", "-", ".", "\u{2011}", "\u{2013}"];

/// Parts of texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    /// As they are kept.
    pub(crate) texts: Vec<String>,
    /// Of phones, however their digits are set apart.
    pub(crate) digits: Vec<String>,
}

/// The conditions, each for a statement of its own, that the column of `t` has one of the parts in it.
pub(super) fn holding(column: &str, parts: &Parts) -> Result<Vec<Sql>> {
    let all = parts.texts.iter().map(|part| (part, false)).chain(parts.digits.iter().map(|part| (part, true)));
    let mut found = Vec::new();
    for some in all.collect::<Vec<_>>().chunks(TOGETHER) {
        let mut sql = Sql::new("(");
        for (place, (part, is_phone)) in some.iter().enumerate() {
            let pattern = format!("%{}%", part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            sql = if place > 0 { sql.push(" or ") } else { sql };
            if *is_phone {
                sql = APART.iter().fold(sql, |sql, _| sql.push("replace("));
                sql = sql.push("cast(t.").push_ident(column)?.push(" as text)");
                sql = APART.iter().fold(sql, |sql, apart| sql.push(", ").bind(*apart).push(", '')"));
                sql = sql.push(" like ").bind(pattern).push(" escape '\\'");
                continue;
            }
            // The one works in ASCII and without a choice, the other as it is told.
            sql = sql.push("lower(cast(t.").push_ident(column)?.push(" as text)) like ").bind(pattern.clone());
            sql = sql.push(" escape '\\' or cast(t.").push_ident(column)?.push(" as text) like ");
            sql = sql.bind(pattern).push(" escape '\\'");
        }
        found.push(sql.push(")"));
    }
    Ok(found)
}

/// The same of a column of bytes that may be text. How digits are set apart there, a database does not see.
pub(super) fn holding_bytes(dialect: Dialect, column: &str, parts: &[String]) -> Result<Vec<Sql>> {
    let mut found = Vec::new();
    for some in parts.chunks(TOGETHER) {
        let mut sql = Sql::new("(");
        for (place, part) in some.iter().enumerate() {
            let bytes = Param::Bytes(part.as_bytes().to_vec());
            sql = if place > 0 { sql.push(" or ") } else { sql };
            sql = match dialect {
                Dialect::Sqlite => sql.push("instr(t.").push_ident(column)?.push(", ").bind(bytes).push(") > 0"),
                Dialect::Postgres => sql.push("position(").bind(bytes).push(" in t.").push_ident(column)?.push(") > 0"),
            };
        }
        found.push(sql.push(")"));
    }
    Ok(found)
}

impl Work<'_> {
    /// The rows of `t` under each of the conditions; `select` ends where they begin.
    pub(super) fn rows_under(&mut self, select: &Sql, conditions: Vec<Sql>) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for condition in conditions {
            rows.extend(self.rows(&select.clone().append(condition))?);
        }
        Ok(rows)
    }

    /// The records of a module one of whose columns has one of the parts in it.
    pub(super) fn holders(&mut self, module: &Module, columns: &[String], parts: &Parts) -> Result<BTreeSet<Id>> {
        let select = Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where ");
        let mut found = BTreeSet::new();
        for column in columns {
            for row in self.rows_under(&select, holding(column, parts)?)? {
                found.insert(Id(row.uuid(0)?));
            }
        }
        Ok(found)
    }
}
