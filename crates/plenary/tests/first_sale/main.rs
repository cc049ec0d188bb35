//! The proof of the first sale through the program's public doors: the command line and HTTP, on both databases. Every
//! test starts the real program on data of its own.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

mod acceptance;
mod attendees;
mod command_line;
mod crash;
mod data_folder;
mod groups;
mod harness;
mod hostile;
mod pipelines;
mod race;
mod timers;
