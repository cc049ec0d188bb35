//! SQL against the evaluator in memory, on both databases.

mod differential;
mod generator;
mod shapes;
mod tally;
mod world;
