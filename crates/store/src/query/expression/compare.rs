//! Equality and order, by type.

use model::expr::{Comparison, KeyKind, Plan, Type};

use super::{Mode, Writer, Written};
use crate::db::Sql;

impl Writer<'_, '_> {
    /// `left == right`, or with `not` the opposite.
    pub(super) fn equality(&mut self, left: &Plan, right: &Plan, mode: Mode, not: bool) -> Written {
        if self.is_known_null(right) {
            return self.presence(left, not);
        }
        if self.is_known_null(left) {
            return self.presence(right, not);
        }
        match (left.kind, right.kind) {
            (Type::Money, Type::Money) if self.known(left).is_some() => self.money_equality(right, left, mode, not),
            (Type::Money, Type::Money) => self.money_equality(left, right, mode, not),
            (Type::Bool, Type::Bool) => self.plain_equality(left, right, mode, not),
            (Type::Text(_), Type::Text(_)) if !not && mode == Mode::Loose => self.text_equality(left, right),
            _ if super::numbers::scale(left).is_some() => self.number_equality(left, right, mode, not),
            _ => self.plain_equality(left, right, mode, not),
        }
    }

    /// Equality of texts. An index stands over the folded copy of a text, so that is compared too: equal texts have equal
    /// copies.
    fn text_equality(&mut self, left: &Plan, right: &Plan) -> Written {
        if self.known(left).is_some() && self.known(right).is_none() {
            return self.text_equality(right, left);
        }
        let equal = self.plain_equality(left, right, Mode::Loose, false)?;
        if self.known(right).is_none() || !self.has_own_key(left) {
            return Ok(equal);
        }
        let (copy, wanted) = (self.key(left, KeyKind::Folded)?, self.key(right, KeyKind::Folded)?);
        Ok(Sql::new("(").append(copy).push(" = ").append(wanted).push(" and ").append(equal).push(")"))
    }

    fn plain_equality(&mut self, left: &Plan, right: &Plan, mode: Mode, not: bool) -> Written {
        if self.known(left).is_some() && self.known(right).is_none() {
            return self.plain_equality(right, left, mode, not);
        }
        let sign = match (not, mode) {
            (true, _) => " is distinct from ",
            (false, Mode::Loose) if self.known(right).is_some() => " = ",
            (false, _) => " is not distinct from ",
        };
        Ok(Sql::new("(").append(self.value(left)?).push(sign).append(self.value(right)?).push(")"))
    }

    /// `left < right` and its kin: false with null.
    pub(super) fn order(&mut self, comparison: Comparison, left: &Plan, right: &Plan, mode: Mode) -> Written {
        if self.is_known_null(left) || self.is_known_null(right) {
            return Ok(Sql::new("false"));
        }
        match (left.kind, right.kind) {
            (Type::Money, Type::Money) => self.money_order(comparison, left, right, mode),
            (Type::Text(a), Type::Text(b)) => {
                let kind = a.with(b);
                let (left, right) = (self.key(left, kind)?, self.key(right, kind)?);
                let sql = Sql::new("(").append(left).push(&format!(" {} ", comparison.sign())).append(right);
                Ok(mode.guard(sql.push(")")))
            }
            _ if super::numbers::scale(left).is_some() => self.number_order(comparison, left, right, mode),
            _ => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let sql = Sql::new("(").append(left).push(&format!(" {} ", comparison.sign())).append(right);
                Ok(mode.guard(sql.push(")")))
            }
        }
    }
}
