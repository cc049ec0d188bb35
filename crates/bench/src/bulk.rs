//! Many records at once: the write path against raw inserts into the same tables and indexes.
//!
//! The raw side writes, table by table and in turns of the same size, copies of exactly the rows that the write path
//! made, under new ids. So both give the database the same work and differ in what Plenary thinks about it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use model::Id;
use store::Workspace;
use store::db::{DbError, Dialect, Param, Sql};
use uuid::Uuid;

use crate::Failure;
use crate::cases::{PAIRS, middle};
use crate::people::Lead;
use crate::place::{CHUNK, fill};

/// A table that a created lead fills: its columns without the one that the database numbers, and the link by which the
/// rows of new leads are found.
struct Table {
    name: &'static str,
    columns: &'static str,
    found: &'static str,
    /// Which of the columns holds JSON.
    json: Option<usize>,
}

const TABLES: [Table; 4] = [
    Table {
        name: "leads",
        columns: "id, version, created_at, updated_at, created_by, owner, name, name_key, email, phone, company, \
                  company_key, source, source_key, need, status, readiness",
        found: "id",
        json: None,
    },
    Table { name: "change_sets", columns: "id, at, actor, source, reason", found: "id", json: None },
    Table {
        name: "changes",
        columns: "change_set, module, record, operation, version, at, delta",
        found: "change_set",
        json: Some(6),
    },
    Table { name: "identities", columns: "kind, value, module, record", found: "record", json: None },
];

/// What the pairs came to, in the middle: how long a pair's leads took through the write path, how long raw, and the ratio.
pub(crate) struct Bulk {
    pub(crate) ours: Duration,
    pub(crate) raw: Duration,
    pub(crate) ratio: f64,
}

/// `count` leads in alternating pairs. The first pair is not counted: whoever comes first after a while of rest reads the
/// indexes from the disk, and on PostgreSQL writes whole pages to its log.
pub(crate) fn measure(workspace: &Workspace, from: u64, count: u64) -> Result<Bulk, Failure> {
    let part = count.div_ceil(PAIRS as u64).max(1);
    let mut pairs = Vec::with_capacity(PAIRS);
    for number in 0..=PAIRS as u64 {
        let both = pair(workspace, from + number * part, part)?;
        if number > 0 {
            pairs.push(both);
        }
    }
    let middle = |of: fn(&(Duration, Duration)) -> f64| middle(pairs.iter().map(of).collect());
    Ok(Bulk {
        ours: Duration::from_secs_f64(middle(|(ours, _)| ours.as_secs_f64())),
        raw: Duration::from_secs_f64(middle(|(_, raw)| raw.as_secs_f64())),
        ratio: middle(|(ours, raw)| ours.as_secs_f64() / raw.as_secs_f64()),
    })
}

/// How long `count` leads take through the write path, and how long the same rows take raw.
fn pair(workspace: &Workspace, from: u64, count: u64) -> Result<(Duration, Duration), Failure> {
    // Everything of a turn bears the moment at which the turn began, which can be this very millisecond.
    let mark = Id::first_at(workspace.clock().now()).0;
    let ours = fill(workspace, from, from + count)?;
    let mut fresh = Fresh::default();
    let mut tables = Vec::new();
    for table in &TABLES {
        tables.push((table, rows_since(workspace, table, mark, &mut fresh)?));
    }
    let index = index_rows(workspace, mark, from, &mut fresh)?;
    if u64::try_from(index.len())? != count {
        return Err(Failure::from("the raw side does not have the rows of every lead"));
    }
    if workspace.db().dialect() == Dialect::Postgres {
        // The raw rows bring their numbers along: who writes afterwards is to get later ones.
        let text = format!("select setval('search_rows_number', nextval('search_rows_number') + {count})");
        workspace.db().standalone_blocking(text)?;
    }
    let begin = Instant::now();
    let turns = usize::try_from(count.div_ceil(CHUNK))?;
    for turn in 0..turns {
        let part = |rows: &Vec<Vec<Param>>| -> Vec<Vec<Param>> {
            let size = rows.len().div_ceil(turns);
            rows.iter().skip(turn * size).take(size).cloned().collect()
        };
        // Change sets before the changes that point to them: all of them in the first turn.
        let statements: Vec<_> = tables
            .iter()
            .map(|(table, rows)| match (table.name, turn) {
                ("change_sets", 0) => (insert(table), rows.clone()),
                ("change_sets", _) => (insert(table), Vec::new()),
                _ => (insert(table), part(rows)),
            })
            .collect();
        let index = part(&index);
        workspace.db().write_blocking(move |tx| {
            for (text, rows) in &statements {
                if !rows.is_empty() {
                    tx.execute_many(text, rows.iter().cloned())?;
                }
            }
            match tx.dialect() {
                Dialect::Postgres => {
                    let text = "insert into search_rows (id, record, title, subtitle, words) \
                                values ($1, $2, $3, $4, array_to_tsvector(string_to_array($5, ' ')))";
                    tx.execute_many(text, index.iter().cloned())?;
                }
                Dialect::Sqlite => {
                    let rows = index.iter().map(|row| row.iter().take(4).cloned().collect());
                    tx.execute_many(
                        "insert into search_rows (id, record, title, subtitle) values ($1, $2, $3, $4)",
                        rows,
                    )?;
                    let words = index.iter().map(|row| row.iter().step_by(4).cloned().collect());
                    tx.execute_many("insert into search_words (rowid, words) values ($1, $2)", words)?;
                }
            }
            Ok::<_, DbError>(())
        })?;
    }
    Ok((ours, begin.elapsed()))
}

