//! Plans of expressions as SQL (docs/expressions.md), exactly as two-valued as `Plan::test`.
//!
//! A condition is written in one of two ways: *loose*, where null is as good as false (a `where` and its chain of `and`:
//! plain comparisons that an index serves), and *exact*, where it must not be null (under `not`, `case`, or as a value).

mod compare;
mod links;
mod lists;
mod money;
mod numbers;
mod paths;
mod roll_up;
mod texts;
mod values;

#[cfg(test)]
mod tests;

use model::Module;
use model::expr::{Depth, Env, ErrorCode, ExprError, KeyKind, Node, Plan, Type};

use crate::db::{Dialect, Sql};

/// The most parts of one plan: what a database plans in no time.
const PARTS: usize = 2_000;
/// The longest piece of SQL, in bytes, that may be needed twice.
const REPEATED: usize = 20_000;

/// For whom and over which table a plan becomes SQL.
pub(crate) struct SqlContext<'a> {
    /// The language of the database.
    pub(crate) dialect: Dialect,
    /// The module of the records.
    pub(crate) module: &'a Module,
    /// The name its table has in the query; names made here begin with it.
    pub(crate) alias: &'a str,
    /// Clock, time zone, user.
    pub(crate) env: &'a Env,
    /// Which records of a linked module the reader sees, over its table under a name; nothing where all.
    pub(crate) rights: &'a dyn Fn(&Module, &str) -> Option<Sql>,
    /// Whether the reader may not see a field, which then is null.
    pub(crate) hidden: &'a dyn Fn(&Module, &str) -> bool,
    /// The condition under which the reader sees a field of the record under a name, which else is null; nothing where they see
    /// it in every record.
    pub(crate) veiled: &'a dyn Fn(&Module, &str, &str) -> Option<Sql>,
    /// The mailboxes that do not show so much of their letters to the reader; nothing where all do.
    pub(crate) closed: &'a dyn Fn(Depth) -> Option<Sql>,
}

/// The condition for a `where`. It may come out null for false; see [`exact`] for elsewhere.
///
/// # Errors
/// What cannot become SQL, with its place in the text.
pub(crate) fn condition(plan: &Plan, cx: &SqlContext<'_>) -> Result<Sql, ExprError> {
    Writer::new(cx).condition(plan, Mode::Loose)
}

/// The value: a number, an amount × 10⁴, a text, a date …; a condition is exactly true or false.
///
/// # Errors
/// As [`condition`].
#[cfg(test)]
pub(crate) fn value(plan: &Plan, cx: &SqlContext<'_>) -> Result<Sql, ExprError> {
    Writer::new(cx).value(plan)
}

/// The value in as many columns as it takes: of money the amount × 10⁴ and the currency.
///
/// # Errors
/// As [`condition`].
pub(crate) fn values(plan: &Plan, cx: &SqlContext<'_>) -> Result<Vec<Sql>, ExprError> {
    let mut writer = Writer::new(cx);
    if plan.kind == Type::Money {
        let money = writer.money(plan)?;
        return Ok(vec![money.amount, money.currency]);
    }
    Ok(vec![writer.value(plan)?])
}

/// What records are ordered by to be sorted by the plan: the key of a text, otherwise the value.
///
/// # Errors
/// As [`condition`].
pub(crate) fn sort_key(plan: &Plan, cx: &SqlContext<'_>) -> Result<Sql, ExprError> {
    let mut writer = Writer::new(cx);
    match plan.kind {
        Type::Text(kind) if kind != KeyKind::Exact => writer.key(plan, kind),
        _ => writer.value(plan),
    }
}

/// Whether null may stand for false.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Loose,
    Exact,
}

impl Mode {
    /// A comparison that is null where a side is null.
    fn guard(self, comparison: Sql) -> Sql {
        match self {
            Self::Loose => comparison,
            Self::Exact => Sql::new("coalesce(").append(comparison).push(", false)"),
        }
    }
}

/// Writes one plan.
struct Writer<'c, 'a> {
    cx: &'c SqlContext<'a>,
    /// How many names of tables were made.
    names: usize,
    /// How many parts were written.
    parts: usize,
    /// The tables of the elements around, outermost first, and the column in which each stands.
    elements: Vec<(String, &'static str)>,
}

type Written = Result<Sql, ExprError>;

impl<'c, 'a> Writer<'c, 'a> {
    fn new(cx: &'c SqlContext<'a>) -> Self {
        Self { cx, names: 0, parts: 0, elements: Vec::new() }
    }

