//! Compares the tables that the definitions want with those that are there. Nothing is ever dropped: what is no longer
//! wanted stays as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use model::field::FieldType;
use model::{Definitions, Field, Module};

use sha2::{Digest, Sha256};

use super::columns::{Column, ColumnType, columns, sort_column};
use super::links;
use super::rename::rename;
use super::step::{PlanStep, StepKind};
use super::system::{FOUND, STEPS};
use crate::db::{DbError, Dialect, Sql, Tx};

/// The setting that says which steps a database has.
pub(crate) const STEP: &str = "system_step";
/// An index of a table with more rows is built after the change that wants it.
const AT_ONCE: i64 = 10_000;
/// The longest name that PostgreSQL keeps whole.
const NAME_LIMIT: usize = 63;

/// The steps, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to run.
    pub steps: Vec<PlanStep>,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        Ok(())
    }
}

impl Plan {
    pub(super) fn add(&mut self, kind: StepKind, of: impl Into<String>, sql: String) {
        self.lead(kind, of, "", sql);
    }

    /// Adds a step that makes something out of what is there, or connects it.
    pub(super) fn lead(&mut self, kind: StepKind, of: impl Into<String>, to: &str, sql: String) {
        self.steps.push(PlanStep { kind, of: of.into(), to: to.to_owned(), sql });
    }
}

/// What every record has, besides its fields.
fn system_columns(module: &Module) -> Vec<Column> {
    let column = |name: &str, kind| Column { name: name.to_owned(), kind };
    let mut all = vec![
        column("version", ColumnType::Int),
        column("created_at", ColumnType::Instant),
        column("updated_at", ColumnType::Instant),
        column("created_by", ColumnType::Uuid),
        column("deleted_at", ColumnType::Instant),
    ];
    if module.owners {
        all.push(column("owner", ColumnType::Uuid));
    }
    all
}

/// Works out the steps from what is there to what `definitions` want.
///
/// # Errors
/// When the present shape cannot be read.
pub fn plan(tx: &mut Tx, definitions: &Definitions) -> Result<Plan, DbError> {
    let dialect = tx.dialect();
    let mut plan = Plan::default();
    let mut present = present(tx)?;
    for step in STEPS.iter().filter(|step| step.number > present.system) {
        plan.add(StepKind::System, step.number.to_string(), step.sql(dialect));
        plan.add(
            StepKind::Noted,
            step.number.to_string(),
            format!(
                "insert into settings (key, value) values ('{STEP}', '{n}') on conflict (key) do update set value = excluded.value",
                n = step.number
            ),
        );
    }
    rename(&mut plan, &mut present, definitions, dialect);
    // A database that is being restored has no index before the last steps have run.
    if present.tables.contains_key("search_modules") || present.system < FOUND.number {
        number_searched(&mut plan, &present, definitions);
    }
    let mut references = Vec::new();
    for module in definitions.modules() {
        let there = present.tables.get(&module.name);
        let wanted = module.stored().flat_map(|(_, field)| columns(field));
        match there {
            None => plan.add(StepKind::Table, &module.name, create_table(module, dialect)),
            Some(there) => {
                for column in
                    system_columns(module).into_iter().chain(wanted).filter(|column| !there.contains(&column.name))
                {
                    plan.add(
                        StepKind::Column,
                        format!("{}.{}", module.name, column.name),
                        format!(
                            "alter table \"{}\" add column \"{}\" {}{}",
                            module.name,
                            column.name,
                            column.kind.sql(dialect),
                            reference(module, &column, dialect)
                        ),
                    );
                }
            }
        }
        let fresh = |field: &&Field| there.is_none_or(|there| !there.contains(&field.name));
        for (field, target) in module.links().filter(|(field, _)| fresh(field) && field.is_stored()) {
            references.push((module.name.clone(), field.name.clone(), target.to_owned()));
        }
        let missing: Vec<_> =
            indexes(module, dialect).into_iter().filter(|(name, _)| !present.indexes.contains(name)).collect();
        let is_long = !missing.is_empty() && there.is_some() && is_long(tx, present.called(&module.name))?;
        for (name, sql) in missing {
            // What may not be there twice is known from the moment it may not.
            let waits = is_long && !sql.starts_with("create unique");
            if !waits && present.broken.contains(&name) {
                plan.add(StepKind::IndexGone, &name, format!("drop index \"{name}\""));
            }
            plan.add(if waits { StepKind::IndexLater } else { StepKind::Index }, name, sql);
        }
        for (_, field) in module.stored().filter(|(_, field)| !field.unique) {
            let name = index_name(&module.name, &field.name, "unique");
            if present.indexes.contains(&name) {
                plan.add(StepKind::Shared, format!("{}.{}", module.name, field.name), format!("drop index \"{name}\""));
            }
        }
    }
    // SQLite declares links with the table; PostgreSQL needs their targets to exist first.
    if dialect == Dialect::Postgres {
        for (table, field, target) in references {
            plan.lead(
                StepKind::Reference,
                format!("{table}.{field}"),
                &target,
                format!(
                    "alter table \"{table}\" add foreign key (\"{field}\") references \"{target}\" (id) deferrable"
                ),
            );
        }
    }
    links::make(&mut plan, &present, definitions, dialect);
    Ok(plan)
}

