//! The tree of an expression as it is written, before names mean anything.

/// One part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Syntax {
    /// Where it begins (an operator: where the operator stands), in characters from 0.
    pub(super) at: usize,
    /// How deep the tree under it is, itself included.
    pub(super) depth: usize,
    pub(super) form: Form,
}

/// What it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    Null,
    Bool(bool),
    Int(i64),
    Decimal {
        unscaled: i64,
        scale: u8,
    },
    Text(String),
    Name(String),
    /// `of.name`
    Select(Box<Syntax>, String),
    /// `name(arguments)`
    Call(String, Vec<Syntax>),
    /// `of.name(arguments)`
    Method(Box<Syntax>, String, Vec<Syntax>),
    List(Vec<Syntax>),
    Not(Box<Syntax>),
    Negate(Box<Syntax>),
    All(Vec<Syntax>),
    Any(Vec<Syntax>),
    Binary(Operator, Box<Syntax>, Box<Syntax>),
    /// condition, then, otherwise
    If(Box<[Syntax; 3]>),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}
