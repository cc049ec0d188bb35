//! The laws of identity: one form for one address, number or name, and one decision for one set of facts.

mod email;
mod fold;
mod name;
mod person;
mod phone;
