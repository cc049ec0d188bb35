//! What the generated expressions came to, so that the comparison cannot become one of nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use model::Value;
use model::expr::Type;

/// What must decide between records somewhere: operators, functions, hops, and types of fields.
const WORDS: [&str; 54] = [
    "&&",
    "||",
    "!(",
    "?",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    " in ",
    "+",
    "- ",
    "*",
    "-1",
    "has(",
    "size(",
    "year(",
    "month(",
    "day(",
    "now()",
    "today()",
    "me()",
    "my_team()",
    "date(",
    "timestamp(",
    "duration(",
    "contains(",
    "startsWith(",
    "endsWith(",
    ".exists(",
    ".all(",
    "null",
    "place.place",
    "place.covert",
    "place.f_",
    "f_money",
    "f_list",
    ".currency",
    "about",
    "amount",
    "discount",
    "rate",
    "labels",
    "stage",
    "called_at",
    "starts_on",
    "opens",
    "paid",
    "helper",
    "guests",
    "veiled",
    "Ёл",
    "\"\"",
];

/// Counts over all worlds.
#[derive(Default)]
pub(super) struct Tally {
    expressions: usize,
    /// Pairs of an expression and a record.
    pairs: usize,
    yes: usize,
    null: usize,
    /// Expressions that say one thing of some records and another of others.
    deciding: usize,
    words: BTreeMap<&'static str, usize>,
    /// How many values of each kind are null, and how many are not.
    kinds: BTreeMap<&'static str, (usize, usize)>,
}

impl Tally {
    pub(super) fn condition(&mut self, text: &str, answers: impl Iterator<Item = bool>) {
        let answers: Vec<bool> = answers.collect();
        let yes = answers.iter().filter(|answer| **answer).count();
        self.expressions += 1;
        self.pairs += answers.len();
        self.yes += yes;
        if yes == 0 || yes == answers.len() {
            return;
        }
        self.deciding += 1;
        for word in WORDS.iter().filter(|word| text.contains(**word)) {
            *self.words.entry(word).or_default() += 1;
        }
    }

    pub(super) fn value(&mut self, text: &str, kind: Type, values: impl Iterator<Item = Value>) {
        let values: Vec<Value> = values.collect();
        let null = values.iter().filter(|value| value.is_null()).count();
        self.expressions += 1;
        self.pairs += values.len();
        self.null += null;
        let (nulls, others) = self.kinds.entry(name(kind)).or_default();
        *nulls += null;
        *others += values.len() - null;
        let distinct: BTreeSet<String> = values.iter().map(|value| format!("{value:?}")).collect();
        if distinct.len() > 1 {
            self.deciding += 1;
            for word in WORDS.iter().filter(|word| text.contains(**word)) {
                *self.words.entry(word).or_default() += 1;
            }
        }
    }

    /// Conditions: enough of them, of which most decide, and everything that the language has decides somewhere.
    pub(super) fn is_varied(&self, pairs: usize) {
        assert!(self.pairs >= pairs, "{self}");
        assert!(self.deciding * 10 >= self.expressions * 8, "most conditions part the records: {self}");
        let percent = self.yes * 100 / self.pairs;
        assert!((25..=75).contains(&percent), "true and false are balanced: {self}");
        let idle: Vec<_> = WORDS.iter().filter(|word| self.words.get(**word).copied().unwrap_or(0) < 3).collect();
        assert!(idle.is_empty(), "nowhere do these decide: {idle:?}");
    }

    /// Values: every kind is met, empty and not.
    pub(super) fn has_all_kinds(&self) {
        for kind in ["int", "decimal", "money", "text", "date", "instant", "duration"] {
            let (nulls, others) = self.kinds.get(kind).copied().unwrap_or_default();
            assert!(nulls >= 100 && others >= 100, "{kind}: {nulls} null, {others} not; {self}");
        }
        assert!(self.deciding * 2 >= self.expressions, "{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |part: usize| part * 100 / self.pairs.max(1);
        write!(
            f,
            "{} expressions, {} pairs with a record: {} % true, {} % null, {} % of the expressions part the records; {:?}",
            self.expressions,
            self.pairs,
            percent(self.yes),
            percent(self.null),
            self.deciding * 100 / self.expressions.max(1),
            self.kinds
        )
    }
}

fn name(kind: Type) -> &'static str {
    match kind {
        Type::Int => "int",
        Type::Decimal { .. } => "decimal",
        Type::Money => "money",
        Type::Date => "date",
        Type::Instant => "instant",
        Type::Duration => "duration",
        Type::Bool => "bool",
        Type::Id => "id",
        _ => "text",
    }
}
