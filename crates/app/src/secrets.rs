//! Secrets that are handed out: of 256 bits from the system, in letters that fit a link.

use data_encoding::BASE64URL_NOPAD;
use rand::TryRng;
use rand::rngs::SysRng;

/// A new secret.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new() -> std::io::Result<String> {
    let mut bytes = [0_u8; 32];
    SysRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}
