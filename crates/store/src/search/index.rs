//! The tables of the index: a row per record, and one more for each kind of reader who sees less of it; its lexemes, and for
//! each module a range of row numbers of its own, so that both databases read one module's rows newest first without looking at
//! the others.

use std::ops::Range;

use model::{Id, Module, Record, Value};

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
        let shown = shown.chain(module.veils.iter().filter_map(|veil| veil.over.as_ref()));
        let unchanged = before.is_some_and(|before| {
            shown.into_iter().filter_map(|name| module.position(name)).all(|at| before.get(at) == record.values.get(at))
        });
        if unchanged {
            return Ok(());
        }
        if before.is_some() && self.dialect() == Dialect::Sqlite {
            self.forget_words(module, record)?;
        } else if before.is_some() && !module.veils.is_empty() {
            // Over a record of which all is open now no veil hangs any more.
            self.forget_rows("record = $1 and sight > 0", params![record.id.0])?;
        }
        self.looked_for.clear();
        for (sight, found) in self.findable(record) {
            if sight == 0 {
                self.learn_words(&found.words)?;
            }
            self.write_words(&rows, record.id, sight, found)?;
        }
        Ok(())
    }

    /// Writes what a record is found by where so many veils are closed.
    fn write_words(&mut self, rows: &Range<i64>, record: Id, sight: i64, found: Findable) -> Result<()> {
        let Findable { title, subtitle, words } = found;
        let words = words.into_iter().collect::<Vec<_>>().join(" ");
        match self.dialect() {
            // Each statement writes one row and answers nothing: before any other SQLite has the index write out what it holds.
            Dialect::Sqlite => {
                self.run_later(
                    "insert into search_rows (id, record, sight, title, subtitle) values \
                     ((select coalesce(max(id), $1) + 1 from search_rows where id >= $1 and id < $2), $3, $4, $5, $6)",
                    params![rows.start, rows.end, record.0, sight, title, subtitle],
                )?;
                self.run_later(
                    "insert into search_words (rowid, words) values (last_insert_rowid(), $1)",
                    params![words],
                )?;
            }
            Dialect::Postgres => {
                self.run_later(
                    "insert into search_rows (id, record, sight, title, subtitle, words) values \
                     ($1 + nextval('search_rows_number'), $2, $3, $4, $5, array_to_tsvector(string_to_array($6, ' '))) \
                     on conflict (record, sight) do update \
                     set title = excluded.title, subtitle = excluded.subtitle, words = excluded.words",
                    params![rows.start, record.0, sight, title, subtitle, words],
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
