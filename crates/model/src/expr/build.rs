//! Plans built by Rust code, without text: the same checks, the same meaning.

use jiff::Timestamp;
use jiff::civil::Date;

use super::derived::Known;
use super::text::KeyKind;
use super::{Comparison, ExprError, Node, Plan, TextTest, Type, check, coerce, resolve};
use crate::{Definitions, Id, Module, Money, Value};

/// The other side of a comparison: a Rust value, or a plan.
pub struct Operand(Plan);

macro_rules! operand {
    ($($source:ty => |$value:ident| $converted:expr),* $(,)?) => {
        $(impl From<$source> for Operand {
            fn from($value: $source) -> Self {
                Self::from($converted)
            }
        })*
    };
}

operand! {
    &str => |text| Value::Text(text.to_owned()),
    String => |text| Value::Text(text),
    &String => |text| Value::Text(text.clone()),
    bool => |flag| Value::Bool(flag),
    i64 => |number| Value::Int(number),
    i32 => |number| Value::Int(i64::from(number)),
    Id => |id| Value::Id(id),
    Option<Id> => |id| id.map_or(Value::Null, Value::Id),
    Timestamp => |instant| Value::Instant(instant),
    Date => |date| Value::Date(date),
    Money => |money| Value::Money(money),
}

impl From<Plan> for Operand {
    fn from(plan: Plan) -> Self {
        Self(plan)
    }
}

impl From<Value> for Operand {
    fn from(value: Value) -> Self {
        let kind = match &value {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) => Type::Int,
            Value::Decimal { scale, .. } => Type::number(*scale),
            Value::Text(_) => Type::Text(KeyKind::Free),
            Value::Date(_) => Type::Date,
            Value::Time(_) => Type::Time,
            Value::Instant(_) => Type::Instant,
            Value::Money(_) => Type::Money,
            Value::Id(_) | Value::Record { .. } => Type::Id,
            Value::List(_) => Type::List,
            Value::Ids(_) => Type::Links,
            Value::Json(_) => Type::Opaque,
        };
        Self(Plan::new(Node::Literal(value), kind, None))
    }
}

type Built = Result<Plan, ExprError>;

impl Plan {
    /// A field of the module's records, or one that every record has.
    ///
    /// # Errors
    /// There is no such field.
    pub fn field(module: &Module, name: &str) -> Built {
        resolve::field(module, name, None, &Known { definitions: None, under_way: &[], elements: &[], noted: None })
    }

    /// A path through links: `"order.event.name"`.
    ///
    /// # Errors
    /// There is no such field, or something on the way is no link.
    pub fn path(module: &Module, definitions: &Definitions, path: &str) -> Built {
        let known = Known { definitions: Some(definitions), under_way: &[], elements: &[], noted: None };
        let mut names = path.split('.');
        let first = resolve::field(module, names.next().unwrap_or_default(), None, &known)?;
        names.try_fold(first, |of, name| resolve::select(of, name, module, &known, None))
    }

    /// A fixed value.
    pub fn value(value: impl Into<Operand>) -> Self {
        value.into().0
    }

    /// A condition that always holds.
    #[must_use]
    pub fn always() -> Self {
        Self::bool(Node::All(Vec::new()), None)
    }

    /// A condition that never holds.
    #[must_use]
    pub fn never() -> Self {
        Self::bool(Node::Any(Vec::new()), None)
    }

    /// The present instant.
    #[must_use]
    pub fn now() -> Self {
        Self::new(Node::Now, Type::Instant, None)
    }

    /// The id of the user; null for others.
    #[must_use]
    pub fn me() -> Self {
        Self::new(Node::Me, Type::Id, None)
    }

    /// `self == other`, null-safe.
    ///
    /// # Errors
    /// The types do not go together; so for all comparisons.
    pub fn eq(self, other: impl Into<Operand>) -> Built {
        let at = self.at;
        coerce::equal(self, other.into().0, at)
    }

