//! The index of words beside the records.

use std::collections::{BTreeMap, BTreeSet};

use model::{Id, Module, Record};

use super::{Area, Report, ids};
use crate::db::{Dialect, Sql};
use crate::error::Result;
use crate::params;
use crate::search::Findable;
use crate::work::Work;

/// Words that one question to the index names.
const ASKED: usize = 40;

/// What the index says of a record.
struct Indexed {
    title: String,
    subtitle: String,
    /// Its row on SQLite, its words on PostgreSQL.
    row: Option<i64>,
    words: Option<BTreeSet<String>>,
}

pub(super) fn check(work: &mut Work<'_>, module: &Module, records: &[Record], report: &mut Report) -> Result<()> {
    if module.search.is_empty() || records.is_empty() {
        return Ok(());
    }
    let indexed = indexed(work, records)?;
    let none = BTreeMap::new();
    for record in records {
        let expected = work.findable(record);
        let found = indexed.get(&record.id).unwrap_or(&none);
        let mut fault = (found.len() > expected.len()).then_some("the index finds more of it than it may");
        for (sight, expected) in &expected {
            fault = match found.get(sight) {
                _ if fault.is_some() => fault,
                None => Some("it is not in the index"),
                Some(found) if found.title != expected.title || found.subtitle != expected.subtitle => {
                    Some("the index names it otherwise")
                }
                Some(found) => (!has_words(work, found, expected)?).then_some("the index has other words of it"),
            };
        }
        if let Some(fault) = fault {
            report.add(Area::Search, Some((&module.name, record.id)), fault);
        }
    }
    Ok(())
}

/// Rows of records that are gone, in the bin, or not searched.
pub(super) fn superfluous(work: &mut Work<'_>, module: &Module, report: &mut Report) -> Result<()> {
    let Some(rows) = work.search_rows(module) else { return Ok(()) };
    let sql = Sql::new("select r.record from search_rows r where r.id >= ").bind(rows.start);
    let sql = sql.push(" and r.id < ").bind(rows.end);
    let sql = if module.search.is_empty() {
        sql
    } else {
        let sql = sql.push(" and not exists (select 1 from ").push_ident(&module.name)?;
        sql.push(" t where t.id = r.record and t.deleted_at is null)")
    };
    for row in work.rows(&sql)? {
        let record = Some((module.name.as_str(), Id(row.uuid(0)?)));
        report.add(Area::Search, record, "the index finds what is not there");
    }
    Ok(())
}

/// By record, and by how many veils are closed for whoever finds it so.
fn indexed(work: &mut Work<'_>, records: &[Record]) -> Result<BTreeMap<Id, BTreeMap<i64, Indexed>>> {
    let columns = match work.dialect() {
        Dialect::Sqlite => "id, null",
        Dialect::Postgres => "null::bigint, array_to_string(tsvector_to_array(words), ' ')",
    };
    let sql = Sql::new("select record, title, subtitle, ").push(columns);
    let sql = sql.push(", sight from search_rows where record in ");
    let mut found: BTreeMap<Id, BTreeMap<i64, Indexed>> = BTreeMap::new();
    for row in work.rows(&sql.bind_list(ids(records)))? {
        let words = row.opt_text(4)?.map(|words| words.split_whitespace().map(str::to_owned).collect());
        let indexed = Indexed { title: row.text(1)?, subtitle: row.text(2)?, row: row.opt_int(3)?, words };
        found.entry(Id(row.uuid(0)?)).or_default().insert(row.int(5)?, indexed);
    }
    Ok(found)
}

fn has_words(work: &mut Work<'_>, found: &Indexed, expected: &Findable) -> Result<bool> {
    let Some(row) = found.row else {
        return Ok(found.words.as_ref() == Some(&expected.words));
    };
    // The index of SQLite keeps no text: it is asked for every word, and how many it counted.
    let expected: Vec<_> = expected.words.iter().collect();
    for words in expected.chunks(ASKED) {
        let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let sql = "select 1 from search_words where rowid = $1 and search_words match $2";
        if work.rows(&Sql::with(sql, params![row, quoted.join(" ")]))?.is_empty() {
            return Ok(false);
        }
    }
    let counted = work.rows(&Sql::with("select sz from search_words_docsize where id = $1", params![row]))?;
    let counted = counted.first().map(|row| row.bytes(0)).transpose()?;
    Ok(counted.is_some_and(|bytes| varint(&bytes) == expected.len() as u64))
}

/// A number as SQLite writes it: seven bits a byte, the highest first.
fn varint(bytes: &[u8]) -> u64 {
    let mut value = 0_u64;
    for byte in bytes.iter().take(8) {
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}
