//! Passwords: argon2id with the parameters its authors recommend, kept as PHC strings. Slow on purpose: never in the
//! writer's turn.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// The shortest password, in characters.
pub const SHORTEST: usize = 10;
/// The longest, so that nobody keeps the processor busy with a book.
pub const LONGEST: usize = 200;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("a password has at least {SHORTEST} characters")]
    TooShort,
    /// Too long.
    #[error("a password has at most {LONGEST} characters")]
    TooLong,
    /// The machine has no randomness, or the parameters are wrong.
    #[error("the password cannot be hashed")]
    Hashing,
}

/// The PHC string of a new password.
///
/// # Errors
/// See [`PasswordError`].
pub fn hash(password: &str) -> Result<String, PasswordError> {
    match password.chars().count() {
        length if length < SHORTEST => return Err(PasswordError::TooShort),
        length if length > LONGEST => return Err(PasswordError::TooLong),
        _ => {}
    }
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|_| PasswordError::Hashing)?;
    Ok(hash.to_string())
}

/// Whether a password is the one of a PHC string. Without one it takes as long and says no, so that nobody learns by the
/// clock who has an account.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    /// The hash of a password nobody knows.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5$T0mS8PGtEEyUCVlOo9dOLhkVmMrdx3A8/5mVp3zWJ1w";
    if password.chars().count() > LONGEST {
        return false;
    }
    let parsed = argon2::PasswordHash::new(hash.unwrap_or(NOBODY));
    let same = parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    same && hash.is_some()
}
