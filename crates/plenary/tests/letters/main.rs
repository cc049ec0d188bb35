//! Letters that come and letters that go, through the real program and real mail servers: whatever is killed, cut, moved or numbered
//! anew, each is taken once, and each arrives.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

mod arriving;
#[allow(dead_code, unused_imports, unused_macros, reason = "shared with the proof of the first sale")]
#[path = "../first_sale/harness/mod.rs"]
mod harness;
mod held;
mod post;
mod sending;
