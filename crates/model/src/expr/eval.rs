//! Works a plan out for one record, in memory.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::SignedDuration;

use super::calendar::{day_of, shift_date, shift_instant, start_of, start_of_day, unit};
use super::number::divide;
use super::text::KeyKind;
use super::within::within;
use super::{
    Arithmetic, Env, MONEY_SCALE, Node, Path, Plan, Quantifier, Scope, Start, TextTest, Type, arithmetic, compare,
    rescale, share,
};
use crate::{Money, Value};

impl Plan {
    /// The value of the expression; a duration as its ISO 8601 text.
    #[must_use]
    pub fn eval(&self, scope: &dyn Scope, env: &Env) -> Value {
        let value = Run { scope, env, elements: Vec::new() }.value(self).into_owned();
        match value {
            Value::Int(micros) if self.kind == Type::Duration => {
                Value::Text(SignedDuration::from_micros(micros).to_string())
            }
            value => value,
        }
    }

    /// The value as comparing and computing sees it: a duration is a whole number of microseconds.
    #[must_use]
    pub fn raw(&self, scope: &dyn Scope, env: &Env) -> Value {
        Run { scope, env, elements: Vec::new() }.value(self).into_owned()
    }

    /// Whether the condition holds; what is no condition never does.
    #[must_use]
    pub fn test(&self, scope: &dyn Scope, env: &Env) -> bool {
        Run { scope, env, elements: Vec::new() }.holds(self)
    }
}

struct Run<'a> {
    scope: &'a dyn Scope,
    env: &'a Env,
    /// The elements that quantifiers around look at, outermost first: texts or ids.
    elements: Vec<Value>,
}

impl<'a> Run<'a> {
    fn holds(&mut self, plan: &'a Plan) -> bool {
        match &plan.node {
            Node::Has(of) => !self.value(of).is_null(),
            Node::Not(of) => !self.holds(of),
            Node::All(parts) => parts.iter().all(|part| self.holds(part)),
            Node::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Node::Equal(left, right) => equal(&self.value(left), &self.value(right)),
            Node::Order(comparison, left, right) => {
                let key = key_kind(left, right);
                order(&self.value(left), &self.value(right), key).is_some_and(|ordering| comparison.holds(ordering))
            }
            Node::OneOf(item, items) => {
                let item = self.value(item);
                items.iter().any(|other| equal(&item, &self.value(other)))
            }
            // The product judges in memory, and nothing is closed to it.
            Node::Shows(..) => true,
            Node::InTeam(id) => self.value(id).as_id().is_some_and(|id| self.env.my_team.contains(&id)),
            Node::InList(item, list) => match (self.value(item).as_ref(), self.value(list).as_ref()) {
                (Value::Text(item), Value::List(items)) => items.contains(item),
                (item, Value::Ids(ids)) => item.as_id().is_some_and(|id| ids.contains(&id)),
                _ => false,
            },
            Node::Quantified(quantifier, list, condition) => self.quantified(*quantifier, list, condition),
            Node::Text(test, text, part) => {
                let key = key_kind(text, part);
                match (self.value(text).as_ref(), self.value(part).as_ref()) {
                    (Value::Text(text), Value::Text(part)) => {
                        let (text, part) = (key.key(text), key.key(part));
                        match test {
                            TextTest::Contains => text.contains(part.as_ref()),
                            TextTest::StartsWith => text.starts_with(part.as_ref()),
                            TextTest::EndsWith => text.ends_with(part.as_ref()),
                        }
                    }
                    _ => false,
                }
            }
            _ => self.value(plan).is_true(),
        }
    }

    fn quantified(&mut self, quantifier: Quantifier, list: &'a Plan, condition: &'a Plan) -> bool {
        let list = self.value(list);
        let items: Vec<Value> = match list.as_ref() {
            Value::List(items) => items.iter().cloned().map(Value::Text).collect(),
            Value::Ids(ids) => ids.iter().copied().map(Value::Id).collect(),
            _ => Vec::new(),
        };
        let mut test = |item: Value| {
            self.elements.push(item);
            let holds = self.holds(condition);
            self.elements.pop();
            holds
        };
        match quantifier {
            Quantifier::Exists => items.into_iter().any(&mut test),
            Quantifier::All => items.into_iter().all(&mut test),
        }
    }

    fn value(&mut self, plan: &'a Plan) -> Cow<'a, Value> {
        let value = match &plan.node {
            Node::Literal(value) => return Cow::Borrowed(value),
            Node::Field(path) => return self.field(path),
            Node::Derived(_, of) => return self.value(of),
            Node::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                return if self.holds(condition) { self.value(then) } else { self.value(otherwise) };
            }
            _ => self.made(plan),
        };
        Cow::Owned(value.unwrap_or(Value::Null))
    }