/// Gives each module that is searched the next number of a range of rows in the index.
fn number_searched(plan: &mut Plan, present: &Present, definitions: &Definitions) {
    let mut last = present.searched.values().copied().max().unwrap_or(0);
    let searched = definitions.modules().filter(|module| !module.search.is_empty());
    for module in searched.filter(|module| !present.searched.contains_key(&module.name)) {
        last += 1;
        plan.add(
            StepKind::Searched,
            &module.name,
            format!("insert into search_modules (module, number) values ('{}', {last})", module.name),
        );
    }
}

/// Runs all steps; the caller's transaction makes them all or none.
///
/// # Errors
/// When the database refuses one.
pub fn apply(tx: &mut Tx, plan: &Plan) -> Result<(), DbError> {
    plan.steps.iter().try_for_each(|step| tx.batch(&step.sql))
}

/// Runs the steps but for what is built afterwards; answers whether anything is.
///
/// # Errors
/// When the database refuses one.
pub(crate) fn apply_at_once(tx: &mut Tx, plan: &Plan) -> Result<bool, DbError> {
    let (later, now): (Vec<_>, Vec<_>) = plan.steps.iter().partition(|step| step.kind == StepKind::IndexLater);
    now.into_iter().try_for_each(|step| tx.batch(&step.sql))?;
    Ok(!later.is_empty())
}

/// Whether building an index of the table takes a while.
fn is_long(tx: &mut Tx, table: &str) -> Result<bool, DbError> {
    let sql = Sql::new("select 1 from ").push_ident(table)?.push(&format!(" limit 1 offset {AT_ONCE}"));
    Ok(tx.opt(&sql)?.is_some())
}

fn create_table(module: &Module, dialect: Dialect) -> String {
    let mut sql =
        format!("create table \"{}\" (\n  id {} primary key not null", module.name, ColumnType::Uuid.sql(dialect));
    for column in system_columns(module) {
        let empty =
            if matches!(column.name.as_str(), "version" | "created_at" | "updated_at") { " not null" } else { "" };
        sql.push_str(&format!(",\n  \"{}\" {}{empty}", column.name, column.kind.sql(dialect)));
    }
    for (_, field) in module.stored() {
        for column in columns(field) {
            sql.push_str(&format!(",\n  \"{}\" {}", column.name, column.kind.sql(dialect)));
            sql.push_str(&reference(module, &column, dialect));
        }
    }
    sql.push_str("\n)");
    sql
}

/// SQLite declares a link with its column.
fn reference(module: &Module, column: &Column, dialect: Dialect) -> String {
    let link = module.links().find(|(field, _)| dialect == Dialect::Sqlite && field.name == column.name);
    link.map(|(_, target)| format!(" references \"{target}\" (id)")).unwrap_or_default()
}

