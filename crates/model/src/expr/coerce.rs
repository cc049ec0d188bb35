//! Which types go together, and what a literal becomes beside a value of another type.

use super::text::KeyKind;
use super::{Arithmetic, Comparison, ErrorCode, ExprError, Node, Plan, SCALE_LIMIT, TextTest, Type, literal};
use crate::Value;

type Checked = Result<Plan, ExprError>;

impl Plan {
    pub(crate) fn null(at: Option<usize>) -> Self {
        Self::new(Node::Literal(Value::Null), Type::Null, at)
    }

    fn is_empty_literal(&self) -> bool {
        match &self.node {
            Node::Literal(Value::Text(text)) => text.is_empty(),
            Node::Literal(Value::List(items)) => items.is_empty(),
            _ => false,
        }
    }

    fn literal_text(&self) -> Option<&str> {
        match &self.node {
            Node::Literal(Value::Text(text)) if self.kind == Type::Text(KeyKind::Free) => Some(text),
            _ => None,
        }
    }
}

fn wrong(message: impl Into<String>, at: Option<usize>) -> ExprError {
    ExprError::new(ErrorCode::WrongType, message, at)
}

/// A literal beside a value of type `kind`: texts become dates and ids, fixed days become instants.
fn beside(plan: Plan, kind: Type) -> Checked {
    if let Some(text) = plan.literal_text()
        && !matches!(kind, Type::Text(_) | Type::Null | Type::List | Type::Links | Type::Opaque)
    {
        return literal::read(text, kind, plan.at);
    }
    if plan.kind == Type::Date && kind == Type::Instant {
        let at = plan.at;
        if !plan.is_constant() {
            return Err(wrong("a date and an instant are compared by day: write day(…) around the instant", at));
        }
        return Ok(Plan::new(Node::StartOfDay(Box::new(plan)), Type::Instant, at));
    }
    Ok(plan)
}

/// Both sides, made comparable.
fn pair(left: Plan, right: Plan, at: Option<usize>) -> Result<(Plan, Plan), ExprError> {
    let left = beside(left, right.kind)?;
    let right = beside(right, left.kind)?;
    let (a, b) = (left.kind, right.kind);
    let together = match (a, b) {
        (Type::Null, _) | (_, Type::Null) => true,
        (Type::Opaque, _) | (_, Type::Opaque) => return Err(not_searchable(at)),
        (Type::Money, Type::Money) | (Type::Text(_), Type::Text(_)) => true,
        (Type::List | Type::Links, _) | (_, Type::List | Type::Links) => {
            return Err(wrong("a list is asked with in, exists, all and size", at));
        }
        (Type::Money, number) | (number, Type::Money) => number.scale().is_some(),
        _ => a == b || (a.scale().is_some() && b.scale().is_some()),
    };
    if together {
        Ok((left, right))
    } else {
        Err(wrong(format!("{} and {} cannot be compared", a.name(), b.name()), at))
    }
}

fn not_searchable(at: Option<usize>) -> ExprError {
    let message = "long texts and JSON only know has(…) and == null; words inside them are found by q";
    ExprError::new(ErrorCode::NotSearchable, message, at)
}

pub(super) fn equal(left: Plan, right: Plan, at: Option<usize>) -> Checked {
    let empty_is_null = |plan: Plan| if plan.is_empty_literal() { Plan::null(plan.at) } else { plan };
    let (left, right) = pair(empty_is_null(left), empty_is_null(right), at)?;
    Ok(Plan::bool(Node::Equal(Box::new(left), Box::new(right)), at))
}

pub(super) fn negated(plan: Plan) -> Checked {
    let at = plan.at;
    Ok(Plan::bool(Node::Not(Box::new(plan.condition()?)), at))
}

