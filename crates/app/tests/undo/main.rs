//! Undo where services keep seats and money: what goes back, what is refused and why, and that it adds up afterwards.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not there")]

mod generated;
mod large;
mod money;
mod orders;
mod records;
mod world;
