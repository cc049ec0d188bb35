//! Lists of links: asked in the rows of their tables.

use model::expr::{Node, Plan, Quantifier};

use super::paths::{Column, bad_name, quoted};
use super::{Mode, Writer, Written};
use crate::db::Sql;
use crate::schema::link_table;

/// The links of one record.
pub(super) struct LinkRows {
    /// ` from "…" as name`.
    from: Sql,
    /// The name of the table.
    name: String,
    /// The id of the record that links.
    record: Sql,
}

impl LinkRows {
    /// `select`, and of which record.
    fn select(self, what: &str) -> Written {
        let of_record = quoted(&self.name, "record")?.push(" = ").append(self.record);
        Ok(Sql::new(format!("(select {what}")).append(self.from).push(" where ").append(of_record))
    }
}

impl Writer<'_, '_> {
    /// What `ask` makes of the links that `list` stands for: of one of two lists, those of the chosen one. `none` where
    /// there are none for sure.
    fn over_links(&mut self, list: &Plan, none: &str, ask: &mut dyn FnMut(&mut Self, LinkRows) -> Written) -> Written {
        self.count(list)?;
        match &list.node {
            Node::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let sql = Sql::new("(case when ").append(self.condition(condition, Mode::Loose)?);
                let sql = sql.push(" then ").append(self.over_links(then, none, ask)?);
                Ok(sql.push(" else ").append(self.over_links(otherwise, none, ask)?).push(" end)"))
            }
            Node::Field(path) => {
                let Some(record) = self.end(path, Column::Holder)? else { return Ok(Sql::new(none.to_owned())) };
                let table = link_table(&path.holder(self.cx.module).name, &path.leaf.name);
                let name = self.name();
                let from = Sql::new(" from ").push_ident(&table).map_err(bad_name)?.push(" as ");
                let from = from.push_ident(&name).map_err(bad_name)?;
                ask(self, LinkRows { from, name, record })
            }
            _ => Ok(Sql::new(none.to_owned())),
        }
    }

    /// `has(links)`: true or false, never null.
    pub(super) fn has_links(&mut self, list: &Plan) -> Written {
        self.over_links(list, "false", &mut |_, rows| Ok(Sql::new("exists ").append(rows.select("1")?).push(")")))
    }

    /// `size(links)`.
    pub(super) fn count_links(&mut self, list: &Plan) -> Written {
        let none = if self.is_sqlite() { "0" } else { "0::bigint" };
        self.over_links(list, none, &mut |_, rows| Ok(rows.select("count(*)")?.push(")")))
    }

    /// `"…" in links`.
    pub(super) fn in_links(&mut self, item: &Plan, list: &Plan, mode: Mode) -> Written {
        if self.is_known_null(item) {
            return Ok(Sql::new("false"));
        }
        let target = self.value(item)?;
        let is_known = self.known(item).is_some();
        self.over_links(list, "false", &mut |_, rows| {
            let column = quoted(&rows.name, "target")?;
            if !is_known {
                let sql = Sql::new("exists ").append(rows.select("1")?).push(" and ").append(column);
                return Ok(sql.push(" = ").append(target.clone()).push(")"));
            }
            // From the other side, which has an index: few records link to one, whoever has many.
            let sql = Sql::new("(").append(rows.record).push(" in (select ").append(quoted(&rows.name, "record")?);
            let sql = sql.append(rows.from).push(" where ").append(column).push(" = ").append(target.clone());
            Ok(mode.guard(sql.push("))")))
        })
    }

    /// `links.exists(x, …)` and `links.all(x, …)`.
    pub(super) fn quantified_links(&mut self, quantifier: Quantifier, list: &Plan, holds: &Plan) -> Written {
        let (start, none) = match quantifier {
            Quantifier::Exists => ("(exists ", "false"),
            Quantifier::All => ("(not exists ", "true"),
        };
        self.over_links(list, none, &mut |writer, rows| {
            let holds = writer.held((rows.name.clone(), "target"), quantifier, holds)?;
            Ok(Sql::new(start).append(rows.select("1")?).push(" and ").append(holds).push("))"))
        })
    }
}