pub(super) fn order(comparison: Comparison, left: Plan, right: Plan, at: Option<usize>) -> Checked {
    let (left, right) = pair(left, right, at)?;
    for kind in [left.kind, right.kind] {
        if matches!(kind, Type::Bool | Type::Id | Type::List | Type::Links) {
            return Err(wrong(format!("{} has no order: use == or in", kind.name()), at));
        }
        match kind {
            Type::Opaque => return Err(not_searchable(at)),
            Type::Text(KeyKind::Exact) => return Err(no_key(at)),
            _ => {}
        }
    }
    Ok(Plan::bool(Node::Order(comparison, Box::new(left), Box::new(right)), at))
}

fn no_key(at: Option<usize>) -> ExprError {
    wrong("a duration field is only compared with ==, != and in", at)
}

pub(super) fn one_of(item: Plan, items: Vec<Plan>, at: Option<usize>) -> Checked {
    // A literal item may mean something else beside every element.
    if item.is_constant() || items.is_empty() {
        let parts: Result<_, _> = items.into_iter().map(|other| equal(item.clone(), other, at)).collect();
        return Ok(Plan::bool(Node::Any(parts?), at));
    }
    let mut fitted = Vec::with_capacity(items.len());
    for other in items {
        match equal(item.clone(), other, at)?.node {
            Node::Equal(_, other) => fitted.push(*other),
            _ => return Err(wrong("this cannot stand in a list", at)),
        }
    }
    Ok(Plan::bool(Node::OneOf(Box::new(item), fitted), at))
}

pub(super) fn in_list(item: Plan, list: Plan, at: Option<usize>) -> Checked {
    let item = match list.kind {
        Type::Links if item.is_empty_literal() => Plan::null(item.at),
        Type::Links => beside(item, Type::Id)?,
        _ => item,
    };
    match (item.kind, list.kind) {
        (Type::Text(_) | Type::Null, Type::List) | (Type::Id | Type::Null, Type::Links) => {
            Ok(Plan::bool(Node::InList(Box::new(item), Box::new(list)), at))
        }
        (kind, Type::Links) => Err(wrong(format!("the list holds ids, and this is {}", kind.name()), at)),
        (kind, Type::List) => Err(wrong(format!("the list holds texts, and this is {}", kind.name()), at)),
        (_, kind) => Err(wrong(format!("in wants a list on its right, and this is {}", kind.name()), at)),
    }
}

pub(super) fn text_test(test: TextTest, text: Plan, part: Plan, at: Option<usize>) -> Checked {
    for plan in [&text, &part] {
        match plan.kind {
            Type::Text(KeyKind::Exact) => return Err(no_key(at)),
            Type::Text(_) | Type::Null => {}
            Type::Opaque => return Err(not_searchable(plan.at)),
            Type::List | Type::Links => {
                return Err(wrong("whether a list holds a text is asked with \"…\" in list", plan.at));
            }
            kind => return Err(wrong(format!("a text is needed here, and this is {}", kind.name()), plan.at)),
        }
    }
    Ok(Plan::bool(Node::Text(test, Box::new(text), Box::new(part)), at))
}

pub(super) fn choose(condition: Plan, then: Plan, otherwise: Plan, at: Option<usize>) -> Checked {
    let condition = condition.condition()?;
    let then = beside(then, otherwise.kind)?;
    let otherwise = beside(otherwise, then.kind)?;
    let kind = match (then.kind, otherwise.kind) {
        (Type::Opaque, _) | (_, Type::Opaque) => return Err(not_searchable(at)),
        (Type::Null, kind) | (kind, Type::Null) => kind,
        (Type::Text(a), Type::Text(b)) => Type::Text(a.with(b)),
        (a, b) => match (a.scale(), b.scale()) {
            (Some(a), Some(b)) => Type::number(a.max(b)),
            _ if a == b => a,
            _ => return Err(wrong(format!("{} and {} cannot be the two results of ?:", a.name(), b.name()), at)),
        },
    };
    let at_scale = |plan: Plan| {
        if plan.kind == kind || kind.scale().is_none() || plan.kind == Type::Null {
            plan
        } else {
            let at = plan.at;
            Plan::new(Node::Rescale(Box::new(plan)), kind, at)
        }
    };
    let parts = [condition, at_scale(then), at_scale(otherwise)];
    Ok(Plan::new(Node::If(Box::new(parts)), kind, at))
}

