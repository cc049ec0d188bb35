//! What no module knows of: tables of the system, fields and modules out of use. Looked through cell by cell, as the
//! database itself says what tables it has, so that no new one is forgotten.

use std::collections::BTreeSet;

use model::module::About;
use uuid::Uuid;

use super::holding::{holding, holding_bytes};
use super::reach::{Reached, Tie};
use super::words::Needles;
use crate::db::{DbError, Dialect, Param, Sql};
use crate::error::{Error, Result};
use crate::operations::{Table, tables_of_rows, values};
use crate::schema::TABLES;
use crate::schema::columns::ColumnType;
use crate::work::Work;

/// Tables that say who works here and how, what was sealed, and the log, which is gone through by itself.
const OURS: [&str; 14] = [
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
    "_mailboxes",
];

/// Columns of the system's tables by which the program goes: nothing is put in their place.
const WORDS: [&str; 12] = [
    "state",
    "status",
    "kind",
    "module",
    "rule",
    "cause",
    "source",
    "key",
    "conflicts",
    "audience",
    "operation",
    "caller",
];
/// The table of answers that are kept for repeats.
const ANSWERS: &str = "idempotency";
/// The column that says which record a row is about.
const RECORD: &str = "record";
/// Records that one statement is about.
const TOGETHER: usize = 500;

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
        let about: BTreeSet<Uuid> =
            reached.all().filter(|(_, tie)| *tie > Tie::Paper).map(|(record, _)| record.id.0).collect();
        let gone = reached.gone.keys().map(|id| id.0);
        let about: BTreeSet<Uuid> = about.into_iter().chain(gone).collect();
        let papers: BTreeSet<String> = self
            .definitions()
            .modules()
            .filter(|module| module.about == Some(About::Paper))
            .map(|module| module.name.clone())
            .collect();
        let mut swept = self.empty_webhooks(&about)?;
        for table in self.tables_looked_at()? {
            if papers.contains(&table.name) {
                continue;
            }
            let of =
                Of { is_ours: TABLES.contains(&table.name.as_str()), is_answer: table.name == ANSWERS, about: &about };
            let mut parts = if of.is_ours { reached.needles.all() } else { reached.needles.addresses() };
            if of.is_answer {
                parts.texts.extend(about.iter().map(Uuid::to_string));
            }
            let is_text = |kind: ColumnType| matches!(kind, ColumnType::Text | ColumnType::Json);
            let texts = table.columns.iter().filter(|column| is_text(column.kind));
            let texts: Vec<&str> = texts.map(|column| column.name.as_str()).collect();
            let mut conditions = holding(self.dialect(), &texts, &parts)?;
            let bytes = [parts.texts.as_slice(), &parts.digits].concat();
            for column in table.columns.iter().filter(|column| column.kind == ColumnType::Bytes) {
                conditions.extend(holding_bytes(self.dialect(), &column.name, &bytes)?);
            }
            if of.is_ours && table.columns.iter().any(|column| column.name == RECORD) {
                let some = about.iter().copied().collect::<Vec<_>>();
                conditions
                    .extend(some.chunks(TOGETHER).map(|some| Sql::new("t.record in ").bind_list(some.iter().copied())));
            }
            let select = table.select().map_err(Error::from)?.push(" t where ");
            let mut seen = BTreeSet::new();
            for row in self.rows_under(&select, conditions)? {
                let row = values(&table, &row).map_err(unreadable)?;
                if seen.insert(format!("{row:?}")) {
                    swept += usize::from(self.sweep_row(&table, &row, &of, (&reached.needles, needles))?);
                }
            }
        }
        Ok(swept)
    }

    /// Takes the person out of a row. Values that were taken from their records go from rows about these alone. A row that
    /// goes by what names them goes whole, and so does an answer that is kept for repeats.
    fn sweep_row(
        &mut self,
        table: &Table,
        row: &[Param],
        of: &Of<'_>,
        (strict, learned): (&Needles, &Needles),
    ) -> Result<bool> {
        let cells = || table.columns.iter().zip(row);
        let is_about = of.is_ours
            && cells().any(|(column, value)| {
                column.name == RECORD && matches!(value, Param::Uuid(id) if of.about.contains(id))
            });
        let needles = if is_about { learned } else { strict };
        let (mut sets, mut keys, mut is_gone) = (Vec::new(), Vec::new(), of.is_answer);
        for (column, old) in cells() {
            let is_word = of.is_ours && (column.is_key || WORDS.contains(&column.name.as_str()));
            if is_word {
                is_gone |= cleaned(old, strict).is_some();
            } else if let Some(new) = cleaned(old, needles) {
                sets.push((column, new));
            }
            if column.is_key {
                keys.push((column, old));
            }
        }
        if (sets.is_empty() && !is_gone) || keys.is_empty() {
            return Ok(false);
        }
        let mut sql = if is_gone { Sql::new("delete from ") } else { Sql::new("update ") }.push_ident(&table.name)?;
        if !is_gone {
            for (place, (column, new)) in sets.into_iter().enumerate() {
                sql = sql.push(if place > 0 { ", " } else { " set " });
                sql = sql.push_ident(&column.name)?.push(" = ").bind(new);
            }
        }
        for (place, (column, old)) in keys.into_iter().enumerate() {
            sql = sql.push(if place > 0 { " and " } else { " where " });
            sql = sql.push_ident(&column.name)?.push(" = ").bind(old.clone());
        }
        self.tx.execute(&sql)?;
        Ok(true)
    }

    /// What rules sent of the person says nothing any more, whatever it said; what was still to be sent stays here.
    fn empty_webhooks(&mut self, about: &BTreeSet<Uuid>) -> Result<usize> {
        let (now, about, mut emptied) = (self.now(), about.iter().copied().collect::<Vec<_>>(), 0);
        for some in about.chunks(TOGETHER) {
            let sql =
                Sql::new("update _webhooks set body = '', answer = null, ended_at = coalesce(ended_at, ").bind(now);
            let sql = sql.push("), state = case when state = 'waiting' then 'failed' else state end where record in ");
            emptied += self.tx.execute(&sql.bind_list(some.iter().copied()))?;
        }
        Ok(usize::try_from(emptied).unwrap_or_default())
    }

    /// Empties what fields out of use still hold of those records.
    pub(super) fn empty_retired(&mut self, reached: &Reached) -> Result<()> {
        for (name, records) in &reached.records {
            let module = self.module(name)?;
            for field in module.retired_fields.iter().filter(|field| field.is_stored()) {
                let goes = |tie: Tie| tie == Tie::Person || (tie > Tie::Paper && field.is_personal());
                let ids = records.iter().filter(|(_, (_, tie))| goes(*tie)).map(|(id, _)| id.0).collect::<Vec<_>>();
                let columns = crate::schema::columns::columns(field);
                if columns.is_empty() {
                    continue;
                }
                for some in ids.chunks(TOGETHER) {
                    let mut sql = Sql::new("update ").push_ident(name)?;
                    for (place, column) in columns.iter().enumerate() {
                        sql = sql.push(if place > 0 { ", " } else { " set " });
                        sql = sql.push_ident(&column.name)?.push(" = null");
                    }
                    self.tx.execute(&sql.push(" where id in ").bind_list(some.iter().copied()))?;
                }
            }
        }
        Ok(())
    }
}

/// How a table is looked through.
struct Of<'a> {
    /// Whether it is one of the system's.
    is_ours: bool,
    /// Whether its rows are answers that are kept for repeats.
    is_answer: bool,
    /// What the person is and what is about them.
    about: &'a BTreeSet<Uuid>,
}

fn cleaned(value: &Param, needles: &Needles) -> Option<Param> {
    Some(match value {
        Param::Text(text) => Param::Text(needles.clean_any(text)?),
        Param::Json(json) => Param::Json(needles.clean_json(json)?),
        Param::Bytes(bytes) => Param::Bytes(needles.clean_any(std::str::from_utf8(bytes).ok()?)?.into_bytes()),
        _ => return None,
    })
}

fn unreadable(error: crate::operations::OperationError) -> Error {
    DbError::Corrupt(error.to_string()).into()
}
