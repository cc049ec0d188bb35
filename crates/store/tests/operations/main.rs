//! Operations on whole workspaces, held to their promises on both engines: copies lose nothing, backups under load are of
//! one moment, damage is found, the log is sealed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod backups;
mod copies;
mod damage;
#[allow(dead_code, unused_imports, reason = "shared with the tests of records")]
#[path = "../records/dice.rs"]
mod dice;
mod dump;
mod life;
#[allow(dead_code, reason = "shared with the tests of records")]
#[path = "../records/pack.rs"]
mod pack;
mod quarantine;
mod seals;
mod upgrades;
#[allow(dead_code, reason = "shared with the tests of records")]
#[path = "../records/world.rs"]
mod world;
