//! Real mail servers of the system's packages, started by tests and measurements on loopback: nothing of theirs is played.

mod imap;
mod smtp;

pub use imap::ImapServer;
pub use smtp::SmtpServer;

/// What must be there for a test to be one.
///
/// # Panics
/// Where it is not.
fn there<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    match result {
        Ok(there) => there,
        Err(error) => panic!("{what}: {error}"),
    }
}
