//! The way out for letters: rendering and the outbox are other crates' business.

use model::{Id, Locale};
use serde_json::Value as Json;
use store::{Result, Work};

/// A letter that a process wants sent.
#[derive(Clone, Debug, PartialEq)]
pub struct OutgoingLetter {
    /// Name of the template, such as `order_received`.
    pub template: &'static str,
    /// Who it is for.
    pub to_name: String,
    /// Where it goes, normalised.
    pub to_email: String,
    /// Its language.
    pub locale: Locale,
    /// What it is about: module and record.
    pub about: (String, Id),
    /// What made it be sent; one cause sends one letter, however often it is told.
    pub cause: String,
    /// What the template reads; money, days and times are worded in the letter's language.
    pub data: Json,
    /// Tickets that go along as PDF.
    pub tickets: Vec<Id>,
    /// An invoice that goes along as PDF.
    pub invoice: Option<Id>,
    /// A contract that goes along as PDF.
    pub contract: Option<Id>,
}

/// Puts letters into the outbox.
pub trait Letters: Send + Sync {
    /// Keeps the letter in the transaction of its cause. A cause that was told before adds nothing.
    ///
    /// # Errors
    /// When it cannot be kept; then nothing of the cause is kept either.
    fn send(&self, work: &mut Work<'_>, letter: OutgoingLetter) -> Result<()>;
}
