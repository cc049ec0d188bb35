//! Expressions: the one language of filters, rights, guards, rules and formulas (docs/expressions.md).
//!
//! Text is parsed (`parser`), checked against a module's fields into a typed [`Plan`] (`check`), and worked out in memory
//! (`eval`) or turned into SQL by the store. Rust code builds the same plans without text (`build`).

mod build;
mod calendar;
mod check;
mod coerce;
mod derived;
mod error;
mod eval;
mod functions;
mod lexer;
mod literal;
mod named;
mod number;
mod parser;
mod plan;
mod resolve;
mod scope;
mod suggest;
mod syntax;
mod text;
mod within;

#[cfg(test)]
mod tests;

use crate::{Definitions, Module};

pub use build::Operand;
pub use calendar::{shift_date, shift_instant, start_of_day};
pub use derived::{Gathering, RollUp, derive, field_type};
pub use error::{ErrorCode, ExprError};
pub use functions::{FUNCTIONS, written};
pub use lexer::{Token, Word, words};
pub use named::{Named, names, renamed};
pub use number::{Arithmetic, arithmetic, compare, rescale, share};
pub use plan::{Comparison, Depth, Hop, Inside, Leaf, Node, Path, Plan, Quantifier, Start, TextTest, Type, Unit};
pub use resolve::of_every_record;
pub use scope::{Env, Linked, Scope};
pub use suggest::meant;
pub use syntax::Operator;
pub use text::{KeyKind, folded_key, plain_key};

/// The longest expression, in characters.
pub const TEXT_LIMIT: usize = 4_000;
/// How deep an expression may nest; a chain of `&&` or of `||` is one level.
pub const DEPTH_LIMIT: usize = 64;
/// How many links a path may go through.
pub const HOP_LIMIT: usize = 4;
/// The greatest scale of a decimal.
pub const SCALE_LIMIT: u8 = 18;
/// The scale in which amounts of money are compared, added and kept, whatever the currency.
pub const MONEY_SCALE: u8 = 4;
/// 0001-01-01T00:00:00Z in microseconds: earlier instants are null.
pub const FIRST_INSTANT: i64 = -62_135_596_800_000_000;
/// The last microsecond of the last day that every calendar used here knows: later instants are null.
pub const LAST_INSTANT: i64 = 253_402_207_200_000_000;

/// What an expression is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A condition.
    Bool,
    /// A value of any type.
    Any,
}

/// Reads an expression over the records of `module`.
///
/// # Errors
/// What is wrong with it and where.
pub fn compile(text: &str, module: &Module, definitions: &Definitions, want: Want) -> Result<Plan, ExprError> {
    let tree = parser::parse(text)?;
    let plan = check::Checker::new(module, definitions).plan(&tree)?;
    match want {
        Want::Any => Ok(plan),
        Want::Bool => plan.condition(),
    }
}
