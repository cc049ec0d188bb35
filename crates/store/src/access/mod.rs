//! Who may come in: users and their teams, sessions, tokens. Of every secret only the digest is kept.

mod author;
mod bearers;
mod change;
mod claim;
mod credentials;
mod pass;
pub(crate) mod rights;
mod secrets;
mod teams;
mod tokens;
mod users;

pub use author::Author;
pub(crate) use bearers::Bearers;
pub use change::UserChange;
pub use credentials::Credentials;
pub use pass::{Pass, Sight};
pub use rights::Handover;
pub use secrets::digest;
pub use teams::Team;
pub use tokens::Token;
pub use users::{Account, NewUser};
