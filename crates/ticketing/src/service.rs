//! The service: what it needs from above, and nothing else.

use std::sync::Arc;

use store::{Result, Work};

use crate::{Letters, OutgoingLetter};

/// Seats, orders and tickets.
#[derive(Clone)]
pub struct Ticketing {
    letters: Arc<dyn Letters>,
    public_url: Arc<str>,
}

impl Ticketing {
    /// The service. `public_url` is where people reach this installation, such as `https://tickets.example.org`.
    #[must_use]
    pub fn new(letters: Arc<dyn Letters>, public_url: &str) -> Self {
        Self { letters, public_url: public_url.trim_end_matches('/').into() }
    }

    /// The buyer's page of the order with this secret.
    #[must_use]
    pub fn order_url(&self, token: &str) -> String {
        format!("{}/p/o/{token}", self.public_url)
    }

    /// A page of the interface.
    #[must_use]
    pub fn page_url(&self, path: &str) -> String {
        format!("{}/{path}", self.public_url)
    }

    /// The page where an event's tickets are ordered.
    #[must_use]
    pub fn event_url(&self, slug: &str) -> String {
        format!("{}/e/{slug}", self.public_url)
    }

    pub(crate) fn send(&self, work: &mut Work<'_>, letter: OutgoingLetter) -> Result<()> {
        self.letters.send(work, letter)
    }
}
