//! Throw-away databases for tests of this crate and of those above it, a line that goes dead, and chance that repeats.

mod chaos;
mod cluster;
mod databases;
mod dice;
mod line;

pub use chaos::{changed, changed_text};
pub use cluster::{Durability, PostgresServer, postgres};
pub use databases::{TestDatabase, copies, databases, on_both};
pub use dice::{Dice, rounds, seed, told};
pub use line::Line;
