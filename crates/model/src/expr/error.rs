//! Why an expression is refused: a stable code, a sentence for people, the place in the text.

use std::fmt;

/// What kind of thing is wrong (docs/expressions.md, "Errors").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// Not the grammar.
    Syntax,
    /// More characters than an expression may have.
    TooLong,
    /// Nested deeper than an expression may be.
    TooDeep,
    /// More parts than may become SQL.
    TooComplex,
    /// No such field, or no field can be there.
    UnknownField,
    /// No such function.
    UnknownFunction,
    /// Types that do not go together.
    WrongType,
    /// Number or form of a function's arguments.
    WrongArguments,
    /// A text that does not spell what is needed.
    InvalidLiteral,
    /// A value where a condition is wanted.
    NotACondition,
    /// A long text or JSON where only full text finds anything.
    NotSearchable,
    /// CEL that is left out.
    Unsupported,
    /// Cannot become SQL.
    NotInSql,
    /// A formula that uses itself.
    Circular,
}

impl ErrorCode {
    /// The code of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::TooLong => "too_long",
            Self::TooDeep => "too_deep",
            Self::TooComplex => "too_complex",
            Self::UnknownField => "unknown_field",
            Self::UnknownFunction => "unknown_function",
            Self::WrongType => "wrong_type",
            Self::WrongArguments => "wrong_arguments",
            Self::InvalidLiteral => "invalid_literal",
            Self::NotACondition => "not_a_condition",
            Self::NotSearchable => "not_searchable",
            Self::Unsupported => "unsupported",
            Self::NotInSql => "not_in_sql",
            Self::Circular => "circular",
        }
    }
}

/// Why an expression is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ExprError {
    /// Stable.
    pub code: ErrorCode,
    /// What is wrong and what would be right, in English.
    pub message: String,
    /// Where, in characters from 0; nothing for plans that were built without text.
    pub position: Option<usize>,
}

impl ExprError {
    /// An error at `position`.
    pub fn new(code: ErrorCode, message: impl Into<String>, position: impl Into<Option<usize>>) -> Self {
        Self { code, message: message.into(), position: position.into() }
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{} (at character {})", self.message, position + 1),
            None => f.write_str(&self.message),
        }
    }
}
