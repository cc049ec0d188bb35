//! The typed plan of an expression: what both back ends work from.

use std::sync::Arc;

use super::derived::RollUp;
use super::text::KeyKind;
use super::{Arithmetic, ErrorCode, ExprError};
use crate::field::FieldType;
use crate::{Module, Period, Value};

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// The literal `null`, which fits every type.
    Null,
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// An exact decimal.
    Decimal {
        /// Digits after the point.
        scale: u8,
    },
    /// An amount with its currency.
    Money,
    /// A text, and by which key it is ordered and searched inside.
    Text(KeyKind),
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// An instant.
    Instant,
    /// A length of time; its value is a whole number of microseconds.
    Duration,
    /// A link, a person, an id.
    Id,
    /// A list of texts.
    List,
    /// A list of links: ids of records of one module.
    Links,
    /// A long text or JSON, of which one only asks whether it is there.
    Opaque,
}

impl Type {
    /// The scale of a number; nothing for what is not a number.
    #[must_use]
    pub fn scale(self) -> Option<u8> {
        match self {
            Self::Int => Some(0),
            Self::Decimal { scale } => Some(scale),
            _ => None,
        }
    }

    /// The number type of this scale.
    #[must_use]
    pub fn number(scale: u8) -> Self {
        if scale == 0 { Self::Int } else { Self::Decimal { scale } }
    }

    /// What it is called in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a condition",
            Self::Int => "a whole number",
            Self::Decimal { .. } => "a decimal number",
            Self::Money => "money",
            Self::Text(_) => "a text",
            Self::Date => "a date",
            Self::Time => "a time of day",
            Self::Instant => "an instant",
            Self::Duration => "a duration",
            Self::Id => "an id",
            Self::List => "a list",
            Self::Links => "a list of links",
            Self::Opaque => "a long text or JSON",
        }
    }
}

/// One link on the way to a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    /// The link field.
    pub field: String,
    /// The module it leads to.
    pub target: Arc<Module>,
}

/// Which part of a field's value is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Currency,
    Module,
}

/// The field at the end of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Its name.
    pub name: String,
    /// How it is kept; the fields every record has are `Link`, `Person`, `Number` and `Datetime`.
    pub kind: FieldType,
    /// Worked out when it is read: no column.
    pub computed: bool,
    /// Gathered from the records that link here.
    pub roll_up: Option<Arc<RollUp>>,
    pub(crate) part: Part,
}

impl Leaf {
    /// Whether the currency of the amount is meant.
    #[must_use]
    pub fn is_currency(&self) -> bool {
        self.part == Part::Currency
    }

    /// Whether the module of a link to any module is meant.
    #[must_use]
    pub fn is_module(&self) -> bool {
        self.part == Part::Module
    }
}

/// Where a path begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// At the record itself.
    Record,
    /// At the record that an element of a list of links leads to.
    Element {
        /// Which of the elements around, the outermost is 0.
        level: usize,
        /// The module of the record.
        target: Arc<Module>,
    },
}

/// A field of the record, or of one that it links to.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it begins.
    pub start: Start,
    /// The links to follow, in order; none for a field of the record itself.
    pub hops: Vec<Hop>,
    /// The field.
    pub leaf: Leaf,
}

impl Path {
    /// The module whose field it ends at, seen from a record of `module`.
    #[must_use]
    pub fn holder<'p>(&'p self, module: &'p Module) -> &'p Module {
        match (self.hops.last(), &self.start) {
            (Some(hop), _) => &hop.target,
            (None, Start::Element { target, .. }) => target,
            (None, Start::Record) => module,
        }
    }

    /// Whether it ends at a field of the record itself.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.hops.is_empty() && self.start == Start::Record
    }

    /// How many links it goes through.
    pub(crate) fn length(&self) -> usize {
        self.hops.len() + usize::from(self.start != Start::Record)
    }
}

/// An order of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it holds for what comparing the sides gave.
    #[must_use]
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }

    /// The operator, the same in the language and in SQL.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// The same with the sides changed over.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }
}