/// The name of a field's index. One that PostgreSQL would cut ends in a digest instead.
pub(crate) fn index_name(module: &str, field: &str, kind: &str) -> String {
    let name = format!("{module}.{field}.{kind}");
    if name.len() <= NAME_LIMIT {
        return name;
    }
    let digest = Sha256::digest(name.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{}.{digest}", name.chars().take(NAME_LIMIT - 13).collect::<String>())
}

/// Indexes by name: what is unique, what is filtered and sorted by, and every link (so that the other side is found).
fn indexes(module: &Module, dialect: Dialect) -> BTreeMap<String, String> {
    let table = &module.name;
    // SQLite sorts nothing before everything by itself; PostgreSQL is asked to.
    let nulls = if dialect == Dialect::Postgres { " nulls first" } else { "" };
    let mut all = BTreeMap::new();
    if module.owners {
        let name = index_name(table, "owner", "index");
        all.insert(
            name.clone(),
            format!("create index \"{name}\" on \"{table}\" (\"owner\"{nulls}, id) where deleted_at is null"),
        );
    }
    for names in &module.indexes {
        let name = index_name(table, &names.join("."), "index");
        let column = |name: &String| module.field(name).map_or_else(|| name.clone(), sort_column);
        let columns: Vec<_> = names.iter().map(|name| format!("\"{}\"{nulls}", column(name))).collect();
        let columns = columns.join(", ");
        let sql = format!("create index \"{name}\" on \"{table}\" ({columns}, id) where deleted_at is null");
        all.insert(name, sql);
    }
    for (_, field) in module.stored() {
        let column = sort_column(field);
        if field.unique {
            let name = index_name(table, &field.name, "unique");
            all.insert(
                name.clone(),
                format!("create unique index \"{name}\" on \"{table}\" (\"{}\") where deleted_at is null", field.name),
            );
        }
        let has_column = field.kind != FieldType::Links;
        if field.index && has_column || matches!(field.kind, FieldType::Link | FieldType::File) {
            let name = index_name(table, &field.name, "index");
            all.insert(
                name.clone(),
                format!("create index \"{name}\" on \"{table}\" (\"{column}\"{nulls}, id) where deleted_at is null"),
            );
        }
        if field.kind == FieldType::MultiChoice && field.open {
            let name = index_name(table, &field.name, "index");
            all.insert(name.clone(), words_index(&name, table, &field.name, dialect));
        }
        if field.kind == FieldType::Record {
            let name = index_name(table, &field.name, "index");
            all.insert(name.clone(), format!("create index \"{name}\" on \"{table}\" (\"{}\", id)", field.name));
        }
    }
    all
}

/// The index of a field of words that people put in themselves, such as tags. SQLite has none that looks inside a list:
/// there it holds the records that have any, so that those without are not read.
fn words_index(name: &str, table: &str, field: &str, dialect: Dialect) -> String {
    let (columns, only) = match dialect {
        Dialect::Sqlite => (format!("(id, \"{field}\")"), format!("\"{field}\" is not null and ")),
        Dialect::Postgres => (format!("using gin (\"{field}\" jsonb_path_ops)"), String::new()),
    };
    format!("create index \"{name}\" on \"{table}\" {columns} where {only}deleted_at is null")
}

/// What is there.
#[derive(Default)]
pub(super) struct Present {
    system: i64,
    /// Columns by table.
    pub(super) tables: BTreeMap<String, BTreeSet<String>>,
    pub(super) indexes: BTreeSet<String>,
    /// Indexes of PostgreSQL that were not built to their end, and serve nothing.
    broken: BTreeSet<String>,
    /// What tables are called until they are renamed, by the name that they will have.
    pub(super) renamed: BTreeMap<String, String>,
    /// Numbers in the index of words, by module.
    pub(super) searched: BTreeMap<String, i64>,
}

impl Present {
    /// What a table is called as long as no step has run.
    fn called<'p>(&'p self, table: &'p str) -> &'p str {
        self.renamed.get(table).map_or(table, String::as_str)
    }
}

fn present(tx: &mut Tx) -> Result<Present, DbError> {
    let (tables, indexes) = match tx.dialect() {
        Dialect::Sqlite => (
            "select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c where m.type = 'table'",
            "select name, true from sqlite_schema where type = 'index'",
        ),
        Dialect::Postgres => (
            "select table_name::text, column_name::text from information_schema.columns where table_schema = current_schema()",
            "select c.relname::text, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid \
             where c.relnamespace = current_schema()::regnamespace",
        ),
    };
    let mut present = Present::default();
    for row in tx.query(&Sql::new(tables))? {
        present.tables.entry(row.text(0)?).or_default().insert(row.text(1)?);
    }
    for row in tx.query(&Sql::new(indexes))? {
        let whole = if row.bool(1)? { &mut present.indexes } else { &mut present.broken };
        whole.insert(row.text(0)?);
    }
    if present.tables.contains_key("search_modules") {
        present.searched = searched(tx)?;
    }
    if present.tables.contains_key("settings") {
        let step = tx.opt(&Sql::new("select value from settings where key = ").bind(STEP))?;
        present.system = step.map(|row| row.json(0)).transpose()?.and_then(|json| json.as_i64()).unwrap_or(0);
    }
    Ok(present)
}

/// The number that each module has in the index of words.
pub(crate) fn searched(tx: &mut Tx) -> Result<BTreeMap<String, i64>, DbError> {
    let rows = tx.query(&Sql::new("select module, number from search_modules"))?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// The last step of the system tables that the database has; 0 where it is new.
///
/// # Errors
/// When the present shape cannot be read.
pub(crate) fn present_step(tx: &mut Tx) -> Result<i64, DbError> {
    Ok(present(tx)?.system)
}
