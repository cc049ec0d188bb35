//! The operations of an administrator through the real program: backup under load, restore, release, check, copy,
//! packs from folders, upgrade.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

mod anywhere;
mod attached;
mod check;
mod copy;
mod everything;
#[allow(dead_code, unused_imports, unused_macros, reason = "shared with the proof of the first sale")]
#[path = "../first_sale/harness/mod.rs"]
mod harness;
mod load;
mod mailbox;
mod neighbours;
mod old;
mod packs;
mod restore;
mod round_trip;
mod upgrade;