/// Where in a text another one is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// Anywhere.
    Contains,
    /// At its beginning.
    StartsWith,
    /// At its end.
    EndsWith,
}

/// How many elements of a list a condition must hold for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// One at least.
    Exists,
    /// Every one.
    All,
}

/// What is read out of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// A text, or a number as one.
    Text,
    /// A number of four decimals at most, or a text that is one.
    Number,
    /// A whole number, or a text that is one.
    Whole,
    /// True or false.
    Flag,
    /// An instant as text.
    Moment,
}

/// How much of what a mailbox keeps is asked for: beyond that there is a letter, from whom to whom and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The subject.
    Subject,
    /// All that the letter says.
    Full,
}

impl Depth {
    /// By its name.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        match name {
            "subject" => Some(Self::Subject),
            "full" => Some(Self::Full),
            _ => None,
        }
    }
}

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number.
    Year,
    /// A text such as `2026-11`.
    Month,
    /// A date.
    Day,
}

/// What a part of a plan does.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A fixed value.
    Literal(Value),
    /// A field.
    Field(Path),
    /// A formula: which field it is, and what it works out.
    Derived(Path, Box<Plan>),
    /// The element of a list that the `n`-th quantifier around (0 is the outermost) looks at.
    Element(usize),
    /// The present instant.
    Now,
    /// The present day in the workspace's time zone.
    Today,
    /// The first day of the period that lies so many behind the present one.
    Start(Period, i64),
    /// The id of the user.
    Me,
    /// Whether the value is not null.
    Has(Box<Plan>),
    /// The opposite; of null, true.
    Not(Box<Plan>),
    /// All of them hold.
    All(Vec<Plan>),
    /// One of them holds.
    Any(Vec<Plan>),
    /// Null-safe equality.
    Equal(Box<Plan>, Box<Plan>),
    /// An order; false with null.
    Order(Comparison, Box<Plan>, Box<Plan>),
    /// Null-safe equality with one of several.
    OneOf(Box<Plan>, Vec<Plan>),
    /// The id is of somebody in the user's teams.
    InTeam(Box<Plan>),
    /// The text or id is an element of the list.
    InList(Box<Plan>, Box<Plan>),
    /// A condition over the elements of a list.
    Quantified(Quantifier, Box<Plan>, Box<Plan>),
    /// A text inside another, by their keys.
    Text(TextTest, Box<Plan>, Box<Plan>),
    /// Condition, then, otherwise.
    If(Box<[Plan; 3]>),
    /// Numbers, money or durations.
    Arithmetic(Arithmetic, Box<Plan>, Box<Plan>),
    /// The same number with the scale of the plan's type.
    Rescale(Box<Plan>),
    /// Two texts joined.
    Join(Box<Plan>, Box<Plan>),
    /// A date or an instant moved by a duration.
    Shift(Box<Plan>, Box<Plan>),
    /// The duration from the second instant to the first.
    Since(Box<Plan>, Box<Plan>),
    /// Midnight of a day that does not depend on the record.
    StartOfDay(Box<Plan>),
    /// A part of a date, or of an instant in the workspace's time zone.
    Calendar(Unit, Box<Plan>),
    /// Characters of a text, elements of a list.
    Size(Box<Plan>),
    /// Whether the mailbox of that id shows so much of its letters to whoever asks. In memory the product judges, which is
    /// shown everything.
    Shows(Box<Plan>, Depth),
    /// A value inside JSON, by the way to it; null where there is none, or one of another kind.
    Within(Inside, Box<Plan>, Vec<String>),
}

/// An expression, checked and typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What it does.
    pub node: Node,
    /// The type of its value.
    pub kind: Type,
    /// Where it stands in the text, in characters; nothing for plans built without text.
    pub at: Option<usize>,
}

impl Plan {
    pub(crate) fn new(node: Node, kind: Type, at: Option<usize>) -> Self {
        Self { node, kind, at }
    }

    pub(crate) fn bool(node: Node, at: Option<usize>) -> Self {
        Self::new(node, Type::Bool, at)
    }

