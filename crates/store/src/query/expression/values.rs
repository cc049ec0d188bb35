//! Values: literals become parameters, everything else columns and what is made of them.

use model::Value;
use model::expr::{Arithmetic, FIRST_INSTANT, LAST_INSTANT, Node, Plan, Type, Unit};

use super::paths::Column;
use super::{Mode, Nowhere, Writer, Written, numbers, refused};
use crate::db::{Param, Sql};
use crate::schema::columns::{param, scaled};

/// Microseconds of a day.
const DAY: &str = "86400000000";

impl Writer<'_, '_> {
    /// The value of the plan, null where it has none. Of money the amount × 10⁴.
    pub(super) fn value(&mut self, plan: &Plan) -> Written {
        self.count(plan)?;
        if plan.kind == Type::Null || plan.is_constant() {
            return self.constant(plan);
        }
        match &plan.node {
            _ if plan.kind == Type::Money => Ok(self.money(plan)?.amount),
            _ if plan.kind == Type::Links => {
                Err(refused("a list of links is asked with in, exists, all, size and has", plan))
            }
            Node::Derived(path, _) if self.is_hidden(path) => Ok(self.null(plan.kind)),
            Node::Derived(_, of) => self.value(of),
            Node::Field(_) => self.field(plan, Column::Main),
            Node::Element(level) => self.element(*level),
            Node::If(parts) => self.choice(parts, plan.kind, Self::value),
            Node::Arithmetic(operation, left, right) => {
                self.arithmetic(*operation, left, right, numbers::scale(plan).unwrap_or(0))
            }
            Node::Rescale(of) => {
                let zero = Plan { node: Node::Literal(Value::Int(0)), kind: plan.kind, at: plan.at };
                self.arithmetic(Arithmetic::Add, of, &zero, 0)
            }
            Node::Join(left, right) => {
                Ok(Sql::new("(").append(self.value(left)?).push(" || ").append(self.value(right)?).push(")"))
            }
            Node::Shift(of, by) => self.shift(of, by),
            Node::Since(left, right) => self.since(left, right),
            Node::Calendar(unit, of) => self.calendar(*unit, of),
            Node::Size(of) => self.size(of),
            Node::Within(..) => {
                Err(refused("what stands inside JSON is read in memory alone, by rules and guards", plan))
            }
            Node::StartOfDay(_) | Node::Literal(_) | Node::Now | Node::Today | Node::Start(..) | Node::Me => {
                self.constant(plan)
            }
            _ => self.condition(plan, Mode::Exact),
        }
    }

    /// What the plan is for every record, as a parameter.
    pub(super) fn constant(&self, plan: &Plan) -> Written {
        let value = plan.raw(&Nowhere, self.cx.env);
        Ok(match &value {
            Value::Null => self.null(plan.kind),
            Value::Money(money) => {
                let amount = scaled(*money).map_err(|error| refused(error.to_string(), plan))?;
                Sql::default().bind(Param::Int(amount))
            }
            value => Sql::default().bind(param(value)),
        })
    }

    /// The value of a plan that does not depend on the record.
    pub(super) fn known(&self, plan: &Plan) -> Option<Value> {
        match plan.kind {
            Type::Null => Some(Value::Null),
            _ => plan.is_constant().then(|| plan.raw(&Nowhere, self.cx.env)),
        }
    }

    /// Whether the plan is null for every record.
    pub(super) fn is_known_null(&self, plan: &Plan) -> bool {
        self.known(plan).is_some_and(|value| value.is_null())
    }

    /// Null, of a type that PostgreSQL wants to know.
    pub(super) fn null(&self, kind: Type) -> Sql {
        if self.is_sqlite() {
            return Sql::new("null");
        }
        Sql::new(match kind {
            Type::Bool => "null::boolean",
            Type::Int | Type::Decimal { .. } | Type::Money | Type::Duration => "null::bigint",
            Type::Text(_) | Type::Time | Type::Opaque | Type::Null => "null::text",
            Type::Date => "null::date",
            Type::Instant => "null::timestamptz",
            Type::Id | Type::Links => "null::uuid",
            Type::List => "null::jsonb",
        })
    }

