//! Letters, outbox and delivery through the public interface of the crate.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

mod letters;
mod marked;
mod mime;
mod outbox;
mod smtp;
mod world;