    /// Itself, if it is a condition.
    pub(crate) fn condition(self) -> Result<Self, ExprError> {
        match self.kind {
            Type::Bool | Type::Null => Ok(self),
            kind => Err(ExprError::new(
                ErrorCode::NotACondition,
                format!("a condition is wanted here, and this is {}: compare it with something", kind.name()),
                self.at,
            )),
        }
    }

    /// Whether the value is the same for every record.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        !matches!(self.node, Node::Field(_) | Node::Derived(..) | Node::Element(_))
            && self.parts().into_iter().all(Self::is_constant)
    }

    /// The names of the record's own fields it reads (of a path, the first link), each once; a formula by its own name.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect_fields(&mut names);
        names.sort_unstable();
        names.dedup();
        names
    }

    fn collect_fields<'a>(&'a self, names: &mut Vec<&'a str>) {
        if let Node::Field(path) | Node::Derived(path, _) = &self.node
            && path.start == Start::Record
        {
            names.push(path.hops.first().map_or(path.leaf.name.as_str(), |hop| hop.field.as_str()));
            return;
        }
        for part in self.parts() {
            part.collect_fields(names);
        }
    }

    /// The conditions that must all hold for it: itself, where it joins none.
    #[must_use]
    pub fn conjuncts(&self) -> Vec<&Self> {
        match &self.node {
            Node::All(parts) => parts.iter().flat_map(Self::conjuncts).collect(),
            _ => vec![self],
        }
    }

    /// The plans directly under it.
    #[must_use]
    pub fn parts(&self) -> Vec<&Self> {
        match &self.node {
            Node::Literal(_)
            | Node::Field(_)
            | Node::Element(_)
            | Node::Now
            | Node::Today
            | Node::Start(..)
            | Node::Me => Vec::new(),
            Node::Derived(_, of)
            | Node::Has(of)
            | Node::Not(of)
            | Node::InTeam(of)
            | Node::Rescale(of)
            | Node::StartOfDay(of)
            | Node::Calendar(_, of)
            | Node::Size(of)
            | Node::Shows(of, _)
            | Node::Within(_, of, _) => vec![of],
            Node::All(parts) | Node::Any(parts) => parts.iter().collect(),
            Node::Equal(left, right)
            | Node::Order(_, left, right)
            | Node::InList(left, right)
            | Node::Quantified(_, left, right)
            | Node::Text(_, left, right)
            | Node::Arithmetic(_, left, right)
            | Node::Join(left, right)
            | Node::Shift(left, right)
            | Node::Since(left, right) => vec![left, right],
            Node::OneOf(item, items) => std::iter::once(item.as_ref()).chain(items).collect(),
            Node::If(parts) => parts.iter().collect(),
        }
    }

    /// The same, to be changed.
    pub(super) fn parts_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.node {
            Node::Literal(_)
            | Node::Field(_)
            | Node::Element(_)
            | Node::Now
            | Node::Today
            | Node::Start(..)
            | Node::Me => Vec::new(),
            Node::Derived(_, of)
            | Node::Has(of)
            | Node::Not(of)
            | Node::InTeam(of)
            | Node::Rescale(of)
            | Node::StartOfDay(of)
            | Node::Calendar(_, of)
            | Node::Size(of)
            | Node::Shows(of, _)
            | Node::Within(_, of, _) => vec![of],
            Node::All(parts) | Node::Any(parts) => parts.iter_mut().collect(),
            Node::Equal(left, right)
            | Node::Order(_, left, right)
            | Node::InList(left, right)
            | Node::Quantified(_, left, right)
            | Node::Text(_, left, right)
            | Node::Arithmetic(_, left, right)
            | Node::Join(left, right)
            | Node::Shift(left, right)
            | Node::Since(left, right) => vec![left, right],
            Node::OneOf(item, items) => std::iter::once(item.as_mut()).chain(items).collect(),
            Node::If(parts) => parts.iter_mut().collect(),
        }
    }
}
