//! Exact numbers: 64-bit digits with a scale. Neither database may overflow into floats or into an error.

use model::Value;
use model::expr::{Arithmetic, Comparison, MONEY_SCALE, Plan, Type, rescale};

use super::{Mode, Writer, Written};
use crate::db::{Param, Sql};

/// The scale in which a plan's value is written; nothing for what is no number.
pub(super) fn scale(plan: &Plan) -> Option<u8> {
    match plan.kind {
        Type::Money => Some(MONEY_SCALE),
        Type::Duration => Some(0),
        kind => kind.scale(),
    }
}

/// A fixed number beside a column of another scale.
pub(super) enum Fitted {
    /// The same number.
    Same(i64),
    /// It lies between this number of the column's scale and the next.
    Above(i64),
    /// It is greater than any.
    TooLarge,
    /// It is less than any.
    TooSmall,
}

/// A fixed number at the scale of a column.
pub(super) fn fit(value: &Value, to: u8) -> Option<Fitted> {
    let (unscaled, from) = match value {
        Value::Int(number) => (*number, 0),
        Value::Decimal { unscaled, scale } => (*unscaled, *scale),
        Value::Money(money) => (money.minor, money.currency.digits()),
        _ => return None,
    };
    Some(match rescale((unscaled, from), to) {
        Some(same) => Fitted::Same(same),
        None if from > to => {
            let factor = 10_i64.checked_pow(u32::from(from - to)).unwrap_or(i64::MAX);
            Fitted::Above(unscaled.div_euclid(factor))
        }
        None if unscaled > 0 => Fitted::TooLarge,
        None => Fitted::TooSmall,
    })
}

impl Writer<'_, '_> {
    /// Null-safe equality of numbers; neither side is known to be null.
    pub(super) fn number_equality(&mut self, left: &Plan, right: &Plan, mode: Mode, not: bool) -> Written {
        let (a, b) = (scale(left).unwrap_or(0), scale(right).unwrap_or(0));
        if self.known(left).is_some() && self.known(right).is_none() {
            return self.number_equality(right, left, mode, not);
        }
        let distinct = if not { " is distinct from " } else { " is not distinct from " };
        if let Some(fitted) = self.known(right).and_then(|value| fit(&value, a)) {
            let Fitted::Same(number) = fitted else { return Ok(Sql::new(if not { "true" } else { "false" })) };
            let sign = if mode == Mode::Loose && !not { " = " } else { distinct };
            return Ok(Sql::new("(").append(self.value(left)?).push(sign).bind(Param::Int(number)).push(")"));
        }
        let (left, right) = (self.value(left)?, self.value(right)?);
        if a == b {
            return Ok(Sql::new("(").append(left).push(distinct).append(right).push(")"));
        }
        if self.is_sqlite() {
            let start = if not { "(not decimal_equal(" } else { "(decimal_equal(" };
            return Ok(Sql::new(start).append(left).push(&format!(", {a}, ")).append(right).push(&format!(", {b}))")));
        }
        let (left, right) = (at_scale(left, a, a.max(b)), at_scale(right, b, a.max(b)));
        Ok(Sql::new("(").append(left).push(distinct).append(right).push(")"))
    }

