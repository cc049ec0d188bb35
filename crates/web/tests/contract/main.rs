//! What the outside contract promises beside records and sales, through HTTP, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

mod access;
mod addressed;
mod addresses;
mod bounds;
mod bytes;
mod colleagues;
mod connections;
mod convert;
mod drawn;
mod files;
mod large_undo;
mod meanwhile;
mod mine;
mod old_notices;
mod organisation;
mod organisations;
mod outage;
mod pages;
mod past;
mod queue;
mod repeats;
mod requisites;
mod revoked;
mod rights;
mod roles;
mod shape;
mod stream;
mod taken_in;
mod talk;
mod tokens;
mod users;
mod values;
mod ways;
mod withdrawn;
mod world;
