//! Throw-away databases for tests of this crate and of those above it.

mod cluster;
mod databases;
mod line;

pub use cluster::{Durability, PostgresServer, postgres};
pub use databases::{TestDatabase, databases, on_both};
pub use line::Line;
