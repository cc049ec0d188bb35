//! `in`, `exists` and `all`.

use std::collections::BTreeSet;

use model::Value;
use model::expr::{Depth, KeyKind, Node, Plan, Quantifier, Type};

use super::numbers::{Fitted, fit, scale};
use super::{Mode, Writer, Written};
use crate::db::{Param, Sql};
use crate::schema::columns::param;

impl Writer<'_, '_> {
    /// `item in [items]`.
    pub(super) fn one_of(&mut self, item: &Plan, items: &[Plan], mode: Mode) -> Written {
        if self.is_known_null(item) {
            let nulls = items.iter().map(|other| self.presence(other, false)).collect::<Result<Vec<_>, _>>()?;
            return Ok(any(nulls));
        }
        let known: Option<Vec<Value>> = items.iter().map(|item| self.known(item)).collect();
        let Some(values) = known.filter(|_| !items.iter().any(|item| item.kind == Type::Money)) else {
            let equal =
                items.iter().map(|other| self.equality(item, other, mode, false)).collect::<Result<Vec<_>, _>>()?;
            return Ok(any(equal));
        };
        let mut with_null = false;
        let mut params = Vec::with_capacity(values.len());
        for value in &values {
            match (value, scale(item)) {
                (Value::Null, _) => with_null = true,
                (number, Some(scale)) => {
                    if let Some(Fitted::Same(number)) = fit(number, scale) {
                        params.push(Param::Int(number));
                    }
                }
                (value, None) => params.push(param(value)),
            }
        }
        let listed = if params.is_empty() {
            Sql::new("false")
        } else {
            let listed = mode.guard(Sql::new("(").append(self.value(item)?).push(" in ").bind_list(params).push(")"));
            if mode == Mode::Loose { self.by_key(item, &values, listed)? } else { listed }
        };
        if !with_null {
            return Ok(listed);
        }
        Ok(Sql::new("(").append(listed).push(" or ").append(self.presence(item, false)?).push(")"))
    }

    /// The same with the folded copies of texts, over which an index stands: a text is one of several only if its copy is
    /// one of theirs.
    fn by_key(&mut self, item: &Plan, values: &[Value], listed: Sql) -> Written {
        if !self.has_own_key(item) {
            return Ok(listed);
        }
        let keys: BTreeSet<String> =
            values.iter().filter_map(Value::as_text).map(|text| KeyKind::Folded.key(text).into_owned()).collect();
        let copy = self.key(item, KeyKind::Folded)?;
        Ok(Sql::new("(").append(copy).push(" in ").bind_list(keys).push(" and ").append(listed).push(")"))
    }

    /// `id in my_team()`.
    pub(super) fn in_team(&mut self, id: &Plan, mode: Mode) -> Written {
        let team = &self.cx.env.my_team;
        if team.is_empty() {
            return Ok(Sql::new("false"));
        }
        let sql = Sql::new("(").append(self.value(id)?).push(" in ").bind_list(team.iter().map(|id| id.0));
        Ok(mode.guard(sql.push(")")))
    }

    /// `shows(id, "full")`: it is none of the mailboxes that are closed to the reader.
    pub(super) fn shows(&mut self, of: &Plan, depth: Depth) -> Written {
        let Some(closed) = (self.cx.closed)(depth) else { return Ok(Sql::new("true")) };
        let sql = Sql::new("coalesce(").append(self.value(of)?).push(" not in (").append(closed);
        Ok(sql.push("), true)"))
    }

    /// `"vip" in list`.
    pub(super) fn in_list(&mut self, item: &Plan, list: &Plan, mode: Mode) -> Written {
        if list.kind == Type::Links {
            return self.in_links(item, list, mode);
        }
        let has_column = self.has_own_column(list);
        let (item, list) = (self.value(item)?, self.value(list)?);
        if self.is_sqlite() {
            let name = self.name();
            // Said besides, it lets an index over the records that have such words serve.
            let start = if has_column {
                Sql::new("(").append(list.clone()).push(" is not null and exists (select 1 from json_each(")
            } else {
                Sql::new("(exists (select 1 from json_each(")
            };
            let sql = start.append(list).push(&format!(") as {name} where {name}.value = "));
            return Ok(sql.append(item).push("))"));
        }
        // An index over the column serves it.
        let sql = Sql::new("(").append(list).push(" @> jsonb_build_array(").append(item);
        Ok(mode.guard(sql.push("))")))
    }

    /// `list.exists(t, …)` and `list.all(t, …)`.
    pub(super) fn quantified(&mut self, quantifier: Quantifier, list: &Plan, holds: &Plan, mode: Mode) -> Written {
        if list.kind == Type::Links {
            return self.quantified_links(quantifier, list, holds);
        }
        if let Some(sought) = self.sought(holds).filter(|_| quantifier == Quantifier::Exists) {
            return self.in_list(sought, list, mode);
        }
        let source = self.value(list)?;
        let name = self.name();
        let holds = self.held((name.clone(), "value"), quantifier, holds);
        let start =
            if quantifier == Quantifier::All { "(not exists (select 1 from " } else { "(exists (select 1 from " };
        let (function, columns) =
            if self.is_sqlite() { ("json_each(", "") } else { ("jsonb_array_elements_text(", "(value)") };
        let sql = Sql::new(start).push(function).append(source).push(&format!(") as {name}{columns} where "));
        Ok(sql.append(holds?).push("))"))
    }

    /// The text that `t == "vip"` asks for, where it asks for nothing else of the element at hand.
    fn sought<'p>(&self, holds: &'p Plan) -> Option<&'p Plan> {
        let Node::Equal(left, right) = &holds.node else { return None };
        let is_element = |plan: &Plan| matches!(plan.node, Node::Element(level) if level == self.elements.len());
        let is_text = |plan: &Plan| matches!(self.known(plan), Some(Value::Text(_)));
        match (left.as_ref(), right.as_ref()) {
            (element, text) | (text, element) if is_element(element) && is_text(text) => Some(text),
            _ => None,
        }
    }

    /// What must be found in an element's column: the condition, or for all of them its opposite.
    pub(super) fn held(&mut self, element: (String, &'static str), quantifier: Quantifier, holds: &Plan) -> Written {
        self.elements.push(element);
        let holds = match quantifier {
            Quantifier::Exists => self.condition(holds, Mode::Loose),
            Quantifier::All => {
                let opposite = Plan { node: Node::Not(Box::new(holds.clone())), kind: Type::Bool, at: holds.at };
                self.condition(&opposite, Mode::Loose)
            }
        };
        self.elements.pop();
        holds
    }
}

fn any(conditions: Vec<Sql>) -> Sql {
    let mut sql = Sql::new("(false");
    for condition in conditions {
        sql.push_str(" or ");
        sql.push_sql(condition);
    }
    sql.push(")")
}
