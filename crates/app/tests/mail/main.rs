//! Letters of processes: who reads them, who changes them, and what happens when they cannot be made or sent. Orders that
//! move while others move them.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod delivery;
mod formatted;
mod reach;
mod staff;
mod together;
mod words;
#[path = "../undo/world.rs"]
#[expect(dead_code, reason = "the office is shared with the tests of undo")]
mod world;
