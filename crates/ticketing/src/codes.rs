//! Secrets of links, codes of tickets, numbers of orders.

use data_encoding::BASE64URL_NOPAD;
use model::Record;
use store::db::DbError;
use store::{Error, Result, Work};

/// Letters and digits that nobody mistakes for each other: no 0 O 1 I L, 2 Z, 5 S, 8 B.
pub(crate) const ALPHABET: &[u8; 25] = b"ACDEFGHJKMNPQRTUVWXY34679";
/// Characters of a ticket's code: 25¹² of them, some 55 bits.
pub(crate) const CODE_LENGTH: usize = 12;

/// The secret of an order's link: 144 random bits in 24 characters.
pub(crate) fn token() -> Result<String> {
    Ok(BASE64URL_NOPAD.encode(&random::<18>()?))
}

/// A ticket's code.
pub(crate) fn ticket_code() -> Result<String> {
    let mut code = String::with_capacity(CODE_LENGTH);
    while code.len() < CODE_LENGTH {
        // 250 is the greatest multiple of 25 in a byte: bytes above it would make some characters likelier.
        let fair = random::<32>()?.into_iter().filter(|byte| *byte < 250);
        let characters = fair.filter_map(|byte| ALPHABET.get(usize::from(byte) % ALPHABET.len()));
        code.extend(characters.map(|byte| char::from(*byte)).take(CODE_LENGTH - code.len()));
    }
    Ok(code)
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Db(DbError::Value(format!("no random numbers: {error}"))))?;
    Ok(bytes)
}

/// The next number of an event's orders: `HIGHLOAD-00001`, without gaps. The series is named after what is printed, so
/// that an event that takes over the address of another goes on counting instead of repeating its numbers.
pub(crate) fn order_number(work: &mut Work<'_>, event: &Record) -> Result<String> {
    let prefix = match event.text("slug") {
        Some(slug) => slug.to_uppercase(),
        None => event.id.to_string().chars().rev().take(6).collect::<String>().to_uppercase(),
    };
    let number = work.next_number(&format!("orders:{prefix}"))?;
    Ok(format!("{prefix}-{number:05}"))
}
