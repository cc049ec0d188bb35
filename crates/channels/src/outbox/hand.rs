//! What people write of a message by hand.

use model::Record;
use store::{Draft, Error, FieldError, Result};

/// What a message says, and to whom.
const SAID: [&str; 10] =
    ["channel", "direction", "from", "from_name", "to", "to_name", "subject", "text", "html", "locale"];

/// Refuses to change what was received or handed over to be sent, or written to be; only a draft is still written. A
/// letter of a process stays with the record it is about, too: by that it is judged who reads it.
///
/// # Errors
/// [`Error::Invalid`] with every field that may not change.
pub fn check(draft: &Draft, before: Option<&Record>) -> Result<()> {
    // What somebody wrote and took back has a door of its own, where it is judged to whom it goes, and from whom.
    let is_open = |before: &&Record| before.text("status") == Some("draft") && before.get("writer").is_null();
    let Some(before) = before.filter(|before| !is_open(before)) else { return Ok(()) };
    let is_of_process = before.text("template").is_some();
    let fixed = SAID.into_iter().chain(is_of_process.then_some("about"));
    let changes = fixed.filter(|name| draft.values.get(*name).is_some_and(|value| value != before.get(name)));
    let errors: Vec<_> =
        changes.map(|name| FieldError::new(name, "read_only", "only a draft can still be changed")).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
