//! What strangers send: letters, formatted text, bodies of webhooks, letters of sites. Whatever comes, nothing panics, what is kept
//! is text without control characters and no longer than it may be, and it is read in a time that its length explains.
//! `PLENARY_SEED` and `PLENARY_ROUNDS` say where the chance begins and how long it goes on; `script/prove` tries at length.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

mod chaos;
mod growth;
mod html;
mod letters;
mod providers;
mod samples;
mod sites;
