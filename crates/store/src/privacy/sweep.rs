//! What no module knows of: tables of the system, fields and modules out of use. Looked through cell by cell, as the
//! database itself says what tables it has, so that no new one is forgotten.

use std::collections::BTreeSet;

use model::module::About;

use super::reach::{Reached, Tie, holding};
use super::words::Needles;
use crate::db::{DbError, Dialect, Param, Row, Sql};
use crate::error::{Error, Result};
use crate::operations::{Table, tables_of_rows, values};
use crate::schema::TABLES;
use crate::schema::columns::ColumnType;
use crate::work::Work;

/// Tables that say who works here and how, what was sealed, and the log, which is gone through by itself.
const OURS: [&str; 13] = [
    "settings",
    "packs",
    "packs_past",
    "users",
    "teams",
    "team_members",
    "sessions",
    "tokens",
    "change_sets",
    "changes",
    "seals",
    "counters",
    "_erasures",
];

impl Work<'_> {
    /// Keeps everybody from writing until this work ends: what is about the person is not written behind the look at it.
    /// On SQLite nobody else writes anyway.
    pub(super) fn hold_tables(&mut self) -> Result<()> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let tables = self.tables_looked_at()?;
        let mut sql = Sql::new("lock table ");
        // The log last: whoever waits for it has written the rest.
        for table in tables.iter().map(|table| table.name.as_str()).chain(["changes"]) {
            sql = if sql.text().ends_with("table ") { sql } else { sql.push(", ") };
            sql = sql.push_ident(table)?;
        }
        let sql = sql.push(" in exclusive mode");
        self.tx.execute(&sql)?;
        Ok(())
    }

    fn tables_looked_at(&mut self) -> Result<Vec<Table>> {
        let tables = tables_of_rows(self.tx).map_err(unreadable)?;
        Ok(tables.into_iter().filter(|table| !OURS.contains(&table.name.as_str())).collect())
    }

    /// Takes the person out of every other row; answers how many said something of them.
    pub(super) fn sweep(&mut self, reached: &Reached, needles: &Needles) -> Result<usize> {
        let about: BTreeSet<_> =
            reached.all().filter(|(_, tie)| *tie > Tie::Paper).map(|(record, _)| record.id.0).collect();
        let papers: BTreeSet<String> = self
            .definitions()
            .modules()
            .filter(|module| module.about == Some(About::Paper))
            .map(|module| module.name.clone())
            .collect();
        let mut swept = 0;
        for table in self.tables_looked_at()? {
            if papers.contains(&table.name) {
                continue;
            }
            let is_ours = TABLES.contains(&table.name.as_str());
            let parts = if is_ours { needles.all() } else { needles.addresses() };
            let Some(mut condition) = holding_bytes(self.dialect(), &table, &parts)? else { continue };
            if is_ours && table.columns.iter().any(|column| column.name == "record") && !about.is_empty() {
                let records = Sql::new(" or t.record in ").bind_list(about.iter().copied());
                condition = Sql::new("(").append(condition).append(records).push(")");
            }
            let sql = table.select().map_err(Error::from)?.push(" t where ").append(condition);
            for row in self.rows(&sql)? {
                swept += usize::from(self.sweep_row(&table, &row, needles)?);
            }
        }
        Ok(swept)
    }

    fn sweep_row(&mut self, table: &Table, row: &Row, needles: &Needles) -> Result<bool> {
        let row = values(table, row).map_err(unreadable)?;
        let (mut sets, mut keys) = (Vec::new(), Vec::new());
        for (column, old) in table.columns.iter().zip(&row) {
            if let Some(new) = cleaned(old, needles) {
                sets.push((column, new));
            }
            if column.is_key {
                keys.push((column, old));
            }
        }
        if sets.is_empty() || keys.is_empty() {
            return Ok(false);
        }
        let mut sql = Sql::new("update ").push_ident(&table.name)?.push(" set ");
        for (place, (column, new)) in sets.into_iter().enumerate() {
            sql = if place > 0 { sql.push(", ") } else { sql };
            sql = sql.push_ident(&column.name)?.push(" = ").bind(new);
        }
        sql = sql.push(" where ");
        for (place, (column, old)) in keys.into_iter().enumerate() {
            sql = if place > 0 { sql.push(" and ") } else { sql };
            sql = sql.push_ident(&column.name)?.push(" = ").bind(old.clone());
        }
        self.tx.execute(&sql)?;
        Ok(true)
    }

    /// Empties what fields out of use still hold of those records.
    pub(super) fn empty_retired(&mut self, reached: &Reached) -> Result<()> {
        for (name, records) in &reached.records {
            let module = self.module(name)?;
            let ids: Vec<_> = records.iter().filter(|(_, (_, tie))| *tie > Tie::Paper).map(|(id, _)| id.0).collect();
            for field in module.retired_fields.iter().filter(|field| field.is_stored()) {
                let all_of_it = records.values().all(|(_, tie)| *tie == Tie::Person) || field.is_personal();
                let columns = crate::schema::columns::columns(field);
                if ids.is_empty() || !all_of_it || columns.is_empty() {
                    continue;
                }
                let mut sql = Sql::new("update ").push_ident(name)?.push(" set ");
                for (place, column) in columns.iter().enumerate() {
                    sql = if place > 0 { sql.push(", ") } else { sql };
                    sql = sql.push_ident(&column.name)?.push(" = null");
                }
                self.tx.execute(&sql.push(" where id in ").bind_list(ids.iter().copied()))?;
            }
        }
        Ok(())
    }
}

fn cleaned(value: &Param, needles: &Needles) -> Option<Param> {
    Some(match value {
        Param::Text(text) => Param::Text(needles.clean_any(text)?),
        Param::Json(json) => Param::Json(needles.clean_json(json)?),
        Param::Bytes(bytes) => Param::Bytes(needles.clean_any(std::str::from_utf8(bytes).ok()?)?.into_bytes()),
        _ => return None,
    })
}

/// [`holding`] of all texts of a table, and of texts that are kept as bytes.
fn holding_bytes(dialect: Dialect, table: &Table, parts: &[String]) -> Result<Option<Sql>> {
    let of = |kinds: &[ColumnType]| -> Vec<String> {
        table.columns.iter().filter(|column| kinds.contains(&column.kind)).map(|column| column.name.clone()).collect()
    };
    let texts = holding(&of(&[ColumnType::Text, ColumnType::Json]), parts)?;
    let mut all: Vec<Sql> = texts.into_iter().collect();
    for name in of(&[ColumnType::Bytes]) {
        for part in parts {
            let bytes = Param::Bytes(part.as_bytes().to_vec());
            all.push(match dialect {
                Dialect::Sqlite => Sql::new("instr(t.").push_ident(&name)?.push(", ").bind(bytes).push(") > 0"),
                Dialect::Postgres => Sql::new("position(").bind(bytes).push(" in t.").push_ident(&name)?.push(") > 0"),
            });
        }
    }
    if all.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::new("(");
    for (place, condition) in all.into_iter().enumerate() {
        sql = if place > 0 { sql.push(" or ") } else { sql };
        sql = sql.append(condition);
    }
    Ok(Some(sql.push(")")))
}

fn unreadable(error: crate::operations::OperationError) -> Error {
    DbError::Corrupt(error.to_string()).into()
}
