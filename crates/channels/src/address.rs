//! Who a letter is from or to.

use lettre::message::Mailbox;
use model::identity::email;
use store::{Error, Result};

use crate::one_line;

/// A name and an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What people call them; nothing where it is not known.
    pub name: Option<String>,
    /// The bare address.
    pub email: String,
}

impl Address {
    /// An address with a name.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self { name: Some(name.into()), email: email.into() }
    }

    /// The same on one line, the address in the form in which addresses are stored. `localhost` and names of the local
    /// network are let through as they are: an organiser's own sender may stand there.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `field` where this is no address.
    pub(crate) fn checked(&self, field: &str) -> Result<Self> {
        let name = self.name.as_deref().map(one_line).filter(|name| !name.is_empty());
        let email = match email::normalise(&self.email) {
            Ok(email) => email.into(),
            Err(_) if self.email.parse::<lettre::Address>().is_ok() => self.email.to_lowercase(),
            Err(error) => return Err(Error::field(field, "invalid_email", error.to_string())),
        };
        Ok(Self { name, email })
    }

    pub(crate) fn mailbox(&self) -> Result<Mailbox, lettre::address::AddressError> {
        Ok(Mailbox::new(self.name.as_deref().map(one_line).filter(|name| !name.is_empty()), self.email.parse()?))
    }
}
