//! Selling tickets: the rules of processes.md 2 and 9, the scenarios of other systems' suites, races, and generated
//! sequences against a model.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

mod world;

mod clients;
mod configuring;
mod generated;
mod groups;
mod line;
mod money;
mod ordering;
mod prices;
mod races;
mod renaming;
mod transitions;
mod waiting;