    fn is_sqlite(&self) -> bool {
        self.cx.dialect == Dialect::Sqlite
    }

    /// A name for a table, unlike all others of the query.
    fn name(&mut self) -> String {
        self.names += 1;
        format!("{}_{}", self.cx.alias, self.names)
    }

    fn count(&mut self, plan: &Plan) -> Result<(), ExprError> {
        self.parts += 1;
        if self.parts <= PARTS {
            return Ok(());
        }
        let message = format!("the expression has more than {PARTS} parts: make it simpler");
        Err(ExprError::new(ErrorCode::TooComplex, message, plan.at))
    }

    /// Refuses to write a long piece twice: doubled at every level, it would grow beyond all bounds.
    fn may_repeat(&self, piece: &Sql, plan: &Plan) -> Result<(), ExprError> {
        if piece.text().len() <= REPEATED {
            return Ok(());
        }
        let message = "the expression is too deep in itself: make it simpler";
        Err(ExprError::new(ErrorCode::TooComplex, message, plan.at))
    }

    fn condition(&mut self, plan: &Plan, mode: Mode) -> Written {
        self.count(plan)?;
        if plan.is_constant() {
            return Ok(Sql::new(if plan.test(&Nowhere, self.cx.env) { "true" } else { "false" }));
        }
        match &plan.node {
            Node::Has(of) => self.presence(of, true),
            Node::Not(of) => match &of.node {
                Node::Equal(left, right) => self.equality(left, right, Mode::Exact, true),
                _ => Ok(Sql::new("(not ").append(self.condition(of, Mode::Exact)?).push(")")),
            },
            Node::All(parts) => self.chain(parts, " and ", mode),
            Node::Any(parts) => self.chain(parts, " or ", mode),
            Node::Equal(left, right) => self.equality(left, right, mode, false),
            Node::Order(comparison, left, right) => self.order(*comparison, left, right, mode),
            Node::OneOf(item, items) => self.one_of(item, items, mode),
            Node::InTeam(id) => self.in_team(id, mode),
            Node::Shows(of, depth) => self.shows(of, *depth),
            Node::InList(item, list) => self.in_list(item, list, mode),
            Node::Quantified(quantifier, list, holds) => self.quantified(*quantifier, list, holds, mode),
            Node::Text(test, text, part) => self.text_test(*test, text, part, mode),
            _ if plan.kind == Type::Bool => {
                let end = if mode == Mode::Exact { " is true)" } else { " = true)" };
                Ok(Sql::new("(").append(self.value(plan)?).push(end))
            }
            // What is no condition never holds.
            _ => Ok(Sql::new("false")),
        }
    }

    fn chain(&mut self, parts: &[Plan], joint: &str, mode: Mode) -> Written {
        let mut sql = Sql::new("(");
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                sql.push_str(joint);
            }
            sql.push_sql(self.condition(part, mode)?);
        }
        Ok(sql.push(")"))
    }

    /// Whether a value is there: true or false, never null.
    fn presence(&mut self, of: &Plan, wanted: bool) -> Written {
        if let Some(value) = self.known(of) {
            return Ok(Sql::new(if value.is_null() == wanted { "false" } else { "true" }));
        }
        if of.kind == Type::Links {
            let sql = self.has_links(of)?;
            return Ok(if wanted { sql } else { Sql::new("(not ").append(sql).push(")") });
        }
        let end = if wanted { " is not null)" } else { " is null)" };
        Ok(Sql::new("(").append(self.value(of)?).push(end))
    }
}

/// What does not depend on the record is worked out without one.
struct Nowhere;

impl model::expr::Scope for Nowhere {
    fn value(&self, _: &model::expr::Path) -> std::borrow::Cow<'_, model::Value> {
        std::borrow::Cow::Owned(model::Value::Null)
    }
}

fn refused(message: impl Into<String>, plan: &Plan) -> ExprError {
    ExprError::new(ErrorCode::NotInSql, message, plan.at)
}
