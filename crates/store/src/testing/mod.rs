//! Throw-away databases for tests of this crate and of those above it, a line that goes dead, and chance that repeats.

mod cluster;
mod databases;
mod dice;
mod line;

pub use cluster::{Durability, PostgresServer, postgres};
pub use databases::{TestDatabase, databases, on_both};
pub use dice::{Dice, rounds, seed, told};
pub use line::Line;
