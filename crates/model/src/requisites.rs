//! The requisites of a Russian organisation: their form and their check digits. A mistyped account sends money to a
//! stranger, so what can be checked by calculation is.

mod account;
mod entity;
mod format;
mod numbers;
#[cfg(test)]
mod tests;

pub use account::{check_bank_account, check_bik, check_correspondent_account};
pub use entity::LegalEntity;
pub use format::{Beside, Format};
pub use numbers::{check_inn, check_kpp, check_ogrn};

use crate::value::ValueError;

/// The digits of `text`, which must be as many as one of `lengths`.
fn digits(text: &str, lengths: &[usize], code: &'static str) -> Result<Vec<u32>, ValueError> {
    let digits: Option<Vec<u32>> = text.chars().map(|character| character.to_digit(10)).collect();
    digits.filter(|digits| lengths.contains(&digits.len())).ok_or_else(|| {
        let lengths: Vec<_> = lengths.iter().map(usize::to_string).collect();
        ValueError::new(code, format!("expected {} digits, not {text:?}", lengths.join(" or ")))
    })
}

/// The sum of the digits, each times its weight.
fn weighed(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Refuses unless the check digits are right.
fn checked(right: bool, code: &'static str) -> Result<(), ValueError> {
    let message = "the check digits are wrong: compare it with the papers";
    if right { Ok(()) } else { Err(ValueError::new(code, message)) }
}