    /// An order of numbers; of money beside a number, of its amount.
    pub(super) fn number_order(&mut self, comparison: Comparison, left: &Plan, right: &Plan, mode: Mode) -> Written {
        let (a, b) = (scale(left).unwrap_or(0), scale(right).unwrap_or(0));
        if self.known(left).is_some() && self.known(right).is_none() {
            return self.number_order(comparison.mirrored(), right, left, mode);
        }
        let upwards = matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual);
        if let Some(fitted) = self.known(right).and_then(|value| fit(&value, a)) {
            let (sign, number) = match fitted {
                Fitted::Same(number) => (comparison.sign(), number),
                Fitted::Above(number) => (if upwards { ">" } else { "<=" }, number),
                Fitted::TooLarge if upwards => return Ok(Sql::new("false")),
                Fitted::TooSmall if !upwards => return Ok(Sql::new("false")),
                Fitted::TooLarge | Fitted::TooSmall => return self.presence(left, true),
            };
            let sql = Sql::new("(").append(self.value(left)?).push(&format!(" {sign} "));
            return Ok(mode.guard(sql.bind(Param::Int(number)).push(")")));
        }
        let (left, right) = (self.value(left)?, self.value(right)?);
        let sign = format!(" {} ", comparison.sign());
        let sql = if a == b {
            Sql::new("(").append(left).push(&sign).append(right).push(")")
        } else if self.is_sqlite() {
            let sql = Sql::new("(decimal_compare(").append(left).push(&format!(", {a}, ")).append(right);
            sql.push(&format!(", {b}){sign}0)"))
        } else {
            let (left, right) = (at_scale(left, a, a.max(b)), at_scale(right, b, a.max(b)));
            Sql::new("(").append(left).push(&sign).append(right).push(")")
        };
        Ok(mode.guard(sql))
    }

    /// At the scale that a quotient has; other results have that of their sides.
    pub(super) fn arithmetic(&mut self, operation: Arithmetic, left: &Plan, right: &Plan, to: u8) -> Written {
        if left.kind == Type::Money {
            return self.ratio(left, right, to);
        }
        let (a, b) = (scale(left).unwrap_or(0), scale(right).unwrap_or(0));
        let (left, right) = (self.value(left)?, self.value(right)?);
        Ok(self.calculated(operation, (left, a), (right, b), to))
    }

    /// The digits of the result, null where they do not fit into 64 bits.
    pub(super) fn calculated(
        &mut self,
        operation: Arithmetic,
        (left, a): (Sql, u8),
        (right, b): (Sql, u8),
        to: u8,
    ) -> Sql {
        if self.is_sqlite() {
            let function = match operation {
                Arithmetic::Add => "decimal_add(",
                Arithmetic::Subtract => "decimal_subtract(",
                Arithmetic::Multiply => "decimal_multiply(",
                Arithmetic::Divide => "decimal_divide(",
            };
            let sql = Sql::new(function).append(left).push(&format!(", {a}, ")).append(right);
            return sql.push(&format!(", {b}, {to})"));
        }
        let scale = a.max(b);
        let (sign, left, right) = match operation {
            Arithmetic::Add => (" + ", at_scale(left, a, scale), at_scale(right, b, scale)),
            Arithmetic::Subtract => (" - ", at_scale(left, a, scale), at_scale(right, b, scale)),
            Arithmetic::Multiply => (" * ", at_scale(left, a, a), at_scale(right, b, b)),
            Arithmetic::Divide => {
                let quotient = self.quotient(at_scale(left, a, to.saturating_add(b)), at_scale(right, b, b));
                return self.within_64_bits(quotient);
            }
        };
        self.within_64_bits(left.push(sign).append(right))
    }

    /// PostgreSQL's whole quotient of exact numbers, rounded half away from zero; null of zero.
    pub(super) fn quotient(&mut self, dividend: Sql, divisor: Sql) -> Sql {
        let name = self.name();
        let head = format!(
            "(select sign({name}.n) * sign({name}.d) * div(2 * abs({name}.n) + abs({name}.d), nullif(2 * abs({name}.d), 0)) \
             from (select "
        );
        let sql = Sql::new(head).append(dividend).push(" as n, ").append(divisor);
        sql.push(&format!(" as d offset 0) as {name})"))
    }

    /// PostgreSQL's exact number as digits; null where they do not fit.
    pub(super) fn within_64_bits(&mut self, number: Sql) -> Sql {
        let name = self.name();
        let head = format!(
            "(select case when {name}.v between {} and {} then {name}.v::bigint end from (select ",
            i64::MIN,
            i64::MAX
        );
        // Kept apart: put in where it is named, the sum would be planned three times, and nine in the next one.
        Sql::new(head).append(number).push(&format!(" as v offset 0) as {name})"))
    }
}

/// PostgreSQL's exact number with more digits after the point.
fn at_scale(number: Sql, from: u8, to: u8) -> Sql {
    let zeros = "0".repeat(usize::from(to.saturating_sub(from)));
    Sql::new("((").append(number).push(&format!(")::numeric * 1{zeros})"))
}
