//! Documents are drawn with the product's fonts and templates, and read back by other people's programs.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod contract;
mod paper;
mod renderer;
mod sample;
mod ticket;
