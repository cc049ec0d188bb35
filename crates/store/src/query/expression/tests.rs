//! SQL against the evaluator in memory, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails where something is missing")]

mod differential;
mod generator;
mod shapes;
mod world;
