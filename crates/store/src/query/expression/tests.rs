//! SQL against the evaluator in memory, on both databases.

#[allow(dead_code, reason = "shared with the tests of records")]
#[path = "../../../tests/records/dice.rs"]
mod dice;
mod differential;
mod generator;
mod shapes;
mod tally;
mod world;
