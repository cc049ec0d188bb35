//! The steps that bring a database into the wanted shape.

use std::fmt;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Brings the tables of the system one step further.
    System,
    /// Notes that it has been brought there.
    Noted,
    /// Makes the table of a module.
    Table,
    /// Makes a column.
    Column,
    /// Makes the table of a field of links.
    Links,
    /// Makes an index.
    Index,
    /// Makes an index of a table with many rows, which is done after the change and not in it.
    IndexLater,
    /// Lets several records have one value.
    Shared,
    /// Says of a column whose ids it holds.
    Reference,
    /// Lets search find records of a module.
    Searched,
    /// Renames a table.
    TableRenamed,
    /// Renames a column.
    ColumnRenamed,
    /// Renames an index.
    IndexRenamed,
    /// Takes an index away.
    IndexGone,
    /// Writes the present name of a module where an earlier one stands.
    Mentioned,
}

/// One step towards the wanted shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// What it does.
    pub kind: StepKind,
    /// To which table, column or index, by its name in the database.
    pub of: String,
    /// What that becomes or leads to; empty where it becomes nothing else.
    pub to: String,
    /// The statement.
    pub sql: String,
}

/// For programs and the command line, in English.
impl fmt::Display for PlanStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, to, .. } = self;
        match self.kind {
            StepKind::System => write!(f, "system tables, step {of}"),
            StepKind::Noted => write!(f, "note step {of}"),
            StepKind::Table => write!(f, "new table {of}"),
            StepKind::Column => write!(f, "new column {of}"),
            StepKind::Links => write!(f, "new links {of}"),
            StepKind::Index => write!(f, "new index {of}"),
            StepKind::IndexLater => write!(f, "new index {of}, built afterwards"),
            StepKind::Shared => write!(f, "{of} need not be unique any more"),
            StepKind::Reference => write!(f, "{of} links to {to}"),
            StepKind::Searched => write!(f, "{of} are searched"),
            StepKind::TableRenamed => write!(f, "{of} become {to}"),
            StepKind::ColumnRenamed => write!(f, "{of} becomes {to}"),
            StepKind::IndexRenamed => write!(f, "index {of} becomes {to}"),
            StepKind::IndexGone => write!(f, "no index {of} any more"),
            StepKind::Mentioned => write!(f, "{of} name {to}"),
        }
    }
}