    fn field(&self, path: &Path) -> Cow<'a, Value> {
        match &path.start {
            Start::Record => self.scope.value(path),
            Start::Element { level, target } => match self.elements.get(*level).and_then(Value::as_id) {
                Some(id) => self.scope.value_of(target, id, path),
                None => Cow::Owned(Value::Null),
            },
        }
    }

    fn made(&mut self, plan: &'a Plan) -> Option<Value> {
        Some(match &plan.node {
            Node::Element(level) => self.elements.get(*level)?.clone(),
            // Kept to the microsecond, like every instant of a record.
            Node::Now => Value::Instant(shift_instant(self.env.now, 0)?),
            Node::Today => Value::Date(day_of(self.env.now, &self.env.zone)),
            Node::Start(period, by) => Value::Date(start_of(*period, *by, day_of(self.env.now, &self.env.zone))?),
            Node::Me => Value::Id(self.env.me?),
            Node::Arithmetic(operation, left, right) => {
                calculate(*operation, &self.value(left), &self.value(right), plan.kind)?
            }
            Node::Rescale(of) => {
                let scale = plan.kind.scale()?;
                number_value(rescale(number(&self.value(of))?, scale)?, scale)
            }
            Node::Join(left, right) => match (self.value(left).as_ref(), self.value(right).as_ref()) {
                (Value::Text(left), Value::Text(right)) => Value::Text(format!("{left}{right}")),
                _ => return None,
            },
            Node::Shift(of, by) => {
                let by = self.value(by).as_int()?;
                match self.value(of).as_ref() {
                    Value::Instant(instant) => Value::Instant(shift_instant(*instant, by)?),
                    Value::Date(date) => Value::Date(shift_date(*date, by)?),
                    _ => return None,
                }
            }
            Node::Since(left, right) => {
                let (left, right) = (self.value(left).as_instant()?, self.value(right).as_instant()?);
                Value::Int(left.as_microsecond() - right.as_microsecond())
            }
            Node::StartOfDay(date) => Value::Instant(start_of_day(self.value(date).as_date()?, &self.env.zone)?),
            Node::Calendar(wanted, of) => match self.value(of).as_ref() {
                Value::Instant(instant) => unit(*wanted, day_of(*instant, &self.env.zone)),
                Value::Date(date) => unit(*wanted, *date),
                _ => return None,
            },
            Node::Size(of) => Value::Int(match self.value(of).as_ref() {
                Value::Text(text) => i64::try_from(text.chars().count()).ok()?,
                Value::List(items) => i64::try_from(items.len()).ok()?,
                Value::Ids(ids) => i64::try_from(ids.len()).ok()?,
                _ => 0,
            }),
            Node::Within(wanted, of, way) => match self.value(of).as_ref() {
                Value::Json(json) => within(*wanted, json, way)?,
                _ => return None,
            },
            _ => Value::Bool(self.holds_made(plan)),
        })
    }

    /// The conditions that [`Run::holds`] works out itself.
    fn holds_made(&mut self, plan: &'a Plan) -> bool {
        !matches!(plan.node, Node::Literal(_) | Node::Field(_) | Node::If(_)) && self.holds(plan)
    }
}

fn key_kind(left: &Plan, right: &Plan) -> KeyKind {
    match (left.kind, right.kind) {
        (Type::Text(left), Type::Text(right)) => left.with(right),
        _ => KeyKind::Folded,
    }
}

fn number(value: &Value) -> Option<(i64, u8)> {
    match value {
        Value::Int(number) => Some((*number, 0)),
        Value::Decimal { unscaled, scale } => Some((*unscaled, *scale)),
        _ => None,
    }
}

fn number_value(unscaled: i64, scale: u8) -> Value {
    if scale == 0 { Value::Int(unscaled) } else { Value::Decimal { unscaled, scale } }
}

/// A number, or an amount of whatever currency.
fn amount(value: &Value) -> Option<(i64, u8)> {
    match value {
        Value::Money(money) => Some((money.minor, money.currency.digits())),
        other => number(other),
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Money(left), Value::Money(right)) => left == right,
        (Value::Instant(left), Value::Instant(right)) => left.as_microsecond() == right.as_microsecond(),
        (Value::Text(left), Value::Text(right)) => left == right,
        _ => match (amount(left), amount(right), left.as_id(), right.as_id()) {
            (Some(left), Some(right), ..) => compare(left, right).is_eq(),
            (_, _, Some(left), Some(right)) => left == right,
            _ => left == right,
        },
    }
}

fn order(left: &Value, right: &Value, key: KeyKind) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(key.key(left).cmp(&key.key(right))),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => Some(left.cmp(right)),
        (Value::Instant(left), Value::Instant(right)) => Some(left.as_microsecond().cmp(&right.as_microsecond())),
        (Value::Money(left), Value::Money(right)) => left.checked_cmp(*right),
        _ => Some(compare(amount(left)?, amount(right)?)),
    }
}

fn calculate(operation: Arithmetic, left: &Value, right: &Value, kind: Type) -> Option<Value> {
    match (left, right) {
        (Value::Money(left), Value::Money(right)) => match operation {
            Arithmetic::Add => within_scale(left.checked_add(*right)?),
            Arithmetic::Subtract => within_scale(left.checked_sub(*right)?),
            Arithmetic::Divide if left.currency == right.currency => {
                Some(number_value(divide((left.minor, 0), (right.minor, 0), kind.scale()?)?, kind.scale()?))
            }
            Arithmetic::Multiply | Arithmetic::Divide => None,
        },
        (Value::Money(money), of) => {
            within_scale(Money::new(share(operation, money.minor, number(of)?, 1)?, money.currency))
        }
        _ => {
            let (left, right, scale) = (number(left)?, number(right)?, kind.scale().unwrap_or(0));
            Some(number_value(arithmetic(operation, left, right, scale)?, scale))
        }
    }
}

/// An amount that could be kept.
fn within_scale(money: Money) -> Option<Value> {
    rescale((money.minor, money.currency.digits()), MONEY_SCALE).map(|_| Value::Money(money))
}
