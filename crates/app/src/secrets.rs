//! Secrets that are handed out: of 256 bits from the system, in letters that fit a link.

use data_encoding::BASE64URL_NOPAD;
use rand::TryRng;
use rand::rngs::SysRng;
use store::{Error, Result};

/// A new secret.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new() -> std::io::Result<String> {
    let mut bytes = [0_u8; 32];
    SysRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// A new secret, for what is written down.
///
/// # Errors
/// [`Error::Conflict`] `no_randomness` where the system has none to give.
pub(crate) fn fresh() -> Result<String> {
    new().map_err(|error| Error::conflict("no_randomness", error.to_string()))
}
