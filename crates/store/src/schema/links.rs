//! Tables of links to many records: one for each field of that type. Their names have a point, which no other table has.

use model::field::FieldType;
use model::{Definitions, Field, Module};

use super::columns::ColumnType;
use super::plan::{Plan, Present, index_name};
use super::rename::rename_index;
use super::step::StepKind;
use crate::db::Dialect;

/// The table of a field's links: `record`, `target`, and the `position` of the link among those of its record.
#[must_use]
pub(crate) fn link_table(module: &str, field: &str) -> String {
    index_name(module, field, "links")
}

/// The fields of a module that have such a table, those out of use as well.
pub(crate) fn linking(module: &Module) -> impl Iterator<Item = &Field> {
    module.kept().filter(|field| field.kind == FieldType::Links)
}

/// Adds the steps that make the tables that are not there. Those of the modules come before.
pub(super) fn make(plan: &mut Plan, present: &Present, definitions: &Definitions, dialect: Dialect) {
    for module in definitions.modules() {
        for field in linking(module) {
            let (Some(target), table) = (&field.module, link_table(&module.name, &field.name)) else { continue };
            if !present.tables.contains_key(&table) {
                let sql = create(module, field, target, dialect);
                plan.add(StepKind::Links, format!("{}.{}", module.name, field.name), sql);
            }
            let index = index_name(&module.name, &field.name, "index");
            if !present.indexes.contains(&index) {
                let sql = format!("create index \"{index}\" on \"{table}\" (target, record)");
                plan.add(StepKind::Index, index, sql);
            }
        }
    }
}

/// What a record links to goes with it, also where no definition knows of the links any more.
fn create(module: &Module, field: &Field, target: &str, dialect: Dialect) -> String {
    let (table, key) = (link_table(&module.name, &field.name), index_name(&module.name, &field.name, "key"));
    let (uuid, int) = (ColumnType::Uuid.sql(dialect), ColumnType::Int.sql(dialect));
    let (deferrable, end) = match dialect {
        Dialect::Sqlite => ("", ") without rowid"),
        Dialect::Postgres => (" deferrable", ")"),
    };
    format!(
        "create table \"{table}\" (\n  \
         record {uuid} not null references \"{}\" (id) on delete cascade{deferrable},\n  \
         target {uuid} not null references \"{target}\" (id){deferrable},\n  \
         position {int} not null,\n  constraint \"{key}\" primary key (record, target)\n{end}",
        module.name
    )
}

/// Adds the steps that rename the table of a field that was called otherwise, or whose module was.
pub(super) fn rename(plan: &mut Plan, present: &mut Present, module: &Module, field: &Field, dialect: Dialect) {
    let table = link_table(&module.name, &field.name);
    if present.tables.contains_key(&table) {
        return;
    }
    let names = |kind: &str| -> Vec<String> {
        let modules = || [&module.name].into_iter().chain(&module.formerly);
        let fields = [&field.name].into_iter().chain(&field.formerly);
        fields.flat_map(|field| modules().map(move |module| index_name(module, field, kind))).collect()
    };
    let Some(former) = names("links").into_iter().find(|former| present.tables.contains_key(former)) else { return };
    let sql = format!("alter table \"{former}\" rename to \"{table}\"");
    plan.lead(StepKind::TableRenamed, &former, &table, sql);
    if let Some(columns) = present.tables.remove(&former) {
        present.tables.insert(table, columns);
    }
    for kind in ["index", "key"] {
        let wanted = index_name(&module.name, &field.name, kind);
        let former = names(kind).into_iter().find(|name| present.indexes.contains(name));
        if let Some(former) = former.filter(|former| *former != wanted) {
            rename_index(plan, present, &former, Some(&wanted), dialect);
        }
    }
}