pub(super) fn arithmetic(operation: Arithmetic, left: Plan, right: Plan, at: Option<usize>) -> Checked {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    let as_number = |plan: Plan, other: Type| {
        if other.scale().is_some() { beside(plan, other) } else { Ok(plan) }
    };
    let left = as_number(left, right.kind)?;
    let right = as_number(right, left.kind)?;
    let (a, b) = (left.kind, right.kind);
    let build = |node: fn(Box<Plan>, Box<Plan>) -> Node, left, right, kind| {
        Ok(Plan::new(node(Box::new(left), Box::new(right)), kind, at))
    };
    let calculated =
        |kind| Ok(Plan::new(Node::Arithmetic(operation, Box::new(left.clone()), Box::new(right.clone())), kind, at));
    match (operation, a, b) {
        (_, Type::Opaque, _) | (_, _, Type::Opaque) => Err(not_searchable(at)),
        (_, Type::Null, _) | (_, _, Type::Null) => Ok(Plan::null(at)),
        (Add, Type::Text(_), Type::Text(_)) => build(Node::Join, left, right, Type::Text(KeyKind::Folded)),
        (Add, Type::Date | Type::Instant, Type::Duration) => build(Node::Shift, left, right, a),
        (Add, Type::Duration, Type::Date | Type::Instant) => build(Node::Shift, right, left, b),
        (Subtract, Type::Date | Type::Instant, Type::Duration) => build(Node::Shift, left, opposite(right)?, a),
        (Subtract, Type::Instant, Type::Instant) => build(Node::Since, left, right, Type::Duration),
        (Divide, ..) if is_zero(&right) => Err(wrong("nothing can be divided by zero", at)),
        (Add | Subtract, Type::Money, Type::Money)
        | (Multiply | Divide, Type::Money, Type::Int | Type::Decimal { .. }) => calculated(Type::Money),
        (Multiply, Type::Int | Type::Decimal { .. }, Type::Money) => arithmetic(operation, right, left, at),
        (Divide, Type::Money, Type::Money) | (Divide, Type::Duration, Type::Duration) => {
            calculated(Type::number(operation.scale(0, 0)))
        }
        (Add | Subtract, Type::Duration, Type::Duration) | (Multiply | Divide, Type::Duration, Type::Int) => {
            calculated(Type::Duration)
        }
        (Multiply, Type::Int, Type::Duration) => arithmetic(operation, right, left, at),
        _ => match (a.scale(), b.scale()) {
            (Some(x), Some(y)) => {
                let scale = operation.scale(x, y);
                if scale > SCALE_LIMIT {
                    return Err(wrong(format!("the result would have {scale} digits after the point: 18 fit"), at));
                }
                calculated(Type::number(scale))
            }
            _ => Err(wrong(format!("{} does not go with {} and {}", operation.sign(), a.name(), b.name()), at)),
        },
    }
}

fn is_zero(plan: &Plan) -> bool {
    matches!(plan.node, Node::Literal(Value::Int(0) | Value::Decimal { unscaled: 0, .. }))
}

/// The number, amount or duration with the other sign.
pub(super) fn opposite(plan: Plan) -> Checked {
    let at = plan.at;
    let minus_one = Plan::new(Node::Literal(Value::Int(-1)), Type::Int, at);
    match plan.node {
        Node::Literal(Value::Decimal { unscaled, scale }) if unscaled != i64::MIN => {
            Ok(Plan::new(Node::Literal(Value::Decimal { unscaled: -unscaled, scale }), plan.kind, at))
        }
        _ => arithmetic(Arithmetic::Multiply, plan, minus_one, at),
    }
}
