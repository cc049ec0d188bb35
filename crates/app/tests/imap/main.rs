//! Letters of a real IMAP server come into the history, each once, whatever happens on the way (S0, B1).
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod becoming;
mod office;
mod once;
mod seen;
mod site;
mod standing;
#[path = "../undo/world.rs"]
#[expect(dead_code, reason = "the office is shared with the tests of undo")]
mod world;
