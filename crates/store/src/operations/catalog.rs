//! What tables a database has, as the database itself says: also those that no definition wants any more.

use super::{OperationError, Result};
use crate::db::{DbError, Dialect, Sql, Tx};
use crate::schema::TABLES;
use crate::schema::columns::ColumnType;

/// A table whose rows are carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// Sorted by name, so that two databases agree on the order.
    pub(crate) columns: Vec<Column>,
}

/// One of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: ColumnType,
    /// Whether it belongs to the primary key.
    pub(crate) is_key: bool,
    /// Whether PostgreSQL numbers it.
    pub(super) is_counted: bool,
}

const KINDS: [ColumnType; 8] = [
    ColumnType::Text,
    ColumnType::Int,
    ColumnType::Bool,
    ColumnType::Instant,
    ColumnType::Date,
    ColumnType::Uuid,
    ColumnType::Json,
    ColumnType::Bytes,
];

/// Whether a table holds only what can be made again.
pub(super) fn is_derived(table: &str) -> bool {
    ["identities", "access_stamp"].contains(&table) || (table.starts_with("search_") && TABLES.contains(&table))
}

/// All tables that are not derived: those of the system in the order in which they link, then the others by name.
pub(crate) fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let dialect = tx.dialect();
    let mut tables: Vec<Table> = Vec::new();
    for row in tx.query(&Sql::new(columns_of(dialect)))? {
        let (table, column, declared) = (row.text(0)?, row.text(1)?, row.text(2)?);
        if is_derived(&table) {
            continue;
        }
        let Some(kind) = kind(dialect, &declared) else {
            return Err(OperationError::Foreign { table, column, kind: declared });
        };
        let column = Column { name: column, kind, is_key: row.bool(3)?, is_counted: row.bool(4)? };
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(column),
            None => tables.push(Table { name: table, columns: vec![column] }),
        }
    }
    let place = |table: &Table| TABLES.iter().position(|name| *name == table.name).unwrap_or(TABLES.len());
    tables.sort_by_key(place);
    Ok(tables)
}

/// Names of all tables, also of derived ones.
pub(crate) fn names(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => {
            // The tables behind a virtual table go with it.
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like 'search_words_%'"
        }
        Dialect::Postgres => {
            "select relname::text from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace"
        }
    };
    tx.query(&Sql::new(sql))?.iter().map(|row| row.text(0)).collect()
}

fn columns_of(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "select m.name, c.name, lower(c.type), c.pk > 0, 0 from sqlite_schema m join pragma_table_info(m.name) c \
             where m.type = 'table' and m.name not like 'sqlite_%' and m.sql not like 'create virtual%' order by m.name, c.name"
        }
        Dialect::Postgres => {
            "select c.relname::text, a.attname::text, format_type(a.atttypid, null), coalesce(a.attnum = any (i.indkey), false), \
             a.attidentity <> '' from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
             left join pg_index i on i.indrelid = c.oid and i.indisprimary \
             where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace \
             order by c.relname::text collate \"C\", a.attname::text collate \"C\""
        }
    }
}

fn kind(dialect: Dialect, declared: &str) -> Option<ColumnType> {
    match (dialect, declared) {
        (Dialect::Postgres, "text") => Some(ColumnType::Text),
        (Dialect::Postgres, "timestamp with time zone") => Some(ColumnType::Instant),
        _ => KINDS.into_iter().find(|kind| kind.sql(dialect) == declared),
    }
}

impl Table {
    /// `"a", "b"`: its columns.
    pub(super) fn list(&self, mut sql: Sql) -> Result<Sql, DbError> {
        for (position, column) in self.columns.iter().enumerate() {
            sql = if position > 0 { sql.push(", ") } else { sql };
            sql = sql.push_ident(&column.name)?;
        }
        Ok(sql)
    }

    /// The statement that reads it.
    pub(crate) fn select(&self) -> Result<Sql, DbError> {
        self.list(Sql::new("select "))?.push(" from ").push_ident(&self.name)
    }

    /// The statement that makes it without indexes and links.
    pub(super) fn create(&self, dialect: Dialect) -> Result<String, DbError> {
        let mut sql = Sql::new("create table ").push_ident(&self.name)?.push(" (");
        for column in &self.columns {
            sql = sql.push_ident(&column.name)?.push(" ").push(column.kind.sql(dialect)).push(", ");
        }
        let keys = Self { name: String::new(), columns: self.columns.iter().filter(|it| it.is_key).cloned().collect() };
        let sql = if keys.columns.is_empty() { sql } else { keys.list(sql.push("primary key ("))?.push("), ") };
        Ok(format!("{})", sql.text().trim_end_matches(", ")))
    }
}