    /// `self != other`, null-safe.
    ///
    /// # Errors
    /// As [`Plan::eq`].
    pub fn ne(self, other: impl Into<Operand>) -> Built {
        coerce::negated(Plan::eq(self, other)?)
    }

    /// `self < other`.
    ///
    /// # Errors
    /// As [`Plan::eq`].
    pub fn less(self, other: impl Into<Operand>) -> Built {
        self.ordered(Comparison::Less, other.into())
    }

    /// `self <= other`.
    ///
    /// # Errors
    /// As [`Plan::eq`].
    pub fn at_most(self, other: impl Into<Operand>) -> Built {
        self.ordered(Comparison::LessOrEqual, other.into())
    }

    /// `self > other`.
    ///
    /// # Errors
    /// As [`Plan::eq`].
    pub fn greater(self, other: impl Into<Operand>) -> Built {
        self.ordered(Comparison::Greater, other.into())
    }

    /// `self >= other`.
    ///
    /// # Errors
    /// As [`Plan::eq`].
    pub fn at_least(self, other: impl Into<Operand>) -> Built {
        self.ordered(Comparison::GreaterOrEqual, other.into())
    }

    fn ordered(self, comparison: Comparison, other: Operand) -> Built {
        let at = self.at;
        coerce::order(comparison, self, other.0, at)
    }

    /// `self in [others]`; false for none.
    ///
    /// # Errors
    /// As [`Plan::eq`].
    pub fn one_of<T: Into<Operand>>(self, others: impl IntoIterator<Item = T>) -> Built {
        let at = self.at;
        coerce::one_of(self, others.into_iter().map(|other| other.into().0).collect(), at)
    }

    /// `self in my_team()`.
    ///
    /// # Errors
    /// It is no id.
    pub fn in_my_team(self) -> Built {
        let at = self.at;
        check::in_team(self, at)
    }

    /// `item in self`, for a list of texts or of links.
    ///
    /// # Errors
    /// It is no list, or holds something else.
    pub fn holds(self, item: impl Into<Operand>) -> Built {
        let at = self.at;
        coerce::in_list(item.into().0, self, at)
    }

    /// `self.contains(part)`.
    ///
    /// # Errors
    /// It is no text.
    pub fn contains(self, part: &str) -> Built {
        let at = self.at;
        coerce::text_test(TextTest::Contains, self, Self::value(part), at)
    }

    /// `self.startsWith(part)`.
    ///
    /// # Errors
    /// It is no text.
    pub fn starts_with(self, part: &str) -> Built {
        let at = self.at;
        coerce::text_test(TextTest::StartsWith, self, Self::value(part), at)
    }

    /// `self == null`.
    #[must_use]
    pub fn is_null(self) -> Self {
        let at = self.at;
        Self::bool(Node::Equal(Box::new(self), Box::new(Self::null(at))), at)
    }

    /// `self != null`.
    #[must_use]
    pub fn is_some(self) -> Self {
        self.is_null().negate()
    }

    /// `self && other`; what is no condition never holds.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let at = self.at;
        Self::bool(
            Node::All(joined(self, other, |node| match node {
                Node::All(parts) => Ok(parts),
                other => Err(other),
            })),
            at,
        )
    }

    /// `self || other`; what is no condition never holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let at = self.at;
        Self::bool(
            Node::Any(joined(self, other, |node| match node {
                Node::Any(parts) => Ok(parts),
                other => Err(other),
            })),
            at,
        )
    }

    /// `!self`; holds for what is no condition.
    #[must_use]
    pub fn negate(self) -> Self {
        let at = self.at;
        Self::bool(Node::Not(Box::new(self)), at)
    }
}

/// Both in one chain, so that long ones stay flat.
fn joined(left: Plan, right: Plan, open: fn(Node) -> Result<Vec<Plan>, Node>) -> Vec<Plan> {
    let parts = |plan: Plan| {
        let (kind, at) = (plan.kind, plan.at);
        open(plan.node).unwrap_or_else(|node| vec![Plan::new(node, kind, at)])
    };
    let mut all = parts(left);
    all.extend(parts(right));
    all
}
