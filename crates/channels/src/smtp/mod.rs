//! Delivery by SMTP.

mod compose;
mod failure;
mod headers;
mod settings;

pub use compose::{File, compose};
pub use failure::SendError;
pub use settings::{SettingsError, SmtpSettings};

use std::fmt;
use std::time::Duration;

use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::outbox::Outgoing;

/// The longest time that settings may give a letter: well below [`crate::outbox::CLAIM`], after which somebody else
/// sends it.
const DEADLINE: Duration = Duration::from_secs(5 * 60);

/// A mail server that takes our letters, each over a connection of its own.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    server: String,
    timeout: Duration,
}

impl Smtp {
    /// Reads the settings; connects with each letter.
    ///
    /// # Errors
    /// [`SettingsError`], which never repeats the address with its password.
    pub fn new(settings: &SmtpSettings) -> Result<Self, SettingsError> {
        let (builder, server) = settings.transport()?;
        let timeout = settings.timeout.min(DEADLINE);
        Ok(Self { transport: builder.timeout(Some(timeout)).build(), server, timeout })
    }

    /// Hands a letter with its attachments to the server. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`SendError`] says whether to try again.
    pub async fn send(&self, letter: &Outgoing, files: Vec<File>) -> Result<(), SendError> {
        let message = compose(letter, files)?;
        // The transport's own timeout ends when the connection stands.
        match tokio::time::timeout(self.timeout, self.transport.send(message)).await {
            Ok(result) => result.map(|_| ()).map_err(|error| SendError::of(&error)),
            Err(_) => {
                Err(SendError::Temporary(format!("the server did not take the letter within {:?}", self.timeout)))
            }
        }
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("server", &self.server).finish_non_exhaustive()
    }
}
