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

/// The conditions, each for a statement of its own, that one of the columns of `t` has one of the parts in it.
pub(super) fn holding(dialect: Dialect, columns: &[&str], parts: &Parts) -> Result<Vec<Sql>> {
    let all = parts.texts.iter().map(|part| (part, false)).chain(parts.digits.iter().map(|part| (part, true)));
    let all = all.flat_map(|(part, is_phone)| columns.iter().map(move |column| (*column, part, is_phone)));
    let mut found = Vec::new();
    for some in all.collect::<Vec<_>>().chunks(TOGETHER) {
        let mut sql = Sql::new("(");
        for (place, (column, part, is_phone)) in some.iter().enumerate() {
            sql = if place > 0 { sql.push(" or ") } else { sql };
            let text = Sql::new("cast(t.").push_ident(column)?.push(" as text)");
            sql = if *is_phone {
                // To take apart what sets digits apart is dear: only where they follow each other at all.
                let in_order = format!("%{}%", part.chars().map(String::from).collect::<Vec<_>>().join("%"));
                let bare = APART.iter().fold(Sql::new(""), |sql, _| sql.push("replace(")).append(text.clone());
                let bare = APART.iter().fold(bare, |sql, apart| sql.push(", ").bind(*apart).push(", '')"));
                sql.append(text)
                    .push(" like ")
                    .bind(in_order)
                    .push(" and ")
                    .append(bare)
                    .push(" like ")
                    .bind(pattern(part))
            } else {
                // SQLite's own comparison does not tell capitals of ASCII apart.
                let (text, part) = match dialect {
                    Dialect::Sqlite => (text, (*part).clone()),
                    Dialect::Postgres => (Sql::new("lower(").append(text).push(")"), part.to_lowercase()),
                };
                sql.append(text).push(" like ").bind(pattern(&part))
            };
            sql = sql.push(" escape '\\'");
        }
        found.push(sql.push(")"));
    }
    Ok(found)
}

fn pattern(part: &str) -> String {
    format!("%{}%", part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
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
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let rows = self.rows_under(&select, holding(self.dialect(), &columns, parts)?)?;
        rows.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }
}
