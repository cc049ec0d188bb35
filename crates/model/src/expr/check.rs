//! From the tree of an expression to its plan: names become fields and functions, types are checked.

use std::sync::Arc;

use super::derived::Known;
use super::named::Noted;
use super::syntax::{Form, Operator, Syntax};
use super::text::KeyKind;
use super::{Arithmetic, Comparison, ErrorCode, ExprError, Node, Plan, Type, coerce, functions, resolve};
use crate::{Definitions, Module, Value};

/// What an `exists` or `all` looks at, one after the other.
pub(super) struct Element {
    /// What it is called in the condition.
    pub(super) name: String,
    /// A text, or an id.
    pub(super) kind: Type,
    /// Where a link leads.
    pub(super) target: Option<Arc<Module>>,
}

/// Checks one expression.
pub(super) struct Checker<'a> {
    pub(super) module: &'a Module,
    definitions: &'a Definitions,
    /// The elements that the `exists` and `all` around look at, outermost first.
    pub(super) elements: Vec<Element>,
    /// The formulas that are being worked out: module and field, outermost first.
    under_way: Vec<(String, String)>,
    /// Notes which fields are named, and where; not of formulas that stand in them.
    noted: Option<&'a Noted>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(module: &'a Module, definitions: &'a Definitions) -> Self {
        Self::within(module, definitions, Vec::new())
    }

    /// Checks an expression of a formula or roll-up, the last of those that are being worked out.
    pub(super) fn within(module: &'a Module, definitions: &'a Definitions, under_way: Vec<(String, String)>) -> Self {
        Self { module, definitions, elements: Vec::new(), under_way, noted: None }
    }

    /// The same, and notes what fields are named.
    pub(super) fn noting(self, noted: &'a Noted) -> Self {
        Self { noted: Some(noted), ..self }
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known {
            definitions: Some(self.definitions),
            under_way: &self.under_way,
            elements: &self.elements,
            noted: self.noted,
        }
    }

    /// The plan of `tree`.
    pub(super) fn plan(&mut self, tree: &Syntax) -> Result<Plan, ExprError> {
        let at = Some(tree.at);
        let literal = |value, kind| Ok(Plan::new(Node::Literal(value), kind, at));
        match &tree.form {
            Form::Null => Ok(Plan::null(at)),
            Form::Bool(value) => literal(Value::Bool(*value), Type::Bool),
            Form::Int(value) => literal(Value::Int(*value), Type::Int),
            Form::Decimal { unscaled, scale: 0 } => literal(Value::Int(*unscaled), Type::Int),
            Form::Decimal { unscaled, scale } => {
                let value = Value::Decimal { unscaled: *unscaled, scale: *scale };
                literal(value, Type::Decimal { scale: *scale })
            }
            Form::Text(text) => literal(Value::Text(text.clone()), Type::Text(KeyKind::Free)),
            Form::List(items) if items.is_empty() => literal(Value::List(Vec::new()), Type::List),
            Form::List(_) => Err(ExprError::new(ErrorCode::Unsupported, "a list in [ ] stands only after in", at)),
            Form::Name(name) => self.name(name, at),
            Form::Select(of, name) => {
                let of = self.plan(of)?;
                resolve::select(of, name, self.module, &self.known(), at)
            }
            Form::Call(name, arguments) => functions::call(self, name, None, arguments, tree.at),
            Form::Method(of, name, arguments) => functions::call(self, name, Some(of), arguments, tree.at),
            Form::Not(of) => {
                let mut not = coerce::negated(self.plan(of)?)?;
                not.at = at;
                Ok(not)
            }
            Form::Negate(of) => coerce::opposite(self.plan(of)?),
            Form::All(parts) => Ok(Plan::bool(Node::All(self.conditions(parts)?), at)),
            Form::Any(parts) => Ok(Plan::bool(Node::Any(self.conditions(parts)?), at)),
            Form::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                coerce::choose(self.plan(condition)?, self.plan(then)?, self.plan(otherwise)?, at)
            }
            Form::Binary(operator, left, right) => self.binary(*operator, left, right, at),
        }
    }

    fn conditions(&mut self, parts: &[Syntax]) -> Result<Vec<Plan>, ExprError> {
        parts.iter().map(|part| self.plan(part)?.condition()).collect()
    }

    fn name(&self, name: &str, at: Option<usize>) -> Result<Plan, ExprError> {
        match self.elements.iter().enumerate().rfind(|(_, element)| element.name == name) {
            Some((level, element)) => Ok(Plan::new(Node::Element(level), element.kind, at)),
            None => resolve::field(self.module, name, at, &self.known()),
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Syntax,
        right: &Syntax,
        at: Option<usize>,
    ) -> Result<Plan, ExprError> {
        if operator == Operator::In {
            return self.membership(left, right, at);
        }
        let (left, right) = (self.plan(left)?, self.plan(right)?);
        match operator {
            Operator::Equal => coerce::equal(left, right, at),
            Operator::NotEqual => coerce::negated(coerce::equal(left, right, at)?),
            Operator::Less => coerce::order(Comparison::Less, left, right, at),
            Operator::LessOrEqual => coerce::order(Comparison::LessOrEqual, left, right, at),
            Operator::Greater => coerce::order(Comparison::Greater, left, right, at),
            Operator::GreaterOrEqual => coerce::order(Comparison::GreaterOrEqual, left, right, at),
            Operator::Add => coerce::arithmetic(Arithmetic::Add, left, right, at),
            Operator::Subtract => coerce::arithmetic(Arithmetic::Subtract, left, right, at),
            Operator::Multiply => coerce::arithmetic(Arithmetic::Multiply, left, right, at),
            Operator::Divide => coerce::arithmetic(Arithmetic::Divide, left, right, at),
            Operator::In => Ok(Plan::null(at)),
        }
    }

    fn membership(&mut self, item: &Syntax, list: &Syntax, at: Option<usize>) -> Result<Plan, ExprError> {
        let item = self.plan(item)?;
        match &list.form {
            Form::List(items) => {
                let items: Result<_, _> = items.iter().map(|other| self.plan(other)).collect();
                coerce::one_of(item, items?, at)
            }
            Form::Call(name, arguments) if name == "my_team" => {
                functions::no_arguments(name, arguments, list.at)?;
                in_team(item, at)
            }
            _ => coerce::in_list(item, self.plan(list)?, at),
        }
    }
}

pub(super) fn in_team(item: Plan, at: Option<usize>) -> Result<Plan, ExprError> {
    match item.kind {
        Type::Id | Type::Null => Ok(Plan::bool(Node::InTeam(Box::new(item)), at)),
        kind => {
            let message = format!("my_team() holds ids of users, and this is {}", kind.name());
            Err(ExprError::new(ErrorCode::WrongType, message, at))
        }
    }
}
