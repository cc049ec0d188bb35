//! Everything that a workspace holds, read by its own means and not by those of the operations.

use std::collections::BTreeMap;

use model::Actor;
use serde_json::{Value as Json, json};
use store::db::{Db, DbError, Row, Sql};
use store::{List, Workspace};

use crate::world::sort;

/// How a column is read.
#[derive(Clone, Copy)]
enum As {
    Text,
    Int,
    Bool,
    Id,
    Moment,
    Bytes,
    Json,
}
use As::{Bool, Bytes, Id, Int, Json as J, Moment, Text};

/// A table, its columns and what it is sorted by.
type Table = (&'static str, &'static [(&'static str, As)], &'static str);

const TABLES: [Table; 12] = [
    ("users", &[("id", Id), ("email", Text), ("roles", J), ("active", Bool), ("created_at", Moment)], "email"),
    ("tokens", &[("id", Id), ("digest", Bytes), ("scopes", J), ("created_at", Moment)], "id"),
    (
        "idempotency",
        &[
            ("caller", Text),
            ("request", Bytes),
            ("status", Int),
            ("headers", J),
            ("body", Bytes),
            ("created_at", Moment),
        ],
        "caller",
    ),
    ("change_sets", &[("id", Id), ("at", Moment), ("actor", Id), ("source", Text), ("reason", Text)], "id"),
    (
        "changes",
        &[
            ("seq", Int),
            ("change_set", Id),
            ("module", Text),
            ("record", Id),
            ("operation", Text),
            ("version", Int),
            ("at", Moment),
            ("delta", J),
            ("seal", Int),
            ("digest", Bytes),
        ],
        "seq",
    ),
    ("seals", &[("number", Int), ("at", Moment), ("entries", Int), ("digest", Bytes)], "number"),
    ("jobs", &[("id", Id), ("kind", Text), ("key", Text), ("due_at", Moment), ("payload", J)], "id"),
    ("counters", &[("name", Text), ("value", Int)], "name"),
    ("packs", &[("name", Text), ("version", Int), ("files", J), ("applied_at", Moment)], "name"),
    ("identities", &[("kind", Text), ("value", Text), ("module", Text), ("record", Id)], "kind, value, record"),
    ("search_rows", &[("record", Id), ("title", Text), ("subtitle", Text)], "record"),
    ("faded_module", &[("id", Text), ("amount", Int)], "id"),
];

/// Records of all modules, rows of all tables, and what is found.
pub(crate) fn dump(workspace: &Workspace) -> BTreeMap<String, Vec<Json>> {
    let mut all: BTreeMap<_, _> = records(workspace);
    for (table, columns, order) in TABLES {
        all.insert(table.to_owned(), rows(workspace.db(), table, columns, order));
    }
    all.insert("faded".to_owned(), rows(workspace.db(), "companies", &[("id", Id), ("faded", Text)], "id"));
    all
}

/// Fails at the first row that is not in both.
#[track_caller]
pub(crate) fn same(before: &BTreeMap<String, Vec<Json>>, after: &BTreeMap<String, Vec<Json>>, what: &str) {
    for (name, rows) in before {
        let others = after.get(name).map(Vec::as_slice).unwrap_or_default();
        for (row, other) in rows.iter().zip(others) {
            assert_eq!(row, other, "{what}: {name}");
        }
        assert_eq!(rows.len(), others.len(), "{what}: {name}");
    }
}

/// Whether anybody is signed in.
pub(crate) fn sessions(workspace: &Workspace) -> Vec<Json> {
    rows(
        workspace.db(),
        "sessions",
        &[("digest", Bytes), ("user_id", Id), ("expires_at", Moment), ("agent", Text)],
        "digest",
    )
}

fn records(workspace: &Workspace) -> BTreeMap<String, Vec<Json>> {
    let read = |work: &mut store::Work<'_>| {
        work.as_process(|work| {
            let mut all = BTreeMap::new();
            for module in work.definitions().clone().modules() {
                let mut records = Vec::new();
                for deleted in [false, true] {
                    let mut list = List { sort: vec![sort("id", false)], limit: 500, deleted, ..List::default() };
                    loop {
                        let page = work.list(&module.name, &list)?;
                        for record in page.records {
                            let values: Vec<_> = record.values.iter().map(model::Value::to_json).collect();
                            records.push(plain(json!([
                                record.id,
                                record.version,
                                record.created_at,
                                record.updated_at,
                                record.created_by,
                                record.owner,
                                record.deleted_at,
                                values,
                            ])));
                        }
                        list.cursor = page.next;
                        if list.cursor.is_none() {
                            break;
                        }
                    }
                }
                all.insert(format!("module {}", module.name), records);
            }
            for text in ["ёлки", "съездом", "example", "простой"] {
                let list =
                    List { text: Some(text.to_owned()), sort: vec![sort("id", false)], limit: 500, ..List::default() };
                let found = crate::world::ids(work, "visits", list)?.iter().map(|id| json!(id)).collect();
                all.insert(format!("found {text}"), found);
            }
            Ok(all)
        })
    };
    workspace.read_blocking(Actor::System("test"), read).unwrap()
}

fn rows(db: &Db, table: &str, columns: &'static [(&'static str, As)], order: &str) -> Vec<Json> {
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    let sql = Sql::new(format!("select {} from {table} order by {order}", names.join(", ")));
    let read = move |tx: &mut store::db::Tx| {
        let rows = tx.query(&sql)?;
        rows.iter()
            .map(|row| columns.iter().enumerate().map(|(at, column)| value(row, at, column.1)).collect())
            .collect()
    };
    db.read_blocking::<_, DbError, _>(read).unwrap()
}

fn value(row: &Row, at: usize, kind: As) -> Result<Json, DbError> {
    Ok(match kind {
        Text => json!(row.opt_text(at)?),
        Int => json!(row.opt_int(at)?),
        Bool => json!(row.opt_bool(at)?),
        Id => json!(row.opt_uuid(at)?),
        Moment => json!(row.opt_instant(at)?),
        Bytes => json!(row.opt_bytes(at)?),
        J => plain(row.opt_json(at)?.unwrap_or(Json::Null)),
    })
}

/// Numbers compare as numbers: PostgreSQL writes 1e17 with all its zeros.
fn plain(json: Json) -> Json {
    match json {
        Json::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.abs() < 9e18 && float.fract() == 0.0 => json!(float as i64),
            _ => Json::Number(number),
        },
        Json::Array(items) => items.into_iter().map(plain).collect(),
        Json::Object(fields) => fields.into_iter().map(|(name, item)| (name, plain(item))).collect(),
        other => other,
    }
}
