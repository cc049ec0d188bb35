//! The tables of the index: a row per record, its lexemes, and for each module a range of row numbers of its own, so
//! that both databases read one module's rows newest first without looking at the others.

use std::ops::Range;

use model::{Module, Record, Value};

use super::Findable;
use crate::db::{Dialect, Param, Sql};
use crate::error::Result;
use crate::params;
use crate::query::{List, Sort};
use crate::work::Work;

/// Rows that one module can ever have.
const ROWS: i64 = 1 << 40;

/// The numbers of the rows of the module with this number.
fn range_of(number: i64) -> Range<i64> {
    number * ROWS..(number + 1) * ROWS
}

impl Work<'_> {
    /// The numbers of a module's rows; nothing where nothing of it is found.
    pub(crate) fn search_rows(&self, module: &Module) -> Option<Range<i64>> {
        self.search_numbers().get(&module.name).copied().map(range_of)
    }

    /// Makes the index of words and the identities of a module anew.
    pub(crate) fn reindex(&mut self, module: &Module) -> Result<()> {
        let name = module.name.as_str();
        if let Some(rows) = self.search_rows(module) {
            self.forget_rows("id >= $1 and id < $2", params![rows.start, rows.end])?;
        }
        self.run("delete from identities where module = $1", params![name])?;
        let mut list =
            List { sort: vec![Sort { field: "id".to_owned(), descending: false }], limit: 500, ..List::default() };
        loop {
            let page = self.list(name, &list)?;
            for record in &page.records {
                self.index_words(record, None)?;
                self.index_identities(record, None)?;
            }
            list.cursor = page.next;
            if list.cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// Brings the index in line with a record.
    pub(crate) fn index_words(&mut self, record: &Record, before: Option<&[Value]>) -> Result<()> {
        let module = &record.module;
        let Some(rows) = self.search_rows(module).filter(|_| !module.search.is_empty()) else { return Ok(()) };
        let shown = module.search.iter().chain([&module.title]).chain(&module.subtitle);
        let unchanged = before.is_some_and(|before| {
            shown.into_iter().filter_map(|name| module.position(name)).all(|at| before.get(at) == record.values.get(at))
        });
        if unchanged {
            return Ok(());
        }
        if before.is_some() && self.dialect() == Dialect::Sqlite {
            self.forget_words(module, record)?;
        }
        self.looked_for.clear();
        let Findable { title, subtitle, words } = self.findable(record);
        self.learn_words(&words)?;
        let words = words.into_iter().collect::<Vec<_>>().join(" ");
        match self.dialect() {
            // Each statement writes one row and answers nothing: before any other SQLite has the index write out what it holds.
            Dialect::Sqlite => {
                self.run_later(
                    "insert into search_rows (id, record, title, subtitle) values \
                     ((select coalesce(max(id), $1) + 1 from search_rows where id >= $1 and id < $2), $3, $4, $5)",
                    params![rows.start, rows.end, record.id.0, title, subtitle],
                )?;
                self.run_later(
                    "insert into search_words (rowid, words) values (last_insert_rowid(), $1)",
                    params![words],
                )?;
            }
            Dialect::Postgres => {
                self.run_later(
                    "insert into search_rows (id, record, title, subtitle, words) \
                 values ($1 + nextval('search_rows_number'), $2, $3, $4, array_to_tsvector(string_to_array($5, ' '))) \
                 on conflict (record) do update set title = excluded.title, subtitle = excluded.subtitle, words = excluded.words",
                params![rows.start, record.id.0, title, subtitle, words],
                )?;
            }
        }
        Ok(())
    }

    /// Takes a record out of the index.
    pub(crate) fn forget_words(&mut self, module: &Module, record: &Record) -> Result<()> {
        if module.search.is_empty() { Ok(()) } else { self.forget_rows("record = $1", params![record.id.0]) }
    }

    /// Takes the rows for which `condition` holds out of the index.
    pub(crate) fn forget_rows(&mut self, condition: &'static str, params: Vec<Param>) -> Result<()> {
        self.looked_for.clear();
        if self.dialect() == Dialect::Sqlite {
            let text =
                format!("delete from search_words where rowid in (select id from search_rows where {condition})");
            self.tx.execute(&Sql::with(text, params.clone()))?;
        }
        self.tx.execute(&Sql::with(format!("delete from search_rows where {condition}"), params))?;
        Ok(())
    }
}