fn insert(table: &Table) -> String {
    let places: Vec<String> = (1..=table.columns.split(',').count()).map(|place| format!("${place}")).collect();
    format!("insert into {} ({}) values ({})", table.name, table.columns, places.join(", "))
}

/// New ids for old ones: the same old id always gets the same new one.
#[derive(Default)]
struct Fresh(HashMap<Uuid, Uuid>);

impl Fresh {
    fn id(&mut self, old: Uuid, mark: Uuid) -> Uuid {
        if old < mark { old } else { *self.0.entry(old).or_insert_with(Uuid::now_v7) }
    }

    fn param(&mut self, param: Param, mark: Uuid) -> Param {
        match param {
            Param::Uuid(old) => Param::Uuid(self.id(old, mark)),
            // SQLite does not tell ids from other bytes.
            Param::Bytes(bytes) => match Uuid::from_slice(&bytes) {
                Ok(old) => Param::Uuid(self.id(old, mark)),
                Err(_) => Param::Bytes(bytes),
            },
            other => other,
        }
    }
}

fn rows_since(workspace: &Workspace, table: &Table, mark: Uuid, fresh: &mut Fresh) -> Result<Vec<Vec<Param>>, Failure> {
    let sql = Sql::new(format!("select {} from {} x where {} >= ", table.columns, table.name, table.found)).bind(mark);
    let rows = workspace.db().read_blocking(move |tx| tx.query(&sql))?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        // JSON comes back as the text of it.
        let value = |column| {
            if table.json == Some(column) { row.json(column).map(Param::Json) } else { row.get(column).cloned() }
        };
        let values: Result<Vec<Param>, DbError> = (0..row.len()).map(value).collect();
        all.push(values?.into_iter().map(|param| fresh.param(param, mark)).collect());
    }
    Ok(all)
}

/// The rows of the search index with their words, which an index without content does not give back.
fn index_rows(workspace: &Workspace, mark: Uuid, from: u64, fresh: &mut Fresh) -> Result<Vec<Vec<Param>>, Failure> {
    let sql = Sql::new("select id, record, title, subtitle from search_rows where record >= ").bind(mark);
    let rows = workspace.db().read_blocking(move |tx| tx.query(&sql.clone().push(" order by id")))?;
    let count = i64::try_from(rows.len())?;
    let mut all = Vec::with_capacity(rows.len());
    for (number, row) in (from..).zip(rows) {
        let Lead { name, email, phone, company, source, need, .. } = &Lead::number(number);
        let short = [name, email, phone, company, *source].map(|text| (text, true));
        let words = store::lexemes(short.into_iter().chain([(*need, false)]));
        let mut values: Vec<Param> =
            (1..row.len()).map(|column| row.get(column).cloned()).collect::<Result<_, DbError>>()?;
        values.push(Param::Text(words.into_iter().collect::<Vec<_>>().join(" ")));
        let values = values.into_iter().map(|param| fresh.param(param, mark));
        all.push([Param::Int(row.int(0)? + count)].into_iter().chain(values).collect());
    }
    Ok(all)
}
