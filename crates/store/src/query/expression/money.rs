//! Amounts: a number of scale 4 and a currency beside it.

use model::Value;
use model::expr::{Arithmetic, Comparison, ExprError, Node, Plan, Type};

use super::numbers::scale;
use super::paths::Column;
use super::roll_up::units as units_of;
use super::{Mode, Writer, Written, refused};
use crate::db::Sql;

/// An amount × 10⁴ and its currency. Where the amount is null, the value is, whatever the currency says.
pub(super) struct MoneySql {
    pub(super) amount: Sql,
    pub(super) currency: Sql,
}

impl Writer<'_, '_> {
    pub(super) fn money(&mut self, plan: &Plan) -> Result<MoneySql, ExprError> {
        self.count(plan)?;
        match self.known(plan) {
            Some(Value::Money(money)) => {
                let currency = Sql::default().bind(money.currency.code());
                return Ok(MoneySql { amount: self.constant(plan)?, currency });
            }
            Some(_) => {
                let text = Type::Text(model::expr::KeyKind::Plain);
                return Ok(MoneySql { amount: self.null(Type::Money), currency: self.null(text) });
            }
            None => {}
        }
        match &plan.node {
            Node::Field(_) => {
                Ok(MoneySql { amount: self.field(plan, Column::Main)?, currency: self.field(plan, Column::Currency)? })
            }
            Node::Derived(path, _) if self.is_hidden(path) => {
                let text = Type::Text(model::expr::KeyKind::Plain);
                Ok(MoneySql { amount: self.null(Type::Money), currency: self.null(text) })
            }
            Node::Derived(_, of) => self.money(of),
            Node::If(parts) => Ok(MoneySql {
                amount: self.choice(parts, plan.kind, |writer, part| Ok(writer.money(part)?.amount))?,
                currency: self.choice(parts, plan.kind, |writer, part| Ok(writer.money(part)?.currency))?,
            }),
            Node::Arithmetic(operation @ (Arithmetic::Multiply | Arithmetic::Divide), money, number) => {
                let money = self.money(money)?;
                let number_scale = scale(number).unwrap_or(0);
                let number = self.value(number)?;
                self.may_repeat(&money.currency, plan)?;
                let amount = match (operation, number_scale) {
                    (Arithmetic::Multiply, 0) => self.calculated(*operation, (money.amount, 0), (number, 0), 0),
                    _ => self.share(*operation, money.amount, &money.currency, (number, number_scale)),
                };
                Ok(MoneySql { amount, currency: money.currency })
            }
            Node::Arithmetic(operation, left, right) => {
                let (left, right) = (self.money(left)?, self.money(right)?);
                self.may_repeat(&left.currency, plan)?;
                self.may_repeat(&right.currency, plan)?;
                let same = Sql::new("(case when ").append(left.currency.clone()).push(" = ").append(right.currency);
                let currency = same.clone().push(" then ").append(left.currency).push(" end)");
                let sum = self.calculated(*operation, (left.amount, 0), (right.amount, 0), 0);
                Ok(MoneySql { amount: same.push(" then ").append(sum).push(" end)"), currency })
            }
            _ => Err(refused("this amount cannot become SQL", plan)),
        }
    }

    /// An amount times a number or divided by one, rounded to the least part of its currency.
    fn share(&mut self, operation: Arithmetic, amount: Sql, currency: &Sql, (number, scale): (Sql, u8)) -> Sql {
        if self.is_sqlite() {
            let function = if operation == Arithmetic::Divide { "money_part(" } else { "money_times(" };
            let sql = Sql::new(function).append(amount).push(", ").append(currency.clone()).push(", ");
            return sql.append(number).push(&format!(", {scale})"));
        }
        let of = self.name();
        let ten = format!("1{}", "0".repeat(scale.into()));
        let (times, by) = match operation {
            Arithmetic::Divide => (ten, format!("{of}.n")),
            _ => (format!("{of}.n"), ten),
        };
        let units =
            self.quotient(Sql::new(format!("{of}.a::numeric * {times}")), Sql::new(format!("{by}::numeric * {of}.u")));
        let shares = Sql::new("(select ").append(units).push(&format!(" * {of}.u from (select ")).append(amount);
        let shares = shares.push(" as a, ").append(number).push(" as n, ").append(units_of(currency));
        self.within_64_bits(shares.push(&format!(" as u offset 0) as {of})")))
    }

    /// How often one amount goes into another of the same currency.
    pub(super) fn ratio(&mut self, left: &Plan, right: &Plan, to: u8) -> Written {
        let (left, right) = (self.money(left)?, self.money(right)?);
        let same = Sql::new("(case when ").append(left.currency).push(" = ").append(right.currency).push(" then ");
        let ratio = self.calculated(Arithmetic::Divide, (left.amount, 0), (right.amount, 0), to);
        Ok(same.append(ratio).push(" end)"))
    }

    /// Null-safe; `right` is not known to be null.
    pub(super) fn money_equality(&mut self, left: &Plan, right: &Plan, mode: Mode, not: bool) -> Written {
        let plain = mode == Mode::Loose && self.known(right).is_some();
        let plan = left;
        let (left, right) = (self.money(left)?, self.money(right)?);
        self.may_repeat(&left.amount, plan)?;
        let sql = if plain {
            let sql = Sql::new("(").append(left.amount).push(" = ").append(right.amount);
            sql.push(" and ").append(left.currency).push(" = ").append(right.currency).push(")")
        } else {
            let sql = Sql::new("(").append(left.amount.clone()).push(" is not distinct from ").append(right.amount);
            let sql = sql.push(" and (").append(left.amount).push(" is null or ").append(left.currency);
            sql.push(" = ").append(right.currency).push("))")
        };
        Ok(if not { Sql::new("(not ").append(sql).push(")") } else { sql })
    }

    pub(super) fn money_order(&mut self, comparison: Comparison, left: &Plan, right: &Plan, mode: Mode) -> Written {
        let (left, right) = (self.money(left)?, self.money(right)?);
        let sql = Sql::new("(").append(left.amount).push(&format!(" {} ", comparison.sign())).append(right.amount);
        Ok(mode.guard(sql.push(" and ").append(left.currency).push(" = ").append(right.currency).push(")")))
    }
}
