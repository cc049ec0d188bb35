//! The records layer, held to its promises on both engines: rights, pages, versions, history, search, jobs, packs.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod as_of;
mod bearers;
mod derived;
mod dice;
mod explain;
mod fields;
mod grouping;
mod heads;
mod hidden;
mod history;
mod links;
mod made;
mod many;
mod mentions;
mod opening;
mod pack;
mod paging;
mod people;
mod people_of;
mod preferences;
mod queue;
mod races;
mod rights;
mod schema;
mod search;
mod search_forms;
mod search_rights;
mod standing;
mod totals;
mod undo;
mod users;
mod veiled;
mod versions;
mod views;
mod world;
