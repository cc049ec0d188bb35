//! Keys of texts, and one text inside another.

use model::Value;
use model::expr::{KeyKind, Node, Plan, Start, TextTest, Type};

use super::paths::{Column, has_key};
use super::{Mode, Writer, Written, refused};
use crate::db::Sql;

impl Writer<'_, '_> {
    /// The key of a text: what it is ordered by and searched inside.
    pub(super) fn key(&mut self, plan: &Plan, kind: KeyKind) -> Written {
        self.count(plan)?;
        if let Some(value) = self.known(plan) {
            return Ok(match value.as_text() {
                Some(text) => Sql::default().bind(kind.key(text).into_owned()),
                None => self.null(Type::Text(kind)),
            });
        }
        match (&plan.node, kind) {
            (Node::Field(path), KeyKind::Folded | KeyKind::Free) if has_key(&path.leaf) => {
                self.field(plan, Column::Key)
            }
            (Node::Derived(path, _), _) if self.is_hidden(path) => Ok(self.null(plan.kind)),
            (Node::Derived(_, of), _) => self.key(of, kind),
            (Node::If(parts), _) => self.choice(parts, plan.kind, |writer, part| writer.key(part, kind)),
            (_, KeyKind::Plain) if plan.kind == Type::Text(KeyKind::Plain) => {
                // By bytes in both databases, and only Latin letters lowered.
                let end = if self.is_sqlite() { ")" } else { " collate \"C\")" };
                Ok(Sql::new("lower(").append(self.value(plan)?).push(end))
            }
            _ => Err(refused("this text has no stored key to search in or to order by: use a text field alone", plan)),
        }
    }

    /// Whether it is a field of the record itself beside which a folded copy stands.
    pub(super) fn has_own_key(&self, plan: &Plan) -> bool {
        self.has_own_column(plan) && matches!(&plan.node, Node::Field(path) if has_key(&path.leaf))
    }

    /// Whether it is a field of the record itself that the reader may see.
    pub(super) fn has_own_column(&self, plan: &Plan) -> bool {
        match &plan.node {
            Node::Field(path) => path.hops.is_empty() && path.start == Start::Record && !self.is_hidden(path),
            _ => false,
        }
    }

    /// `text.contains(part)` and its kin: false with null.
    pub(super) fn text_test(&mut self, test: TextTest, text: &Plan, part: &Plan, mode: Mode) -> Written {
        let (Type::Text(a), Type::Text(b)) = (text.kind, part.kind) else { return Ok(Sql::new("false")) };
        let kind = a.with(b);
        let key = self.key(text, kind)?;
        self.may_repeat(&key, text)?;
        if test == TextTest::StartsWith
            && let Some(Value::Text(part)) = self.known(part)
            && let Some(end) = after(&kind.key(&part))
        {
            // A range, which an index over the key serves.
            let sql = Sql::new("(").append(key.clone()).push(" >= ").bind(kind.key(&part).into_owned());
            return Ok(mode.guard(sql.push(" and ").append(key).push(" < ").bind(end).push(")")));
        }
        let plan = part;
        let part = self.key(plan, kind)?;
        self.may_repeat(&part, plan)?;
        let find = if self.is_sqlite() { "(instr(" } else { "(strpos(" };
        let sql = match test {
            TextTest::Contains => Sql::new(find).append(key).push(", ").append(part).push(") > 0)"),
            TextTest::StartsWith => {
                let sql = Sql::new("(substr(").append(key).push(", 1, length(").append(part.clone());
                sql.push(")) = ").append(part).push(")")
            }
            TextTest::EndsWith if self.is_sqlite() => {
                let sql = Sql::new("(substr(").append(key.clone()).push(", length(").append(key).push(") - length(");
                sql.append(part.clone()).push(") + 1) = ").append(part).push(")")
            }
            TextTest::EndsWith => {
                let sql = Sql::new("(right(").append(key).push(", length(").append(part.clone());
                sql.push(")) = ").append(part).push(")")
            }
        };
        Ok(mode.guard(sql))
    }
}

/// The least text that is greater than every text with this beginning; nothing for the empty one.
fn after(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}
