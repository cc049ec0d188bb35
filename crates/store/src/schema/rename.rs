//! Earlier names: tables, columns and links that are there under one take the present name, with everything in them.

use model::field::FieldType;
use model::{Definitions, Field, Module};

use super::columns::columns;
use super::links::{self, linking};
use super::plan::{Plan, Present, index_name};
use super::step::StepKind;
use crate::db::Dialect;

/// Adds the steps that rename what is there, and leaves `present` as it will be after them.
pub(super) fn rename(plan: &mut Plan, present: &mut Present, definitions: &Definitions, dialect: Dialect) {
    let mut moved = Vec::new();
    for module in definitions.modules().chain(definitions.retired_modules()) {
        if let Some(former) = table(plan, present, module, dialect) {
            moved.push((former, module.name.clone()));
        }
        for field in module.kept() {
            column(plan, present, module, field, dialect);
        }
        linking(module).for_each(|field| links::rename(plan, present, module, field, dialect));
    }
    for (former, name) in moved {
        mentions(plan, present, definitions, &former, &name);
    }
}

fn table(plan: &mut Plan, present: &mut Present, module: &Module, dialect: Dialect) -> Option<String> {
    let name = &module.name;
    if present.tables.contains_key(name) {
        return None;
    }
    let former = module.formerly.iter().find(|former| present.tables.contains_key(*former))?.clone();
    let sql = format!("alter table \"{former}\" rename to \"{name}\"");
    plan.lead(StepKind::TableRenamed, &former, name, sql);
    if let Some(columns) = present.tables.remove(&former) {
        present.tables.insert(name.clone(), columns);
        present.renamed.insert(name.clone(), former.clone());
    }
    if let Some(number) = present.searched.remove(&former) {
        present.searched.insert(name.clone(), number);
    }
    let prefix = format!("{former}.");
    let indexes: Vec<_> = present.indexes.iter().filter(|index| index.starts_with(&prefix)).cloned().collect();
    for index in indexes {
        let rest = index.strip_prefix(&prefix).unwrap_or_default();
        let renamed = rest.rsplit_once('.').map(|(field, kind)| index_name(name, field, kind));
        rename_index(plan, present, &index, renamed.as_deref(), dialect);
    }
    Some(former)
}

fn column(plan: &mut Plan, present: &mut Present, module: &Module, field: &Field, dialect: Dialect) {
    let Some(there) = present.tables.get(&module.name).filter(|there| !there.contains(&field.name)) else { return };
    let Some(former) = field.formerly.iter().find(|former| there.contains(*former)).cloned() else { return };
    let before = columns(&Field { name: former.clone(), ..field.clone() });
    for (before, after) in before.into_iter().zip(columns(field)) {
        plan.lead(
            StepKind::ColumnRenamed,
            format!("{}.{}", module.name, before.name),
            &after.name,
            format!("alter table \"{}\" rename column \"{}\" to \"{}\"", module.name, before.name, after.name),
        );
        if let Some(there) = present.tables.get_mut(&module.name) {
            there.remove(&before.name);
            there.insert(after.name);
        }
    }
    for kind in ["unique", "index"] {
        let index = index_name(&module.name, &former, kind);
        if present.indexes.contains(&index) {
            let renamed = index_name(&module.name, &field.name, kind);
            rename_index(plan, present, &index, Some(&renamed), dialect);
        }
    }
}

/// SQLite renames no index: it is made anew with the others.
pub(super) fn rename_index(
    plan: &mut Plan,
    present: &mut Present,
    index: &str,
    renamed: Option<&str>,
    dialect: Dialect,
) {
    present.indexes.remove(index);
    match (dialect, renamed) {
        (Dialect::Postgres, Some(renamed)) => {
            plan.lead(
                StepKind::IndexRenamed,
                index,
                renamed,
                format!("alter index \"{index}\" rename to \"{renamed}\""),
            );
            present.indexes.insert(renamed.to_owned());
        }
        _ => plan.add(StepKind::IndexGone, index, format!("drop index \"{index}\"")),
    }
}

/// Where the name of a module stands beside ids of its records. The log keeps the names of its day: whoever reads it
/// knows the earlier ones.
fn mentions(plan: &mut Plan, present: &Present, definitions: &Definitions, former: &str, name: &str) {
    let mut add = |table: &str, column: &str| {
        plan.lead(
            StepKind::Mentioned,
            table,
            name,
            format!("update \"{table}\" set \"{column}\" = '{name}' where \"{column}\" = '{former}'"),
        );
    };
    for table in ["search_modules", "identities", "views", "user_preferences", "_taken_in", "_mailbox_letters"] {
        add(table, "module");
    }
    for module in definitions.modules().chain(definitions.retired_modules()) {
        for field in module.kept().filter(|field| field.kind == FieldType::Record) {
            let column = format!("{}_module", field.name);
            if present.tables.get(&module.name).is_some_and(|there| there.contains(&column)) {
                add(&module.name, &column);
            }
        }
    }
}
