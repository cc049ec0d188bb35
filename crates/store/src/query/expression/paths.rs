//! Fields, and fields of linked records: columns and scalar subqueries with the reader's rights.

use model::Module;
use model::expr::{ErrorCode, ExprError, Hop, Leaf, Node, Path, Plan, Start};
use model::field::FieldType;

use super::{Writer, Written, refused};
use crate::db::{DbError, Sql};

/// Which of a field's columns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// The value; of money the amount × 10⁴, of a link to any module the id.
    Main,
    /// The folded copy of a text.
    Key,
    /// The currency of an amount.
    Currency,
    /// The id of the record that holds the field.
    Holder,
}

/// A value, or nothing where something on the way to it is hidden.
pub(super) type Reached = Result<Option<Sql>, ExprError>;

impl Writer<'_, '_> {
    /// A column of the field that `plan` is.
    pub(super) fn field(&mut self, plan: &Plan, column: Column) -> Written {
        let Node::Field(path) = &plan.node else { return Err(refused("a field is needed here", plan)) };
        if path.leaf.computed {
            let message =
                format!("{} is worked out when a record is read and cannot be filtered or sorted by", path.leaf.name);
            return Err(refused(message, plan));
        }
        match self.end(path, column)? {
            Some(sql) => Ok(sql),
            None => Ok(self.null(if column == Column::Main { plan.kind } else { TEXT })),
        }
    }

    /// Whether the reader may not see the formula that `path` names.
    pub(super) fn is_hidden(&self, path: &Path) -> bool {
        (self.cx.hidden)(path.holder(self.cx.module), &path.leaf.name)
    }

    /// A column at the end of the path; nothing where something on the way is hidden.
    pub(super) fn end(&mut self, path: &Path, column: Column) -> Reached {
        match &path.start {
            Start::Record => {
                let (module, alias) = (self.cx.module, self.cx.alias.to_owned());
                self.reach(path, &path.hops, module, &alias, column)
            }
            Start::Element { level, target } => {
                let id = self.element(*level)?;
                self.follow(path, &path.hops, target, id, column)
            }
        }
    }

    /// The element of a list that is looked at.
    pub(super) fn element(&self, level: usize) -> Written {
        let (table, column) = self.elements.get(level).cloned().unwrap_or_default();
        quoted(&table, column)
    }

    /// The end of the path, seen from a record of `module`; nothing where something on the way is hidden.
    fn reach(&mut self, path: &Path, hops: &[Hop], module: &Module, alias: &str, column: Column) -> Reached {
        let Some((hop, rest)) = hops.split_first() else {
            if (self.cx.hidden)(module, &path.leaf.name) {
                return Ok(None);
            }
            if let Some(roll_up) = &path.leaf.roll_up {
                return self.roll_up(roll_up, alias, column);
            }
            let sql = quoted(alias, &column_name(&path.leaf, column))?;
            return Ok(Some(self.where_seen(sql, module, &path.leaf.name, alias)));
        };
        if (self.cx.hidden)(module, &hop.field) {
            return Ok(None);
        }
        let id = self.where_seen(quoted(alias, &hop.field)?, module, &hop.field, alias);
        self.follow(path, rest, &hop.target, id, column)
    }

    /// A column of a field of the record under `alias`: null where the field is hidden from the reader in that record.
    fn where_seen(&self, sql: Sql, module: &Module, field: &str, alias: &str) -> Sql {
        match (self.cx.veiled)(module, field, alias) {
            None => sql,
            Some(seen) => Sql::new("(case when ").append(seen).push(" then ").append(sql).push(" end)"),
        }
    }

    /// The end of the path, which goes on through `rest` from the record `id` of `target`.
    fn follow(&mut self, path: &Path, rest: &[Hop], target: &Module, id: Sql, column: Column) -> Reached {
        let inner = self.name();
        let Some(end) = self.reach(path, rest, target, &inner, column)? else { return Ok(None) };
        let sql = Sql::new("(select ").append(end).push(" from ").push_ident(&target.name).map_err(bad_name)?;
        let sql = sql.push(" as ").push_ident(&inner).map_err(bad_name)?;
        let sql = sql.push(" where ").append(quoted(&inner, "id")?).push(" = ").append(id);
        let mut sql = sql.push(" and ").append(quoted(&inner, "deleted_at")?).push(" is null");
        if let Some(rights) = (self.cx.rights)(target, &inner) {
            sql = sql.push(" and (").append(rights).push(")");
        }
        Ok(Some(sql.push(")")))
    }
}

const TEXT: model::expr::Type = model::expr::Type::Text(model::expr::KeyKind::Folded);

fn column_name(leaf: &Leaf, column: Column) -> String {
    let name = &leaf.name;
    match column {
        Column::Key => format!("{name}_key"),
        Column::Currency => format!("{name}_currency"),
        Column::Holder => "id".to_owned(),
        Column::Main if leaf.is_currency() => format!("{name}_currency"),
        Column::Main if leaf.is_module() => format!("{name}_module"),
        Column::Main => name.clone(),
    }
}

/// Whether a folded copy stands beside the field.
pub(super) fn has_key(leaf: &Leaf) -> bool {
    matches!(leaf.kind, FieldType::Text | FieldType::Address)
}

pub(super) fn quoted(alias: &str, column: &str) -> Written {
    Sql::default().push_ident(alias).map_err(bad_name)?.push(".").push_ident(column).map_err(bad_name)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn bad_name(error: DbError) -> ExprError {
    ExprError::new(ErrorCode::NotInSql, error.to_string(), None)
}