    /// A `case` over the two results, each written by `write`; a null among them gets the type of the whole.
    pub(super) fn choice(
        &mut self,
        parts: &[Plan; 3],
        kind: Type,
        write: impl Fn(&mut Self, &Plan) -> Written,
    ) -> Written {
        let null = Plan { node: Node::Literal(Value::Null), kind, at: None };
        let [condition, then, otherwise] = parts;
        let typed = |part| if matches!(part, &Plan { kind: Type::Null, .. }) { &null } else { part };
        let (then, otherwise) = (typed(then), typed(otherwise));
        let sql = Sql::new("(case when ").append(self.condition(condition, Mode::Loose)?);
        let sql = sql.push(" then ").append(write(self, then)?);
        Ok(sql.push(" else ").append(write(self, otherwise)?).push(" end)"))
    }

    fn shift(&mut self, of: &Plan, by: &Plan) -> Written {
        let (value, micros) = (self.value(of)?, self.value(by)?);
        if self.is_sqlite() {
            let function = if of.kind == Type::Date { "date_shift(" } else { "instant_shift(" };
            return Ok(Sql::new(function).append(value).push(", ").append(micros).push(")"));
        }
        let name = self.name();
        // Counted in whole numbers and checked before it becomes a date: the server fails where a date does not fit.
        if of.kind == Type::Date {
            let head = format!(
                "(select case when {name}.m % {DAY} = 0 and {name}.d + {name}.m / {DAY} between 0 and 3652058 \
                 then date '0001-01-01' + ({name}.d + {name}.m / {DAY})::int end from (select "
            );
            let sql = Sql::new(head).append(value).push(" - date '0001-01-01' as d, (").append(micros);
            return Ok(sql.push(&format!(")::bigint as m offset 0) as {name})")));
        }
        let head = format!(
            "(select case when {name}.v between {FIRST_INSTANT} and {LAST_INSTANT} then \
             (timestamp '1970-01-01' + make_interval(days => floor({name}.v / {DAY})::int) \
             + ({name}.v - floor({name}.v / {DAY}) * {DAY})::float8 * interval '1 microsecond') at time zone 'UTC' \
             end from (select extract(epoch from "
        );
        let sql = Sql::new(head).append(value).push(") * 1000000 + (").append(micros);
        Ok(sql.push(&format!(")::numeric as v offset 0) as {name})")))
    }

    fn since(&mut self, left: &Plan, right: &Plan) -> Written {
        let (left, right) = (self.value(left)?, self.value(right)?);
        if self.is_sqlite() {
            return Ok(Sql::new("(").append(left).push(" - ").append(right).push(")"));
        }
        let sql = Sql::new("((extract(epoch from ").append(left).push(") - extract(epoch from ").append(right);
        Ok(sql.push(")) * 1000000)::bigint"))
    }

    fn calendar(&mut self, unit: Unit, of: &Plan) -> Written {
        let day = if of.kind == Type::Date { self.value(of)? } else { self.day(of)? };
        let (before, after) = match (unit, self.is_sqlite()) {
            (Unit::Day, _) => return Ok(day),
            (Unit::Month, true) => ("substr(", ", 1, 7)"),
            (Unit::Year, true) => ("cast(substr(", ", 1, 4) as integer)"),
            (Unit::Month, false) => ("to_char(", ", 'YYYY-MM')"),
            (Unit::Year, false) => ("extract(year from ", ")::bigint"),
        };
        Ok(Sql::new(before).append(day).push(after))
    }

    /// The day of an instant. The zone stands in the text, so that the same expression groups and indexes.
    fn day(&mut self, of: &Plan) -> Written {
        let zone = self.cx.env.zone.iana_name().filter(|name| {
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'+' | b'-'))
        });
        let Some(zone) = zone.map(str::to_owned) else {
            return Err(refused("the time zone of the workspace has no name in the IANA database", of));
        };
        let instant = self.value(of)?;
        if self.is_sqlite() {
            return Ok(Sql::new("calendar_day(").append(instant).push(&format!(", '{zone}')")));
        }
        Ok(Sql::new("(").append(instant).push(&format!(" at time zone '{zone}')::date")))
    }

    fn size(&mut self, of: &Plan) -> Written {
        if of.kind == Type::Links {
            return self.count_links(of);
        }
        let function = match (of.kind, self.is_sqlite()) {
            (Type::List, true) => "json_array_length(",
            (Type::List, false) => "jsonb_array_length(",
            _ => "length(",
        };
        let cast = if self.is_sqlite() { "" } else { "::bigint" };
        Ok(Sql::new("coalesce(").push(function).append(self.value(of)?).push("), 0)").push(cast))
    }
}
