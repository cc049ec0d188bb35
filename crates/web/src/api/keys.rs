//! Bodies say nothing that is not understood: a misspelt key is a fault with its place, not silence.

use serde_json::{Map, Value};
use store::{Error, FieldError, Result};

/// Refuses keys that mean nothing here; `place` stands before them, such as `buyer.`.
///
/// # Errors
/// [`Error::Invalid`] with every such key.
pub(super) fn known(body: &Map<String, Value>, place: &str, known: &[&str]) -> Result<()> {
    let unknown = body.keys().filter(|key| !known.contains(&key.as_str()));
    let faults: Vec<_> = unknown
        .map(|key| FieldError::new(format!("{place}{key}"), "unknown_field", format!("there is no {key:?} here")))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
