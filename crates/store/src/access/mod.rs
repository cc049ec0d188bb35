//! Who may come in: users and their teams, sessions, tokens. Of every secret only the digest is kept.

mod secrets;
mod users;

pub use secrets::{Token, digest};
pub use users::{Account, NewUser};
